/*
 * flush.c - bring a file, or a range of it, to permanent storage.
 *
 * Each flush of a device is paid once: msync goes before fsync only where
 * fsync alone would miss something, or where a long flush is to show how far
 * it has come.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/flush.h"

#include "memory/call.h"
#include "memory/clock.h"
#include "memory/range.h"
#include "memory/target.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

/*
 * Whether fsync covers what was stored through every mapping of the file, by
 * whichever process. POSIX does not promise it. Linux has one page cache for
 * files and mappings, so there it does; elsewhere msync goes before it.
 */
#ifndef FSYNC_COVERS_MAPPINGS
#ifdef __linux__
#define FSYNC_COVERS_MAPPINGS 1
#else
#define FSYNC_COVERS_MAPPINGS 0
#endif
#endif

/*
 * Seconds that a slice should take at least: each pays for a flush of the
 * device, which has to stay a small part of it. Progress moves that often.
 */
#define SLICE_SECONDS 1.0

/* Pages are mapped as far as this at once; a power of two. */
#define LONGEST_MAPPING (SIZE_MAX / 2 + 1)

/* One flush: what is passed down and told at the end. */
struct flush {
    const struct flush_plan *plan;
    void *context; /* of plan->advance */
    struct target target;
    struct flush_result *result;
};

static bool
failed(struct flush *flush, int error, const char *call)
{
    if (error && !flush->result->error) {
        flush->result->error = error;
        flush->result->call = call;
    }
    return error != 0;
}

/* Open for reading and writing if `for_mapping`, else in any way allowed. */
static int
open_somehow(struct target *target, const char *name, bool for_mapping)
{
    int error;

    if (for_mapping && target_open(target, name, O_RDWR, 0) == 0)
        return 0;
    error = target_open(target, name, O_RDONLY, 0);
    if (error == EACCES && target_open(target, name, O_WRONLY, 0) == 0)
        error = 0;
    return error;
}

/*
 * Map `*length` bytes at `offset`; less, with `*length` set, when that many
 * addresses are not to be had.
 */
static int
map_pages(const struct target *target, off_t offset, size_t *length,
          void **mapped)
{
    int error;

    for (;;) {
        error = call_mmap(NULL, *length, PROT_READ, MAP_SHARED,
                          target->descriptor, offset, mapped);
        if (error != ENOMEM || *length <= FLUSH_SLICE)
            return error;
        *length /= 2;
        *length -= *length % page_size();
    }
}

/* The next slice, by how long the last one took; a multiple of the first. */
static size_t
fitting_slice(size_t slice, double seconds)
{
    if (seconds < SLICE_SECONDS && slice < LONGEST_MAPPING)
        return slice * 2;
    if (seconds > SLICE_SECONDS * 4 && slice / 2 >= FLUSH_SLICE)
        return slice / 2;
    return slice;
}

/* Bytes to map at `from`: to `end`, but no more than `most`. */
static size_t
slice_length(off_t from, off_t end, size_t most)
{
    uintmax_t left = (uintmax_t)(end - from);

    return left < most ? (size_t)left : most;
}

/* True when what can't be mapped, for that error, needs no msync. */
static bool
fsync_suffices(const struct flush_plan *plan, int error)
{
    return plan->way != FLUSH_MAPPED &&
           (FSYNC_COVERS_MAPPINGS || error == ENODEV);
}

/*
 * msync the pages that hold `from` up to `end`, in one mapping if it fits, or
 * in slices that tell how far it has come. `from` is the start of a page.
 */
static bool
sync_mapped(struct flush *flush, off_t from, off_t end, int flags)
{
    bool in_slices = flush->plan->in_slices;
    size_t slice = in_slices ? FLUSH_SLICE : LONGEST_MAPPING;
    off_t done = 0;

    while (from < end) {
        double began = in_slices ? clock_now() : 0;
        size_t length = slice_length(from, end, slice);
        void *mapped;
        int error;

        error = map_pages(&flush->target, from, &length, &mapped);
        if (error && fsync_suffices(flush->plan, error))
            return true;
        if (failed(flush, error, "mmap"))
            return false;
        failed(flush, call_msync(mapped, length, flags), "msync");
        failed(flush, call_munmap(mapped, length), "munmap");
        if (flush->result->error)
            return false;
        from += (off_t)length;
        done += (off_t)length;
        slice = length; /* fewer than asked for: ask for no more again */
        if (in_slices) {
            slice = fitting_slice(length, clock_now() - began);
            flush->plan->advance(flush->context, done);
        }
    }
    return true;
}

static bool
flush_range(struct flush *flush)
{
    const struct flush_plan *plan = flush->plan;
    const struct target *target = &flush->target;
    off_t end = target->has_end ? target->status.st_size : OFFSET_MAX;
    off_t length = target->has_end ? OFFSET_MAX : 1; /* a page will tell */

    if (plan->offset > end) {
        flush->result->is_outside = true;
        return false;
    }
    if (plan->has_length)
        length = plan->length;
    if (length < end - plan->offset)
        end = plan->offset + length;
    if (end == plan->offset)
        return true; /* a range without bytes, which mmap would refuse */
    return sync_mapped(flush, page_floor(plan->offset), end, plan->flags);
}

/* True when msync is to go before fsync, and can. */
static bool
needs_msync(const struct flush *flush)
{
    const struct target *target = &flush->target;

    if (target->flags != O_RDWR || !S_ISREG(target->status.st_mode))
        return false;
    if (!FSYNC_COVERS_MAPPINGS)
        return target->status.st_size > 0;
    return flush->plan->in_slices && target->status.st_size > FLUSH_SLICE;
}

static bool
flush_whole(struct flush *flush)
{
    const struct target *target = &flush->target;

    if (needs_msync(flush) &&
        !sync_mapped(flush, 0, target->status.st_size, MS_SYNC))
        return false;
    if (flush->plan->way == FLUSH_DATA)
        return !failed(flush, call_fdatasync(target->descriptor), "fdatasync");
    return !failed(flush, call_fsync(target->descriptor), "fsync");
}

static int
open_for(struct target *target, const char *name, const struct flush_plan *plan)
{
    if (plan->way == FLUSH_MAPPED)
        return target_open(target, name, O_RDWR, 0);
    return open_somehow(target, name,
                        plan->in_slices || !FSYNC_COVERS_MAPPINGS);
}

bool
flush_file(const char *name, const struct flush_plan *plan, void *context,
           struct flush_result *result)
{
    struct flush flush = { .plan = plan,
                           .context = context,
                           .target = TARGET_NONE,
                           .result = result };

    *result = (struct flush_result) { .error = 0 };
    if (failed(&flush, open_for(&flush.target, name, plan),
               target_opening(name)))
        return false;
    result->size = flush.target.status.st_size;
    if (plan->way == FLUSH_MAPPED)
        flush_range(&flush);
    else
        flush_whole(&flush);
    failed(&flush, target_close(&flush.target), "close");
    return !result->error && !result->is_outside;
}
