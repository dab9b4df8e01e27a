/*
 * parallel.h - do many things that mostly wait, at once.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_PARALLEL_H
#define MMT_MEMORY_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

struct parallel {
    size_t count; /* of items, which are 0 to `count` - 1 */
    size_t jobs;  /* items worked on at a time, at most; 1 or more */

    /* Leave the caller's thread free, even for one item. */
    bool apart;

    /* Work on an item, in some thread. */
    void (*work)(void *context, size_t item);

    /* The work on an item is over: told to the caller's thread. */
    void (*done)(void *context, size_t item);

    /* Called about ten times a second, while threads work. */
    void (*tick)(void *context);

    void *context;
};

/*
 * Work on all items, begun in their order. One item, or one job at a time,
 * takes no thread. Threads that are not to be had are done without.
 *
 * Returns 0 when all are done, ENOMEM when none was begun, or ETIMEDOUT when a
 * limit (memory/clock.h) ran out before; then `apart` must have been set, and
 * items that are not done may still be worked on: what `context` leads to must
 * stay until the process ends, see parallel_leave().
 */
int parallel_run(const struct parallel *task);

/* Leave `memory` to the threads that a limit left behind: it is never freed. */
void parallel_leave(void *memory);

#endif
