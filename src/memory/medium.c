/*
 * medium.c - the ways by which bytes pass between two processes.
 *
 * Every kind moves some bytes at a time, and returns EINTR when a signal came
 * in between; then it is seen whether the other process still lives. What is
 * measured here is not traced: a trace would be all that is measured.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/medium.h"

#include "memory/call.h"
#include "memory/clock.h"
#include "memory/queue.h"
#include "memory/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Bytes that a queued signal carries: sival_int. */
enum { SIGNAL_BYTES = sizeof(int) };

/*
 * How long to wait for a signal: less than the 10 ms of clock_limit(), since
 * musl begins a wait that was interrupted anew.
 */
enum { SIGNAL_WAIT_NANOSECONDS = 5000000 };

static int
open_mailbox(struct lane *lane, size_t block)
{
    return mailbox_open(&lane->mailbox, block);
}

static int
open_pipe(struct lane *lane, size_t block)
{
    int ends[2];

    (void)block;
    if (pipe(ends) != 0)
        return errno;
    lane->read_end = ends[0];
    lane->write_end = ends[1];
    return 0;
}

/* Open both ends of a new FIFO; the reader first, which need not block. */
static int
make_fifo(const char *name, void *result)
{
    struct lane *lane = result;
    int error;

    if (mkfifo(name, 0600) != 0)
        return errno;
    error = call_open(name, O_RDONLY | O_NONBLOCK, 0, &lane->read_end);
    if (error)
        return error;
    if ((error = call_open(name, O_WRONLY, 0, &lane->write_end)))
        return error;
    return fcntl(lane->read_end, F_SETFL, 0) == 0 ? 0 : errno;
}

static int
open_fifo(struct lane *lane, size_t block)
{
    const char *directory = getenv("TMPDIR");

    (void)block;
    if (!directory || !*directory)
        directory = "/tmp";
    return temporary_make(directory, make_fifo, call_unlink, lane);
}

static int
open_socket(struct lane *lane, size_t block)
{
    int ends[2];

    (void)block;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        return errno;
    lane->read_end = ends[0];
    lane->write_end = ends[1];
    return 0;
}

static int
open_queue(struct lane *lane, size_t block)
{
    return queue_open(&lane->queue, block);
}

/* Have them wait: they are taken by sigtimedwait alone. */
static int
open_signal(struct lane *lane, size_t block)
{
    sigset_t set;

    (void)lane;
    (void)block;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    return sigprocmask(SIG_BLOCK, &set, NULL) == 0 ? 0 : errno;
}

static int
give_spinning(struct lane *lane, const void *bytes, size_t length,
              size_t *count)
{
    return mailbox_give_spinning(&lane->mailbox, bytes, length, count);
}

static int
take_spinning(struct lane *lane, void *bytes, size_t length, size_t *count)
{
    return mailbox_take_spinning(&lane->mailbox, bytes, length, count);
}

static int
give_sleeping(struct lane *lane, const void *bytes, size_t length,
              size_t *count)
{
    return mailbox_give_sleeping(&lane->mailbox, bytes, length, count);
}

static int
take_sleeping(struct lane *lane, void *bytes, size_t length, size_t *count)
{
    return mailbox_take_sleeping(&lane->mailbox, bytes, length, count);
}

static int
give_written(struct lane *lane, const void *bytes, size_t length, size_t *count)
{
    ssize_t written = write(lane->write_end, bytes, length);

    if (written < 0)
        return errno;
    *count = (size_t)written;
    return 0;
}

static int
take_read(struct lane *lane, void *bytes, size_t length, size_t *count)
{
    ssize_t got = read(lane->read_end, bytes, length);

    if (got < 0)
        return errno;
    *count = (size_t)got;
    return got > 0 ? 0 : EPIPE;
}

static int
give_queued(struct lane *lane, const void *bytes, size_t length, size_t *count)
{
    return queue_give(lane->queue, bytes, length, count);
}

static int
take_queued(struct lane *lane, void *bytes, size_t length, size_t *count)
{
    return queue_take(lane->queue, bytes, length, count);
}

static int
give_signal(struct lane *lane, const void *bytes, size_t length, size_t *count)
{
    union sigval value;

    (void)length;
    memcpy(&value.sival_int, bytes, SIGNAL_BYTES);
    if (sigqueue(lane->peer, SIGRTMIN, value) != 0)
        return errno == ESRCH ? EPIPE : errno;
    *count = SIGNAL_BYTES;
    return 0;
}

static int
take_signal(struct lane *lane, void *bytes, size_t length, size_t *count)
{
    struct timespec wait = { .tv_nsec = SIGNAL_WAIT_NANOSECONDS };
    siginfo_t info;
    sigset_t set;

    (void)length;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    if (sigtimedwait(&set, &info, &wait) < 0)
        return errno == EAGAIN ? EINTR : errno;
    if (info.si_pid != lane->peer)
        return EINTR;
    memcpy(bytes, &info.si_value.sival_int, SIGNAL_BYTES);
    *count = SIGNAL_BYTES;
    return 0;
}

static const struct {
    size_t largest;       /* block */
    uint32_t outstanding; /* blocks before an answer must be awaited */
    int (*open)(struct lane *lane, size_t block);
    int (*give)(struct lane *lane, const void *bytes, size_t length,
                size_t *count);
    int (*take)(struct lane *lane, void *bytes, size_t length, size_t *count);
} kinds[] = {
    [MEDIUM_SPINNING] = { SIZE_MAX, UINT32_MAX, open_mailbox, give_spinning,
                          take_spinning },
    [MEDIUM_SLEEPING] = { SIZE_MAX, UINT32_MAX, open_mailbox, give_sleeping,
                          take_sleeping },
    [MEDIUM_PIPE] = { SIZE_MAX, UINT32_MAX, open_pipe, give_written,
                      take_read },
    [MEDIUM_FIFO] = { SIZE_MAX, UINT32_MAX, open_fifo, give_written,
                      take_read },
    [MEDIUM_SOCKET] = { SIZE_MAX, UINT32_MAX, open_socket, give_written,
                        take_read },
    [MEDIUM_QUEUE] = { SIZE_MAX, UINT32_MAX, open_queue, give_queued,
                       take_queued },
    /* A process may always queue 32 of them (_POSIX_SIGQUEUE_MAX). */
    [MEDIUM_SIGNAL] = { SIGNAL_BYTES, _POSIX_SIGQUEUE_MAX / 2, open_signal,
                        give_signal, take_signal },
};

size_t
medium_largest(enum medium_kind kind)
{
    return kinds[kind].largest;
}

uint32_t
medium_outstanding(enum medium_kind kind)
{
    return kinds[kind].outstanding;
}

int
medium_open(struct medium *medium, enum medium_kind kind, size_t block)
{
    struct lane closed = { .read_end = -1, .write_end = -1 };
    int error;

    *medium = (struct medium) {
        .kind = kind, .block = block, .there = closed, .back = closed
    };
    if (!(error = kinds[kind].open(&medium->there, block)))
        error = kinds[kind].open(&medium->back, block);
    if (error)
        medium_close(medium);
    return error;
}

static void
close_end(int *descriptor)
{
    if (*descriptor >= 0)
        call_close(*descriptor);
    *descriptor = -1;
}

void
medium_split(struct medium *medium, bool is_second, pid_t peer, double until)
{
    medium->is_second = is_second;
    medium->until = until;
    medium->there.peer = peer;
    medium->back.peer = peer;
    /* Only then does the end of one process end what the other reads. */
    close_end(is_second ? &medium->there.write_end : &medium->there.read_end);
    close_end(is_second ? &medium->back.read_end : &medium->back.write_end);
}

static bool
peer_lives(const struct medium *medium)
{
    pid_t peer = medium->there.peer;
    siginfo_t info = { .si_pid = 0 };

    if (medium->is_second)
        return getppid() == peer;
    return waitid(P_PID, (id_t)peer, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
}

/* After an interruption: whether there is still something to wait for. */
static int
check_wait(const struct medium *medium)
{
    if (!peer_lives(medium))
        return EPIPE;
    return clock_now() < medium->until ? 0 : ETIMEDOUT;
}

int
medium_give(struct medium *medium, const void *block)
{
    struct lane *lane = medium->is_second ? &medium->back : &medium->there;
    const unsigned char *bytes = block;
    size_t done = 0, count;

    while (done < medium->block) {
        int error = kinds[medium->kind].give(lane, bytes + done,
                                             medium->block - done, &count);

        if (!error)
            done += count;
        else if (error != EINTR || (error = check_wait(medium)))
            return error;
    }
    return 0;
}

int
medium_take(struct medium *medium, void *block)
{
    struct lane *lane = medium->is_second ? &medium->there : &medium->back;
    unsigned char *bytes = block;
    size_t done = 0, count;

    while (done < medium->block) {
        int error = kinds[medium->kind].take(lane, bytes + done,
                                             medium->block - done, &count);

        if (!error)
            done += count;
        else if (error != EINTR || (error = check_wait(medium)))
            return error;
    }
    return 0;
}

static void
lane_close(struct lane *lane)
{
    close_end(&lane->read_end);
    close_end(&lane->write_end);
    queue_close(lane->queue);
    lane->queue = NULL;
    mailbox_close(&lane->mailbox);
}

/* Those still under way would end this process once they are let through. */
static void
drain_signals(void)
{
    struct timespec now = { .tv_sec = 0 };
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    while (sigtimedwait(&set, NULL, &now) > 0 || errno == EINTR)
        continue;
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void
medium_close(struct medium *medium)
{
    lane_close(&medium->there);
    lane_close(&medium->back);
    if (medium->kind == MEDIUM_SIGNAL && !medium->is_second)
        drain_signals();
}
