/*
 * window.c - reserved addresses and the mappings laid into them.
 *
 * SPDX-License-Identifier: MIT
 */
#define _DEFAULT_SOURCE 1 /* for MAP_ANONYMOUS, POSIX since POSIX.1-2024 */

#include "memory/window.h"

#include "memory/call.h"
#include "memory/range.h"
#include "memory/witness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/*
 * Free room beside the window: systems look for a place for a new mapping from
 * one end of the free addresses, so they find a room before a hole. Where
 * addresses are short, as under ulimit -v, less must do, but never nothing:
 * else malloc() would be given the window.
 */
#define ROOM ((size_t)1 << (sizeof(size_t) > 4 ? 30 : 27))
#define LEAST_ROOM ((size_t)1 << 20)

const int window_anonymous = MAP_ANONYMOUS;

static int
reserve_addresses(size_t length, void **placed)
{
    return call_mmap(NULL, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                     0, placed);
}

/* Reserve room, guard, window, guard, room; keep only the guards. */
static int
reserve_with_room(struct window *window, size_t length, size_t room)
{
    size_t page = page_size(), inner = length + 2 * page;
    unsigned char *start;
    void *placed;
    int error;

    if (inner < length || inner + 2 * room < inner)
        return ENOMEM;
    if ((error = reserve_addresses(inner + 2 * room, &placed)))
        return error;
    start = (unsigned char *)placed + room;
    if ((error = call_munmap(placed, room)) ||
        (error = call_munmap(start + inner, room)))
        return error;
    window->base = start + page;
    window->guard = page;
    return call_munmap(window->base, length);
}

/* Begin the ledger with one region in which nothing is mapped. */
static int
begin_ledger(struct window *window, size_t length)
{
    window->length = length;
    window->count = 0;
    if (window_prepare(window) != 0)
        return ENOMEM;
    window->regions[0] = (struct region) { .start = 0, .end = length };
    window->count = 1;
    return 0;
}

int
window_reserve(struct window *window, size_t length)
{
    size_t room = ROOM;
    int error;

    witness_own(true);
    do {
        error = reserve_with_room(window, length, room);
    } while (error && (room /= 2) >= LEAST_ROOM);
    witness_own(false);
    return error ? error : begin_ledger(window, length);
}

int
window_adopt(struct window *window, void *base, size_t length)
{
    window->base = base;
    window->guard = 0;
    return begin_ledger(window, length);
}

int
window_prepare(struct window *window)
{
    /* A change splits at two places at most, and so adds two regions. */
    size_t needed = window->count + 2;
    size_t capacity = needed < 16 ? 16 : needed * 2;
    struct region *regions;

    if (needed <= window->capacity)
        return 0;
    regions = realloc(window->regions, capacity * sizeof *regions);
    if (!regions)
        return ENOMEM;
    window->regions = regions;
    window->capacity = capacity;
    return 0;
}

const struct mark *
window_mark(struct window *window, size_t number, const char *text)
{
    struct mark *mark = malloc(sizeof *mark);
    struct mark **marks;

    marks = realloc(window->marks,
                    (window->mark_count + 1) * sizeof(struct mark *));
    if (marks)
        window->marks = marks;
    if (!mark || !marks) {
        free(mark);
        return NULL;
    }
    mark->number = number;
    shown_copy(mark->text, text);
    window->marks[window->mark_count++] = mark;
    return mark;
}

/* The index of the region that holds byte `at`; `count` when none does. */
static size_t
find(const struct window *window, size_t at)
{
    size_t low = 0, high = window->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (window->regions[middle].end <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Let a region begin at `at`; window_prepare() has made room for it. */
static size_t
split(struct window *window, size_t at)
{
    size_t index = find(window, at);
    struct region *region = window->regions + index;

    if (index == window->count || region->start == at)
        return index;
    memmove(region + 1, region, (window->count - index) * sizeof *region);
    window->count++;
    region[0].end = at;
    region[1].start = at;
    region[1].offset += (off_t)(at - region->start);
    return index + 1;
}

void
window_note_map(struct window *window, const struct region *like)
{
    size_t first = split(window, like->start);
    size_t past = split(window, like->end);

    if (first == past)
        return;
    window->regions[first] = *like;
    memmove(window->regions + first + 1, window->regions + past,
            (window->count - past) * sizeof *like);
    window->count -= past - first - 1;
}

void
window_note_unmap(struct window *window, size_t start, size_t end,
                  const struct mark *by)
{
    struct region hole = { .start = start, .end = end, .made = by };

    window_note_map(window, &hole);
}

void
window_note_protect(struct window *window, size_t start, size_t end,
                    int protection, const struct mark *by)
{
    size_t index = split(window, start);

    split(window, end);
    for (; index < window->count && window->regions[index].start < end;
         index++) {
        window->regions[index].protection = protection;
        window->regions[index].changed = by;
    }
}

const struct region *
window_region(const struct window *window, size_t at)
{
    size_t index = find(window, at);

    return index < window->count ? window->regions + index : NULL;
}

const struct region *
window_walk(const struct window *window, size_t at, size_t end, size_t *next)
{
    const struct region *region = at < end ? window_region(window, at) : NULL;

    if (region)
        *next = region->end < end ? region->end : end;
    return region;
}

bool
window_is_mapped(const struct window *window, size_t at)
{
    int error;

    witness_own(true);
    error = call_msync(window->base + at, page_size(), MS_ASYNC);
    witness_own(false);
    return error != ENOMEM;
}

int
window_release(struct window *window)
{
    int error = 0;
    size_t index;

    if (window->base) {
        witness_own(true);
        error = call_munmap(window->base - window->guard,
                            window->length + 2 * window->guard);
        witness_own(false);
    }
    for (index = 0; index < window->mark_count; index++)
        free(window->marks[index]);
    free(window->marks);
    free(window->regions);
    *window = WINDOW_NONE;
    return error;
}
