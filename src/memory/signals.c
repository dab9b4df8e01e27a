/*
 * signals.c - how this process was started to treat its signals.
 *
 * What was found is asked for long after, in processes that were forked
 * meanwhile; so it stands in file-local variables, set once.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/signals.h"

#include <signal.h>
#include <stddef.h>

/* Those that mmt treats otherwise also where they were ignored. */
enum { HANGUP, SIZE_LIMIT, CHILD, CHANGED };

static const int changed[] = {
    [HANGUP] = SIGHUP, [SIZE_LIMIT] = SIGXFSZ, [CHILD] = SIGCHLD
};

static struct sigaction found[CHANGED];
static sigset_t found_blocked;

static void
set(int number, void (*handler)(int number))
{
    struct sigaction action = { .sa_handler = handler };

    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

void
signals_begin(void)
{
    int index;

    for (index = 0; index < CHANGED; index++)
        sigaction(changed[index], NULL, &found[index]);
    sigprocmask(SIG_BLOCK, NULL, &found_blocked);
    set(SIGXFSZ, SIG_IGN);
    set(SIGCHLD, SIG_DFL);
}

bool
signals_outlive_hangup(void)
{
    return found[HANGUP].sa_handler == SIG_IGN;
}

void
signals_restore(void)
{
    int index;

    for (index = 0; index < CHANGED; index++)
        sigaction(changed[index], &found[index], NULL);
    sigprocmask(SIG_SETMASK, &found_blocked, NULL);
}
