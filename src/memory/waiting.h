/*
 * waiting.h - steps that wait, looked at from time to time.
 *
 * No call of POSIX waits for a change of a cell that any program may make, so
 * waiting is looking, then sleeping: often at first, seldom later. A role in
 * such a step holds up nobody, since whoever has other work can look too.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_WAITING_H
#define MMT_MEMORY_WAITING_H

#include "memory/step.h"

#include <stdbool.h>

struct waiting {
    const struct step *step; /* NULL: nothing is waited for */
    double began;            /* on CLOCK_MONOTONIC */
};

#define WAITING_NONE ((struct waiting) { .step = NULL })

/* Keep SIGUSR1 for a `pause` to come; to be called before the first step. */
void waiting_prepare(void);

/* Begin a step that may wait. */
struct waiting waiting_begin(const struct step *step);

/*
 * Look once, without blocking.
 *
 * Returns true when the step is over, and `*outcome` set.
 */
bool waiting_look(struct waiting *waiting, struct stage *stage,
                  struct outcome *outcome);

/* Seconds that may pass until the next look. */
double waiting_pause(const struct waiting *waiting, const struct stage *stage);

/* Look and sleep until the step is over: for who has nothing else to do. */
struct outcome waiting_finish(struct waiting *waiting, struct stage *stage);

/* The step from begin to end, in the process of a role. */
struct outcome waiting_run(struct stage *stage, const struct step *step);

#endif
