/*
 * scale.c - a range of bytes as a bar with a ruler and a legend.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/scale.h"

#include "cli/bar.h"
#include "cli/report.h"
#include "memory/range.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Blanks between two labels of the ruler, and between two of the legend. */
enum { RULER_GAP = 2, LEGEND_GAP = 3 };

static const struct {
    const char *block;
    const char *ascii;
} marks[SHADES] = {
    [SHADE_FILE] = { "█", "#" },
    [SHADE_ZEROS] = { "▒", "+" },
    [SHADE_PAST_END] = { "░", "." },
    [SHADE_BAD] = { "×", "!" },
};

static const char *
mark_of(enum shade shade)
{
    return bar_has_utf8() ? marks[shade].block : marks[shade].ascii;
}

void
scale_add(struct scale *scale, enum shade shade, off_t length)
{
    struct stretch *next = scale->stretches + scale->count;

    if (length == 0)
        return;
    if (scale->count > 0 && next[-1].shade == shade) {
        next[-1].length += length;
    } else if (scale->count < STRETCHES) {
        *next = (struct stretch) { .shade = shade, .length = length };
        scale->count++;
    }
}

static off_t
total_of(const struct scale *scale)
{
    off_t total = 0;
    size_t index;

    for (index = 0; index < scale->count; index++)
        total += scale->stretches[index].length;
    return total;
}

/* The column of byte `at` among `total`. */
static size_t
column_of(off_t at, off_t total, size_t width)
{
    return (size_t)((double)at / (double)total * (double)width);
}

static void
print_bar(const struct scale *scale, off_t total, size_t width)
{
    size_t column = 0, index;
    off_t end = 0;

    for (index = 0; index < scale->count; index++) {
        const struct stretch *stretch = scale->stretches + index;
        const char *mark = mark_of(stretch->shade);
        size_t after = scale->count - 1 - index, last;

        end += stretch->length;
        last = column_of(end, total, width);
        /* Leave a column to each of those that follow. */
        if (last + after > width)
            last = width - after;
        do {
            report("%s", mark);
        } while (++column < last);
    }
    report("\n");
}

/*
 * Bytes between two labels: pages, doubled until the longest label fits. The
 * labels are those of pages, as OFF counts.
 */
static off_t
interval_of(off_t total, size_t width)
{
    off_t interval = (off_t)page_size();
    size_t needed = (size_t)snprintf(NULL, 0, "@%jd", (intmax_t)total);

    while (interval < total &&
           column_of(interval, total, width) < needed + RULER_GAP)
        interval *= 2;
    return interval;
}

static void
print_ruler(const struct scale *scale, off_t total, size_t width)
{
    off_t interval = interval_of(total, width), next = interval - scale->lead;
    size_t column = 2;
    char label[32];

    report("@0");
    for (; next < total; next += interval) {
        size_t start = column_of(next, total, width);
        size_t length =
            (size_t)snprintf(label, sizeof label, "@%jd", (intmax_t)next);

        if (start < column + RULER_GAP || start + length > width)
            continue;
        report("%*s%s", (int)(start - column), "", label);
        column = start + length;
    }
    report("\n");
}

static bool
has_shade(const struct scale *scale, enum shade shade)
{
    size_t index;

    for (index = 0; index < scale->count; index++)
        if (scale->stretches[index].shade == shade)
            return true;
    return false;
}

static void
print_legend(const struct scale *scale, size_t width)
{
    size_t column = 0;
    enum shade shade;

    for (shade = 0; shade < SHADES; shade++) {
        size_t needed = strlen(scale->meanings[shade]) + 2;

        if (!has_shade(scale, shade))
            continue;
        if (column > 0 && column + LEGEND_GAP + needed > width) {
            report("\n");
            column = 0;
        }
        if (column > 0)
            report("%*s", LEGEND_GAP, "");
        report("%s %s", mark_of(shade), scale->meanings[shade]);
        column += needed + (column > 0 ? LEGEND_GAP : 0);
    }
    report("\n");
}

void
scale_print(const struct scale *scale)
{
    /* The last column is left free: some terminals wrap behind it. */
    size_t width = (size_t)report_columns() - 1;
    off_t total = total_of(scale);

    print_bar(scale, total, width);
    print_ruler(scale, total, width);
    print_legend(scale, width);
}
