/*
 * survey.c - what a mapping looks like: runs of alike pages.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/survey.h"

#include "memory/call.h"
#include "memory/judge.h"
#include "memory/range.h"

#include <string.h>
#include <sys/mman.h>

/* How often a file that changes its size meanwhile is surveyed. */
enum { TRIES = 1000 };

struct surveyor {
    const struct stage *stage;
    struct survey *survey;
    off_t first;    /* byte of the file at the window's base */
    bool disagrees; /* a page was not what the size says */
};

/* Load from a page, counted from the window's base. */
static struct answer
load(const struct surveyor *surveyor, off_t page)
{
    const struct window *window = &surveyor->stage->window;

    return probe_load(window->base + (size_t)page * page_size());
}

/*
 * The last page of a run that answers as its first page does, `start`. The
 * answers change once at most where the system is sane, so halving finds it.
 */
static off_t
last_alike(const struct surveyor *surveyor, off_t start, off_t end,
           const struct answer *answer)
{
    off_t alike = start, other = end - 1;
    struct answer found = load(surveyor, other);

    if (probe_same(&found, answer))
        return other;
    while (other - alike > 1) {
        off_t middle = alike + (other - alike) / 2;

        found = load(surveyor, middle);
        if (probe_same(&found, answer))
            alike = middle;
        else
            other = middle;
    }
    return alike;
}

/* Why a page faults, and whether that agrees with what it is taken for. */
static void
find_cause(struct surveyor *surveyor, struct survey_run *run)
{
    struct fault fault = { .signal = run->answer.signal,
                           .code = run->answer.code };
    bool is_past_end = run->kind == SURVEY_PAST_END;

    if (run->answer.kind == ANSWER_FAULT)
        run->cause =
            judge_fault(surveyor->stage, &fault, run->offset, ACCESS_LOAD)
                .cause;
    if (run->cause == CAUSE_NONE || run->cause == CAUSE_PAST_END)
        surveyor->disagrees |= is_past_end != (run->cause == CAUSE_PAST_END);
}

/* The pages from `start` to `end`, which are alike. */
static void
add_run(struct surveyor *surveyor, enum survey_kind kind, off_t start,
        off_t end, const struct answer *answer)
{
    struct survey *survey = surveyor->survey;
    struct survey_run *run = survey->runs + survey->count++;
    off_t page = (off_t)page_size(), lead, left;

    lead = start == 0 ? (off_t)surveyor->stage->window.lead : 0;
    *run = (struct survey_run) { .kind = kind, .answer = *answer };
    run->pages = end - start;
    run->offset = start * page + lead - (off_t)surveyor->stage->window.lead;
    run->length = (end - start) * page - lead;
    left = survey->size - (surveyor->first + start * page + lead);
    run->file_bytes = !survey->has_end || left > run->length ? run->length
                      : left > 0                             ? left
                                                             : 0;
    find_cause(surveyor, run);
}

/* Part the pages from `start` to `end` by what they answer. */
static void
add_pages(struct surveyor *surveyor, enum survey_kind kind, off_t start,
          off_t end)
{
    struct survey *survey = surveyor->survey;

    while (start < end) {
        struct answer answer = load(surveyor, start);
        bool is_room = survey->count + SURVEY_KINDS < SURVEY_RUNS;
        off_t next =
            is_room ? last_alike(surveyor, start, end, &answer) + 1 : end;

        add_run(surveyor, kind, start, next, &answer);
        start = next;
    }
}

static off_t
smaller(off_t one, off_t other)
{
    return one < other ? one : other;
}

/* Part all pages by where the file ends. */
static void
add_all(struct surveyor *surveyor)
{
    struct survey *survey = surveyor->survey;
    off_t page = (off_t)page_size(), pages = survey->pages;
    off_t left = survey->size - surveyor->first, full = 0, any = 0;

    if (left > 0) {
        full = left / page;
        any = full + (left % page != 0);
    }
    full = survey->has_end ? smaller(full, pages) : pages;
    any = survey->has_end ? smaller(any, pages) : pages;
    add_pages(surveyor, SURVEY_FILE, 0, full);
    add_pages(surveyor, SURVEY_TAIL, full, any);
    add_pages(surveyor, SURVEY_PAST_END, any, pages);
}

int
survey_take(struct survey *survey, const struct stage *stage)
{
    struct surveyor surveyor = { .stage = stage, .survey = survey };
    off_t size = stage->target.status.st_size;
    int error, tries;

    memset(survey, 0, sizeof *survey);
    survey->has_end = stage->target.has_end;
    survey->pages = (off_t)(stage->window.length / page_size());
    if (stage->window.count > 0)
        surveyor.first = stage->window.regions[0].offset;
    /* A few pages are looked at: their neighbours need not be read for it. */
    if (stage->window.length > 0)
        call_madvise(stage->window.base, stage->window.length,
                     POSIX_MADV_RANDOM);
    for (tries = 0; tries < TRIES; tries++) {
        surveyor.disagrees = false;
        survey->size = size;
        survey->count = 0;
        add_all(&surveyor);
        if ((error = target_size(&stage->target, &size)))
            return error;
        if (size == survey->size && !surveyor.disagrees)
            break;
    }
    return 0;
}
