/*
 * channel.c - any bytes as the header of a channel, and as its next state.
 *
 * The input is the header that an end finds when it comes, then what another
 * process makes of it while the end is at work, once for each step. Whatever
 * stands there, no byte outside the ring may be touched: so the ring is in a
 * block of its own, which AddressSanitizer watches.
 * Run by channel.sh.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/ring.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_CAPACITY = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

/* Overwrite the header with what comes next; false when nothing does. */
static bool
disturb(struct ring_header *header, const uint8_t **input, size_t *length)
{
    size_t part = *length < sizeof *header ? *length : sizeof *header;

    memcpy((void *)header, *input, part);
    *input += part;
    *length -= part;
    return part > 0;
}

/* What this end alone may count. */
static uint64_t
own_count(const struct ring *ring)
{
    return ring->end == RING_SENDER ? ring->view.written : ring->view.read;
}

/* Whatever the header says, an end goes on where it is, or not at all. */
static bool
looks_sound(struct ring *ring)
{
    uint64_t own = own_count(ring);
    bool begins_anew = ring->view.phase == RING_RECEIVED;

    if (ring_look(ring) != RING_SOUND)
        return false;
    if (!begins_anew && own_count(ring) != own)
        abort();
    if (ring->view.written - ring->view.read > ring->capacity)
        abort();
    return true;
}

/* What an end does with its view: each byte it may touch, it touches. */
static void
work(struct ring *ring)
{
    size_t offset, span = ring_span(ring, &offset);

    if (offset >= ring->capacity || span > ring->capacity - offset)
        abort();
    memset(ring->data + offset, 'x', span);
    ring_advance(ring, span / 2);
    ring->spins = false;
    if (!ring_spin(ring))
        ring_sleep(ring, 0);
}

static void
run(struct ring_header *header, enum ring_end end, const uint8_t *input,
    size_t length)
{
    unsigned char *data = malloc((size_t)header->capacity);
    struct ring ring;

    if (!data)
        return;
    if (ring_attach(&ring, header, data, end, length % 2 == 0) == RING_SOUND) {
        if (end == RING_SENDER && ring.view.phase == RING_RECEIVED)
            ring_begin(&ring, 0);
        do {
            if (looks_sound(&ring))
                work(&ring);
        } while (disturb(header, &input, &length));
    }
    free(data);
}

int
LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
    struct ring_header *header = aligned_alloc(RING_LINE, sizeof *header);
    struct ring_header found;
    struct ring_view view;
    size_t part = length < sizeof found ? length : sizeof found;
    enum ring_end end = length % 4 < 2 ? RING_SENDER : RING_RECEIVER;

    if (!header)
        return 0;
    memset(&found, 0, sizeof found);
    memcpy((void *)&found, input, part);
    if (ring_check(&found, part, RING_DATA + MOST_CAPACITY) == RING_SOUND) {
        if (found.capacity > MOST_CAPACITY)
            abort();
        memcpy((void *)header, (const void *)&found, sizeof *header);
        ring_peek(header, &view);
        run(header, end, input + part, length - part);
    }
    free(header);
    return 0;
}
