/*
 * shell.c - commands of the shell.
 *
 * What a command starts is to end with mmt, so it gets a process group, and is
 * lent the terminal. A guard in that group hears by a socket of the death of
 * the process that runs the command, whatever it died of, and ends the group:
 * it can't be mistaken about which, since it is one of it. So it also knows
 * what signals the terminal has sent to the group.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/shell.h"

#include "memory/child.h"
#include "memory/signals.h"
#include "memory/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct guard {
    pid_t process; /* 0: there is none */
    int line;      /* to it; broken when this process ends */
};

/* In the guard: tell which of the signals that are asked for have come. */
static void
answer(int line)
{
    sigset_t pending;
    int number;

    while (read(line, &number, sizeof number) == sizeof number) {
        sigpending(&pending);
        if (!sigismember(&pending, number))
            number = 0;
        send(line, &number, sizeof number, MSG_NOSIGNAL);
    }
}

/* In the guard: join the group that is named, and end it when all else ends. */
static void
stand_guard(int line)
{
    pid_t group, owner = getpgrp();
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    if (read(line, &group, sizeof group) != sizeof group ||
        setpgid(0, group) != 0)
        _exit(0);
    answer(line);
    terminal_return(owner);
    kill(0, SIGKILL);
    _exit(0);
}

static int
post_guard(struct guard *guard)
{
    int ends[2], error;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        return errno;
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    guard->line = ends[1];
    guard->process = fork();
    error = guard->process < 0 ? errno : 0;
    if (guard->process == 0) {
        close(ends[1]);
        stand_guard(ends[0]);
    }
    close(ends[0]);
    if (error)
        close(ends[1]);
    return error;
}

/*
 * Whether the command died of what the terminal has sent to its whole group,
 * and not to this one: an interrupt, a quit, a hangup.
 */
static bool
was_interrupted(const struct guard *guard, const struct outcome *outcome)
{
    int number = outcome->signal;

    if (outcome->kind != OUTCOME_KILLED ||
        (number != SIGINT && number != SIGQUIT && number != SIGHUP))
        return false;
    return send(guard->line, &number, sizeof number, MSG_NOSIGNAL) > 0 &&
           read(guard->line, &number, sizeof number) == sizeof number &&
           number == outcome->signal;
}

/* Send the guard away; or let it end what is left of the group. */
static void
relieve_guard(const struct guard *guard, bool ends_group)
{
    if (!ends_group)
        kill(guard->process, SIGKILL);
    close(guard->line);
    while (waitpid(guard->process, NULL, 0) < 0 && errno == EINTR)
        continue;
}

/*
 * In the child: no command runs before the guard is told of its group. It joins
 * that, or finds it gone, also when this process has ended by then.
 */
static void
lead_group(const struct guard *guard)
{
    pid_t group = getpid();

    setpgid(0, 0);
    send(guard->line, &group, sizeof group, MSG_NOSIGNAL);
}

static void
become_shell(const char *command, bool no_input, bool to_stderr)
{
    signals_restore();
    if (no_input) {
        int null = open("/dev/null", O_RDONLY);

        if (null > 0) {
            dup2(null, STDIN_FILENO);
            close(null);
        }
    }
    if (to_stderr)
        dup2(STDERR_FILENO, STDOUT_FILENO);
    /* A command that begins with - or + is no option of sh. */
    execlp("sh", "sh", "-c", "--", command, (char *)NULL);
    _exit(127);
}

/*
 * Only one group may read from a terminal: any other that tries to, as for a
 * password, is stopped. What the terminal sends to the command's group would
 * have been for this one as well, if a shell had started the command. Where the
 * output goes to a pager, say, that needs the terminal: then the command gets
 * it only when it was stopped for want of it.
 */
static bool
lends_terminal(void)
{
    bool is_ours = terminal_open();

    return is_ours && isatty(STDOUT_FILENO);
}

struct outcome
shell_run(const char *command, bool no_input, bool to_stderr)
{
    bool lends = lends_terminal(), interrupted;
    struct guard guard = { .process = 0 };
    struct outcome outcome;
    pid_t child;
    int error;

    if ((error = post_guard(&guard))) {
        terminal_close();
        return outcome_of(error);
    }
    error = child_fork(&child);
    if (!error && child == 0) {
        lead_group(&guard);
        if (lends)
            terminal_pass(getpid());
        become_shell(command, no_input, to_stderr);
    }
    if (!error && lends)
        terminal_lend(child);
    outcome = error ? outcome_of(error) : child_follow(child, terminal_stopped);
    interrupted = terminal_is_lent() && was_interrupted(&guard, &outcome);
    terminal_close();
    relieve_guard(&guard, interrupted);
    if (interrupted)
        kill(0, outcome.signal);
    return outcome;
}
