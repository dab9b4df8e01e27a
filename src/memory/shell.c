/*
 * shell.c - commands of the shell.
 *
 * What a command starts is to end with mmt, so it gets a process group. A guard
 * in that group hears by a socket of the death of the process that runs the
 * command, whatever it died of, and ends the group: it can't be mistaken about
 * which, since it is one of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/shell.h"

#include "memory/child.h"
#include "memory/signals.h"

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

/* In the guard: join the group that is named, and end it when all else ends. */
static void
stand_guard(int line)
{
    sigset_t all;
    pid_t group;

    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    if (read(line, &group, sizeof group) == sizeof group &&
        setpgid(0, group) == 0 && read(line, &group, sizeof group) == 0)
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

static void
relieve_guard(const struct guard *guard)
{
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

/* True when this process may read from a terminal, whatever its input is. */
static bool
is_in_foreground(void)
{
    int terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
    bool may_read;

    if (terminal < 0)
        return false;
    may_read = tcgetpgrp(terminal) == getpgrp();
    close(terminal);
    return may_read;
}

/*
 * Only one group may read from a terminal: any other that tries to, as for a
 * password, is stopped. So there the command stays in this one.
 */
struct outcome
shell_run(const char *command, bool no_input, bool to_stderr)
{
    struct guard guard = { .process = 0 };
    struct outcome outcome;
    pid_t child;
    int error;

    if (!is_in_foreground() && (error = post_guard(&guard)))
        return outcome_of(error);
    error = child_fork(&child);
    if (!error && child == 0) {
        if (guard.process)
            lead_group(&guard);
        become_shell(command, no_input, to_stderr);
    }
    outcome = error ? outcome_of(error) : child_wait(child);
    if (guard.process)
        relieve_guard(&guard);
    return outcome;
}
