/*
 * terminal.c - which process group may read from the terminal.
 *
 * A signal handler takes no context of ours, so what is lent stands in
 * file-local variables.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/terminal.h"

#include "memory/clock.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t terminal = -1; /* its descriptor */
static volatile pid_t borrower;             /* 0: it is not lent */

static bool
is_ours(void)
{
    return terminal >= 0 && tcgetpgrp(terminal) == getpgrp();
}

bool
terminal_open(void)
{
    terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
    return is_ours();
}

void
terminal_lend(pid_t group)
{
    borrower = group;
}

bool
terminal_is_lent(void)
{
    return borrower != 0;
}

/* Whoever has it no more may only pass it on with SIGTTOU blocked. */
void
terminal_pass(pid_t group)
{
    sigset_t output, before;

    sigemptyset(&output);
    sigaddset(&output, SIGTTOU);
    sigprocmask(SIG_BLOCK, &output, &before);
    tcsetpgrp(terminal, group);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

/* What a group has that is gone, nobody has. */
static bool
is_with_borrower(void)
{
    pid_t group = tcgetpgrp(terminal);

    return group == borrower || (group > 0 && kill(-group, 0) != 0);
}

void
terminal_take_back(void)
{
    if (borrower && is_with_borrower())
        terminal_pass(getpgrp());
    borrower = 0;
}

void
terminal_close(void)
{
    terminal_take_back();
    if (terminal >= 0)
        close(terminal);
    terminal = -1;
}

void
terminal_return(pid_t owner)
{
    if (is_ours())
        terminal_pass(owner);
}

void
terminal_stopped(pid_t group, int number)
{
    bool was_lent = terminal_is_lent();

    if (terminal < 0 || (number != SIGTTIN && number != SIGTTOU &&
                         (number != SIGTSTP || !was_lent)))
        return;
    terminal_take_back();
    if (number == SIGTSTP || !is_ours()) {
        kill(0, number);
        /* Nobody is stopped in a group that no shell watches over. */
        clock_nap(0.05);
    }
    if (is_ours()) {
        terminal_lend(group);
        terminal_pass(group);
    }
    kill(-group, SIGCONT);
}
