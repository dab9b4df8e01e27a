/*
 * cell.h - integers that processes change atomically.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_CELL_H
#define MMT_MEMORY_CELL_H

#include "memory/fault.h"
#include "memory/step.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/*
 * Do it under the guard.
 *
 * Returns 0, ENOTSUP for a size that this machine has no atomics for, EINVAL
 * for one that is none, or EFAULT with `*fault` set.
 */
int cell_act(struct cell *cell, struct fault *fault);

/* The number cut to `size` bytes and sign-extended: sums wrap. */
int64_t cell_wrap(int64_t number, size_t size);

struct outcome cell_get(struct stage *stage, const struct step *step);
struct outcome cell_set(struct stage *stage, const struct step *step);
struct outcome cell_add(struct stage *stage, const struct step *step);
struct outcome cell_swap(struct stage *stage, const struct step *step);

/*
 * Look once whether the cell is what `wait` awaits.
 *
 * reached  set when it is
 */
struct outcome cell_look(struct stage *stage, const struct step *step,
                         bool *reached);

#endif
