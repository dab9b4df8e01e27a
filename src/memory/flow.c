/*
 * flow.c - bytes into a channel and out of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/flow.h"

#include "memory/call.h"
#include "memory/range.h"
#include "memory/window.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/mman.h>

/* Bytes moved by one call at most: what stays in a processor's cache. */
enum { BLOCK = 256 * 1024, LEAST_BLOCK = 4096 };

/* Milliseconds to wait for a descriptor before looking around. */
enum { READY_MS = 100 };

struct beginning {
    struct ring *ring;
    int64_t input;
};

static void
begin(void *argument)
{
    struct beginning *beginning = argument;

    ring_begin(beginning->ring, beginning->input);
}

int
flow_begin(struct channel *channel, int64_t input)
{
    struct beginning beginning = { .ring = &channel->ring, .input = input };

    return channel_touch(channel, begin, &beginning);
}

struct look {
    struct ring *ring;
    enum ring_flaw flaw;
};

static void
look(void *argument)
{
    struct look *looking = argument;

    looking->flaw = ring_look(looking->ring);
}

int
flow_look(struct channel *channel)
{
    struct look looking = { .ring = &channel->ring };
    int error = channel_touch(channel, look, &looking);

    return error ? error : channel_flawed(channel, looking.flaw);
}

size_t
flow_room(const struct channel *channel)
{
    size_t offset;

    return ring_span(&channel->ring, &offset);
}

/*
 * The next piece to move: so small that the other end has something to do
 * meanwhile.
 */
static unsigned char *
piece(const struct channel *channel, size_t *length)
{
    const struct ring *ring = &channel->ring;
    uint64_t most = ring->capacity / 4;
    size_t offset;

    *length = ring_span(ring, &offset);
    if (most < LEAST_BLOCK)
        most = LEAST_BLOCK;
    if (most > BLOCK)
        most = BLOCK;
    if (*length > most)
        *length = (size_t)most;
    return ring->data + offset;
}

struct advance {
    struct ring *ring;
    size_t count;
};

static void
advance(void *argument)
{
    struct advance *progress = argument;

    ring_advance(progress->ring, progress->count);
}

int
flow_skip(struct channel *channel, size_t count)
{
    struct advance progress = { .ring = &channel->ring, .count = count };

    return count ? channel_touch(channel, advance, &progress) : 0;
}

static bool
is_ready(int descriptor, short events)
{
    struct pollfd ready = { .fd = descriptor, .events = events };

    return poll(&ready, 1, READY_MS) > 0;
}

/* What a call on the data and the ring answered, in the words of flow.h. */
static int
judge(struct channel *channel, int error)
{
    if (error == EFAULT)
        return channel_explain(channel);
    return error == EINTR || error == EWOULDBLOCK ? EAGAIN : error;
}

int
flow_fill(struct channel *channel, size_t *count)
{
    int descriptor = channel_data(RING_SENDER);
    size_t length, moved = 0;
    unsigned char *place = piece(channel, &length);
    int error;

    if (channel->input_may_block && !is_ready(descriptor, POLLIN))
        return EAGAIN;
    error = call_read(descriptor, place, length, &moved);
    if (error)
        return judge(channel, error);
    *count = moved;
    return flow_skip(channel, moved);
}

struct promise {
    struct ring_header *header;
    uint64_t end;
};

static void
promise(void *argument)
{
    struct promise *promised = argument;

    ring_store(&promised->header->reached, promised->end);
}

/* Say that the output may hold `count` bytes more than are counted. */
static int
promise_bytes(struct channel *channel, size_t count)
{
    struct promise promised = { .header = channel->ring.header,
                                .end = channel->ring.view.read + count };

    return channel_touch(channel, promise, &promised);
}

int
flow_drain(struct channel *channel, size_t *count)
{
    int descriptor = channel_data(RING_RECEIVER);
    size_t length, moved = 0;
    const unsigned char *place = piece(channel, &length);
    int error, broken = 0;

    /* Said first: a successor then knows how much may be written already. */
    if ((error = promise_bytes(channel, length)))
        return error;
    error = call_write(descriptor, place, length, &moved);
    if (moved < length) /* what grows from here on is not this end's work */
        broken = promise_bytes(channel, moved);
    if (error == EAGAIN || error == EWOULDBLOCK)
        is_ready(descriptor, POLLOUT);
    if (error)
        return judge(channel, error);
    *count = moved;
    return broken ? broken : flow_skip(channel, moved);
}

struct nap {
    struct channel *channel;
    double seconds;
    bool has_changed;
    bool is_lost; /* the header can't be touched any more */
    int error;    /* of channel_stands() */
};

static void
nap(void *argument)
{
    struct nap *napping = argument;
    struct ring *ring = &napping->channel->ring;

    napping->has_changed = ring_spin(ring);
    if (napping->has_changed)
        return;
    /* glibc aborts when it goes to sleep on what is just being cut away. */
    napping->error = channel_stands(napping->channel);
    if (!napping->error)
        napping->has_changed = ring_sleep(ring, napping->seconds);
}

/*
 * A semaphore that is slept on can't be left by a jump: glibc would touch it
 * once more, and fault again. So where a cut file had its header, zeros are
 * laid, and the sleep comes to its end. Run by a signal handler: no witness.
 */
static bool
lay_zeros(void *argument, const struct fault *fault)
{
    struct nap *napping = argument;
    void *header = napping->channel->ring.header;

    if ((uintptr_t)fault->address - (uintptr_t)header >= RING_DATA)
        return false;
    napping->channel->fault = *fault;
    napping->is_lost = true;
    return mmap(header, page_size(), PROT_READ | PROT_WRITE,
                MAP_PRIVATE | window_anonymous | MAP_FIXED, -1, 0) == header;
}

int
flow_wait(struct channel *channel, double seconds, bool *has_changed)
{
    struct nap napping = { .channel = channel, .seconds = seconds };
    int error;

    if (!fault_guard_mending(nap, lay_zeros, &napping, &channel->fault) ||
        napping.is_lost)
        return channel_explain(channel);
    error = napping.error;
    if (!error && !napping.has_changed)
        error = channel_stands(channel);
    if (!error)
        *has_changed = napping.has_changed;
    return error;
}

static void
finish(void *argument)
{
    ring_enter(argument, RING_FINISHED);
}

int
flow_finish(struct channel *channel)
{
    return channel_touch(channel, finish, &channel->ring);
}
