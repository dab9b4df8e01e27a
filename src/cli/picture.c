/*
 * picture.c - a mapping as a picture: its runs of pages, and a bar.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/picture.h"

#include "cli/explain.h"
#include "cli/names.h"
#include "cli/report.h"
#include "cli/scale.h"
#include "cli/values.h"
#include "memory/range.h"
#include "memory/survey.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* Room for a cell of the table. */
enum { CELL = 120 };

enum { PAGES, RANGE, TOUCH, WHAT, COLUMNS };

struct row {
    char cells[COLUMNS][CELL];
};

static const struct row heads = {
    { "PAGES", "RANGE", "TOUCH", "WHAT IS THERE" },
};

/* What the columns have at least, so that most pictures look alike. */
static const int least_widths[COLUMNS] = { 5, 12, 6, 0 };

static const char *
kind_word(enum survey_kind kind)
{
    switch (kind) {
    case SURVEY_TAIL: return "tail";
    case SURVEY_PAST_END: return "past end";
    default: return "file";
    }
}

static const char *
backing_word(const struct stage *stage)
{
    mode_t mode = stage->target.status.st_mode;

    return S_ISCHR(mode) || S_ISBLK(mode) ? "device" : "file";
}

/* True for a page whose bytes can't be had, though it is mapped to be read. */
static bool
is_bad(const struct survey_run *run)
{
    return run->kind != SURVEY_PAST_END && run->cause != CAUSE_NONE &&
           run->cause != CAUSE_PROTECTION;
}

/* What was measured of r, and what mmap granted of w and x. */
static const char *
touch_format(char *text, const struct survey_run *run, int protection)
{
    if (run->answer.kind != ANSWER_OK)
        return NULL;
    return protection_format(text, protection | PROT_READ);
}

static void
describe_tail(char text[CELL], const struct survey_run *run, const char *what)
{
    off_t zeros = run->length - run->file_bytes;

    if (run->file_bytes == 0)
        snprintf(text, CELL, "%jd zero byte%s past the end of the %s",
                 (intmax_t)zeros, zeros == 1 ? "" : "s", what);
    else
        snprintf(text, CELL, "%s up to @%jd, then %jd zero byte%s", what,
                 (intmax_t)(run->offset + run->file_bytes), (intmax_t)zeros,
                 zeros == 1 ? "" : "s");
}

static void
describe(char text[CELL], const struct survey_run *run, const char *what)
{
    switch (run->kind) {
    case SURVEY_TAIL: describe_tail(text, run, what); break;
    case SURVEY_PAST_END:
        snprintf(text, CELL, "past the end of the %s", what);
        break;
    default: snprintf(text, CELL, "%s", what); break;
    }
    if (is_bad(run)) {
        size_t length = strlen(text);

        snprintf(text + length, CELL - length, ": %s", cause_word(run->cause));
    }
}

static struct row
row_of(const struct survey_run *run, const struct stage *stage)
{
    struct row row;

    snprintf(row.cells[PAGES], CELL, "%jd", (intmax_t)run->pages);
    snprintf(row.cells[RANGE], CELL, "@%jd+%jd", (intmax_t)run->offset,
             (intmax_t)run->length);
    if (!touch_format(row.cells[TOUCH], run, stage->plan.protection))
        snprintf(row.cells[TOUCH], CELL, "%s",
                 signal_name(run->answer.signal).text);
    describe(row.cells[WHAT], run, backing_word(stage));
    return row;
}

static void
widen(int widths[COLUMNS], const struct row *row)
{
    int column;

    for (column = 0; column < COLUMNS; column++) {
        int width = (int)strlen(row->cells[column]);

        if (width > widths[column])
            widths[column] = width;
    }
}

static void
print_row(const struct row *row, const int widths[COLUMNS])
{
    report("%*s  %-*s  %-*s  %s\n", widths[PAGES], row->cells[PAGES],
           widths[RANGE], row->cells[RANGE], widths[TOUCH], row->cells[TOUCH],
           row->cells[WHAT]);
}

static void
print_table(const struct survey *survey, const struct stage *stage)
{
    struct row rows[SURVEY_RUNS];
    int widths[COLUMNS];
    size_t index;

    memcpy(widths, least_widths, sizeof widths);
    for (index = 0; index < survey->count; index++) {
        rows[index] = row_of(survey->runs + index, stage);
        widen(widths, rows + index);
    }
    print_row(&heads, widths);
    for (index = 0; index < survey->count; index++)
        print_row(rows + index, widths);
}

static void
print_plainly(const struct survey *survey, const struct stage *stage)
{
    size_t index;
    int column;

    for (index = 0; index < survey->count; index++) {
        struct row row = row_of(survey->runs + index, stage);

        for (column = 0; column < COLUMNS; column++)
            report("%s%s", column ? "\t" : "", row.cells[column]);
        report("\n");
    }
}

static void
print_header(const struct survey *survey, const struct stage *stage)
{
    char protection[4];

    report_escaped(stage->plan.name);
    report(": %s; mapped @%jd+%jd, %jd page%s of %zu, %s, %s\n\n",
           survey->has_end ? bytes_format(survey->size).text : "no end",
           (intmax_t)stage->plan.offset, (intmax_t)stage->window.asked,
           (intmax_t)survey->pages, survey->pages == 1 ? "" : "s", page_size(),
           protection_format(protection, stage->plan.protection),
           sharing_word(plan_sharing(&stage->plan)));
}

_Static_assert(STRETCHES >= 2 * SURVEY_RUNS, "a run has two stretches at most");

/* The run's stretches of the bar: its bytes of the file, and the others. */
static void
add_stretches(struct scale *scale, const struct survey_run *run)
{
    enum shade rest =
        run->kind == SURVEY_PAST_END ? SHADE_PAST_END : SHADE_ZEROS;

    if (is_bad(run)) {
        scale_add(scale, SHADE_BAD, run->length);
        return;
    }
    scale_add(scale, SHADE_FILE, run->file_bytes);
    scale_add(scale, rest, run->length - run->file_bytes);
}

static void
print_bar(const struct survey *survey, const struct stage *stage)
{
    bool is_private = plan_sharing(&stage->plan) & MAP_PRIVATE;
    struct scale scale = {
        .lead = (off_t)stage->window.lead,
        .meanings = { [SHADE_FILE] = backing_word(stage),
                      [SHADE_ZEROS] =
                          is_private ? "zero-filled tail"
                                     : "zero-filled tail: stores there are "
                                       "lost",
                      [SHADE_PAST_END] = "past the end",
                      [SHADE_BAD] = "can't be read" },
    };
    size_t index;

    for (index = 0; index < survey->count; index++)
        add_stretches(&scale, survey->runs + index);
    report("\n");
    scale_print(&scale);
}

static void
print_run_fields(const struct survey_run *run, const struct stage *stage)
{
    const struct answer *answer = &run->answer;
    bool faulted = answer->kind == ANSWER_FAULT;
    char touch[CELL];

    report_element();
    report_field_number("pages", run->pages);
    report_field_number("offset", run->offset);
    report_field_number("length", run->length);
    report_field_text("touch",
                      touch_format(touch, run, stage->plan.protection));
    report_field_text("signal",
                      faulted ? signal_name(answer->signal).text : NULL);
    report_field_text(
        "code", faulted ? code_name(answer->signal, answer->code).text : NULL);
    report_field_text("cause", faulted ? cause_word(run->cause) : NULL);
    report_field_text("kind", kind_word(run->kind));
    report_field_number("file_bytes", run->file_bytes);
    report_element_end();
}

static void
print_fields(const struct survey *survey, const struct stage *stage)
{
    char protection[4];
    size_t index;

    if (survey->has_end)
        report_field_number("size", survey->size);
    else
        report_field_null("size");
    report_field_number("start", stage->plan.offset);
    report_field_unsigned("length", stage->window.asked);
    report_field_unsigned("page_size", page_size());
    report_field_number("pages", survey->pages);
    report_field_text("protection",
                      protection_format(protection, stage->plan.protection));
    report_field_text("sharing", sharing_word(plan_sharing(&stage->plan)));
    report_array("runs");
    for (index = 0; index < survey->count; index++)
        print_run_fields(survey->runs + index, stage);
    report_array_end();
}

int
picture_show(const struct printer *printer, const struct stage *stage)
{
    struct outcome done = OUTCOME_NONE;
    struct survey survey;
    int error = survey_take(&survey, stage);

    if (error)
        return error;
    if (printer->json) {
        printer_object(printer, "mmap", "mmap", NULL, 0);
        print_fields(&survey, stage);
        printer_object_end(printer, &done);
    } else if (report_on_terminal()) {
        print_header(&survey, stage);
        print_table(&survey, stage);
        print_bar(&survey, stage);
    } else {
        print_plainly(&survey, stage);
    }
    return 0;
}
