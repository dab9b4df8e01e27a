/*
 * streams.c - the numbers 0, 1 and 2, kept for the standard streams.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/streams.h"

#include <fcntl.h>
#include <unistd.h>

void
streams_hold(void)
{
    int number;

    /* The lowest free number is taken, and those below are in use by then. */
    for (number = STDIN_FILENO; number <= STDERR_FILENO; number++)
        if (fcntl(number, F_GETFD) == -1)
            (void)!open("/dev/null",
                        (number == STDIN_FILENO ? O_WRONLY : O_RDONLY) |
                            O_CLOEXEC);
}
