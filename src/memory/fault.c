/*
 * fault.c - touch memory, survive a signal, say where.
 *
 * A signal handler takes no context of ours, so the frame to return to stands
 * in a file-local variable, live only inside fault_guard(). Protection and
 * backing change only at page boundaries; so bytes are moved page by page, and
 * the first that could not be touched is the first of the range in its page,
 * wherever in the page memcpy happened to begin.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/fault.h"

#include "memory/range.h"

#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

struct frame {
    sigjmp_buf back;
    struct frame *outer;
    bool (*mend)(void *argument, const struct fault *fault); /* or NULL */
    void *argument;
    volatile struct fault caught; /* set between the jumps */
};

static struct frame *volatile innermost;
static bool installed;
static bool let_kill;

static const int caught_signals[] = { SIGSEGV, SIGBUS,  SIGILL,
                                      SIGFPE,  SIGTRAP, SIGABRT };
enum { CAUGHT_SIGNALS = sizeof caught_signals / sizeof caught_signals[0] };

/* Die of a signal that is no fault of ours, as without a handler. */
static void
die_of(int number)
{
    struct sigaction standard = { .sa_handler = SIG_DFL };

    sigemptyset(&standard.sa_mask);
    sigaction(number, &standard, NULL);
    raise(number);
}

/* The C library aborts where a system call finds that memory is gone. */
static bool
gave_up(const struct frame *frame, const siginfo_t *info)
{
    return info->si_signo == SIGABRT && info->si_pid == getpid() && frame->mend;
}

static void
catch_fault(int number, siginfo_t *info, void *context)
{
    struct frame *frame = innermost;
    struct fault fault = { .signal = number,
                           .code = info->si_code,
                           .address = info->si_addr };

    (void)context;
    /* A code of 0 or less: sent by a process, not raised by an access. */
    if (!frame || (info->si_code <= 0 && !gave_up(frame, info))) {
        die_of(number);
        return;
    }
    if (number != SIGABRT && frame->mend &&
        frame->mend(frame->argument, &fault))
        return;
    frame->caught = fault;
    siglongjmp(frame->back, 1);
}

/* Catch the signals; or, with --raise, see to it that they do kill. */
static void
install(void)
{
    struct sigaction action = { .sa_flags = SA_SIGINFO | SA_NODEFER };
    sigset_t unblocked;
    int index;

    if (let_kill) {
        action.sa_flags = 0;
        action.sa_handler = SIG_DFL;
    } else {
        action.sa_sigaction = catch_fault;
    }
    sigemptyset(&action.sa_mask);
    sigemptyset(&unblocked);
    for (index = 0; index < CAUGHT_SIGNALS; index++) {
        sigaction(caught_signals[index], &action, NULL);
        sigaddset(&unblocked, caught_signals[index]);
    }
    sigprocmask(SIG_UNBLOCK, &unblocked, NULL);
    installed = true;
}

void
fault_let_kill(void)
{
    let_kill = true;
    installed = false;
}

void
fault_follow(int number)
{
    int index;

    if (!let_kill)
        return;
    install(); /* neither caught nor blocked, as in the child */
    for (index = 0; index < CAUGHT_SIGNALS; index++)
        if (caught_signals[index] == number)
            raise(number);
}

/*
 * The mask need not be saved: SA_NODEFER leaves it as it is, which makes a
 * fault cheaper. The fences keep the compiler from moving an access out of the
 * guarded stretch; a volatile flag alone would not.
 */
bool
fault_guard_mending(void (*touch)(void *argument),
                    bool (*mend)(void *argument, const struct fault *fault),
                    void *argument, struct fault *fault)
{
    struct frame frame = { .outer = innermost,
                           .mend = mend,
                           .argument = argument };

    if (!installed)
        install();
    if (sigsetjmp(frame.back, 0) != 0) {
        innermost = frame.outer;
        *fault = frame.caught;
        return false;
    }
    innermost = &frame;
    atomic_signal_fence(memory_order_seq_cst);
    touch(argument);
    atomic_signal_fence(memory_order_seq_cst);
    innermost = frame.outer;
    return true;
}

bool
fault_guard(void (*touch)(void *argument), void *argument, struct fault *fault)
{
    return fault_guard_mending(touch, NULL, argument, fault);
}

struct move {
    unsigned char *to;
    const unsigned char *from;
    const unsigned char *mapped; /* `to` or `from`, whose pages count */
    size_t length;
    size_t done;
};

/* Bytes from `mapped` + `done` to the end of that page, at most `length`. */
static size_t
part_in_page(const unsigned char *mapped, size_t done, size_t length)
{
    size_t page = page_size();
    size_t part = page - (uintptr_t)(mapped + done) % page;

    return part < length - done ? part : length - done;
}

static void
move_pages(void *argument)
{
    struct move *move = argument;

    while (move->done < move->length) {
        size_t part = part_in_page(move->mapped, move->done, move->length);

        atomic_signal_fence(memory_order_seq_cst);
        memcpy(move->to + move->done, move->from + move->done, part);
        atomic_signal_fence(memory_order_seq_cst);
        move->done += part;
    }
}

size_t
fault_load(void *buffer, const void *mapped, size_t length, struct fault *fault)
{
    struct move move = {
        .to = buffer, .from = mapped, .mapped = mapped, .length = length
    };

    fault_guard(move_pages, &move, fault);
    return move.done;
}

size_t
fault_store(void *mapped, const void *buffer, size_t length,
            struct fault *fault)
{
    struct move move = {
        .to = mapped, .from = buffer, .mapped = mapped, .length = length
    };

    fault_guard(move_pages, &move, fault);
    return move.done;
}

struct filling {
    unsigned char *to;
    const unsigned char *pattern;
    size_t size;
    size_t length;
    size_t done;
};

/* Store `part` bytes of the pattern, going on where it stands at `phase`. */
static void
fill_part(unsigned char *to, const unsigned char *pattern, size_t size,
          size_t phase, size_t part)
{
    if (size == 1) {
        memset(to, pattern[0], part);
        return;
    }
    while (part > 0) {
        size_t piece = size - phase < part ? size - phase : part;

        memcpy(to, pattern + phase, piece);
        to += piece;
        part -= piece;
        phase = 0;
    }
}

static void
fill_pages(void *argument)
{
    struct filling *filling = argument;

    while (filling->done < filling->length) {
        size_t part = part_in_page(filling->to, filling->done, filling->length);

        atomic_signal_fence(memory_order_seq_cst);
        fill_part(filling->to + filling->done, filling->pattern, filling->size,
                  filling->done % filling->size, part);
        atomic_signal_fence(memory_order_seq_cst);
        filling->done += part;
    }
}

/* A pattern is first repeated to this size, so that short ones are fast. */
enum { REPEATED = 4096 };

size_t
fault_fill(void *mapped, size_t length, const void *pattern, size_t size,
           struct fault *fault)
{
    unsigned char repeated[REPEATED];
    struct filling filling = {
        .to = mapped, .pattern = pattern, .size = size, .length = length
    };
    size_t count;

    if (size > 1 && size <= REPEATED / 2) {
        for (count = 0; count + size <= REPEATED; count += size)
            memcpy(repeated + count, pattern, size);
        filling.pattern = repeated;
        filling.size = count;
    }
    fault_guard(fill_pages, &filling, fault);
    return filling.done;
}
