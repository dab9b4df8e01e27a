/*
 * clock.h - the time, and a limit that ends a blocking call.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_CLOCK_H
#define MMT_MEMORY_CLOCK_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

/* Seconds on CLOCK_MONOTONIC, since a moment of the system's choice. */
double clock_now(void);

/* `seconds`, at least 0, as calls take them. */
struct timespec clock_timespec(double seconds);

/* When so many seconds will have passed on `clock`, as calls take that. */
struct timespec clock_after(clockid_t clock, double seconds);

/* Sleep for `seconds`; less when a signal is caught. */
void clock_nap(double seconds);

/* A limit that is none, for clock_limit(). */
#define CLOCK_FOR_EVER 315360000000000.0

/*
 * Start a limit of `seconds`, at least 0, from now. When it has run out, a
 * signal interrupts this process's blocking calls with EINTR every 10 ms until
 * clock_unlimit(), so that one that begins late is interrupted too. One limit
 * at a time.
 *
 * Returns 0 or the errno value of timer_create(3) (POSIX.1-2008).
 */
int clock_limit(double seconds);

/*
 * From here on, end this process within 0.1 s of its parent's death, while it
 * is within a limit. To be called in the child, with the parent's process id.
 */
void clock_watch(pid_t parent);

/* End the limit. Safe when there is none. */
void clock_unlimit(void);

/* True when there is a limit and it has run out. */
bool clock_expired(void);

/* Seconds until the limit runs out; a very long time when there is none. */
double clock_left(void);

#endif
