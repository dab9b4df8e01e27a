/*
 * chart.c - what protections allow, as a table.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/chart.h"

#include "cli/expect.h"
#include "cli/explain.h"
#include "cli/names.h"
#include "cli/report.h"
#include "cli/values.h"
#include "memory/machine.h"
#include "memory/range.h"
#include "memory/trial.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

/* Columns of the table. */
enum { ASKED_WIDTH = 8, ANSWER_WIDTH = 21 };

/* Which way a row is told. */
struct style {
    const struct printer *printer;
    const struct plan *plan;
    bool on_terminal;
};

static const int asked[PROBE_KINDS] = { PROT_READ, PROT_WRITE, PROT_EXEC };

/* How a file is open, as -O takes it. */
static const char *
open_word(const struct target *target)
{
    bool appends = target->flags & O_APPEND;

    switch (target->flags & O_ACCMODE) {
    case O_RDONLY: return "r";
    case O_WRONLY: return appends ? "wa" : "w";
    default: return appends ? "rwa" : "rw";
    }
}

/* What the table says of one access; "+": more than was asked for. */
static const char *
cell_format(char word[OUTCOME_WORD], const struct trial *trial, int kind)
{
    const struct answer *answer = trial->answers + kind;

    if (trial->refusal.kind != OUTCOME_OK)
        return outcome_word(word, &trial->refusal);
    switch (answer->kind) {
    case ANSWER_OK: return trial->protection & asked[kind] ? "yes" : "yes +";
    case ANSWER_FAULT:
        snprintf(word, OUTCOME_WORD, "%s", signal_name(answer->signal).text);
        return word;
    case ANSWER_UNKNOWN:
        return machine_return_size ? "unknown" : "return not known";
    default: return answer_word(word, answer);
    }
}

static void
print_refusal(const struct trial *trial, const struct plan *plan)
{
    char *sentence = explain(&trial->refusal, plan, NULL);

    report("%s\n", sentence ? sentence : errno_name(trial->refusal.error).text);
    free(sentence);
}

static void
print_row(const struct trial *trial, const struct plan *plan)
{
    char protection[4], word[OUTCOME_WORD];
    int kind;

    report("%-*s", ASKED_WIDTH,
           protection_format(protection, trial->protection));
    if (trial->refusal.kind != OUTCOME_OK) {
        print_refusal(trial, plan);
        return;
    }
    for (kind = 0; kind < PROBE_KINDS - 1; kind++)
        report("%-*s", ANSWER_WIDTH, cell_format(word, trial, kind));
    report("%s\n", cell_format(word, trial, kind));
}

static void
print_plainly(const struct trial *trial, const char *call)
{
    char protection[4], word[OUTCOME_WORD];
    int kind;

    report("%s\t%s", call, protection_format(protection, trial->protection));
    for (kind = 0; kind < PROBE_KINDS; kind++)
        report("\t%s", cell_format(word, trial, kind));
    report("\n");
}

static void
print_element(const struct trial *trial, const char *call)
{
    static const char *const names[PROBE_KINDS] = { "r", "w", "x" };
    char protection[4], word[OUTCOME_WORD];
    int kind;

    report_element();
    report_field_text("call", call);
    report_field_text("protection",
                      protection_format(protection, trial->protection));
    report_field_text("outcome", outcome_word(word, &trial->refusal));
    for (kind = 0; kind < PROBE_KINDS; kind++)
        report_field_text(names[kind],
                          answer_word(word, trial->answers + kind));
    report_element_end();
}

static void
print_trial(const struct style *style, const struct trial *trial,
            const char *call)
{
    if (style->printer->json)
        print_element(trial, call);
    else if (style->on_terminal)
        print_row(trial, style->plan);
    else
        print_plainly(trial, call);
}

static off_t
pages_of(const struct stage *stage)
{
    return (off_t)(stage->window.length / page_size());
}

static void
print_heads(const struct stage *stage)
{
    const struct target *target = &stage->target;
    off_t pages = pages_of(stage);

    report_escaped(stage->plan.name);
    report(": %s, %jd page%s of %zu, %s, open for %s\n\n",
           target->has_end ? bytes_format(target->status.st_size).text
                           : "no end",
           (intmax_t)pages, pages == 1 ? "" : "s", page_size(),
           sharing_word(plan_sharing(&stage->plan)), open_word(target));
    report("%-*s%-*s%-*sEXECUTE\n", ASKED_WIDTH, "ASKED", ANSWER_WIDTH, "READ",
           ANSWER_WIDTH, "WRITE");
}

static void
begin_object(const struct printer *printer, const struct stage *stage)
{
    printer_object(printer, "mprotect", "mprotect", NULL, 0);
    if (stage->target.has_end)
        report_field_number("size", stage->target.status.st_size);
    else
        report_field_null("size");
    report_field_number("start", stage->plan.offset);
    report_field_unsigned("length", stage->window.asked);
    report_field_unsigned("page_size", page_size());
    report_field_number("pages", pages_of(stage));
    report_field_text("sharing", sharing_word(plan_sharing(&stage->plan)));
    report_field_text("open", open_word(&stage->target));
    report_array("trials");
}

static void
end_object(const struct printer *printer)
{
    struct outcome done = OUTCOME_NONE;

    report_array_end();
    printer_object_end(printer, &done);
}

void
chart_show(const struct printer *printer, const struct stage *stage,
           const int *changes, size_t count)
{
    struct style style = { .printer = printer,
                           .plan = &stage->plan,
                           .on_terminal =
                               !printer->json && report_on_terminal() };
    struct trial trial = trial_as_mapped(stage);
    size_t index;

    if (printer->json)
        begin_object(printer, stage);
    if (style.on_terminal) {
        print_heads(stage);
        report("%*sas mapped\n", ASKED_WIDTH, "");
    }
    print_trial(&style, &trial, "mmap");
    if (style.on_terminal)
        report("%*safter mprotect\n", ASKED_WIDTH, "");
    for (index = 0; index < count; index++) {
        trial = trial_changed(stage, changes[index]);
        print_trial(&style, &trial, "mprotect");
    }
    if (printer->json)
        end_object(printer);
}
