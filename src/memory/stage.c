/*
 * stage.c - what steps work on: an open file and the window it is mapped in.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/stage.h"

#include "memory/call.h"
#include "memory/range.h"
#include "memory/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

int
plan_sharing(const struct plan *plan)
{
    if (plan->has_flags)
        return plan->flags & ~MAP_FIXED;
    return plan->is_private ? MAP_PRIVATE : MAP_SHARED;
}

/* What the protections asked for need of the file. */
int
plan_open_flags(const struct plan *plan)
{
    int protection = plan->protection | (plan->has_change ? plan->change : 0);

    if (plan->has_open)
        return plan->open_flags;
    if ((protection & PROT_WRITE) && !(plan_sharing(plan) & MAP_PRIVATE))
        return O_RDWR;
    return O_RDONLY;
}

/* Files of /proc have no size, and no call gives them one. */
static bool
shows_bytes(const struct target *target)
{
    size_t count = 0;
    char byte;

    return call_pread(target->descriptor, &byte, 1, 0, &count) == 0 &&
           count > 0;
}

/* Why the file can't be mapped, by what it is and how it is open. */
static enum reason
map_reason(const struct stage *stage, int error, off_t length)
{
    const struct plan *plan = &stage->plan;
    const struct target *target = &stage->target;
    int access = target->flags & O_ACCMODE;
    bool shared = plan_sharing(plan) & MAP_SHARED;

    if (S_ISDIR(target->status.st_mode))
        return REASON_DIRECTORY;
    if (S_ISFIFO(target->status.st_mode))
        return REASON_FIFO;
    if (error == EINVAL && length == 0) {
        if (plan->has_length)
            return REASON_ZERO_LENGTH;
        if (!target->has_end)
            return REASON_NO_END;
        if (plan->offset)
            return REASON_BEYOND_FILE;
        return shows_bytes(target) ? REASON_NO_SIZE : REASON_EMPTY_FILE;
    }
    if (error == EINVAL && plan->exact && plan->offset % (off_t)page_size())
        return REASON_UNALIGNED_OFFSET;
    if (error == EINVAL && !(plan_sharing(plan) & (MAP_SHARED | MAP_PRIVATE)))
        return REASON_NO_SHARING;
    if (error == EINVAL && plan->address % page_size())
        return REASON_UNALIGNED;
    if (error == EACCES && access == O_WRONLY)
        return REASON_NOT_READABLE;
    if (error == EACCES && shared && access == O_RDONLY &&
        (plan->protection & PROT_WRITE))
        return REASON_NOT_WRITABLE;
    if (error == EPERM && (plan->flags & MAP_FIXED) && !plan->address)
        return REASON_NULL_ADDRESS;
    if ((error == EPERM || error == EACCES) && (plan->protection & PROT_EXEC))
        return REASON_NO_EXECUTE;
    if (error == ENODEV)
        return REASON_NO_MAPPINGS;
    if (error == ENOMEM)
        return REASON_TOO_LONG;
    if (error == EOVERFLOW)
        return REASON_PAST_LAST;
    return REASON_NONE;
}

/* Pages that are looked at one by one, at most: some hundredths of a second. */
enum { PAGES_LOOKED_AT = 65536 };

static bool
any_is_mapped(const struct plan *plan, size_t pages)
{
    const struct window there = { .base = (unsigned char *)plan->address };
    size_t at;

    for (at = 0; at < pages; at++)
        if (window_is_mapped(&there, at * page_size()))
            return true;
    return false;
}

/* A mapping without MAP_FIXED is laid where it is wanted if all is free. */
static bool
is_free(const struct plan *plan, size_t length)
{
    void *wanted = (void *)plan->address, *placed;
    int error;

    witness_own(true);
    error = call_mmap(wanted, length, PROT_NONE, MAP_PRIVATE | window_anonymous,
                      -1, 0, &placed);
    if (!error)
        call_munmap(placed, length);
    witness_own(false);
    return !error && placed == wanted;
}

/* True when `fixed` would put the mapping on pages of mmt's own. */
static bool
is_in_use(const struct plan *plan, size_t length)
{
    size_t page = page_size(), pages = length / page + (length % page != 0);

    if (plan->address % page || plan->address + length < plan->address)
        return false; /* the system refuses these itself */
    return pages > PAGES_LOOKED_AT ? !is_free(plan, length)
                                   : any_is_mapped(plan, pages);
}

/* Pass the flags and the address as they are: the system chooses the place. */
static int
map_as_told(struct stage *stage, size_t length, off_t offset)
{
    const struct plan *plan = &stage->plan;
    int flags = plan->has_flags ? plan->flags : plan_sharing(plan);
    void *placed;
    int error;

    if ((flags & MAP_FIXED) && !plan->address)
        return EPERM; /* as systems say; only to the superuser they may not */
    if ((flags & MAP_FIXED) && is_in_use(plan, length))
        return EEXIST;
    error = call_mmap((void *)plan->address, length, plan->protection, flags,
                      stage->target.descriptor, offset, &placed);
    if (error)
        return error;
    return window_adopt(&stage->window, placed,
                        (size_t)page_ceiling((off_t)length));
}

/*
 * `length` bytes, up to the end of a page; a page for a length of 0, which mmap
 * is to refuse; 0 where no size_t counts that many.
 */
static size_t
whole_pages(size_t length)
{
    size_t page = page_size();

    return ((length > 0 ? length - 1 : 0) / page + 1) * page;
}

/* Map in reserved addresses; without them where they are not to be had. */
static int
map_in_window(struct stage *stage, size_t length, off_t offset)
{
    const struct plan *plan = &stage->plan;
    size_t whole = whole_pages(length);
    void *placed;

    if (whole == 0 || window_reserve(&stage->window, whole) != 0) {
        stage->window = WINDOW_NONE;
        return map_as_told(stage, length, offset);
    }
    return call_mmap(stage->window.base, length, plan->protection,
                     plan_sharing(plan) | MAP_FIXED, stage->target.descriptor,
                     offset, &placed);
}

static void
note_mapping(struct stage *stage, off_t offset)
{
    struct window *window = &stage->window;
    struct region region = {
        .end = window->length,
        .mapped = true,
        .shared = plan_sharing(&stage->plan) & MAP_SHARED,
        .protection = stage->plan.protection,
        .target = &stage->target,
        .offset = offset,
        .size = stage->target.status.st_size,
    };

    window_note_map(window, &region);
}

/* Bytes before the one asked for that come with it: mmap begins at a page. */
static size_t
planned_lead(const struct plan *plan)
{
    return plan->exact ? 0 : (size_t)(plan->offset % (off_t)page_size());
}

/* Bytes from the offset asked for to the end of the file, or as asked for. */
static off_t
planned_length(const struct stage *stage)
{
    const struct plan *plan = &stage->plan;
    off_t size = stage->target.status.st_size;

    if (plan->has_length)
        return plan->length;
    if (!stage->target.has_end || plan->offset >= size)
        return 0;
    return size - plan->offset;
}

/* Reserve for what the steps will map; nothing where no length is known. */
static struct outcome
leave_unmapped(struct stage *stage, size_t length)
{
    off_t whole = page_ceiling((off_t)length);

    if (whole == 0)
        return OUTCOME_NONE;
    return outcome_of(window_reserve(&stage->window, (size_t)whole));
}

static struct outcome
map(struct stage *stage)
{
    const struct plan *plan = &stage->plan;
    size_t lead = planned_lead(plan), length;
    off_t asked = planned_length(stage), offset = plan->offset - (off_t)lead;
    int error;

    if ((uintmax_t)asked > SIZE_MAX - lead ||
        asked > OFFSET_MAX - (off_t)lead - (off_t)page_size())
        return outcome_because(ENOMEM, REASON_TOO_LONG);
    /* Every byte of the window has its place in the file. */
    if (offset > OFFSET_MAX - (off_t)lead - (off_t)page_size() - asked)
        return outcome_because(EOVERFLOW, REASON_PAST_LAST);
    /* What is empty stays so: the lead alone would not make it a mapping. */
    length = asked || plan->no_map ? (size_t)asked + lead : 0;
    if (plan->no_map)
        return leave_unmapped(stage, length);
    error = plan->has_flags || plan->has_address
                ? map_as_told(stage, length, offset)
                : map_in_window(stage, length, offset);
    if (error == EEXIST)
        return outcome_because(error, REASON_IN_USE);
    if (error)
        return outcome_because(error, map_reason(stage, error, asked));
    note_mapping(stage, offset);
    return OUTCOME_NONE;
}

static struct outcome
protect(struct stage *stage)
{
    struct window *window = &stage->window;
    size_t length = window->lead + window->asked;
    int change = stage->plan.change;
    int error = call_mprotect(window->base, length, change);

    if (error)
        return outcome_because(
            error,
            stage_protect_reason(stage, error, window->base, length, change));
    window_note_protect(window, 0, window->length, change, NULL);
    return OUTCOME_NONE;
}

/* Why a file was not there to be opened: the directory may not be either. */
static enum reason
absence_reason(const char *name)
{
    const char *slash = strrchr(name, '/');
    char *directory;
    struct stat status;
    int error;

    if (*name == '\0')
        return REASON_NONE;
    if (target_is_link(name))
        return REASON_NOWHERE;
    if (!slash || slash == name || target_is_shared_object(name))
        return REASON_ABSENT;
    directory = strndup(name, (size_t)(slash - name));
    error = directory ? call_stat(directory, &status) : 0;
    free(directory);
    return error ? REASON_NO_DIRECTORY : REASON_ABSENT;
}

static enum reason
open_reason(const char *name, int error)
{
    if (error == ENOENT)
        return absence_reason(name);
    if (error == EISDIR)
        return REASON_DIRECTORY;
    if (error == EINVAL && target_is_shared_object(name))
        return REASON_SHARED_NAME;
    return REASON_NONE;
}

struct outcome
stage_open(struct stage *stage, const char **call)
{
    const struct plan *plan = &stage->plan;
    struct outcome outcome;
    int error =
        target_open(&stage->target, plan->name, plan_open_flags(plan), 0);

    *call = target_opening(plan->name);
    if (error)
        return outcome_because(error, open_reason(plan->name, error));
    *call = "mmap";
    outcome = map(stage);
    if (stage->window.base) {
        stage->window.lead = planned_lead(plan);
        stage->window.asked = (size_t)planned_length(stage);
    }
    if (outcome.kind != OUTCOME_OK || !plan->has_change || plan->no_map)
        return outcome;
    *call = "mprotect";
    return protect(stage);
}

/* True when a page of the range is unmapped by the ledger. */
static bool
has_hole(const struct window *window, const void *address, size_t length)
{
    size_t at = (size_t)((const unsigned char *)address - window->base);
    size_t end = at + length, next;
    const struct region *region;

    for (; (region = window_walk(window, at, end, &next)); at = next)
        if (!region->mapped)
            return true;
    return at < end; /* past the window */
}

/* True when a shared page of the range is of a file not open for writing. */
static bool
has_read_only(const struct window *window, const void *address, size_t length)
{
    size_t at = (size_t)((const unsigned char *)address - window->base);
    size_t end = at + length, next;
    const struct region *region;

    for (; (region = window_walk(window, at, end, &next)); at = next)
        if (region->mapped && region->shared &&
            (region->target->flags & O_ACCMODE) == O_RDONLY)
            return true;
    return false;
}

enum reason
stage_reason(const struct stage *stage, int error, const void *address,
             size_t length)
{
    const struct window *window = &stage->window;

    if (error == EINVAL && (uintptr_t)address % page_size())
        return REASON_UNALIGNED;
    if (error == EINVAL && length == 0)
        return REASON_ZERO_LENGTH;
    if (error == ENOMEM && has_hole(window, address, length))
        return REASON_HOLE;
    if (error == EOVERFLOW)
        return REASON_PAST_LAST;
    return REASON_NONE;
}

enum reason
stage_protect_reason(const struct stage *stage, int error, const void *address,
                     size_t length, int protection)
{
    if (error == EACCES && (protection & PROT_WRITE) &&
        has_read_only(&stage->window, address, length))
        return REASON_NOT_WRITABLE;
    if (error == EACCES && (protection & PROT_EXEC))
        return REASON_NO_EXECUTE;
    return stage_reason(stage, error, address, length);
}

int
stage_close(struct stage *stage)
{
    int error = window_release(&stage->window);
    size_t index;

    for (index = 0; index < stage->other_count; index++)
        free(stage->others[index]);
    free(stage->others);
    stage->others = NULL;
    stage->other_count = 0;
    target_close(&stage->target);
    return error;
}
