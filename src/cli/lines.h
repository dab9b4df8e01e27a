/*
 * lines.h - standard input, line by line.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_LINES_H
#define MMT_CLI_LINES_H

#include <stdbool.h>
#include <stddef.h>

struct lines {
    char *buffer;
    size_t capacity;
    size_t length; /* bytes that were read */
    size_t at;     /* where the next line begins */
    size_t size;   /* bytes of the line that was returned last */
    size_t number; /* of the line that was returned last, from 1 */
    bool at_end;
    int error; /* errno value of a failed read, 0 if there was none */
};

#define LINES_NONE ((struct lines) { .buffer = NULL })

/*
 * The next line without its newline, good until the next call; NULL at the
 * end, or when reading failed.
 *
 * before_wait  called with `context` before the program may have to wait for
 *              input; when it returns false, reading ends
 */
char *lines_next(struct lines *lines, bool (*before_wait)(void *context),
                 void *context);

/* Free it. Safe on LINES_NONE, and twice. */
void lines_free(struct lines *lines);

#endif
