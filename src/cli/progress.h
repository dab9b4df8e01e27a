/*
 * progress.h - a line on a terminal that shows how far long work has come.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_PROGRESS_H
#define MMT_CLI_PROGRESS_H

#include "cli/command.h"

#include <stdbool.h>
#include <stdint.h>

/* Ids of these options, apart from those of a command, which begin at 0. */
enum { OPTION_PROGRESS = 920, OPTION_NO_PROGRESS };

/* --progress and --no-progress, for the `options` of a command. */
extern const struct option progress_options[];

enum progress_when {
    PROGRESS_AUTO, /* on a terminal, for work that lasts over a second */
    PROGRESS_ALWAYS,
    PROGRESS_NEVER,
};

/* Take one of these options; false if `id` is none of them. */
bool progress_take(enum progress_when *when, int id);

struct progress {
    const char *name; /* what is worked on */
    uintmax_t total;  /* bytes in all; 0: not known */
    double began;     /* on CLOCK_MONOTONIC */
    double shown;     /* when the line was last drawn; 0: never */
    enum progress_when when;
};

/* Begin; nothing is drawn yet. */
void progress_begin(struct progress *progress, enum progress_when when,
                    const char *name, uintmax_t total);

/*
 * Bytes done by now: draws the line anew, some times a second at most: bytes
 * of all bytes, rate, time left.
 */
void progress_update(struct progress *progress, uintmax_t done);

/* Take the line away without a trace. Safe when nothing was drawn. */
void progress_end(struct progress *progress);

#endif
