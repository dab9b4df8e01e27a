/*
 * report.c - the only way to standard output: plain lines, data, JSON.
 *
 * Standard output is one stream, so what is known of it stands in file-local
 * variables: whether a comma is due, and the first error.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/report.h"

#include "cli/quote.h"
#include "memory/signals.h"
#include "memory/streams.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool comma_due;
static int first_error;

/* Remember why the stream failed, while errno still says it. */
static void
note(bool failed)
{
    if (failed && !first_error)
        first_error = errno ? errno : EIO;
}

void
report(const char *format, ...)
{
    va_list values;

    va_start(values, format);
    note(vprintf(format, values) < 0);
    va_end(values);
}

void
report_bytes(const void *bytes, size_t length)
{
    note(fwrite(bytes, 1, length, stdout) != length);
}

void
report_escaped(const char *text)
{
    quote_for_line(stdout, text, strlen(text));
    note(ferror(stdout) != 0);
}

void
report_begin(void)
{
    streams_hold();
    signals_begin();
}

void
report_flush(void)
{
    note(fflush(stdout) != 0);
}

int
report_error(void)
{
    if (ferror(stdout) && !first_error)
        first_error = EIO;
    return first_error;
}

bool
report_on_terminal(void)
{
    return isatty(STDOUT_FILENO);
}

int
report_columns(void)
{
    const char *wanted = getenv("COLUMNS");
    long columns = wanted ? strtol(wanted, NULL, 10) : 0;
    struct winsize size;

    if (columns <= 0 || columns > INT_MAX)
        columns =
            ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
    if (columns == 0)
        columns = 80;
    return columns < REPORT_LEAST ? REPORT_LEAST : (int)columns;
}

/* Write text between the quotes of JSON, `text` being printable UTF-8. */
static void
write_json(const char *text, size_t length)
{
    const char *end = text + length;

    while (text < end) {
        const char *from = text;

        while (text < end && *text != '"' && *text != '\\')
            text++;
        if (text > from)
            report_bytes(from, (size_t)(text - from));
        if (text < end) {
            char escape[2] = { '\\', *text++ };

            report_bytes(escape, sizeof escape);
        }
    }
}

static void
write_name(const char *name)
{
    report("%s\"%s\":", comma_due ? "," : "", name);
    comma_due = true;
}

void
report_object(void)
{
    report("{");
    comma_due = false;
}

void
report_object_end(void)
{
    report("}\n");
    report_flush();
}

void
report_field_text(const char *name, const char *text)
{
    char *escaped = NULL;
    size_t length = 0;
    FILE *stream;

    if (!text) {
        report_field_null(name);
        return;
    }
    report_field_open(name);
    stream = open_memstream(&escaped, &length);
    if (stream) {
        quote_for_line(stream, text, strlen(text));
        fclose(stream);
        write_json(escaped, length);
        free(escaped);
    } else {
        note(true);
    }
    report_field_close();
}

void
report_field_number(const char *name, intmax_t number)
{
    write_name(name);
    report("%jd", number);
}

void
report_field_unsigned(const char *name, uintmax_t number)
{
    write_name(name);
    report("%ju", number);
}

void
report_field_real(const char *name, double number)
{
    write_name(name);
    report("%.9g", number);
}

void
report_field_null(const char *name)
{
    write_name(name);
    report("null");
}

void
report_field_bool(const char *name, bool value)
{
    write_name(name);
    report(value ? "true" : "false");
}

void
report_field_open(const char *name)
{
    write_name(name);
    report("\"");
}

void
report_field_part(const char *text, size_t length)
{
    write_json(text, length);
}

void
report_field_close(void)
{
    report("\"");
}

void
report_array(const char *name)
{
    write_name(name);
    report("[");
    comma_due = false;
}

void
report_array_end(void)
{
    report("]");
    comma_due = true;
}

void
report_element(void)
{
    report("%s{", comma_due ? "," : "");
    comma_due = false;
}

void
report_element_end(void)
{
    report("}");
    comma_due = true;
}
