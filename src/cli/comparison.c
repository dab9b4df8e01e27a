/*
 * comparison.c - the ways of communication side by side: table, bars, JSON.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/comparison.h"

#include "cli/bar.h"
#include "cli/complain.h"
#include "cli/names.h"
#include "cli/report.h"
#include "memory/clock.h"
#include "memory/compare.h"

#include <stdio.h>
#include <string.h>

/* An integer, a page of most machines, and much at once. */
static const size_t blocks[] = { 4, 4096, 65536 };

static const char *const names[] = {
    [MEDIUM_SPINNING] = "spinning mapping",
    [MEDIUM_SLEEPING] = "sleeping mapping",
    [MEDIUM_PIPE] = "pipe",
    [MEDIUM_FIFO] = "FIFO",
    [MEDIUM_SOCKET] = "UNIX socket",
    [MEDIUM_QUEUE] = "message queue",
    [MEDIUM_SIGNAL] = "signal",
};

/* Columns of a table that fits 80 of them. */
enum { NAME_WIDTH = 17, TIME_WIDTH = 10, RATE_WIDTH = 11, BAR_WIDTH = 14 };

/* Write what has no figures why; NULL when it has them. */
static const char *
explain(char *text, size_t size, const struct figures *figures)
{
    switch (figures->hindrance) {
    case HINDRANCE_NONE: return NULL;
    case HINDRANCE_PROCESSOR:
        return "the two processes have one processor only";
    case HINDRANCE_SIZE: return "a signal carries one integer";
    case HINDRANCE_LATE: return "timeout";
    case HINDRANCE_LACKING:
    case HINDRANCE_FAILED:
        snprintf(text, size, "%s (%s)", strerror(figures->number),
                 errno_name(figures->number).text);
        break;
    case HINDRANCE_DIED:
        snprintf(text, size, "%s: the other process died",
                 signal_name(figures->number).text);
        break;
    }
    return text;
}

static bool
has_failed(const struct figures *figures)
{
    return figures->hindrance == HINDRANCE_FAILED ||
           figures->hindrance == HINDRANCE_DIED;
}

static enum status
status_of(const struct figures *figures)
{
    if (figures->hindrance == HINDRANCE_LATE)
        return STATUS_TIMEOUT;
    return has_failed(figures) ? STATUS_FAILED : STATUS_DONE;
}

/* Write three digits and a unit: 151 ns, 7.02 us. */
static char *
format_scaled(char *text, size_t size, double value, double step,
              const char *const *units)
{
    while (value >= 999.5 && units[1]) {
        value /= step;
        units++;
    }
    snprintf(text, size, "%.*f %s", value < 9.995 ? 2 : value < 99.95, value,
             *units);
    return text;
}

static char *
format_time(char *text, size_t size, double seconds)
{
    static const char *const units[] = { "ns", "us", "ms", "s", NULL };

    return format_scaled(text, size, seconds * 1e9, 1000, units);
}

static char *
format_rate(char *text, size_t size, double rate)
{
    static const char *const units[] = { "KiB/s", "MiB/s", "GiB/s", "TiB/s",
                                         NULL };

    return format_scaled(text, size, rate / 1024, 1024, units);
}

static void
print_row(enum medium_kind kind, const struct figures *figures,
          const struct figures *most)
{
    char median[20], slow[20], rate[20], text[120];
    const char *why = explain(text, sizeof text, figures);
    int columns;

    report("%-*s", NAME_WIDTH, names[kind]);
    if (why) {
        report("  left out: %s\n", why);
        return;
    }
    report("%*s%*s  ", TIME_WIDTH,
           format_time(median, sizeof median, figures->round_trip), TIME_WIDTH,
           format_time(slow, sizeof slow, figures->round_trip_99));
    columns = bar_print(figures->round_trip / most->round_trip, BAR_WIDTH);
    report("%*s  ", BAR_WIDTH - columns + RATE_WIDTH,
           format_rate(rate, sizeof rate, figures->throughput));
    bar_print(figures->throughput / most->throughput, BAR_WIDTH);
    report("\n");
}

static void
print_table(size_t block, const struct figures figures[MEDIUM_KINDS])
{
    struct figures most = { .round_trip = 0 };
    char title[40];
    int kind;

    for (kind = 0; kind < MEDIUM_KINDS; kind++) {
        if (figures[kind].round_trip > most.round_trip)
            most.round_trip = figures[kind].round_trip;
        if (figures[kind].throughput > most.throughput)
            most.throughput = figures[kind].throughput;
    }
    snprintf(title, sizeof title, "%zu BYTES", block);
    report("%s%-*s%*s%*s  %-*s%*s\n", block == blocks[0] ? "" : "\n",
           NAME_WIDTH, title, TIME_WIDTH, "ROUND TRIP", TIME_WIDTH, "99 OF 100",
           BAR_WIDTH, "", RATE_WIDTH, "THROUGHPUT");
    for (kind = 0; kind < MEDIUM_KINDS; kind++)
        print_row((enum medium_kind)kind, &figures[kind], &most);
    report_flush();
}

static void
print_object(enum medium_kind kind, size_t block, const struct figures *figures)
{
    char text[120];
    const char *why = explain(text, sizeof text, figures);

    report_object();
    report_field_text("way", names[kind]);
    report_field_unsigned("block", block);
    if (why) {
        report_field_null("round_trip");
        report_field_null("round_trip_99");
        report_field_null("throughput");
    } else {
        report_field_real("round_trip", figures->round_trip);
        report_field_real("round_trip_99", figures->round_trip_99);
        report_field_real("throughput", figures->throughput);
    }
    report_field_text("why", why);
    report_object_end();
}

static enum status
compare_blocks(size_t block, bool json, double until)
{
    struct figures figures[MEDIUM_KINDS];
    enum status status = STATUS_DONE;
    char text[120];
    int kind;

    for (kind = 0; kind < MEDIUM_KINDS; kind++) {
        figures[kind] = compare_measure((enum medium_kind)kind, block, until);
        if (json)
            print_object((enum medium_kind)kind, block, &figures[kind]);
        if (has_failed(&figures[kind]))
            complain("%s: blocks of %zu bytes: %s", names[kind], block,
                     explain(text, sizeof text, &figures[kind]));
        if (status == STATUS_DONE)
            status = status_of(&figures[kind]);
    }
    if (!json)
        print_table(block, figures);
    return status;
}

enum status
comparison_run(bool json, double limit)
{
    double until = clock_now() + limit;
    enum status status = STATUS_DONE;
    size_t index;

    report_flush(); /* nothing held back may be written by a fork's child */
    for (index = 0; index < sizeof blocks / sizeof blocks[0]; index++) {
        enum status now = compare_blocks(blocks[index], json, until);

        if (status == STATUS_DONE)
            status = now;
    }
    if (clock_now() >= until && status != STATUS_DONE)
        complain("timeout: not all was measured within %g s", limit);
    return status;
}
