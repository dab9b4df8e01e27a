/*
 * cell.c - integers that processes change atomically.
 *
 * Not every machine has atomic operations on one and two bytes; there are some
 * on the aligned four bytes around them everywhere. Eight bytes are used where
 * they need no lock: one would be private to the process.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/cell.h"

#include "memory/fault.h"
#include "memory/judge.h"
#include "memory/place.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "four bytes are atomic everywhere");
_Static_assert(sizeof(_Atomic uint32_t) == sizeof(uint32_t), "as in memory");

enum cell_action { CELL_GET, CELL_SET, CELL_ADD, CELL_SWAP };

/* One change of a cell, or a look at it: atomic, sequentially consistent. */
struct cell {
    void *address; /* aligned to `size` */
    size_t size;   /* bytes: 1, 2, 4 or 8 */
    enum cell_action action;
    int64_t operand; /* to set, to add, or to expect */
    int64_t other;   /* to put in its place */
    int64_t before;  /* what it was, sign-extended */
};

/* The number cut to `size` bytes and sign-extended. */
static int64_t
wrap(int64_t number, size_t size)
{
    switch (size) {
    case 1: return (int8_t)(uint8_t)number;
    case 2: return (int16_t)(uint16_t)number;
    case 4: return (int32_t)(uint32_t)number;
    default: return number;
    }
}

/* Signed integers must not overflow in C; unsigned ones wrap. */
static int64_t
sum_of(int64_t one, int64_t other)
{
    return (int64_t)((uint64_t)one + (uint64_t)other);
}

/* What the cell becomes when it was `before`; false: nothing is stored. */
static bool
new_value(const struct cell *cell, int64_t before, int64_t *after)
{
    switch (cell->action) {
    case CELL_SET: *after = cell->operand; return true;
    case CELL_ADD: *after = sum_of(before, cell->operand); return true;
    case CELL_SWAP:
        *after = cell->other;
        return before == wrap(cell->operand, cell->size);
    default: return false;
    }
}

/* The bytes of a narrow cell in the word around it. */
static int64_t
take_out(uint32_t word, size_t at, size_t size)
{
    unsigned char bytes[sizeof word];
    uint8_t one;
    uint16_t two;

    memcpy(bytes, &word, sizeof word);
    if (size == sizeof one) {
        memcpy(&one, bytes + at, sizeof one);
        return (int8_t)one;
    }
    memcpy(&two, bytes + at, sizeof two);
    return (int16_t)two;
}

static uint32_t
put_in(uint32_t word, size_t at, size_t size, int64_t value)
{
    unsigned char bytes[sizeof word];
    uint8_t one = (uint8_t)value;
    uint16_t two = (uint16_t)value;

    memcpy(bytes, &word, sizeof word);
    if (size == sizeof one)
        memcpy(bytes + at, &one, sizeof one);
    else
        memcpy(bytes + at, &two, sizeof two);
    memcpy(&word, bytes, sizeof word);
    return word;
}

static void
act_narrow(void *argument)
{
    struct cell *cell = argument;
    unsigned char *address = cell->address;
    size_t at = (uintptr_t)address % sizeof(uint32_t);
    volatile _Atomic uint32_t *word = (void *)(address - at);
    uint32_t found = atomic_load(word);
    int64_t after;

    do {
        cell->before = take_out(found, at, cell->size);
        if (!new_value(cell, cell->before, &after))
            return;
    } while (!atomic_compare_exchange_strong(
        word, &found, put_in(found, at, cell->size, after)));
}

static void
act_on_four(void *argument)
{
    struct cell *cell = argument;
    volatile _Atomic uint32_t *word = cell->address;
    uint32_t found = atomic_load(word);
    int64_t after;

    do {
        cell->before = (int32_t)found;
        if (!new_value(cell, cell->before, &after))
            return;
    } while (!atomic_compare_exchange_strong(word, &found, (uint32_t)after));
}

#if ATOMIC_LLONG_LOCK_FREE == 2
static void
act_on_eight(void *argument)
{
    struct cell *cell = argument;
    volatile _Atomic uint64_t *word = cell->address;
    uint64_t found = atomic_load(word);
    int64_t after;

    do {
        cell->before = (int64_t)found;
        if (!new_value(cell, cell->before, &after))
            return;
    } while (!atomic_compare_exchange_strong(word, &found, (uint64_t)after));
}
#else
static void (*const act_on_eight)(void *argument) = NULL;
#endif

/* How to touch a cell; EINVAL: none has that size; ENOTSUP: none here has. */
static int
choose(size_t size, void (**touch)(void *argument))
{
    switch (size) {
    case 1:
    case 2: *touch = act_narrow; return 0;
    case 4: *touch = act_on_four; return 0;
    case 8: *touch = act_on_eight; return *touch ? 0 : ENOTSUP;
    default: return EINVAL;
    }
}

/* Find the cell of a step, and how to touch it. */
static struct outcome
find_cell(const struct stage *stage, const struct step *step,
          struct place *place, void (**touch)(void *argument))
{
    struct outcome outcome = place_touched(stage, step, 8, place);
    int error;

    if (outcome.kind != OUTCOME_OK)
        return outcome;
    error = choose(place->length, touch);
    if (error)
        return outcome_because(error, error == EINVAL ? REASON_CELL_SIZE
                                                      : REASON_NO_ATOMICS);
    if ((uintptr_t)place->address % place->length)
        return outcome_because(EINVAL, REASON_MISALIGNED_CELL);
    return OUTCOME_NONE;
}

static struct outcome
act(struct stage *stage, const struct step *step, struct cell *cell)
{
    bool stores = cell->action != CELL_GET;
    void (*touch)(void *argument) = NULL;
    struct stores before;
    struct outcome outcome;
    struct place place;
    struct fault fault;

    outcome = find_cell(stage, step, &place, &touch);
    if (outcome.kind != OUTCOME_OK)
        return outcome;
    cell->address = place.address;
    cell->size = place.length;
    if (stores)
        before = judge_stores(stage, &place);
    if (!fault_guard(touch, cell, &fault))
        return judge_fault(stage, &fault, place.offset,
                           stores ? ACCESS_STORE : ACCESS_LOAD);
    if (!stores)
        return OUTCOME_NONE;
    return judge_lost(stage, &place, place.length, &before);
}

struct outcome
cell_get(struct stage *stage, const struct step *step)
{
    struct cell cell = { .action = CELL_GET };
    struct outcome outcome = act(stage, step, &cell);

    if (outcome.kind == OUTCOME_OK)
        stage->sink->number(stage->sink, cell.before);
    return outcome;
}

struct outcome
cell_set(struct stage *stage, const struct step *step)
{
    struct cell cell = { .action = CELL_SET, .operand = step->value };

    return act(stage, step, &cell);
}

struct outcome
cell_add(struct stage *stage, const struct step *step)
{
    struct cell cell = { .action = CELL_ADD, .operand = step->value };
    struct outcome outcome = act(stage, step, &cell);

    if (outcome.kind == OUTCOME_OK || outcome.kind == OUTCOME_LOST)
        stage->sink->number(stage->sink,
                            wrap(sum_of(cell.before, cell.operand), cell.size));
    return outcome;
}

struct outcome
cell_swap(struct stage *stage, const struct step *step)
{
    struct cell cell = { .action = CELL_SWAP,
                         .operand = step->value,
                         .other = step->other };
    struct outcome outcome = act(stage, step, &cell);

    if (outcome.kind != OUTCOME_OK && outcome.kind != OUTCOME_LOST)
        return outcome;
    if (cell.before == cell.operand)
        return outcome;
    return (struct outcome) { .kind = OUTCOME_DIFFERS, .number = cell.before };
}

struct outcome
cell_look(struct stage *stage, const struct step *step, bool *reached)
{
    struct cell cell = { .action = CELL_GET };
    struct outcome outcome = act(stage, step, &cell);

    if (outcome.kind != OUTCOME_OK)
        return outcome;
    outcome.number = cell.before;
    *reached =
        step->or_more ? cell.before >= step->value : cell.before == step->value;
    return outcome;
}
