/*
 * trial.c - what a protection allows, found out on a copy.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/trial.h"

#include "memory/call.h"
#include "memory/range.h"

#include <sys/mman.h>

static size_t
mapped_length(const struct stage *stage)
{
    return stage->window.lead + stage->window.asked;
}

/* Where the window begins in the file. */
static off_t
mapped_offset(const struct stage *stage)
{
    return stage->window.regions[0].offset;
}

/* Map the stage as at first: what mprotect grants may hang on the past. */
static int
map_anew(const struct stage *stage)
{
    void *placed;

    return call_mmap(stage->window.base, mapped_length(stage),
                     stage->plan.protection,
                     plan_sharing(&stage->plan) | MAP_FIXED,
                     stage->target.descriptor, mapped_offset(stage), &placed);
}

/* Touch the copy, which is as the trial's protection made it. */
static void
touch(struct trial *trial, const struct stage *stage, void *copy)
{
    struct answer *answers = trial->answers;

    answers[PROBE_READ] = probe_load(copy);
    answers[PROBE_WRITE] = probe_store(copy);
    answers[PROBE_EXECUTE] = probe_execute(
        &stage->target, stage->target.status.st_size, trial->protection, copy);
}

/* Make the copy go the way of the mapping, and touch it. */
static void
try_copy(struct trial *trial, const struct stage *stage, bool is_changed)
{
    void *copy;
    int error =
        call_mmap(NULL, page_size(), stage->plan.protection, MAP_PRIVATE,
                  stage->target.descriptor, mapped_offset(stage), &copy);

    trial->refusal = outcome_of(error);
    if (error)
        return;
    if (is_changed)
        error = call_mprotect(copy, page_size(), trial->protection);
    trial->refusal = outcome_of(error);
    if (!error)
        touch(trial, stage, copy);
    call_munmap(copy, page_size());
}

struct trial
trial_as_mapped(const struct stage *stage)
{
    struct trial trial = { .protection = stage->plan.protection };

    try_copy(&trial, stage, false);
    return trial;
}

struct trial
trial_changed(const struct stage *stage, int protection)
{
    struct trial trial = { .protection = protection };
    size_t length = mapped_length(stage);
    int error;

    if ((error = map_anew(stage))) {
        trial.refusal = outcome_of(error);
        return trial;
    }
    error = call_mprotect(stage->window.base, length, protection);
    if (error)
        trial.refusal = outcome_because(
            error, stage_protect_reason(stage, error, stage->window.base,
                                        length, protection));
    else
        try_copy(&trial, stage, true);
    return trial;
}
