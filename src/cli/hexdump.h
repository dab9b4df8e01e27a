/*
 * hexdump.h - bytes -> the lines of hexdump -C, fast.
 *
 * The lines are those of util-linux 2.38 in the C locale, byte for byte. Bytes
 * come in pieces of any length; the lines do not depend on where they are cut.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_HEXDUMP_H
#define MMT_CLI_HEXDUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    HEXDUMP_LINE = 16,  /* bytes shown on one line */
    HEXDUMP_ROOM = 104, /* characters; the least capacity that gets on */
};

struct hexdump {
    uint64_t offset; /* in the file, of the first byte not yet on a line */
    size_t held;     /* bytes in `partial`, less than HEXDUMP_LINE */
    unsigned char partial[HEXDUMP_LINE];  /* the line not yet full */
    unsigned char previous[HEXDUMP_LINE]; /* the last full line */
    bool has_previous;                    /* if not: no line was full yet */
    bool squeezing; /* `previous` was a repetition, its "*" is written */
};

/*
 * Start a dump. The first line begins at `offset`, the place of the first byte
 * in the file, never negative, also where it is no multiple of HEXDUMP_LINE.
 */
void hexdump_begin(struct hexdump *dump, off_t offset);

/*
 * Write the full lines that the next `length` bytes make into `out`.
 *
 * used      how many of the bytes were taken: all, unless `out` became full
 * capacity  characters `out` has room for; below HEXDUMP_ROOM nothing happens
 *
 * Returns the number of characters written, which may be 0 although bytes were
 * taken. No 0 byte is added.
 */
size_t hexdump_lines(struct hexdump *dump, const unsigned char *bytes,
                     size_t length, size_t *used, char *out, size_t capacity);

/*
 * Write the last line, if it is not full, and the line with the end offset;
 * nothing if there was no byte at all.
 *
 * capacity  as above, HEXDUMP_ROOM is always enough
 *
 * Returns the number of characters written, the same when it is called twice.
 */
size_t hexdump_end(const struct hexdump *dump, char *out, size_t capacity);

#endif
