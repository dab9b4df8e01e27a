/*
 * session.c - runs steps on a mapping: opens, maps, runs, shows, unmaps.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/session.h"

#include "cli/chart.h"
#include "cli/complain.h"
#include "cli/feed.h"
#include "cli/picture.h"
#include "cli/printer.h"
#include "cli/report.h"
#include "cli/trace.h"
#include "cli/verdict.h"
#include "memory/clock.h"
#include "memory/crew.h"
#include "memory/fault.h"
#include "memory/waiting.h"

#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

struct session {
    const struct session_request *request;
    struct stage stage;
    struct crew crew;
    struct printer printer;
    struct feed feed;
    struct verdict verdict;
    size_t number;       /* of the step read last */
    struct step *latest; /* read last, while it is under way */
    double began;        /* the step that runs, for --time */
    struct rusage usage; /* when it began */
};

/* Before a step, in the process that does it. */
static void
begin_step(void *context, const struct step *step)
{
    struct session *session = context;

    trace_as(step->role);
    if (session->request->voice.verbose)
        trace_step(step->text);
    if (session->request->mapping.show_time) {
        getrusage(RUSAGE_SELF, &session->usage);
        session->began = clock_now();
    }
    if (session->request->mapping.let_kill)
        report_flush(); /* a fault would take what is held back with it */
    printer_begin(&session->printer, step);
}

static void
show_time(const struct session *session, const struct step *step)
{
    double took = clock_now() - session->began;
    char shown[SHOWN_SIZE];
    struct rusage now;
    long with_read;

    getrusage(RUSAGE_SELF, &now);
    with_read = now.ru_majflt - session->usage.ru_majflt;
    shown_copy(shown, step->text);
    complain_plainly(
        "%s: %.6f s, %ld page faults, %ld of them with a read", shown, took,
        now.ru_minflt - session->usage.ru_minflt + with_read, with_read);
}

/*
 * After a step, in the process that did it. That a trace or a time can't be
 * written fails the step of a role; of its own, mmt itself is told at the end.
 */
static int
end_step(void *context, const struct step *step, const struct outcome *outcome)
{
    struct session *session = context;
    int error;

    printer_end(&session->printer, outcome);
    if (session->request->mapping.show_time)
        show_time(session, step);
    trace_as(NULL);
    if (step->role)
        report_flush(); /* others print to the same place */
    error = report_error();
    return error || !complain_is_cut() ? error : EIO;
}

static void
take_finish(struct session *session, struct finish *finish)
{
    struct step *step = finish->step;
    bool died = finish->is_unsaid && (finish->outcome.kind == OUTCOME_DIED ||
                                      finish->outcome.kind == OUTCOME_EXIT);
    bool is_latest = step == session->latest;
    char shown[SHOWN_SIZE];

    /* A role that died is named, not the step in which it did. */
    shown_copy(shown, died ? finish->role : step->text);
    if (finish->is_unsaid && session->request->voice.json)
        printer_unsaid(&session->printer, step, &finish->outcome);
    if (is_latest)
        session->latest = NULL;
    verdict_pass(&session->verdict, shown, step, step->expects,
                 &finish->outcome, is_latest && session->feed.has_input);
    step_free(step);
}

/* Go on with what the crew has to do. */
static void
advance(struct session *session, enum until until)
{
    struct finish finish;

    while (!session->verdict.over &&
           crew_finish(&session->crew, until, &finish))
        take_finish(session, &finish);
}

/* While no line is there yet, steps that wait may come to their end. */
static bool
before_wait(void *context)
{
    struct session *session = context;

    report_flush();
    if (session->feed.is_dialogue)
        complain_raw("mmt> ");
    while (!session->verdict.over && crew_is_busy(&session->crew)) {
        advance(session, UNTIL_FREE);
        report_flush();
        if (crew_sleep(&session->crew, STDIN_FILENO))
            break;
    }
    return !session->verdict.over;
}

/* Hang the expects that follow on the command line on their step. */
static struct step *
take_expects(struct session *session)
{
    struct step *first = NULL, **end = &first, *expect;

    while ((expect = feed_expect(&session->feed))) {
        expect->number = ++session->number;
        *end = expect;
        end = &expect->next;
    }
    return first;
}

/* An expect on a line of its own: the step before may still be under way. */
static void
take_expect(struct session *session, struct step *expect)
{
    struct step **end;

    if (session->latest) {
        for (end = &session->latest->expects; *end; end = &(*end)->next)
            continue;
        *end = expect;
        return;
    }
    verdict_expect(&session->verdict, expect);
    step_free(expect);
}

static void
take_step(struct session *session, struct step *step)
{
    char shown[SHOWN_SIZE];

    step->number = ++session->number;
    if (step_is_expect(step)) {
        take_expect(session, step);
        return;
    }
    verdict_settle(&session->verdict);
    step->expects = take_expects(session);
    if (session->verdict.over) {
        step_free(step);
        return;
    }
    session->latest = step;
    if (crew_add(&session->crew, step) != 0) {
        session->latest = NULL;
        shown_copy(shown, step->text);
        verdict_reject(&session->verdict, shown, step->text, step->number,
                       EAGAIN, "too many roles");
        step_free(step);
        return;
    }
    /* Without roles nobody else could go on while a step waits. */
    advance(session, session->request->has_roles ? UNTIL_FREE : UNTIL_IDLE);
}

/* What came instead of a step is one that failed. */
static void
reject(struct session *session, const char *shown, int error,
       const char *problem)
{
    verdict_settle(&session->verdict);
    if (session->verdict.over)
        return;
    session->latest = NULL;
    verdict_reject(&session->verdict, shown, session->feed.line,
                   ++session->number, error, problem);
}

static void
reject_line(struct session *session, const char *problem)
{
    char shown[40];

    snprintf(shown, sizeof shown, "line %zu", session->feed.lines.number);
    reject(session, shown, EINVAL, problem);
}

static void
reject_input(struct session *session, const char *problem)
{
    reject(session, "-", session->feed.lines.error, problem);
}

static void
run_steps(struct session *session)
{
    char problem[PROBLEM_SIZE];
    struct step *step;

    while (!session->verdict.over && !report_error()) {
        switch (feed_next(&session->feed, &step, problem)) {
        case FED_STEP: take_step(session, step); break;
        case FED_BAD: reject_line(session, problem); break;
        case FED_UNREADABLE: reject_input(session, problem); break;
        case FED_END:
            verdict_settle(&session->verdict);
            session->latest = NULL; /* no expect will follow */
            advance(session, UNTIL_IDLE);
            return;
        }
    }
}

/* Steps that a run which a failure ended never came to the end of. */
static void
free_steps(struct crew *crew)
{
    struct role *role;

    for (role = crew->roles; role < crew->roles + crew->count; role++) {
        step_free(role->step);
        step_free_all(role->queue);
        role->step = role->queue = NULL;
    }
}

/* Roles that were killed while they had nothing to do. */
static void
dismiss(struct session *session)
{
    struct finish finish;

    while (crew_dismiss(&session->crew, &finish))
        verdict_condemn(&session->verdict, finish.role, &finish.outcome);
}

/* Opening and mapping is what an expect before the first step judges. */
static bool
open_stage(struct session *session)
{
    const char *call;
    struct outcome outcome = stage_open(&session->stage, &call);
    struct step *expects = take_expects(session);

    if (outcome.kind != OUTCOME_OK && session->request->voice.json)
        printer_event(&session->printer, call, call, 0, &outcome, NULL);
    verdict_pass(&session->verdict, call, NULL, expects, &outcome,
                 session->feed.has_input);
    step_free_all(expects);
    return outcome.kind == OUTCOME_OK;
}

static int
show_subject(const struct session *session)
{
    const struct session_request *request = session->request;

    switch (request->show) {
    case SHOW_MAPPING: return picture_show(&session->printer, &session->stage);
    case SHOW_PROTECTIONS:
        chart_show(&session->printer, &session->stage, request->changes,
                   request->change_count);
        return 0;
    default: return 0;
    }
}

/* Show the mapping on which there are no steps to run. */
static void
show(struct session *session)
{
    const struct stage *stage = &session->stage;
    struct outcome outcome;
    int error =
        clock_limit(stage->has_timeout ? stage->timeout : CLOCK_FOR_EVER);

    outcome = outcome_of(error ? error : show_subject(session));
    if (outcome.kind == OUTCOME_OK && clock_expired())
        outcome = (struct outcome) { .kind = OUTCOME_TIMEOUT,
                                     .seconds = stage->timeout };
    clock_unlimit();
    verdict_pass(&session->verdict, "mmap", NULL, NULL, &outcome, false);
}

static void
close_stage(struct session *session)
{
    int error = stage_close(&session->stage);

    if (error) {
        complain_error(error, "%s: munmap", session->stage.plan.name);
        verdict_fail(&session->verdict, STATUS_FAILED);
    }
}

static void
prepare(struct session *session)
{
    const struct session_request *request = session->request;
    struct stage *stage = &session->stage;

    stage->plan = request->mapping.plan;
    stage->target = TARGET_NONE;
    /* For the steps that go by name, where opening it fails. */
    stage->target.name = stage->plan.name;
    stage->output_taken = request->voice.json;
    stage->timeout = request->mapping.timeout;
    stage->has_timeout = request->mapping.has_timeout;
    session->printer =
        printer_make(request->voice.json, request->command, &stage->plan);
    stage->sink = &session->printer.sink;
    session->crew.scene = (struct scene) {
        .stage = stage, .begin = begin_step, .end = end_step, .context = session
    };
    session->verdict =
        (struct verdict) { .plan = &stage->plan,
                           .printer = &session->printer,
                           .voice = &request->voice,
                           .keep_going = request->mapping.keep_going };
    session->feed = (struct feed) { .words = request->words,
                                    .count = request->count,
                                    .has_roles = request->has_roles,
                                    .output_taken = request->voice.json,
                                    .before_wait = before_wait,
                                    .context = session };
}

static void
run(struct session *session)
{
    const struct session_request *request = session->request;

    voice_start(&request->voice);
    if (request->mapping.let_kill)
        fault_let_kill();
    waiting_prepare();
    session->stage.input_taken = session->feed.has_input;
    if (session->feed.has_input && isatty(STDIN_FILENO)) {
        session->verdict.keep_going = true;
        session->feed.is_dialogue = complain_on_terminal();
    }
    if (open_stage(session) && request->count == 0 &&
        session->stage.window.base)
        show(session);
    run_steps(session);
    if (!session->verdict.over)
        dismiss(session);
    crew_end(&session->crew);
    free_steps(&session->crew);
    close_stage(session);
}

enum status
session_run(const struct session_request *request)
{
    struct session session = { .request = request };
    char problem[PROBLEM_SIZE];
    enum status status;

    prepare(&session);
    if (feed_begin(&session.feed, problem)) {
        run(&session);
        status = session.verdict.status;
    } else {
        script_blame_order(request->mapping.plan.name, request->words[0],
                           request->has_roles, problem);
        complain("%s", problem);
        status = STATUS_USAGE;
    }
    feed_end(&session.feed);
    verdict_free(&session.verdict);
    return status;
}

struct session_request
session_standard(const char *command)
{
    return (struct session_request) { .command = command,
                                      .mapping = mapping_standard() };
}

bool
session_take(struct session_request *request, const struct args *args, int id)
{
    if (id < 0)
        return false;
    return voice_take(&request->voice, args, id) ||
           mapping_take(&request->mapping, args, id);
}

enum status
session_walk(struct session_request *request, struct args *args,
             struct operands *operands)
{
    int id;

    while ((id = args_next(args)) != ARGS_END) {
        if (id == ARGS_OPERAND) {
            if (!operands_add(operands, args->value))
                return STATUS_FAILED;
        } else if (!session_take(request, args, id)) {
            return STATUS_USAGE;
        }
    }
    return STATUS_DONE;
}
