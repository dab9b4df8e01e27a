/*
 * record.h - the calls of one piece of work, kept to be shown later.
 *
 * Where several things are worked on at once, a record of each keeps their
 * calls apart, and how long they took.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_RECORD_H
#define MMT_MEMORY_RECORD_H

#include "memory/witness.h"

#include <stddef.h>

struct recorded {
    struct call call;
    char *text;     /* a copy of that among its arguments; NULL: none */
    double seconds; /* that it took */
};

struct record {
    struct recorded *calls; /* in their order */
    size_t count;
    double seconds; /* from record_begin() to record_end() */
    double began;   /* on CLOCK_MONOTONIC */
    double last;    /* on CLOCK_MONOTONIC: when the last call had returned */
};

#define RECORD_NONE ((struct record) { .calls = NULL })

/* Keep the calls of this thread until record_end(); nobody else is told. */
void record_begin(struct record *record);
void record_end(struct record *record);

/* Forget the calls. Safe on RECORD_NONE, and twice. */
void record_free(struct record *record);

#endif
