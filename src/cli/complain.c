/*
 * complain.c - the only way to standard error.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/complain.h"

#include "cli/names.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The command now running; set once by main(), before any other message. */
static const char *command_name;

/* True once failures are not to be spoken of. */
static bool quiet;

/* True once lines are to be coloured. */
static bool in_colour;

/* ECMA-48: how a line begins, by what it is. */
static const char *const paints[] = {
    [PAINT_NONE] = NULL,          [PAINT_STEP] = "\033[1m",
    [PAINT_CALL] = "\033[36m",    [PAINT_ERROR] = "\033[31m",
    [PAINT_FAULT] = "\033[1;35m",
};

/* And how a coloured line ends. */
static const char unpaint[] = "\033[0m";

void
complain_in_colour(void)
{
    in_colour = true;
}

void
complain_as(const char *command)
{
    command_name = command;
}

void
complain_quiet(void)
{
    quiet = true;
}

/* Bytes of the valid, printable UTF-8 sequence at `text`; 0 if none is. */
static size_t
printable(const unsigned char *text, size_t length)
{
    size_t size, at;
    unsigned long code;

    if (text[0] < 0x80)
        return text[0] >= ' ' && text[0] != 0x7f;
    size = text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : 2;
    if (text[0] < 0xc2 || text[0] > 0xf4 || size > length)
        return 0;
    code = text[0] & (0x7fU >> size);
    for (at = 1; at < size; at++) {
        if ((text[at] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (text[at] & 0x3f);
    }
    if (code < 0xa0 || (size == 3 && code < 0x800) ||
        (size == 4 && (code < 0x10000 || code > 0x10ffff)) ||
        (code >= 0xd800 && code <= 0xdfff) || code == 0x2028 || code == 0x2029)
        return 0;
    return size;
}

void
write_escaped(FILE *stream, const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t at = 0;

    while (at < length) {
        size_t size = printable(bytes + at, length - at);

        if (size)
            fwrite(text + at, 1, size, stream);
        else
            fprintf(stream, "\\x%02x", bytes[at]);
        at += size ? size : 1;
    }
}

static void
lack_memory(void)
{
    static const char line[] = "mmt: not enough memory to say what failed\n";

    fwrite(line, 1, sizeof line - 1, stderr);
}

/* Write a finished message in one go, so that those of processes don't mix. */
static void
write_line(enum paint paint, const char *line, size_t length)
{
    const char *colour = in_colour ? paints[paint] : NULL;
    char *escaped = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&escaped, &size);

    fflush(stdout); /* keep the report and the complaint in order */
    if (!stream) {
        lack_memory();
        return;
    }
    if (colour)
        fputs(colour, stream);
    write_escaped(stream, line, length);
    if (colour)
        fputs(unpaint, stream);
    fputc('\n', stream);
    fclose(stream);
    fwrite(escaped, 1, size, stderr);
    fflush(stderr);
    free(escaped);
}

static void write_message(enum paint paint, int error, const char *why,
                          const char *format, va_list values) PRINTF_LIKE(4, 0);

static void
write_message(enum paint paint, int error, const char *why, const char *format,
              va_list values)
{
    char *line = NULL;
    size_t length = 0;
    FILE *stream;

    if (quiet)
        return;
    stream = open_memstream(&line, &length);
    if (!stream) {
        lack_memory();
        return;
    }
    fputs("mmt", stream);
    if (command_name)
        fprintf(stream, " %s", command_name);
    fputs(": ", stream);
    vfprintf(stream, format, values);
    if (error)
        fprintf(stream, ": %s (%s)", strerror(error), errno_name(error).text);
    if (why && *why)
        fprintf(stream, ": %s", why);
    fclose(stream);
    write_line(paint, line, length);
    free(line);
}

void
complain(const char *format, ...)
{
    va_list values;

    va_start(values, format);
    write_message(PAINT_ERROR, 0, NULL, format, values);
    va_end(values);
}

void
complain_fault(const char *format, ...)
{
    va_list values;

    va_start(values, format);
    write_message(PAINT_FAULT, 0, NULL, format, values);
    va_end(values);
}

void
complain_error(int error, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    write_message(PAINT_ERROR, error, NULL, format, values);
    va_end(values);
}

void
complain_why(int error, const char *why, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    write_message(PAINT_ERROR, error, why, format, values);
    va_end(values);
}

static void write_plainly(enum paint paint, const char *format, va_list values)
    PRINTF_LIKE(2, 0);

static void
write_plainly(enum paint paint, const char *format, va_list values)
{
    char *line = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&line, &length);

    if (!stream) {
        lack_memory();
        return;
    }
    vfprintf(stream, format, values);
    fclose(stream);
    write_line(paint, line, length);
    free(line);
}

void
complain_plainly(const char *format, ...)
{
    va_list values;

    va_start(values, format);
    write_plainly(PAINT_NONE, format, values);
    va_end(values);
}

void
complain_painted(enum paint paint, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    write_plainly(paint, format, values);
    va_end(values);
}

void
complain_raw(const char *text)
{
    fflush(stdout);
    fputs(text, stderr);
    fflush(stderr);
}

bool
complain_on_terminal(void)
{
    return isatty(STDERR_FILENO);
}

/* True when some of it is shown as \xHH. */
static bool
is_escaped(const char *name)
{
    size_t length = strlen(name), at = 0, size;

    for (; at < length; at += size) {
        size = printable((const unsigned char *)name + at, length - at);
        if (!size)
            return true;
    }
    return false;
}

/* True when a POSIX shell reads `name` as it stands. */
static bool
needs_no_quotes(const char *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789%+,-./:=@_";

    return *name && name[strspn(name, plain)] == '\0';
}

/* Put `name` between quotes, from word[at] on; returns where they end. */
static size_t
put_quoted(char *word, size_t size, size_t at, const char *name)
{
    /* What is shown as \xHH is read back only between $' and '. */
    bool has_escapes = is_escaped(name);
    const char *quote = has_escapes ? "\\'" : "'\\''";

    if (has_escapes)
        word[at++] = '$';
    word[at++] = '\'';
    /* An apostrophe takes four characters; keep room for the end as well. */
    for (; *name && at + 8 < size; name++) {
        if (*name == '\'') {
            memcpy(word + at, quote, strlen(quote));
            at += strlen(quote);
            continue;
        }
        if (*name == '\\' && has_escapes)
            word[at++] = '\\';
        word[at++] = *name;
    }
    if (*name) {
        memcpy(word + at, "...", 3);
        at += 3;
    }
    word[at++] = '\'';
    return at;
}

char *
quote_for_shell(char *word, size_t size, const char *name)
{
    size_t at = 0;

    if (*name == '-') { /* or it would be an option */
        memcpy(word, "./", 2);
        at = 2;
    }
    if (needs_no_quotes(name)) {
        int length = snprintf(word + at, size - at, "%s", name);

        if (length >= 0 && (size_t)length >= size - at)
            memcpy(word + size - 4, "...", 4);
        return word;
    }
    word[put_quoted(word, size, at, name)] = '\0';
    return word;
}
