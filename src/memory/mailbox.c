/*
 * mailbox.c - bytes that pass from one process to another through a mapping.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/mailbox.h"

#include "memory/call.h"
#include "memory/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

/* Bytes of the ring, a power of two: what a pipe holds on most systems. */
enum { RING_SIZE = 65536 };

/* Bytes copied before the other may see them: a block can be on both sides. */
enum { PIECE_MOST = 4096 };

/* How often to look before it is time to see whether the other lives. */
enum { LOOKS = 100000 };

struct shared_ring {
    /* Spinning; each counter on a cache line of its own. */
    _Alignas(64) _Atomic uint32_t given; /* bytes, modulo 2^32 */
    _Alignas(64) _Atomic uint32_t taken; /* bytes, modulo 2^32 */

    /* Sleeping. */
    _Alignas(64) sem_t filled; /* pieces to take */
    _Alignas(64) sem_t room;   /* pieces that may be given */

    _Alignas(64) unsigned char bytes[RING_SIZE];
};

static size_t
piece_of(size_t length)
{
    return length < PIECE_MOST ? length : PIECE_MOST;
}

static int
open_object(const char *name, void *descriptor)
{
    return call_shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, descriptor);
}

static int
map(int descriptor, struct shared_ring **ring)
{
    void *mapped;
    /* Not ftruncate: a store into what has no memory would be SIGBUS. */
    int error = call_fallocate(descriptor, 0, sizeof **ring);

    if (error)
        return error;
    error = call_mmap(NULL, sizeof **ring, PROT_READ | PROT_WRITE, MAP_SHARED,
                      descriptor, 0, &mapped);
    if (!error)
        *ring = mapped;
    return error;
}

int
mailbox_open(struct mailbox *mailbox, size_t block)
{
    unsigned int pieces = (unsigned int)(RING_SIZE / piece_of(block));
    struct shared_ring *ring;
    int descriptor, error;

    error = temporary_make("", open_object, call_shm_unlink, &descriptor);
    if (error)
        return error;
    error = map(descriptor, &ring);
    call_close(descriptor);
    if (error)
        return error;
    mailbox->ring = ring;
    mailbox->position = 0;
    if (sem_init(&ring->filled, 1, 0) == 0 &&
        sem_init(&ring->room, 1, pieces) == 0)
        return 0;
    error = errno;
    mailbox_close(mailbox);
    return error;
}

void
mailbox_close(struct mailbox *mailbox)
{
    if (mailbox->ring)
        call_munmap(mailbox->ring, sizeof *mailbox->ring);
    mailbox->ring = NULL;
}

/* Where the next piece stands: pieces of one size never wrap in the middle. */
static unsigned char *
place(const struct mailbox *mailbox)
{
    return mailbox->ring->bytes + mailbox->position % RING_SIZE;
}

int
mailbox_give_spinning(struct mailbox *mailbox, const void *bytes, size_t length,
                      size_t *count)
{
    struct shared_ring *ring = mailbox->ring;
    size_t piece = piece_of(length);
    int looks = 0;

    while (mailbox->position -
               atomic_load_explicit(&ring->taken, memory_order_acquire) >
           RING_SIZE - piece)
        if (++looks == LOOKS)
            return EINTR;
    memcpy(place(mailbox), bytes, piece);
    mailbox->position += (uint32_t)piece;
    atomic_store_explicit(&ring->given, mailbox->position,
                          memory_order_release);
    *count = piece;
    return 0;
}

int
mailbox_take_spinning(struct mailbox *mailbox, void *bytes, size_t length,
                      size_t *count)
{
    struct shared_ring *ring = mailbox->ring;
    size_t piece = piece_of(length);
    int looks = 0;

    while (atomic_load_explicit(&ring->given, memory_order_acquire) -
               mailbox->position <
           piece)
        if (++looks == LOOKS)
            return EINTR;
    memcpy(bytes, place(mailbox), piece);
    mailbox->position += (uint32_t)piece;
    atomic_store_explicit(&ring->taken, mailbox->position,
                          memory_order_release);
    *count = piece;
    return 0;
}

int
mailbox_give_sleeping(struct mailbox *mailbox, const void *bytes, size_t length,
                      size_t *count)
{
    struct shared_ring *ring = mailbox->ring;
    size_t piece = piece_of(length);

    if (sem_wait(&ring->room) != 0)
        return errno;
    memcpy(place(mailbox), bytes, piece);
    mailbox->position += (uint32_t)piece;
    *count = piece;
    return sem_post(&ring->filled) == 0 ? 0 : errno;
}

int
mailbox_take_sleeping(struct mailbox *mailbox, void *bytes, size_t length,
                      size_t *count)
{
    struct shared_ring *ring = mailbox->ring;
    size_t piece = piece_of(length);

    if (sem_wait(&ring->filled) != 0)
        return errno;
    memcpy(bytes, place(mailbox), piece);
    mailbox->position += (uint32_t)piece;
    *count = piece;
    return sem_post(&ring->room) == 0 ? 0 : errno;
}
