/*
 * sizing.h - a size, or how to come by it from the present one.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_SIZING_H
#define MMT_CLI_SIZING_H

#include <stdbool.h>
#include <sys/types.h>

enum sizing_mode {
    SIZING_EXACT,
    SIZING_MORE,       /* + */
    SIZING_LESS,       /* - */
    SIZING_AT_MOST,    /* < */
    SIZING_AT_LEAST,   /* > */
    SIZING_ROUND_DOWN, /* / */
    SIZING_ROUND_UP,   /* % */
};

struct sizing {
    enum sizing_mode mode;
    off_t amount; /* bytes, never negative; of the last two modes, not 0 */
};

/*
 * A size with one of + - < > / % before it, or none: false if it is neither,
 * and for multiples of 0.
 */
bool sizing_parse(const char *text, struct sizing *sizing);

/*
 * Work out the size that `sizing` makes of `base` bytes, never below 0.
 *
 * Returns 0, or EFBIG where an off_t cannot hold it.
 */
int sizing_apply(const struct sizing *sizing, off_t base, off_t *size);

#endif
