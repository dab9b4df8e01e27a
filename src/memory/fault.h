/*
 * fault.h - touch memory, survive a signal, say where.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_FAULT_H
#define MMT_MEMORY_FAULT_H

#include <stdbool.h>
#include <stddef.h>

struct fault {
    int signal;          /* 0 while nothing was caught */
    int code;            /* si_code */
    const void *address; /* si_addr: near the byte, not always at it */
};

/* Let faults kill the process from here on (--raise). */
void fault_let_kill(void);

/* With --raise, die of the fault that a child died of; else do nothing. */
void fault_follow(int number);

/*
 * Run `touch(argument)` and survive SIGSEGV, SIGBUS, SIGILL, SIGFPE and
 * SIGTRAP that its instructions raise. `touch` must leave nothing to clean up
 * when it is left in the middle. Guards nest; a guard belongs to one thread.
 *
 * Returns true when `touch` came to its end, else false with `*fault` set.
 */
bool fault_guard(void (*touch)(void *argument), void *argument,
                 struct fault *fault);

/*
 * As fault_guard(), for what must not be left in the middle: a C library may
 * clean up after a jump by touching the same memory again. A fault first calls
 * `mend(argument, fault)` inside the signal handler; when it returns true, the
 * instruction is run again. An abort(3) of the C library, when a system call
 * met the fault, can't be mended; it ends `touch` as a fault does.
 */
bool fault_guard_mending(void (*touch)(void *argument),
                         bool (*mend)(void *argument,
                                      const struct fault *fault),
                         void *argument, struct fault *fault);

/*
 * Move bytes from or to mapped memory, page by page and in order, under the
 * guard.
 *
 * Returns the number of bytes moved: `length`, or less and `*fault` set; the
 * first byte that could not be touched is then the next one.
 */
size_t fault_load(void *buffer, const void *mapped, size_t length,
                  struct fault *fault);
size_t fault_store(void *mapped, const void *buffer, size_t length,
                   struct fault *fault);

/*
 * Store `pattern` over and over, page by page and in order, under the guard.
 *
 * size  of the pattern, 1 or more
 * Returns as fault_store().
 */
size_t fault_fill(void *mapped, size_t length, const void *pattern, size_t size,
                  struct fault *fault);

#endif
