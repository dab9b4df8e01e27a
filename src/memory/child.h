/*
 * child.h - processes that mmt starts, and that never outlive it.
 *
 * Whatever signal ends mmt ends its children first. A child that runs mmt's
 * own code also looks, while it is in a step, whether its parent still lives.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_CHILD_H
#define MMT_MEMORY_CHILD_H

#include "memory/outcome.h"

#include <stddef.h>
#include <sys/types.h>

/*
 * fork(2), with the child on the list of those that end with mmt. In the child
 * the list is empty and SIGHUP ends it and its own children.
 *
 * Returns 0 with `*child` set, 0 in the child itself, or an errno value;
 * EAGAIN too when the list is full.
 */
int child_fork(pid_t *child);

/*
 * Wait for a child, and take it off the list. Ended by the time limit of
 * clock.h: then the child is killed.
 *
 * Returns OUTCOME_OK when it ended with 0, OUTCOME_EXIT, OUTCOME_KILLED,
 * OUTCOME_TIMEOUT or OUTCOME_ERROR.
 */
struct outcome child_wait(pid_t child);

/* The same; whenever the child is stopped, call `stopped` with the signal. */
struct outcome child_follow(pid_t child,
                            void (*stopped)(pid_t child, int number));

/*
 * Fork a child that runs `answer(argument, descriptor)`, which writes to the
 * descriptor and does not return, and read what it wrote.
 *
 * length  set to the number of bytes read, at most `size`
 * Returns as child_wait().
 */
struct outcome child_ask(void (*answer)(void *argument, int descriptor),
                         void *argument, void *reply, size_t size,
                         size_t *length);

#endif
