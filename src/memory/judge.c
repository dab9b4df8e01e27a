/*
 * judge.c - why a page could not be touched, and whether a store was lost.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/judge.h"

#include "memory/call.h"
#include "memory/range.h"

#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* Free space below this is no space: a file system keeps some for itself. */
enum { SCARCE = 1 << 20 };

static int
needed(enum access access)
{
    switch (access) {
    case ACCESS_STORE: return PROT_WRITE;
    case ACCESS_EXECUTE: return PROT_EXEC;
    default: return PROT_READ;
    }
}

/* True when a page allows the access, by what machines really do with it. */
static bool
allows(int protection, enum access access)
{
    /* Where pages can be written or executed, they mostly can be read. */
    if (access == ACCESS_LOAD)
        return protection & PROT_READ;
    return protection & needed(access);
}

/* True when read(2) of the page at `offset` fails. */
static bool
page_is_unreadable(const struct target *target, off_t offset)
{
    unsigned char buffer[4096];
    off_t end = offset + (off_t)page_size();
    size_t count;

    if (target->descriptor < 0)
        return false;
    for (; offset < end; offset += (off_t)sizeof buffer)
        if (call_pread(target->descriptor, buffer, sizeof buffer, offset,
                       &count) != 0)
            return true;
    return false;
}

/* True when a store, or a load from a hole, met a full file system. */
static bool
is_out_of_space(const struct target *target, enum access access)
{
    struct statvfs space;
    struct stat status;

    if (target->descriptor < 0 ||
        call_fstatvfs(target->descriptor, &space) != 0 || space.f_blocks == 0)
        return false;
    if ((uintmax_t)space.f_bavail > SCARCE / space.f_frsize)
        return false;
    if (access == ACCESS_STORE)
        return true;
    return call_fstat(target->descriptor, &status) == 0 &&
           status.st_blocks < status.st_size / TARGET_BLOCK;
}

/* The size that a cure may ask for; it can name the stage's own file only. */
static off_t
curable(const struct stage *stage, const struct target *target, off_t size)
{
    return target == &stage->target && target_can_grow(target) ? size : 0;
}

/* What may be wrong with a page that is mapped and allows the access. */
static enum cause
backing_cause(const struct stage *stage, const struct region *region, off_t at,
              enum access access, struct outcome *outcome)
{
    const struct target *target = region->target;
    off_t size;

    outcome->size_then = region->size;
    if (!target->has_end || target_size(target, &size) != 0)
        return CAUSE_UNKNOWN;
    outcome->size = size;
    outcome->wanted = curable(stage, target, at + 1);
    if (page_floor(at) >= size)
        return CAUSE_PAST_END;
    if (page_is_unreadable(target, page_floor(at)))
        return CAUSE_IO_ERROR;
    return is_out_of_space(target, access) ? CAUSE_NO_SPACE : CAUSE_UNKNOWN;
}

static enum cause
find_cause(const struct stage *stage, off_t offset, enum access access,
           bool denied, struct outcome *outcome)
{
    const struct window *window = &stage->window;
    size_t at = window->lead + (size_t)offset;
    const struct region *region = window_region(window, at);
    const struct mark *mark;

    if (!region)
        return CAUSE_UNKNOWN;
    mark = region->mapped && region->changed ? region->changed : region->made;
    if (mark)
        outcome->mark = *mark;
    if (!region->mapped)
        return CAUSE_UNMAPPED;
    outcome->protection = region->protection;
    if (!allows(region->protection, access))
        return CAUSE_PROTECTION;
    if (denied)
        return CAUSE_UNKNOWN;
    return backing_cause(stage, region,
                         region->offset + (off_t)(at - region->start), access,
                         outcome);
}

struct outcome
judge_fault(const struct stage *stage, const struct fault *fault, off_t offset,
            enum access access)
{
    struct outcome outcome = { .kind = OUTCOME_FAULT,
                               .signal = fault->signal,
                               .code = fault->code,
                               .offset = offset,
                               .access = access };

    outcome.cause =
        find_cause(stage, offset, access, fault->signal != SIGBUS, &outcome);
    return outcome;
}

void
judge_bad_page(const struct stage *stage, struct outcome *outcome, off_t offset,
               enum access access)
{
    outcome->reason = REASON_BAD_PAGE;
    outcome->offset = offset;
    outcome->access = access;
    outcome->cause = find_cause(stage, offset, access, false, outcome);
}

enum { FILES = 2 };

/* The file that the region of byte `at` stores to; NULL when to none. */
static const struct target *
stored_to(const struct region *region)
{
    return region->mapped && region->shared && region->target->has_end
               ? region->target
               : NULL;
}

/* The place of a file in `stores`; FILES when it has none. */
static size_t
file_index(struct stores *stores, const struct target *target)
{
    size_t index;

    for (index = 0; index < FILES; index++) {
        if (stores->targets[index] == target)
            return index;
        if (!stores->targets[index]) {
            stores->targets[index] = target;
            if (target_size(target, &stores->sizes[index]) != 0)
                stores->sizes[index] = -1;
            return index;
        }
    }
    return FILES;
}

struct stores
judge_stores(const struct stage *stage, const struct place *place)
{
    const struct window *window = &stage->window;
    size_t at = window->lead + (size_t)place->offset;
    size_t end = at + place->length, next;
    struct stores stores = { .targets = { NULL } };
    const struct region *region;

    for (; (region = window_walk(window, at, end, &next)); at = next)
        if (stored_to(region))
            file_index(&stores, region->target);
    return stores;
}

/* The smaller of the sizes before and now; -1 when neither is known. */
static off_t
smaller_size(struct stores *before, struct stores *now,
             const struct target *target)
{
    size_t was = file_index(before, target), is = file_index(now, target);
    off_t size;

    if (was == FILES || is == FILES) /* one too many to be kept */
        return target_size(target, &size) == 0 ? size : -1;
    if (before->sizes[was] < 0 || now->sizes[is] < 0)
        return -1;
    return before->sizes[was] < now->sizes[is] ? before->sizes[was]
                                               : now->sizes[is];
}

/* Count the bytes from `at` to `end` in the region that lie past `size`. */
static void
count_lost(struct outcome *outcome, const struct stage *stage,
           const struct region *region, size_t at, size_t end, off_t size)
{
    off_t from = region->offset + (off_t)(at - region->start);
    off_t past = region->offset + (off_t)(end - region->start);

    if (past <= size)
        return;
    if (from < size) {
        at += (size_t)(size - from);
        from = size;
    }
    if (outcome->kind == OUTCOME_OK)
        outcome->offset = (off_t)(at - stage->window.lead);
    outcome->kind = OUTCOME_LOST;
    outcome->count += past - from;
    outcome->size = size;
    outcome->wanted = curable(stage, region->target, past);
}

struct outcome
judge_lost(const struct stage *stage, const struct place *place, size_t done,
           const struct stores *before)
{
    const struct window *window = &stage->window;
    size_t at = window->lead + (size_t)place->offset;
    size_t end = at + done, next;
    struct stores earlier = *before, now = { .targets = { NULL } };
    struct outcome outcome = OUTCOME_NONE;
    const struct region *region;

    for (; (region = window_walk(window, at, end, &next)); at = next) {
        off_t size;

        if (!stored_to(region))
            continue;
        size = smaller_size(&earlier, &now, region->target);
        if (size >= 0)
            count_lost(&outcome, stage, region, at, next, size);
    }
    return outcome;
}

/* True when the part of a region that ends at `end` can't all be loaded. */
static bool
is_unreachable(const struct region *region, size_t end)
{
    off_t last = region->offset + (off_t)(end - 1 - region->start), size;

    if (!region->mapped || region->protection == PROT_NONE)
        return true;
    return region->target->has_end && target_size(region->target, &size) == 0 &&
           page_floor(last) >= size;
}

bool
judge_unreachable(const struct stage *stage, const struct place *place)
{
    const struct window *window = &stage->window;
    size_t at = window->lead + (size_t)place->offset;
    size_t end = at + place->length, next;
    const struct region *region;

    for (; (region = window_walk(window, at, end, &next)); at = next)
        if (is_unreachable(region, next))
            return true;
    return false;
}
