/*
 * compare.h - measures the ways by which two processes communicate.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_COMPARE_H
#define MMT_MEMORY_COMPARE_H

#include "memory/medium.h"

#include <stddef.h>

/* The largest block that can be measured, in bytes. */
enum { COMPARE_LARGEST = 65536 };

/* Why there are no figures. */
enum hindrance {
    HINDRANCE_NONE,
    HINDRANCE_LACKING,   /* the system has none: `number` is an errno value */
    HINDRANCE_PROCESSOR, /* only one processor runs the two processes */
    HINDRANCE_SIZE,      /* such a block does not pass */
    HINDRANCE_LATE,      /* the time for it was over */
    HINDRANCE_FAILED,    /* it ended in the middle: an errno value */
    HINDRANCE_DIED,      /* a signal, `number`, killed the other process */
};

struct figures {
    double round_trip;    /* seconds, the median */
    double round_trip_99; /* seconds; 99 of 100 were as fast or faster */
    double throughput;    /* bytes a second, the median of some runs */
    enum hindrance hindrance;
    int number; /* see hindrance */
};

/*
 * Measure one way of communication with a process forked for it, which ends
 * when this one does. Takes some tenths of a second, and the signals SIGALRM
 * and SIGRTMIN.
 *
 * block  bytes that pass at once: a power of two, 4 to COMPARE_LARGEST
 * until  when to give up, on CLOCK_MONOTONIC; kept to some hundredths of a
 *        second
 */
struct figures compare_measure(enum medium_kind kind, size_t block,
                               double until);

#endif
