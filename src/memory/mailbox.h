/*
 * mailbox.h - bytes that pass from one process to another through a mapping.
 *
 * A ring that both have mapped: the giver copies bytes in, the taker copies
 * them out. Two ways to wait for the other: to look again and again, or to
 * sleep on a semaphore in the mapping.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_MAILBOX_H
#define MMT_MEMORY_MAILBOX_H

#include <stddef.h>
#include <stdint.h>

struct shared_ring;

struct mailbox {
    struct shared_ring *ring; /* NULL while not open */
    uint32_t position;        /* bytes that this process gave or took */
};

/*
 * Make one, to be used by this process and those that it forks afterwards.
 *
 * block  bytes that pass at once: a power of two
 * Returns 0 or the errno value of shm_open(3), posix_fallocate(3), mmap(2) or
 * sem_init(3).
 */
int mailbox_open(struct mailbox *mailbox, size_t block);

/*
 * Copy some of `length` bytes into the ring, or out of it.
 *
 * count  set to the number of bytes copied
 * Returns 0, or EINTR when it is time to see whether the other still lives.
 */
int mailbox_give_spinning(struct mailbox *mailbox, const void *bytes,
                          size_t length, size_t *count);
int mailbox_take_spinning(struct mailbox *mailbox, void *bytes, size_t length,
                          size_t *count);
int mailbox_give_sleeping(struct mailbox *mailbox, const void *bytes,
                          size_t length, size_t *count);
int mailbox_take_sleeping(struct mailbox *mailbox, void *bytes, size_t length,
                          size_t *count);

/* Give it back. Safe when it is not open, and twice. */
void mailbox_close(struct mailbox *mailbox);

#endif
