/*
 * touch.c - steps that touch the mapping by the processor.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/touch.h"

#include "memory/child.h"
#include "memory/clock.h"
#include "memory/fault.h"
#include "memory/judge.h"
#include "memory/machine.h"
#include "memory/place.h"
#include "memory/range.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Bytes that are moved between two looks at the time limit. */
enum { CHUNK = 65536 };

static size_t
chunk_of(size_t done, size_t length)
{
    return length - done < CHUNK ? length - done : CHUNK;
}

static struct outcome
out_of_time(const struct stage *stage)
{
    return (struct outcome) { .kind = OUTCOME_TIMEOUT,
                              .seconds = stage->timeout };
}

struct outcome
touch_peek(struct stage *stage, const struct step *step)
{
    unsigned char buffer[CHUNK];
    off_t in_file = stage->plan.offset;
    struct outcome outcome;
    struct place place;
    size_t done = 0;

    outcome = place_touched(stage, step, -1, &place);
    if (outcome.kind != OUTCOME_OK)
        return outcome;
    while (done < place.length) {
        struct fault fault;
        size_t part = chunk_of(done, place.length);
        off_t at = place.offset + (off_t)done;
        size_t loaded = fault_load(buffer, place.address + done, part, &fault);

        if (loaded > 0 &&
            !stage->sink->bytes(stage->sink, in_file + at, buffer, loaded))
            break;
        if (loaded < part)
            return judge_fault(stage, &fault, at + (off_t)loaded, ACCESS_LOAD);
        done += loaded;
        if (clock_expired() && done < place.length)
            return out_of_time(stage);
    }
    return OUTCOME_NONE;
}

struct outcome
touch_poke(struct stage *stage, const struct step *step)
{
    struct outcome outcome;
    struct stores before;
    struct place place;
    struct fault fault;
    size_t stored;

    outcome = place_touched(stage, step, (off_t)step->size, &place);
    if (outcome.kind != OUTCOME_OK)
        return outcome;
    before = judge_stores(stage, &place);
    stored = fault_store(place.address, step->bytes, place.length, &fault);
    if (stored < place.length)
        return judge_fault(stage, &fault, place.offset + (off_t)stored,
                           ACCESS_STORE);
    return judge_lost(stage, &place, stored, &before);
}

/* The largest multiple of the pattern within a chunk, or one pattern. */
static size_t
whole_patterns(size_t size)
{
    return size > CHUNK ? size : CHUNK - CHUNK % size;
}

struct outcome
touch_fill(struct stage *stage, const struct step *step)
{
    struct outcome outcome;
    struct stores before;
    struct place place;
    size_t done = 0, most;

    outcome = place_touched(stage, step, -1, &place);
    if (outcome.kind != OUTCOME_OK)
        return outcome;
    /* Without a limit there is nothing to look at in between. */
    most = stage->has_timeout ? whole_patterns(step->size) : place.length;
    before = judge_stores(stage, &place);
    while (done < place.length) {
        struct fault fault;
        size_t left = place.length - done, part = left < most ? left : most;
        size_t stored = fault_fill(place.address + done, part, step->bytes,
                                   step->size, &fault);

        if (stored < part)
            return judge_fault(stage, &fault,
                               place.offset + (off_t)(done + stored),
                               ACCESS_STORE);
        done += part;
        if (clock_expired() && done < place.length)
            return out_of_time(stage);
    }
    return judge_lost(stage, &place, done, &before);
}

static size_t
first_difference(const unsigned char *one, const unsigned char *other)
{
    size_t at = 0;

    while (one[at] == other[at])
        at++;
    return at;
}

/* A difference in a part of the text, `done` bytes of which were alike. */
static struct outcome
difference(const struct place *place, const struct step *step, size_t done,
           const unsigned char *part, size_t length)
{
    size_t at = first_difference(part, step->bytes + done);
    /* What fits is shown whole; of more, what begins at the difference. */
    size_t from = place->length <= FOUND_LENGTH ? 0 : at;
    struct outcome outcome = { .kind = OUTCOME_DIFFERS,
                               .offset = place->offset + (off_t)(done + at),
                               .found_at = done + from,
                               .found_length = length - from };

    if (outcome.found_length > FOUND_LENGTH)
        outcome.found_length = FOUND_LENGTH;
    memcpy(outcome.found, part + from, outcome.found_length);
    return outcome;
}

struct outcome
touch_compare(struct stage *stage, const struct step *step)
{
    unsigned char buffer[CHUNK];
    struct outcome outcome;
    struct place place;
    size_t done = 0;

    outcome = place_touched(stage, step, (off_t)step->size, &place);
    if (outcome.kind != OUTCOME_OK)
        return outcome;
    while (done < place.length) {
        struct fault fault;
        size_t part = chunk_of(done, place.length);
        size_t loaded = fault_load(buffer, place.address + done, part, &fault);

        if (loaded < part)
            return judge_fault(stage, &fault,
                               place.offset + (off_t)(done + loaded),
                               ACCESS_LOAD);
        if (memcmp(buffer, step->bytes + done, part) != 0)
            return difference(&place, step, done, buffer, part);
        done += part;
    }
    return OUTCOME_NONE;
}

/* Execute a copy of a page of the region's file, as far as `page` allows. */
static struct answer
execute_like(const struct region *region, void *page)
{
    const struct target *target = region->target;
    struct answer answer = { .kind = ANSWER_UNKNOWN };
    struct target again;

    if (target->descriptor >= 0)
        return probe_execute(target, region->size, region->protection, page);
    /* It is closed: only its name leads to a page to copy. */
    if (target_open(&again, target->name, O_RDONLY, 0) != 0)
        return answer;
    if (target_is(target, again.name))
        answer = probe_execute(&again, region->size, region->protection, page);
    target_close(&again);
    return answer;
}

/* One page's answers to what the step asks. */
static void
probe_page(const struct stage *stage, const struct step *step, size_t at,
           struct answer answers[PROBE_KINDS])
{
    const struct window *window = &stage->window;
    const struct region *region = window_region(window, at);
    unsigned char *page = window->base + at;
    struct answer backing = probe_load(page);

    memset(answers, 0, PROBE_KINDS * sizeof *answers);
    if (step->bits & 1 << PROBE_READ)
        answers[PROBE_READ] = backing;
    if (step->bits & 1 << PROBE_WRITE)
        answers[PROBE_WRITE] = probe_store(page);
    if (!(step->bits & 1 << PROBE_EXECUTE))
        return;
    /* To execute a page, it must be there, and its protection allow it. */
    answers[PROBE_EXECUTE] = backing;
    if (region->mapped)
        answers[PROBE_EXECUTE] = execute_like(region, page);
}

static bool
same_answers(const struct answer *one, const struct answer *other)
{
    int kind;

    for (kind = 0; kind < PROBE_KINDS; kind++)
        if (!probe_same(one + kind, other + kind))
            return false;
    return true;
}

/* The bytes of the run from page `start` to page `end`, as OFF counts. */
static struct probe_run
run_of(const struct window *window, size_t start, size_t end,
       const struct answer *answers)
{
    struct probe_run run;
    size_t from = start > window->lead ? start : window->lead;

    run.offset = (off_t)(from - window->lead);
    run.length = (off_t)(end - from);
    memcpy(run.answers, answers, sizeof run.answers);
    return run;
}

struct outcome
touch_probe(struct stage *stage, const struct step *step)
{
    const struct window *window = &stage->window;
    struct answer answers[PROBE_KINDS], next[PROBE_KINDS];
    size_t page = page_size(), start, at, end;
    struct probe_run run;
    struct outcome outcome;
    struct place place;

    outcome = place_touched(stage, step, -1, &place);
    if (outcome.kind != OUTCOME_OK || place.length == 0)
        return outcome;
    start = window->lead + (size_t)place.offset;
    end = start + place.length;
    start -= start % page;
    probe_page(stage, step, start, answers);
    for (at = start + page; at < end; at += page) {
        if (clock_expired())
            return out_of_time(stage);
        probe_page(stage, step, at, next);
        if (same_answers(answers, next))
            continue;
        run = run_of(window, start, at, answers);
        if (!stage->sink->pages(stage->sink, &run))
            return OUTCOME_NONE;
        memcpy(answers, next, sizeof answers);
        start = at;
    }
    run = run_of(window, start, at, answers);
    stage->sink->pages(stage->sink, &run);
    return OUTCOME_NONE;
}

/* What the child that ran the code has to tell. */
struct call_report {
    int value;
    struct fault fault; /* signal 0: it returned */
};

struct call_run {
    const unsigned char *code;
    int value;
};

static void
run_code(void *argument)
{
    struct call_run *run = argument;

    run->value = machine_call(run->code);
}

/* In the child: run the code, and tell the parent. */
static void
call_in_child(void *argument, int told)
{
    struct call_run run = { .code = argument };
    struct call_report told_of = { .value = 0 };
    ssize_t written;

    clock_limit(CLOCK_FOR_EVER); /* the parent is watched */
    fault_guard(run_code, &run, &told_of.fault);
    told_of.value = run.value;
    written = write(told, &told_of, sizeof told_of);
    _exit(written == (ssize_t)sizeof told_of ? 0 : 1);
}

/* A fault of the code, at the address it touched or where it began. */
static struct outcome
call_fault(const struct stage *stage, const struct place *place,
           const struct fault *fault)
{
    const struct window *window = &stage->window;
    const unsigned char *first = window->base + window->lead;
    const unsigned char *touched = fault->address;
    off_t offset = place->offset;
    struct outcome outcome;
    bool is_access;

    if (touched >= first && touched < window->base + window->length)
        offset = (off_t)(touched - first);
    outcome = judge_fault(stage, fault, offset, ACCESS_EXECUTE);
    /* What is no access to the mapping has its cause in the code. */
    is_access = fault->signal == SIGSEGV || fault->signal == SIGBUS;
    if (!is_access || (offset == place->offset && touched != place->address))
        outcome.cause = CAUSE_UNKNOWN;
    return outcome;
}

struct outcome
touch_call(struct stage *stage, const struct step *step)
{
    struct call_report report;
    struct outcome outcome;
    struct place place;
    struct fault fault;
    size_t length;

    outcome = place_touched(stage, step, 1, &place);
    if (outcome.kind != OUTCOME_OK)
        return outcome;
    stage->sink->flush(stage->sink);
    outcome = child_ask(call_in_child, place.address, &report, sizeof report,
                        &length);
    if (outcome.kind == OUTCOME_TIMEOUT)
        return out_of_time(stage);
    if (outcome.kind == OUTCOME_KILLED) {
        fault_follow(outcome.signal);
        fault = (struct fault) { .signal = outcome.signal };
        outcome = judge_fault(stage, &fault, place.offset, ACCESS_EXECUTE);
        outcome.cause = CAUSE_UNKNOWN;
        return outcome;
    }
    if (outcome.kind == OUTCOME_OK && length < sizeof report)
        outcome.kind = OUTCOME_EXIT; /* with 0, but it did not return */
    if (outcome.kind != OUTCOME_OK)
        return outcome;
    if (report.fault.signal)
        return call_fault(stage, &place, &report.fault);
    stage->sink->number(stage->sink, report.value);
    return OUTCOME_NONE;
}
