/*
 * interrupt.c - signals that end a process, held until its work is tidy.
 *
 * A signal handler takes no context of ours, so what it caught stands in a
 * file-local variable.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t caught;

static const int held_signals[] = { SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGTERM };
enum { HELD_SIGNALS = sizeof held_signals / sizeof held_signals[0] };

static void
remember(int number)
{
    if (!caught)
        caught = number;
}

/* Let `handler` handle all of them but those that are ignored. */
static void
set_handler(void (*handler)(int number))
{
    struct sigaction action = { .sa_handler = handler };
    struct sigaction present;
    int index;

    sigemptyset(&action.sa_mask);
    for (index = 0; index < HELD_SIGNALS; index++) {
        sigaction(held_signals[index], NULL, &present);
        if (present.sa_handler != SIG_IGN)
            sigaction(held_signals[index], &action, NULL);
    }
}

void
interrupt_hold(void)
{
    caught = 0;
    set_handler(remember);
}

int
interrupt_caught(void)
{
    return caught;
}

void
interrupt_release(void)
{
    set_handler(SIG_DFL);
    if (caught)
        raise(caught);
}
