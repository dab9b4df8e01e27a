/*
 * lines.c - standard input, line by line.
 *
 * Not by stdio: what is held back for output is to be written only when the
 * next line is not there yet, and only read(2) tells when that is.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READ_SIZE = 65536 };

/* Make room behind what is there for another read and a NUL. */
static bool
make_room(struct lines *lines)
{
    size_t left = lines->length - lines->at, capacity;
    char *buffer;

    if (left > 0)
        memmove(lines->buffer, lines->buffer + lines->at, left);
    lines->at = 0;
    lines->length = left;
    if (lines->capacity - left > READ_SIZE)
        return true;
    capacity = lines->capacity * 2 + 2 * (size_t)READ_SIZE;
    buffer = realloc(lines->buffer, capacity);
    if (!buffer)
        return false;
    lines->buffer = buffer;
    lines->capacity = capacity;
    return true;
}

/* Read more; false at the end. */
static bool
fill(struct lines *lines)
{
    ssize_t count;

    if (lines->at_end)
        return false;
    if (!make_room(lines)) {
        lines->error = ENOMEM;
        return false;
    }
    do {
        count = read(STDIN_FILENO, lines->buffer + lines->length, READ_SIZE);
    } while (count < 0 && errno == EINTR);
    if (count < 0)
        lines->error = errno;
    if (count <= 0) {
        lines->at_end = true;
        return false;
    }
    lines->length += (size_t)count;
    return true;
}

/* Cut off the line that ends before `end`; the text goes on at `next`. */
static char *
cut(struct lines *lines, size_t end, size_t next)
{
    char *line = lines->buffer + lines->at;

    lines->buffer[end] = '\0';
    lines->size = end - lines->at;
    lines->at = next;
    lines->number++;
    return line;
}

char *
lines_next(struct lines *lines, bool (*before_wait)(void *context),
           void *context)
{
    size_t searched = 0;

    for (;;) {
        size_t left = lines->length - lines->at;

        if (left > searched) {
            char *from = lines->buffer + lines->at;
            char *end = memchr(from + searched, '\n', left - searched);

            if (end)
                return cut(lines, (size_t)(end - lines->buffer),
                           (size_t)(end - lines->buffer) + 1);
            searched = left;
        }
        if (!lines->at_end && !before_wait(context))
            return NULL;
        if (!fill(lines))
            break;
    }
    if (lines->length == lines->at || lines->error)
        return NULL;
    return cut(lines, lines->length, lines->length);
}

void
lines_free(struct lines *lines)
{
    free(lines->buffer);
    *lines = LINES_NONE;
}
