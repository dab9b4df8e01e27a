/*
 * queue.c - message queues of POSIX, where the system has them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/queue.h"

#include "memory/temporary.h"

#include <errno.h>
#include <unistd.h>

#if defined(_POSIX_MESSAGE_PASSING) && _POSIX_MESSAGE_PASSING > 0

#include <fcntl.h>
#include <mqueue.h>
#include <stdlib.h>

/* What every user may have on most systems: 10 messages of 8192 bytes. */
enum { MESSAGES = 10, MESSAGE_MOST = 8192 };

struct queue {
    mqd_t descriptor;
    size_t message; /* bytes of each */
};

static int
open_queue(const char *name, void *result)
{
    struct queue *queue = result;
    struct mq_attr attributes = { .mq_maxmsg = MESSAGES,
                                  .mq_msgsize = (long)queue->message };

    queue->descriptor =
        mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
    return queue->descriptor == (mqd_t)-1 ? errno : 0;
}

int
queue_open(struct queue **queue, size_t block)
{
    struct queue *made = malloc(sizeof *made);
    int error;

    if (!made)
        return ENOMEM;
    made->message = block < MESSAGE_MOST ? block : MESSAGE_MOST;
    error = temporary_make("", open_queue, mq_unlink, made);
    if (error)
        free(made);
    else
        *queue = made;
    return error;
}

int
queue_give(struct queue *queue, const void *bytes, size_t length, size_t *count)
{
    size_t message = length < queue->message ? length : queue->message;

    if (mq_send(queue->descriptor, bytes, message, 0) != 0)
        return errno;
    *count = message;
    return 0;
}

int
queue_take(struct queue *queue, void *bytes, size_t length, size_t *count)
{
    ssize_t received = mq_receive(queue->descriptor, bytes, length, NULL);

    if (received < 0)
        return errno;
    *count = (size_t)received;
    return 0;
}

void
queue_close(struct queue *queue)
{
    if (!queue)
        return;
    mq_close(queue->descriptor);
    free(queue);
}

#else

int
queue_open(struct queue **queue, size_t block)
{
    (void)queue;
    (void)block;
    return ENOSYS;
}

int
queue_give(struct queue *queue, const void *bytes, size_t length, size_t *count)
{
    (void)queue;
    (void)bytes;
    (void)length;
    (void)count;
    return ENOSYS;
}

int
queue_take(struct queue *queue, void *bytes, size_t length, size_t *count)
{
    (void)queue;
    (void)bytes;
    (void)length;
    (void)count;
    return ENOSYS;
}

void
queue_close(struct queue *queue)
{
    (void)queue;
}

#endif
