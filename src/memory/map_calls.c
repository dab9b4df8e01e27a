/*
 * map_calls.c - steps that are one call of POSIX on the mapping.
 *
 * Every call is made as written, also where it must fail; only what would
 * leave the window is not made. What a call changed is noted in the window.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/map_calls.h"

#include "memory/call.h"
#include "memory/judge.h"
#include "memory/place.h"
#include "memory/range.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Where the call's range begins in the window, and ends at a page's end. */
static size_t
start_of(const struct stage *stage, const struct place *place)
{
    return (size_t)(place->address - stage->window.base);
}

static size_t
end_of(const struct stage *stage, const struct place *place)
{
    return (size_t)page_ceiling(
        (off_t)(start_of(stage, place) + place->length));
}

static struct outcome
result(const struct stage *stage, int error, const struct place *place)
{
    if (!error)
        return OUTCOME_NONE;
    return outcome_because(
        error, stage_reason(stage, error, place->address, place->length));
}

/* Make sure that what the call will change can be noted. */
static struct outcome
prepare(struct stage *stage, const struct mark **mark)
{
    *mark = window_mark(&stage->window, stage->number, stage->text);
    if (!*mark)
        return outcome_of(ENOMEM);
    return outcome_of(window_prepare(&stage->window));
}

struct outcome
map_munmap(struct stage *stage, const struct step *step)
{
    const struct mark *mark;
    struct outcome outcome;
    struct place place;
    int error;

    outcome = place_called(stage, step, &place);
    if (outcome.kind == OUTCOME_OK)
        outcome = prepare(stage, &mark);
    if (outcome.kind != OUTCOME_OK)
        return outcome;
    error = call_munmap(place.address, place.length);
    if (!error)
        window_note_unmap(&stage->window, start_of(stage, &place),
                          end_of(stage, &place), mark);
    return result(stage, error, &place);
}

/*
 * Where a failed mprotect stopped: the system changes page after page and may
 * leave those before the one that it refused changed (POSIX.1-2008, mprotect).
 */
static size_t
refused_at(const struct window *window, size_t start, size_t end, int error,
           int protection)
{
    const struct region *region;
    size_t next;

    for (; (region = window_walk(window, start, end, &next)); start = next) {
        if (error == ENOMEM && !region->mapped)
            return start;
        if (error == EACCES && region->mapped &&
            ((protection & PROT_EXEC) ||
             (region->shared &&
              (region->target->flags & O_ACCMODE) == O_RDONLY)))
            return start;
    }
    return start;
}

struct outcome
map_mprotect(struct stage *stage, const struct step *step)
{
    size_t start, end;
    const struct mark *mark;
    struct outcome outcome;
    struct place place;
    int error;

    outcome = place_called(stage, step, &place);
    if (outcome.kind == OUTCOME_OK)
        outcome = prepare(stage, &mark);
    if (outcome.kind != OUTCOME_OK)
        return outcome;
    error = call_mprotect(place.address, place.length, step->bits);
    if (error)
        outcome = outcome_because(
            error, stage_protect_reason(stage, error, place.address,
                                        place.length, step->bits));
    /* Some C libraries round the address where the system would refuse it. */
    start = (size_t)page_floor((off_t)start_of(stage, &place));
    end = end_of(stage, &place);
    if (error == ENOMEM || error == EACCES)
        end = refused_at(&stage->window, start, end, error, step->bits);
    if ((!error || error == ENOMEM || error == EACCES) && start < end)
        window_note_protect(&stage->window, start, end, step->bits, mark);
    return outcome;
}

struct outcome
map_msync(struct stage *stage, const struct step *step)
{
    int flags = step->has_value ? step->bits : MS_SYNC;
    struct outcome outcome;
    struct place place;

    outcome = place_called(stage, step, &place);
    if (outcome.kind != OUTCOME_OK)
        return outcome;
    outcome =
        result(stage, call_msync(place.address, place.length, flags), &place);
    if (outcome.error == EINVAL && outcome.reason == REASON_NONE)
        outcome.reason = REASON_SYNC_AND_ASYNC;
    return outcome;
}

struct outcome
map_mlock(struct stage *stage, const struct step *step)
{
    struct outcome outcome;
    struct place place;

    outcome = place_called(stage, step, &place);
    if (outcome.kind != OUTCOME_OK)
        return outcome;
    outcome = result(stage, call_mlock(place.address, place.length), &place);
    if (outcome.reason == REASON_NONE && outcome.error == ENOMEM &&
        judge_unreachable(stage, &place))
        outcome.reason = REASON_UNREACHABLE;
    if (outcome.reason == REASON_NONE &&
        (outcome.error == ENOMEM || outcome.error == EPERM ||
         outcome.error == EAGAIN))
        outcome.reason = REASON_LOCK_LIMIT;
    return outcome;
}

struct outcome
map_munlock(struct stage *stage, const struct step *step)
{
    struct outcome outcome;
    struct place place;

    outcome = place_called(stage, step, &place);
    if (outcome.kind != OUTCOME_OK)
        return outcome;
    return result(stage, call_munlock(place.address, place.length), &place);
}

struct outcome
map_madvise(struct stage *stage, const struct step *step)
{
    struct outcome outcome;
    struct place place;

    outcome = place_called(stage, step, &place);
    if (outcome.kind != OUTCOME_OK)
        return outcome;
    return result(stage, call_madvise(place.address, place.length, step->bits),
                  &place);
}

/* Keep the file of mmap=path: for as long as its pages may be asked about. */
static struct target *
keep_other(struct stage *stage, const struct target *opened, const char *name)
{
    size_t length = strlen(name) + 1;
    struct target *other = malloc(sizeof *other + length);
    struct target **others = realloc(
        stage->others, (stage->other_count + 1) * sizeof(struct target *));

    if (others)
        stage->others = others;
    if (!other || !others) {
        free(other);
        return NULL;
    }
    *other = *opened;
    other->name = memcpy(other + 1, name, length);
    stage->others[stage->other_count++] = other;
    return other;
}

/* How the new mapping is to be: as the stage's plan, but for what is given. */
struct wanted {
    int protection;
    int sharing; /* MAP_SHARED or MAP_PRIVATE */
    off_t offset;
    const struct target *target;
};

static struct wanted
wanted_by(const struct stage *stage, const struct step *step,
          const struct place *place)
{
    const struct plan *plan = &stage->plan;
    struct wanted wanted = { .protection = plan->protection,
                             .sharing = plan_sharing(plan),
                             .target = &stage->target };

    if (step->has_protection)
        wanted.protection = step->bits;
    if (step->has_sharing)
        wanted.sharing = step->is_private ? MAP_PRIVATE : MAP_SHARED;
    if (step->has_file_offset)
        wanted.offset = step->file_offset;
    else if (step->bytes)
        wanted.offset = 0;
    else
        wanted.offset = plan->offset + place->offset;
    return wanted;
}

/* Open the file of mmap=path:, as the new mapping needs it. */
static int
open_other(struct stage *stage, const char *name, const struct wanted *wanted,
           struct target **other)
{
    bool stores =
        (wanted->protection & PROT_WRITE) && !(wanted->sharing & MAP_PRIVATE);
    struct target opened;
    int error = target_open(&opened, name, stores ? O_RDWR : O_RDONLY, 0);

    if (error)
        return error;
    *other = keep_other(stage, &opened, name);
    if (*other)
        return 0;
    target_close(&opened);
    return ENOMEM;
}

static enum reason
mmap_reason(const struct stage *stage, const struct wanted *wanted,
            const struct place *place, int error)
{
    int access = wanted->target->flags & O_ACCMODE;

    /* An OFF that is no page's spoils address and offset alike. */
    if (error == EINVAL && (uintptr_t)place->address % page_size())
        return REASON_UNALIGNED;
    if (error == EINVAL && wanted->offset % (off_t)page_size())
        return REASON_UNALIGNED_OFFSET;
    if (error == EBADF)
        return REASON_CLOSED;
    if (error == EACCES && access == O_WRONLY)
        return REASON_NOT_READABLE;
    if (error == EACCES && access == O_RDONLY &&
        (wanted->sharing & MAP_SHARED) && (wanted->protection & PROT_WRITE))
        return REASON_NOT_WRITABLE;
    if (error == EPERM && (wanted->protection & PROT_EXEC))
        return REASON_NO_EXECUTE;
    return stage_reason(stage, error, place->address, place->length);
}

/* A failed mmap may have unmapped what was there (POSIX.1-2008): look. */
static void
note_failed_map(struct stage *stage, const struct place *place,
                const struct mark *mark)
{
    struct window *window = &stage->window;
    size_t at = start_of(stage, place), end = end_of(stage, place), next;
    const struct region *region;

    for (; (region = window_walk(window, at, end, &next)); at = next)
        if (region->mapped && !window_is_mapped(window, at) &&
            window_prepare(window) == 0)
            window_note_unmap(window, at, next, mark);
}

static struct outcome
map_fixed(struct stage *stage, const struct wanted *wanted,
          const struct place *place, const struct mark *mark)
{
    struct region region = { .mapped = true,
                             .shared = wanted->sharing & MAP_SHARED,
                             .protection = wanted->protection,
                             .target = wanted->target,
                             .offset = wanted->offset,
                             .made = mark };
    void *placed;
    int error = call_mmap(place->address, place->length, wanted->protection,
                          wanted->sharing | MAP_FIXED,
                          wanted->target->descriptor, wanted->offset, &placed);

    if (!error) {
        region.start = start_of(stage, place);
        region.end = end_of(stage, place);
        if (target_size(wanted->target, &region.size) != 0)
            region.size = wanted->target->status.st_size;
        window_note_map(&stage->window, &region);
        return OUTCOME_NONE;
    }
    if (place->length > 0 && (uintptr_t)place->address % page_size() == 0)
        note_failed_map(stage, place, mark);
    return outcome_because(error, mmap_reason(stage, wanted, place, error));
}

struct outcome
map_mmap(struct stage *stage, const struct step *step)
{
    struct target *other = NULL;
    const struct mark *mark;
    struct outcome outcome;
    struct wanted wanted;
    struct place place;
    int error;

    outcome = place_called(stage, step, &place);
    if (outcome.kind == OUTCOME_OK)
        outcome = prepare(stage, &mark);
    if (outcome.kind != OUTCOME_OK)
        return outcome;
    wanted = wanted_by(stage, step, &place);
    if (step->bytes) {
        error = open_other(stage, (const char *)step->bytes, &wanted, &other);
        if (error)
            return outcome_of(error);
        wanted.target = other;
    }
    outcome = map_fixed(stage, &wanted, &place, mark);
    if (other)
        target_close(other); /* a mapping does not need it */
    return outcome;
}
