/*
 * printer.c - prints what steps find, as plain lines or as JSON.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/printer.h"

#include "cli/expect.h"
#include "cli/explain.h"
#include "cli/names.h"
#include "cli/report.h"
#include "cli/values.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Bytes that are formatted at once. */
enum { PART = 4096 };

static struct printer *
printer_of(struct sink *sink)
{
    return (struct printer *)sink;
}

/* Every line that a role prints is marked with its name. */
static void
print_role(const struct printer *printer)
{
    if (printer->step->role)
        report("%s: ", printer->step->role);
}

void
printer_object(const struct printer *printer, const char *verb,
               const char *text, const char *role, size_t number)
{
    report_object();
    report_field_text("command", printer->command);
    report_field_text("file", printer->plan->name);
    report_field_number("step", (intmax_t)number);
    report_field_text("role", role);
    report_field_text("text", text);
    report_field_text("verb", verb);
}

/* Write what goes before the first piece of a step's data. */
static void
begin(struct printer *printer, const char *field)
{
    const struct step *step = printer->step;

    if (printer->began)
        return;
    printer->began = true;
    if (printer->json) {
        printer_object(printer, step->verb->name, step->text, step->role,
                       step->number);
        if (field)
            report_field_open(field);
    } else if (field) {
        print_role(printer);
    }
}

static bool
is_dump(const struct printer *printer)
{
    return printer->step->verb->prints == PRINTS_DUMP;
}

/* Print whole lines, each behind the role's name. */
static void
print_lines(const struct printer *printer, const char *lines, size_t length)
{
    if (!printer->step->role) {
        report_bytes(lines, length);
        return;
    }
    while (length > 0) {
        const char *end = memchr(lines, '\n', length);
        size_t line = end ? (size_t)(end - lines) + 1 : length;

        print_role(printer);
        report_bytes(lines, line);
        lines += line;
        length -= line;
    }
}

static void
print_dump(struct printer *printer, off_t offset, const unsigned char *bytes,
           size_t length)
{
    char lines[65536];
    size_t written, used;

    if (!printer->began) {
        printer->began = true;
        hexdump_begin(&printer->dump, offset);
    }
    while (length > 0) {
        written = hexdump_lines(&printer->dump, bytes, length, &used, lines,
                                sizeof lines);
        print_lines(printer, lines, written);
        bytes += used;
        length -= used;
    }
}

static void
print_text(const struct printer *printer, const unsigned char *bytes,
           size_t length)
{
    char text[PART * TEXT_LONGEST];

    while (length > 0) {
        size_t part = length < PART ? length : PART;
        size_t written = text_format(text, bytes, part);

        if (printer->json)
            report_field_part(text, written);
        else
            report_bytes(text, written);
        bytes += part;
        length -= part;
    }
}

static bool
print_bytes(struct sink *sink, off_t offset, const unsigned char *bytes,
            size_t length)
{
    struct printer *printer = printer_of(sink);

    if (!printer->json && is_dump(printer)) {
        print_dump(printer, offset, bytes, length);
    } else {
        begin(printer, "data");
        print_text(printer, bytes, length);
    }
    return report_error() == 0;
}

static void
print_number(struct sink *sink, int64_t number)
{
    struct printer *printer = printer_of(sink);

    if (printer->json) {
        begin(printer, NULL);
        report_field_number("value", number);
        return;
    }
    print_role(printer);
    report("%" PRId64 "\n", number);
}

static const char *const access_names[PROBE_KINDS] = { "r", "w", "x" };

/* Add a run of pages to the array of the step's object. */
static void
print_element(struct printer *printer, const struct probe_run *run)
{
    char word[OUTCOME_WORD];
    int kind;

    if (!printer->began) {
        begin(printer, NULL);
        report_array("pages");
    }
    report_element();
    report_field_number("offset", run->offset);
    report_field_number("length", run->length);
    for (kind = 0; kind < PROBE_KINDS; kind++)
        report_field_text(access_names[kind],
                          answer_word(word, &run->answers[kind]));
    report_element_end();
}

static void
print_run(const struct printer *printer, const struct probe_run *run)
{
    char word[OUTCOME_WORD];
    int kind;

    print_role(printer);
    report("%jd+%jd", (intmax_t)run->offset, (intmax_t)run->length);
    for (kind = 0; kind < PROBE_KINDS; kind++)
        if (run->answers[kind].kind != ANSWER_NOT_ASKED)
            report(" %s=%s", access_names[kind],
                   answer_word(word, &run->answers[kind]));
    report("\n");
}

static bool
print_pages(struct sink *sink, const struct probe_run *run)
{
    struct printer *printer = printer_of(sink);

    if (printer->json)
        print_element(printer, run);
    else
        print_run(printer, run);
    return report_error() == 0;
}

static void
flush(struct sink *sink)
{
    (void)sink;
    report_flush();
}

struct printer
printer_make(bool json, const char *command, const struct plan *plan)
{
    return (struct printer) {
        .sink = { .bytes = print_bytes,
                  .number = print_number,
                  .pages = print_pages,
                  .flush = flush },
        .json = json,
        .command = command,
        .plan = plan,
    };
}

void
printer_begin(struct printer *printer, const struct step *step)
{
    printer->step = step;
    printer->began = false;
}

static void
end_plain(struct printer *printer, const struct outcome *outcome)
{
    char lines[HEXDUMP_ROOM];

    if (is_dump(printer)) {
        if (printer->began)
            print_lines(printer, lines,
                        hexdump_end(&printer->dump, lines, sizeof lines));
        return;
    }
    if (printer->step->verb->prints != PRINTS_TEXT)
        return;
    if (outcome->kind == OUTCOME_OK)
        begin(printer, "data");
    if (printer->began)
        report("\n");
}

/* The fields that every object ends with; message NULL: by the outcome. */
static void
end_object(const struct printer *printer, const struct outcome *outcome,
           const struct step *step, const char *message)
{
    bool signalled = outcome->signal != 0;
    bool is_placed = outcome->kind == OUTCOME_FAULT ||
                     outcome->kind == OUTCOME_LOST ||
                     outcome->reason == REASON_BAD_PAGE ||
                     (outcome->kind == OUTCOME_DIFFERS && step && step->bytes);
    char word[OUTCOME_WORD];
    char *sentence = NULL;

    report_field_text("outcome", outcome_word(word, outcome));
    report_field_text("errno", outcome->kind == OUTCOME_ERROR
                                   ? errno_name(outcome->error).text
                                   : NULL);
    report_field_text("signal",
                      signalled ? signal_name(outcome->signal).text : NULL);
    report_field_text("code",
                      signalled && outcome->code
                          ? code_name(outcome->signal, outcome->code).text
                          : NULL);
    if (is_placed)
        report_field_number("offset", outcome->offset);
    else
        report_field_null("offset");
    if (outcome->kind != OUTCOME_OK && !message)
        sentence = explain(outcome, printer->plan, step);
    report_field_text("message", sentence ? sentence : message);
    free(sentence);
    report_object_end();
}

static void
end_json(struct printer *printer, const struct outcome *outcome)
{
    const struct step *step = printer->step;
    bool had_data = printer->began;

    if (step->verb->prints == PRINTS_TEXT || is_dump(printer)) {
        begin(printer, "data");
        report_field_close();
    } else if (had_data && step->verb->prints == PRINTS_PAGES) {
        report_array_end();
    }
    begin(printer, NULL);
    end_object(printer, outcome, step, NULL);
}

void
printer_end(struct printer *printer, const struct outcome *outcome)
{
    if (printer->json)
        end_json(printer, outcome);
    else
        end_plain(printer, outcome);
    printer->step = NULL;
}

void
printer_object_end(const struct printer *printer, const struct outcome *outcome)
{
    end_object(printer, outcome, NULL, NULL);
}

void
printer_event(const struct printer *printer, const char *verb, const char *text,
              size_t number, const struct outcome *outcome, const char *message)
{
    printer_object(printer, verb, text, NULL, number);
    end_object(printer, outcome, NULL, message);
}

void
printer_unsaid(const struct printer *printer, const struct step *step,
               const struct outcome *outcome)
{
    printer_object(printer, step->verb->name, step->text, step->role,
                   step->number);
    end_object(printer, outcome, step, NULL);
}
