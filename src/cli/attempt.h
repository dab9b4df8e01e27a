/*
 * attempt.h - what became of a file that was to grow, in words.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_ATTEMPT_H
#define MMT_CLI_ATTEMPT_H

#include "memory/growth.h"

#include <stdbool.h>

/* One file, from the first look to the last word. */
struct attempt {
    struct growth growth;
    bool has_old;        /* the old size is known */
    bool has_new;        /* the new size is worked out */
    bool is_skipped;     /* there is no such file, and none is to be made */
    bool is_begun;       /* something may have been changed */
    bool is_late;        /* the time limit ran out */
    int signal;          /* that ended it, or 0 */
    int error;           /* errno value, or 0; EINTR for these two */
    enum growth_end end; /* what became of a failed one */
    int stuck;           /* errno value, of GROWTH_STUCK */
};

/*
 * Complain about one that failed: why, what became of the file, what to do.
 *
 * limit  the time limit in seconds, as typed; NULL when there is none
 */
void attempt_complain(const struct attempt *attempt, const char *limit);

/* Print one line: what would be done. */
void attempt_print_plan(const struct attempt *attempt);

/* Print all of it as one JSON object. */
void attempt_print_object(const struct attempt *attempt, const char *command);

#endif
