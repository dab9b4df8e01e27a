/*
 * verdict.c - what follows from how a step ended: expects, messages, status.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/verdict.h"

#include "cli/complain.h"
#include "cli/expect.h"
#include "cli/explain.h"
#include "cli/quote.h"
#include "cli/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
verdict_fail(struct verdict *verdict, enum status status)
{
    if (verdict->status == STATUS_DONE)
        verdict->status = status;
    verdict->over = verdict->over || !verdict->keep_going;
}

static void
tell(const struct verdict *verdict, const char *shown,
     const struct outcome *outcome, const char *sentence)
{
    const char *name = quote_empty(verdict->plan->name);

    if (!sentence)
        sentence = "not enough memory to say why";
    if (outcome->signal)
        complain_fault("%s: %s: %s", name, shown, sentence);
    else
        complain("%s: %s: %s", name, shown, sentence);
}

void
verdict_condemn(struct verdict *verdict, const char *shown,
                const struct outcome *outcome)
{
    char *sentence = explain(outcome, verdict->plan, NULL);

    tell(verdict, shown, outcome, sentence);
    verdict_fail(verdict, outcome_status(outcome));
    free(sentence);
}

/* What was expected and what happened instead; NULL without memory. */
static char *
explain_mistake(const char *list, const char *sentence)
{
    char *text = NULL;
    size_t length = 0;
    FILE *line = open_memstream(&text, &length);

    if (!line)
        return NULL;
    fprintf(line, "expected %s, got %s", list, sentence ? sentence : "ok");
    fclose(line);
    return text;
}

/* Let one expect judge what happened; outcome NULL: nothing that could. */
static void
judge_by(struct verdict *verdict, const struct step *expect, const char *shown,
         const struct outcome *outcome, const char *sentence)
{
    const char *list = (const char *)expect->bytes;
    struct outcome judgement = OUTCOME_NONE;
    char *mistake = NULL;

    if (!outcome || !expect_accepts(list, outcome)) {
        judgement.kind = OUTCOME_DIFFERS;
        mistake = explain_mistake(list, sentence);
    }
    if (verdict->voice->verbose)
        trace_step(expect->text);
    if (verdict->voice->json)
        printer_event(verdict->printer, "expect", expect->text, expect->number,
                      &judgement, mistake);
    if (judgement.kind != OUTCOME_OK) {
        tell(verdict, shown, &judgement, mistake);
        verdict_fail(verdict, STATUS_FAILED);
    }
    free(mistake);
}

/* Keep how a step ended for an expect on the next line. */
static void
keep(struct judged *judged, const char *shown, const struct outcome *outcome,
     char *sentence, bool told)
{
    free(judged->sentence);
    shown_copy(judged->shown, shown);
    judged->outcome = *outcome;
    judged->sentence = sentence;
    judged->told = told;
    judged->is_senseless = false;
}

void
verdict_pass(struct verdict *verdict, const char *shown,
             const struct step *step, const struct step *expects,
             const struct outcome *outcome, bool awaits_expect)
{
    bool is_failure = outcome->kind != OUTCOME_OK && !expects;
    char *sentence = outcome->kind == OUTCOME_OK
                         ? NULL
                         : explain(outcome, verdict->plan, step);
    const struct step *expect;

    for (expect = expects; expect; expect = expect->next)
        judge_by(verdict, expect, shown, outcome, sentence);
    if (is_failure)
        tell(verdict, shown, outcome, sentence);
    if (awaits_expect) {
        keep(&verdict->judged, shown, outcome, sentence, is_failure);
        return;
    }
    if (is_failure)
        verdict_fail(verdict, outcome_status(outcome));
    free(sentence);
}

void
verdict_reject(struct verdict *verdict, const char *shown, const char *text,
               size_t number, int error, const char *problem)
{
    struct outcome outcome = outcome_of(error);

    if (verdict->voice->json)
        printer_event(verdict->printer, NULL, text, number, &outcome, problem);
    tell(verdict, shown, &outcome, problem);
    verdict_fail(verdict, STATUS_FAILED);
    keep(&verdict->judged, shown, &outcome, strdup(problem), false);
    verdict->judged.is_senseless = true;
}

void
verdict_expect(struct verdict *verdict, const struct step *expect)
{
    struct judged *judged = &verdict->judged;

    judged->told = false;
    judge_by(verdict, expect, judged->shown,
             judged->is_senseless ? NULL : &judged->outcome, judged->sentence);
}

void
verdict_settle(struct verdict *verdict)
{
    if (!verdict->judged.told)
        return;
    verdict->judged.told = false;
    verdict_fail(verdict, outcome_status(&verdict->judged.outcome));
}

void
verdict_free(struct verdict *verdict)
{
    free(verdict->judged.sentence);
    verdict->judged.sentence = NULL;
}
