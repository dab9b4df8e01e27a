/*
 * complain.c - the only way to standard error.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/complain.h"

#include "cli/names.h"
#include "cli/quote.h"
#include "cli/report.h"

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

    report_flush(); /* keep the report and the complaint in order */
    if (!stream) {
        lack_memory();
        return;
    }
    if (colour)
        fputs(colour, stream);
    quote_for_line(stream, line, length);
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
    report_flush();
    fputs(text, stderr);
    fflush(stderr);
}

bool
complain_is_cut(void)
{
    return ferror(stderr) != 0;
}

bool
complain_on_terminal(void)
{
    return isatty(STDERR_FILENO);
}

bool
complain_can_draw(void)
{
    const char *terminal = getenv("TERM");

    return complain_on_terminal() && terminal && *terminal &&
           strcmp(terminal, "dumb") != 0;
}
