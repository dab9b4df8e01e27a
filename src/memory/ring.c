/*
 * ring.c - the bytes that two processes share, and how they take turns.
 *
 * Each end publishes its counter, then looks whether the other sleeps; who
 * wants to sleep says so first, then looks at the counter once more. Both
 * pairs are a store followed by a load of something else, which only
 * sequential consistency keeps in order: so every atomic access here has it.
 * A waker can die between clearing the flag and posting; so no sleep lasts
 * longer than the caller's limit.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/ring.h"

#include "memory/clock.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const unsigned char magic[8] = {
    'm', 'm', 't', ' ', 'r', 'i', 'n', 'g'
};

/* Seconds of looking again and again before an end goes to sleep. */
#define SPIN_SECONDS 50e-6

/* Seconds between two looks, where semaphores can't be shared. */
#define SHORTEST_NAP 50e-6
#define LONGEST_NAP 5e-3

/* Counters stay far from the end of off_t, so positions never overflow. */
#define MOST_BYTES ((uint64_t)1 << 62)

#if ATOMIC_LLONG_LOCK_FREE == 2
bool
ring_works(void)
{
    return true;
}

uint64_t
ring_load(const _Atomic uint64_t *counter)
{
    return atomic_load(counter);
}

void
ring_store(_Atomic uint64_t *counter, uint64_t value)
{
    atomic_store(counter, value);
}
#else
/* Never called after ring_works() has said no; but they have to link. */
bool
ring_works(void)
{
    return false;
}

uint64_t
ring_load(const _Atomic uint64_t *counter)
{
    uint64_t value;

    memcpy(&value, (const void *)counter, sizeof value);
    return value;
}

void
ring_store(_Atomic uint64_t *counter, uint64_t value)
{
    memcpy((void *)counter, &value, sizeof value);
}
#endif

void
ring_identify(struct ring_header *header, uint64_t capacity)
{
    memset(header, 0, sizeof *header);
    memcpy(header->magic, magic, sizeof magic);
    header->order = RING_ORDER;
    header->version = RING_VERSION;
    header->word_size = (uint32_t)(sizeof(long) * CHAR_BIT);
    header->semaphore_size = (uint32_t)sizeof(sem_t);
    header->capacity = capacity;
    header->made = RING_MAKING;
}

static bool
view_is_sound(const struct ring_view *view, uint64_t capacity)
{
    return view->phase <= RING_RECEIVED && view->written <= MOST_BYTES &&
           view->read <= view->written &&
           view->written - view->read <= capacity;
}

enum ring_flaw
ring_check(const struct ring_header *header, size_t length, uint64_t file_size)
{
    if (length < sizeof magic ||
        memcmp(header->magic, magic, sizeof magic) != 0)
        return RING_FOREIGN;
    if (length < sizeof *header)
        return RING_SHORT;
    if (header->order != RING_ORDER)
        return RING_ALIEN;
    if (header->version != RING_VERSION)
        return RING_OUTDATED;
    if (header->word_size != sizeof(long) * CHAR_BIT ||
        header->semaphore_size != sizeof(sem_t))
        return RING_WORDS;
    if (header->made == RING_MAKING)
        return RING_UNMADE;
    if (header->made != RING_READY || header->capacity == 0 ||
        header->capacity > MOST_BYTES)
        return RING_DAMAGED;
    if (file_size < RING_DATA || file_size - RING_DATA < header->capacity)
        return RING_SHORT;
    return RING_SOUND;
}

/*
 * The phase first: what it promises of the counters then holds. After RECEIVED
 * both are the same, or a sender is setting them back, one after the other.
 */
static struct ring_view
view_of(const struct ring_header *header)
{
    struct ring_view view;

    view.phase = (enum ring_phase)atomic_load(&header->phase);
    view.written = ring_load(&header->written);
    view.read =
        view.phase == RING_RECEIVED ? view.written : ring_load(&header->read);
    return view;
}

enum ring_flaw
ring_peek(const struct ring_header *header, struct ring_view *view)
{
    int tries;

    /* Both may grow between the loads: try until nothing did. */
    for (tries = 0; tries < 10000; tries++) {
        struct ring_view first = view_of(header);
        struct ring_view again = view_of(header);

        if (first.written == again.written && first.read == again.read &&
            first.phase == again.phase) {
            *view = first;
            break;
        }
        *view = again;
    }
    return view_is_sound(view, header->capacity) ? RING_SOUND : RING_DAMAGED;
}

/* Make both semaphores anew with this process's C library. */
static void
make_beds(struct ring *ring)
{
    struct ring_header *header = ring->header;
    int end;

    for (end = RING_SENDER; end <= RING_RECEIVER; end++) {
        struct ring_bed *bed = &header->beds[end];

        memset(bed->call.bytes, 0, sizeof bed->call.bytes);
        if (ring->has_semaphores)
            sem_init(&bed->call.semaphore, 1, 0);
        atomic_store(&bed->asleep, 0);
    }
    memcpy(header->fresh, ring->fresh, sizeof header->fresh);
    atomic_store(&header->polls, !ring->has_semaphores);
}

/*
 * A sem_t of another C library has the same size and another meaning: then
 * nobody sleeps on it.
 */
static void
meet(struct ring *ring)
{
    struct ring_header *header = ring->header;
    struct ring_bed *bed = &header->beds[ring->end];

    if (memcmp(header->fresh, ring->fresh, sizeof header->fresh) != 0)
        atomic_store(&header->polls, 1);
    atomic_store(&bed->asleep, 0);
}

enum ring_flaw
ring_attach(struct ring *ring, struct ring_header *header, unsigned char *data,
            enum ring_end end, bool alone)
{
    union {
        sem_t semaphore;
        unsigned char bytes[RING_LINE];
    } fresh;
    struct ring_view view = view_of(header);

    if (!view_is_sound(&view, header->capacity))
        return RING_DAMAGED;
    memset(&fresh, 0, sizeof fresh);
    *ring = (struct ring) { .header = header, .end = end };
    ring->data = data;
    ring->has_semaphores = sem_init(&fresh.semaphore, 1, 0) == 0;
    memcpy(ring->fresh, fresh.bytes, sizeof ring->fresh);
    if (ring->has_semaphores)
        sem_destroy(&fresh.semaphore);
    ring->capacity = header->capacity;
    ring->spins = sysconf(_SC_NPROCESSORS_ONLN) > 1;
    ring->view = view;
    if (alone)
        make_beds(ring);
    else
        meet(ring);
    return RING_SOUND;
}

/*
 * The words of a fresh sem_t that are not 0 say how it is shared, and stay.
 * Where they did not, a C library may abort: such a semaphore is not used.
 */
static bool
is_usable(const struct ring *ring, const struct ring_bed *bed)
{
    uint32_t was, is;
    size_t at;

    if (!ring->has_semaphores || atomic_load(&ring->header->polls))
        return false;
    for (at = 0; at < sizeof ring->fresh; at += sizeof was) {
        memcpy(&was, ring->fresh + at, sizeof was);
        memcpy(&is, bed->call.bytes + at, sizeof is);
        if (was && is != was)
            return false;
    }
    return true;
}

static void
wake_other(struct ring *ring)
{
    struct ring_bed *bed = &ring->header->beds[!ring->end];

    if (!atomic_load(&bed->asleep) || !atomic_exchange(&bed->asleep, 0))
        return;
    if (is_usable(ring, bed))
        sem_post(&bed->call.semaphore);
}

void
ring_begin(struct ring *ring, int64_t input)
{
    struct ring_header *header = ring->header;

    /* While the phase is RECEIVED, or nothing is written, no receiver acts. */
    header->input = input;
    atomic_store(&header->output.known, 0);
    ring_store(&header->reached, 0);
    ring_store(&header->read, 0);
    ring_store(&header->written, 0);
    ring->view = (struct ring_view) { .phase = RING_OPEN };
    ring_enter(ring, RING_OPEN);
}

/* Whether this end's view can have become `now` by what the other end does. */
static bool
can_follow(const struct ring *ring, const struct ring_view *now)
{
    const struct ring_view *then = &ring->view;

    if (ring->end == RING_SENDER)
        return now->written == then->written && now->read >= then->read &&
               (now->phase == then->phase ||
                (then->phase == RING_FINISHED && now->phase == RING_RECEIVED));
    if (then->phase == RING_RECEIVED)
        return now->phase == RING_RECEIVED || now->read == 0;
    return now->read == then->read && now->written >= then->written &&
           (now->phase == then->phase ||
            (then->phase == RING_OPEN && now->phase == RING_FINISHED));
}

enum ring_flaw
ring_look(struct ring *ring)
{
    struct ring_view now = view_of(ring->header);

    if (!view_is_sound(&now, ring->capacity) || !can_follow(ring, &now))
        return RING_DAMAGED;
    ring->view = now;
    return RING_SOUND;
}

size_t
ring_span(const struct ring *ring, size_t *offset)
{
    const struct ring_view *view = &ring->view;
    uint64_t waiting = view->written - view->read;
    uint64_t place, most, length;

    if (ring->end == RING_SENDER) {
        place = view->written % ring->capacity;
        length = ring->capacity - waiting;
    } else {
        place = view->read % ring->capacity;
        length = waiting;
    }
    most = ring->capacity - place;
    *offset = (size_t)place;
    return (size_t)(length < most ? length : most);
}

void
ring_advance(struct ring *ring, size_t count)
{
    if (ring->end == RING_SENDER) {
        ring->view.written += count;
        ring_store(&ring->header->written, ring->view.written);
    } else {
        ring->view.read += count;
        ring_store(&ring->header->read, ring->view.read);
    }
    wake_other(ring);
}

void
ring_enter(struct ring *ring, enum ring_phase phase)
{
    ring->view.phase = phase;
    atomic_store(&ring->header->phase, (uint32_t)phase);
    wake_other(ring);
}

static bool
has_changed(const struct ring *ring)
{
    struct ring_view now = view_of(ring->header);

    return now.phase != ring->view.phase || now.written != ring->view.written ||
           now.read != ring->view.read;
}

bool
ring_spin(const struct ring *ring)
{
    double end = clock_now() + SPIN_SECONDS;
    int turn;

    do {
        for (turn = 0; turn < 100; turn++)
            if (has_changed(ring))
                return true;
    } while (ring->spins && clock_now() < end);
    return false;
}

/* Sleep until woken; false when this semaphore can't be slept on. */
static bool
sleep_until_woken(struct ring *ring, double seconds)
{
    struct ring_bed *bed = &ring->header->beds[ring->end];
    struct timespec end = clock_after(CLOCK_REALTIME, seconds);
    bool slept = true;
    int tries = 100;

    if (!is_usable(ring, bed))
        return false;
    /* What was posted after an earlier sleep had ended. */
    while (tries-- > 0 && sem_trywait(&bed->call.semaphore) == 0)
        continue;
    atomic_store(&bed->asleep, 1);
    if (!has_changed(ring))
        slept = sem_timedwait(&bed->call.semaphore, &end) == 0 ||
                errno == ETIMEDOUT || errno == EINTR;
    atomic_store(&bed->asleep, 0);
    return slept;
}

static void
poll_until_changed(const struct ring *ring, double seconds)
{
    double end = clock_now() + seconds;
    double nap = SHORTEST_NAP, left;

    while (!has_changed(ring) && (left = end - clock_now()) > 0) {
        clock_nap(nap < left ? nap : left);
        nap = nap * 2 < LONGEST_NAP ? nap * 2 : LONGEST_NAP;
    }
}

bool
ring_sleep(struct ring *ring, double seconds)
{
    if (!sleep_until_woken(ring, seconds))
        poll_until_changed(ring, seconds);
    return has_changed(ring);
}
