/*
 * scale.h - a range of bytes as a bar with a ruler and a legend.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_SCALE_H
#define MMT_CLI_SCALE_H

#include <stddef.h>
#include <sys/types.h>

enum shade { SHADE_FILE, SHADE_ZEROS, SHADE_PAST_END, SHADE_BAD, SHADES };

/* The most stretches of a bar. */
enum { STRETCHES = 32 };

struct stretch {
    enum shade shade;
    off_t length; /* bytes */
};

struct scale {
    off_t lead; /* bytes from a page's begin to the first byte */
    const char *meanings[SHADES]; /* for the legend */
    struct stretch stretches[STRETCHES];
    size_t count;
};

/*
 * Add bytes at the end; those like the ones before lengthen their stretch. A
 * stretch beyond STRETCHES is left out.
 */
void scale_add(struct scale *scale, enum shade shade, off_t length);

/*
 * Print the bar, as wide as the terminal, below it the ruler and the legend.
 * Every stretch has a column at least.
 */
void scale_print(const struct scale *scale);

#endif
