/*
 * interrupt.h - signals that end a process, held until its work is tidy.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_INTERRUPT_H
#define MMT_MEMORY_INTERRUPT_H

/*
 * From here on SIGHUP, SIGINT, SIGQUIT, SIGTERM and SIGPIPE, of a pipe that
 * nobody reads any more, are only remembered, and interrupt blocking calls with
 * EINTR. One that the process was started to ignore stays ignored.
 */
void interrupt_hold(void);

/* The signal caught since, or 0. */
int interrupt_caught(void);

/*
 * Give them their standard effect again. If one was caught it takes that
 * effect now: the process dies of it, and this does not return.
 */
void interrupt_release(void);

#endif
