/*
 * ends.h - who is at a channel, told by record locks on three bytes.
 *
 * The system drops a process's locks when it dies: no lock, no process. It
 * drops them too when the process closes any descriptor of the file.
 *
 * What returns int returns 0 or an errno value, those of fcntl(2) among them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_ENDS_H
#define MMT_MEMORY_ENDS_H

#include "memory/ring.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * Keep others from making the file, coming or going. ETIMEDOUT when somebody
 * else does until `deadline`, on CLOCK_MONOTONIC.
 */
int ends_hold(int descriptor, double deadline);

/* Let others make, come and go again. */
int ends_release(int descriptor);

/* Become an end; EBUSY when process `*holder` is, 0 or less if unknown. */
int ends_take(int descriptor, enum ring_end end, pid_t *holder);

/* Be that end no longer. */
int ends_leave(int descriptor, enum ring_end end);

/* Whether another process is that end, and which. */
int ends_who(int descriptor, enum ring_end end, bool *is_there, pid_t *process);

#endif
