/*
 * progress.c - a line on a terminal that shows how far long work has come.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/progress.h"

#include "cli/complain.h"
#include "cli/quote.h"
#include "memory/clock.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct option progress_options[] = {
    { OPTION_PROGRESS, 0, "progress", NULL,
      "show progress, on a terminal or not" },
    { OPTION_NO_PROGRESS, 0, "no-progress", NULL, "never show progress" },
    { 0 },
};

/* Shorter work is not shown, unless asked for. */
static const double least_seconds = 1;

/* Between two drawings. */
static const double pause_seconds = 0.2;

/* Bytes of a name that are shown, so that the line fits a narrow terminal. */
enum { NAME_SHOWN = 30 };

/* "Erase to the end of the line" of ECMA-48. */
#define ERASE "\033[K"

bool
progress_take(enum progress_when *when, int id)
{
    switch (id) {
    case OPTION_PROGRESS: *when = PROGRESS_ALWAYS; return true;
    case OPTION_NO_PROGRESS: *when = PROGRESS_NEVER; return true;
    default: return false;
    }
}

void
progress_begin(struct progress *progress, enum progress_when when,
               const char *name, uintmax_t total)
{
    if (when == PROGRESS_AUTO && !complain_can_draw())
        when = PROGRESS_NEVER;
    *progress =
        (struct progress) { .name = name, .total = total, .when = when };
    if (when != PROGRESS_NEVER)
        progress->began = clock_now();
}

/* Write a name, or its end when it is long. */
static void
write_name(FILE *line, const char *name)
{
    size_t length = strlen(name);

    if (length > NAME_SHOWN) {
        fputs("...", line);
        name += length - NAME_SHOWN;
        /* A character of UTF-8 is not to be cut in two. */
        while ((*name & 0xc0) == 0x80)
            name++;
    }
    quote_for_line(line, name, strlen(name));
}

/* Write a count of bytes in the unit that leaves few digits. */
static void
write_bytes(FILE *line, double count)
{
    static const char *const units[] = { "bytes", "KiB", "MiB", "GiB",
                                         "TiB",   "PiB", "EiB" };
    size_t unit = 0;

    for (; count >= 1024 && unit + 1 < sizeof units / sizeof units[0]; unit++)
        count /= 1024;
    fprintf(line, "%.*f %s", unit > 0, count, units[unit]);
}

static void
write_duration(FILE *line, double seconds)
{
    if (seconds >= 100 * 3600.0)
        fputs("days", line);
    else if (seconds >= 3600)
        fprintf(line, "%d h %02d min", (int)(seconds / 3600),
                (int)(seconds / 60) % 60);
    else if (seconds >= 60)
        fprintf(line, "%d min %02d s", (int)(seconds / 60), (int)seconds % 60);
    else
        fprintf(line, "%d s", (int)seconds);
}

static void
write_line(FILE *line, const struct progress *progress, double done,
           double seconds)
{
    double total = (double)progress->total;

    fputc('\r', line);
    write_name(line, progress->name);
    fputs(": ", line);
    write_bytes(line, done);
    if (progress->total) {
        fputs(" of ", line);
        write_bytes(line, total);
    }
    if (seconds > 0 && done > 0) {
        fputs(", ", line);
        write_bytes(line, done / seconds);
        fputs("/s", line);
        if (total >= done) {
            fputs(", ", line);
            write_duration(line, (total - done) * seconds / done + 0.5);
            fputs(" left", line);
        }
    }
    fputs(ERASE, line);
}

void
progress_update(struct progress *progress, uintmax_t done)
{
    char *text = NULL;
    size_t length = 0;
    FILE *line;
    double now;

    if (progress->when == PROGRESS_NEVER)
        return;
    now = clock_now();
    if (progress->when == PROGRESS_AUTO &&
        now - progress->began < least_seconds)
        return;
    if (progress->shown > 0 && now - progress->shown < pause_seconds)
        return;
    line = open_memstream(&text, &length);
    if (!line)
        return;
    write_line(line, progress, (double)done, now - progress->began);
    fclose(line);
    complain_raw(text);
    free(text);
    progress->shown = now;
}

void
progress_end(struct progress *progress)
{
    if (progress->shown > 0)
        complain_raw("\r" ERASE);
    progress->shown = 0;
}
