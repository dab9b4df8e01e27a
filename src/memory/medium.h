/*
 * medium.h - the ways by which bytes pass between two processes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_MEDIUM_H
#define MMT_MEMORY_MEDIUM_H

#include "memory/mailbox.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum medium_kind {
    MEDIUM_SPINNING, /* a shared mapping; who waits looks again and again */
    MEDIUM_SLEEPING, /* a shared mapping; who waits sleeps on a semaphore */
    MEDIUM_PIPE,
    MEDIUM_FIFO,
    MEDIUM_SOCKET, /* a UNIX stream socket */
    MEDIUM_QUEUE,  /* a POSIX message queue */
    MEDIUM_SIGNAL, /* queued signals with an integer each */
    MEDIUM_KINDS,
};

/* One direction. Only what the kind needs is open. */
struct lane {
    int read_end;  /* -1 while not open */
    int write_end; /* -1 while not open */
    struct queue *queue;
    struct mailbox mailbox;
    pid_t peer; /* at the other end; known after the fork */
};

struct medium {
    enum medium_kind kind;
    size_t block;      /* bytes that pass at once: a power of two */
    struct lane there; /* from the first process to the second */
    struct lane back;  /* from the second to the first */
    bool is_second;    /* which of them this process is */
    double until;      /* when waiting ends, on CLOCK_MONOTONIC */
};

/* The largest block that passes, in bytes. */
size_t medium_largest(enum medium_kind kind);

/* How many blocks may be under way before an answer must be awaited. */
uint32_t medium_outstanding(enum medium_kind kind);

/*
 * Open both directions, before the fork.
 *
 * Returns 0 or the errno value of the call that makes it; ENOSYS where the
 * system lacks it.
 */
int medium_open(struct medium *medium, enum medium_kind kind, size_t block);

/*
 * Tell each process, after the fork, who it is and who the other one is. The
 * first stops waiting at `until`, the second when the first has ended.
 */
void medium_split(struct medium *medium, bool is_second, pid_t peer,
                  double until);

/*
 * Pass a block on to the other process, or wait for one from it.
 *
 * Returns 0, EPIPE when the other process has ended, ETIMEDOUT when the time
 * to wait is over, or the errno value of the call that failed.
 */
int medium_give(struct medium *medium, const void *block);
int medium_take(struct medium *medium, void *block);

/* Give all of it back. Safe twice. */
void medium_close(struct medium *medium);

#endif
