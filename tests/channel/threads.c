/*
 * threads.c - both ends of a ring as threads, for ThreadSanitizer.
 *
 * The ring's own functions move numbers through rings of several sizes, with
 * plain stores and loads of the bytes: what orders them must be the ring. The
 * environment's NUMBERS says how many go through each ring.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/ring.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct shared {
    struct ring_header *header;
    unsigned char *data;
    uint64_t numbers;
    uint64_t wrong; /* numbers received that were not sent next */
    bool failed[2];
};

/* Move as much as fits to or from the ring; the count of bytes. */
static size_t
move(struct ring *ring, uint64_t *next, uint64_t most, uint64_t *wrong)
{
    size_t offset, length = ring_span(ring, &offset), at;

    for (at = 0; at + sizeof *next <= length && *next < most; at += 8) {
        uint64_t number;

        if (ring->end == RING_SENDER) {
            memcpy(ring->data + offset + at, next, sizeof *next);
        } else {
            memcpy(&number, ring->data + offset + at, sizeof number);
            *wrong += number != *next;
        }
        ++*next;
    }
    return at;
}

static void
run(struct shared *shared, enum ring_end end)
{
    struct ring ring;
    uint64_t next = 0;

    if (ring_attach(&ring, shared->header, shared->data, end, false) !=
        RING_SOUND) {
        shared->failed[end] = true;
        return;
    }
    while (next < shared->numbers) {
        size_t count;

        if (ring_look(&ring) != RING_SOUND) {
            shared->failed[end] = true;
            return;
        }
        count = move(&ring, &next, shared->numbers, &shared->wrong);
        if (count > 0)
            ring_advance(&ring, count);
        else if (!ring_spin(&ring))
            ring_sleep(&ring, 0.1);
    }
    if (end == RING_SENDER)
        ring_enter(&ring, RING_FINISHED);
}

static void *
run_sender(void *shared)
{
    run(shared, RING_SENDER);
    return NULL;
}

static void *
run_receiver(void *shared)
{
    run(shared, RING_RECEIVER);
    return NULL;
}

static bool
passes(uint64_t capacity, uint64_t numbers)
{
    size_t size = (RING_DATA + capacity + 4095) / 4096 * 4096;
    unsigned char *memory = aligned_alloc(4096, size);
    struct shared shared = { .numbers = numbers };
    struct ring first;
    pthread_t sender, receiver;
    bool passed = false;

    if (!memory)
        return false;
    memset(memory, 0, size);
    shared.header = (struct ring_header *)(void *)memory;
    shared.data = memory + RING_DATA;
    ring_identify(shared.header, capacity);
    /* Makes the semaphores, as the first end of a channel does. */
    if (ring_attach(&first, shared.header, shared.data, RING_SENDER, true) ==
            RING_SOUND &&
        pthread_create(&sender, NULL, run_sender, &shared) == 0) {
        if (pthread_create(&receiver, NULL, run_receiver, &shared) == 0) {
            pthread_join(receiver, NULL);
            passed = true;
        }
        pthread_join(sender, NULL);
    }
    free(memory);
    return passed && !shared.failed[0] && !shared.failed[1] &&
           shared.wrong == 0;
}

int
main(void)
{
    static const uint64_t capacities[] = { 8, 64, 4096, 65536 };
    const char *text = getenv("NUMBERS");
    uint64_t numbers = text ? strtoull(text, NULL, 10) : 1000000;
    size_t index;

    for (index = 0; index < sizeof capacities / sizeof capacities[0]; index++)
        if (!passes(capacities[index], numbers)) {
            printf("a ring of %ju bytes fails\n", (uintmax_t)capacities[index]);
            return 1;
        }
    return 0;
}
