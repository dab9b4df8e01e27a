/*
 * queue.h - message queues of POSIX, where the system has them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_QUEUE_H
#define MMT_MEMORY_QUEUE_H

#include <stddef.h>

struct queue;

/*
 * Make one, to be used by this process and those that it forks afterwards.
 *
 * block  bytes that pass at once; a message takes at most 8192 of them
 * Returns 0 or the errno value of mq_open(3); ENOSYS where there is none.
 */
int queue_open(struct queue **queue, size_t block);

/*
 * Pass some of `length` bytes on as one message, or wait for one and take it.
 *
 * count  set to the bytes of the message
 * Returns 0 or the errno value of mq_send(3) or mq_receive(3).
 */
int queue_give(struct queue *queue, const void *bytes, size_t length,
               size_t *count);
int queue_take(struct queue *queue, void *bytes, size_t length, size_t *count);

/* Give it back. Safe on NULL. */
void queue_close(struct queue *queue);

#endif
