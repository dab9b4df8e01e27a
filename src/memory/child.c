/*
 * child.c - processes that mmt starts, and that never outlive it.
 *
 * A signal handler takes no context of ours, so the list of children stands in
 * file-local variables.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/child.h"

#include "memory/clock.h"
#include "memory/signals.h"
#include "memory/terminal.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CHILDREN = 256 };

/* Those alive; 0 marks a free place. */
static volatile pid_t children[MOST_CHILDREN];
static bool handlers_installed;

/*
 * Milliseconds for the children to end themselves. A child has half of what its
 * parent has, to be done with its own before it is killed.
 */
static int patience = 50;

static const int ending_signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
enum { ENDING_SIGNALS = sizeof ending_signals / sizeof ending_signals[0] };

/* True while any child is on the list; takes those off that have ended. */
static bool
any_left(void)
{
    bool left = false;
    int index;

    for (index = 0; index < MOST_CHILDREN; index++) {
        pid_t child = children[index];

        if (!child)
            continue;
        if (waitpid(child, NULL, WNOHANG) == 0)
            left = true;
        else
            children[index] = 0;
    }
    return left;
}

/* Send a signal to a child, with all of its group where it leads one. */
static void
signal_child(pid_t child, int number)
{
    if (kill(-child, number) != 0)
        kill(child, number);
}

static void
signal_all(int number)
{
    int index;

    for (index = 0; index < MOST_CHILDREN; index++)
        if (children[index])
            signal_child(children[index], number);
}

static void
await_children(void)
{
    const struct timespec millisecond = { .tv_nsec = 1000000 };
    int round;

    for (round = 0; round < patience && any_left(); round++)
        nanosleep(&millisecond, NULL);
}

/*
 * End the children: they are asked with SIGHUP, so that they can end theirs,
 * and killed when that takes too long.
 */
static void
end_children(void)
{
    signal_all(SIGHUP);
    await_children();
    signal_all(SIGKILL);
    await_children();
}

/* True for a hangup that is not by the parent, under nohup(1). */
static bool
is_outlived(int number, const siginfo_t *info)
{
    return number == SIGHUP && signals_outlive_hangup() &&
           info->si_pid != getppid() && info->si_pid != getpid();
}

/* End the children, then die of the signal as if it had not been caught. */
static void
end_all(int number, siginfo_t *info, void *context)
{
    struct sigaction standard = { .sa_handler = SIG_DFL };
    sigset_t only;

    (void)context;
    if (is_outlived(number, info))
        return;
    end_children();
    terminal_take_back();
    sigemptyset(&standard.sa_mask);
    sigaction(number, &standard, NULL);
    sigemptyset(&only);
    sigaddset(&only, number);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
}

/* A signal that was ignored when mmt began stays ignored, as by nohup. */
static void
install_handlers(void)
{
    struct sigaction action = { .sa_sigaction = end_all,
                                .sa_flags = SA_SIGINFO };
    struct sigaction before;
    int index;

    if (handlers_installed)
        return;
    sigfillset(&action.sa_mask);
    for (index = 0; index < ENDING_SIGNALS; index++) {
        sigaction(ending_signals[index], NULL, &before);
        if (before.sa_handler != SIG_IGN)
            sigaction(ending_signals[index], &action, NULL);
    }
    handlers_installed = true;
}

static int
free_place(void)
{
    int index;

    for (index = 0; index < MOST_CHILDREN; index++)
        if (!children[index])
            return index;
    return -1;
}

/*
 * In the child: nothing of the parent's is on its list. Who that was is told:
 * the parent may have ended by now, and then getppid() names another process.
 */
static void
begin_child(pid_t parent)
{
    struct sigaction action = { .sa_sigaction = end_all,
                                .sa_flags = SA_SIGINFO };
    int index;

    for (index = 0; index < MOST_CHILDREN; index++)
        children[index] = 0;
    patience /= 2;
    sigfillset(&action.sa_mask);
    /* By which the parent ends it: not ignored, also where it was. */
    sigaction(SIGHUP, &action, NULL);
    clock_watch(parent);
}

int
child_fork(pid_t *child)
{
    int place = free_place();
    pid_t parent = getpid(), forked;
    sigset_t all, before;
    int error;

    if (place < 0)
        return EAGAIN;
    install_handlers();
    /* No signal may come between the fork and the list. */
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    forked = fork();
    error = forked < 0 ? errno : 0;
    if (forked == 0)
        begin_child(parent);
    else if (forked > 0)
        children[place] = forked;
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (!error)
        *child = forked;
    return error;
}

static void
forget(pid_t child)
{
    int index;

    for (index = 0; index < MOST_CHILDREN; index++)
        if (children[index] == child)
            children[index] = 0;
}

static struct outcome
outcome_of_status(int status)
{
    if (WIFSIGNALED(status))
        return (struct outcome) { .kind = OUTCOME_KILLED,
                                  .signal = WTERMSIG(status) };
    if (WEXITSTATUS(status) != 0)
        return (struct outcome) { .kind = OUTCOME_EXIT,
                                  .status = WEXITSTATUS(status) };
    return OUTCOME_NONE;
}

struct outcome
child_follow(pid_t child, void (*stopped)(pid_t child, int number))
{
    struct outcome outcome;
    int status = 0;

    for (;;) {
        if (waitpid(child, &status, stopped ? WUNTRACED : 0) != -1) {
            if (!stopped || !WIFSTOPPED(status))
                break;
            stopped(child, WSTOPSIG(status));
            continue;
        }
        if (errno != EINTR)
            return outcome_of(errno);
        if (!clock_expired())
            continue;
        signal_child(child, SIGHUP);
        clock_unlimit();
        clock_nap(0.001);
        signal_child(child, SIGKILL);
        waitpid(child, &status, 0);
        forget(child);
        return (struct outcome) { .kind = OUTCOME_TIMEOUT };
    }
    outcome = outcome_of_status(status);
    forget(child);
    return outcome;
}

struct outcome
child_wait(pid_t child)
{
    return child_follow(child, NULL);
}

/* Read all that comes until the end, at most `size` bytes. */
static size_t
read_reply(int descriptor, unsigned char *reply, size_t size)
{
    size_t length = 0;

    while (length < size) {
        ssize_t count = read(descriptor, reply + length, size - length);

        if (count == 0 || (count < 0 && (errno != EINTR || clock_expired())))
            break;
        if (count > 0)
            length += (size_t)count;
    }
    return length;
}

struct outcome
child_ask(void (*answer)(void *argument, int descriptor), void *argument,
          void *reply, size_t size, size_t *length)
{
    int ends[2], error;
    pid_t child;

    *length = 0;
    if (pipe(ends) != 0)
        return outcome_of(errno);
    if ((error = child_fork(&child))) {
        close(ends[0]);
        close(ends[1]);
        return outcome_of(error);
    }
    if (child == 0) {
        close(ends[0]);
        answer(argument, ends[1]);
        _exit(1);
    }
    close(ends[1]);
    *length = read_reply(ends[0], reply, size);
    close(ends[0]);
    return child_wait(child);
}
