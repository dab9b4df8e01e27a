/*
 * probe.c - which accesses the machine allows, found out by making them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/probe.h"

#include "memory/call.h"
#include "memory/fault.h"
#include "memory/machine.h"
#include "memory/range.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

static void
load(void *argument)
{
    const volatile unsigned char *byte = argument;

    (void)*byte;
}

/*
 * An exchange of a word for itself stores it; an addition of 0 would be
 * compiled away. The word is first taken for 0, since a load before the store
 * could meet a fault of its own. It is tried again until the word was what it
 * was taken for, also while others change it meanwhile.
 */
static void
store(void *argument)
{
    volatile _Atomic uint32_t *word = argument;
    uint32_t value = 0;

    while (!atomic_compare_exchange_strong(word, &value, value))
        continue;
}

static void
execute(void *argument)
{
    machine_call(argument);
}

static struct answer
answer_of(void (*touch)(void *), void *place)
{
    struct fault fault = { .signal = 0 };

    if (fault_guard(touch, place, &fault))
        return (struct answer) { .kind = ANSWER_OK };
    return (struct answer) { .kind = ANSWER_FAULT,
                             .signal = fault.signal,
                             .code = fault.code };
}

struct answer
probe_load(const void *mapped)
{
    void *place;

    memcpy(&place, &mapped, sizeof place);
    return answer_of(load, place);
}

struct answer
probe_store(void *mapped)
{
    unsigned char *place = mapped;

    return answer_of(store, place - (uintptr_t)place % sizeof(uint32_t));
}

static struct answer
refused(int error)
{
    return (struct answer) { .kind = ANSWER_ERROR, .error = error };
}

/* Where a copy may not become executable, ask mmap for the page itself. */
static struct answer
ask_mmap(const struct target *target, int protection)
{
    void *page;
    int error = call_mmap(NULL, page_size(), protection, MAP_PRIVATE,
                          target->descriptor, 0, &page);

    if (error)
        return refused(error);
    call_munmap(page, page_size());
    return (struct answer) { .kind = ANSWER_MAPPED };
}

static struct answer
execute_copy(unsigned char *copy, int protection)
{
    struct fault fault;
    size_t stored =
        fault_store(copy, machine_return, machine_return_size, &fault);
    int error;

    if (stored < machine_return_size)
        return (struct answer) { .kind = ANSWER_UNKNOWN };
    machine_flush(copy, machine_return_size);
    if ((error = call_mprotect(copy, page_size(), protection)))
        return refused(error);
    return answer_of(execute, copy);
}

static struct answer
execute_first_page(const struct target *target, int protection)
{
    struct answer answer;
    void *copy;
    int error;

    if (machine_return_size == 0)
        return (struct answer) { .kind = ANSWER_UNKNOWN };
    error = call_mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE,
                      target->descriptor, 0, &copy);
    if (error)
        return refused(error);
    answer = execute_copy(copy, protection);
    call_munmap(copy, page_size());
    if (answer.kind == ANSWER_ERROR)
        return ask_mmap(target, protection);
    return answer;
}

struct answer
probe_execute(const struct target *target, off_t size, int protection,
              void *page)
{
    const struct answer backing = probe_load(page);
    bool is_absent = backing.kind == ANSWER_FAULT && backing.signal == SIGBUS;
    struct answer answer;

    /* Machines differ in what they look at first; no byte there can run. */
    if (is_absent && !(protection & PROT_EXEC))
        return answer_of(execute, page);
    if (target->descriptor < 0 || (target->has_end && size == 0))
        return backing;
    answer = execute_first_page(target, protection);
    return answer.kind == ANSWER_OK && is_absent ? backing : answer;
}

bool
probe_same(const struct answer *one, const struct answer *other)
{
    return one->kind == other->kind && one->signal == other->signal &&
           one->code == other->code && one->error == other->error;
}
