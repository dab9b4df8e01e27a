/*
 * judge.h - why a page could not be touched, and whether a store was lost.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_JUDGE_H
#define MMT_MEMORY_JUDGE_H

#include "memory/fault.h"
#include "memory/place.h"

/*
 * The outcome of a fault at `offset`, as OFF counts in steps. The kernel gives
 * no reason for a SIGBUS inside the file; so the size is asked, then whether
 * the page can be read, then the free space.
 */
struct outcome judge_fault(const struct stage *stage, const struct fault *fault,
                           off_t offset, enum access access);

/* Find the cause for a call that answered EFAULT at `offset`. */
void judge_bad_page(const struct stage *stage, struct outcome *outcome,
                    off_t offset, enum access access);

/*
 * Stores past the end of the file: judged by the smaller of its sizes just
 * before, when judge_stores() is called, and just after, in judge_lost().
 */
struct stores {
    off_t sizes[2]; /* of the first two files stored to; -1: not known */
    const struct target *targets[2];
};

struct stores judge_stores(const struct stage *stage,
                           const struct place *place);

/*
 * The outcome of stores to the first `done` bytes of `place` that met no
 * fault: OUTCOME_LOST when some lie past the end of a file.
 */
struct outcome judge_lost(const struct stage *stage, const struct place *place,
                          size_t done, const struct stores *before);

/* True when a page of the place is known to be one that nobody can load. */
bool judge_unreachable(const struct stage *stage, const struct place *place);

#endif
