/*
 * report.h - the only way to standard output: plain lines, data, JSON.
 *
 * Nothing here fails by itself: what could not be written is remembered, and
 * report_error() tells.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_REPORT_H
#define MMT_CLI_REPORT_H

#include "cli/complain.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Write text as printf does. */
void report(const char *format, ...) PRINTF_LIKE(1, 2);

/* Write bytes as they are. */
void report_bytes(const void *bytes, size_t length);

/* Write a name as messages show it: control characters as \xHH. */
void report_escaped(const char *text);

/*
 * Make sure that what is printed arrives where it is to, or is an error that
 * report_error() tells: no file gets the number of a standard stream that is
 * closed, and a limit of the file size is no signal. To be called first.
 */
void report_begin(void);

/* Write all that is held back, before something else may write or block. */
void report_flush(void);

/* 0, or the errno value of the first write that failed. */
int report_error(void);

/* True when standard output is a terminal. */
bool report_on_terminal(void);

/*
 * Columns of that terminal, REPORT_LEAST at least: what COLUMNS says, or the
 * terminal, or 80.
 */
int report_columns(void);
enum { REPORT_LEAST = 20 };

/*
 * A JSON object is one line: report_object(), its fields in the order in
 * which they are to stand, report_object_end(), which also flushes it. Names
 * are written as given. Text is written as valid JSON whatever its bytes are:
 * bytes that are not UTF-8 and control characters stand as \xHH.
 */
void report_object(void);
void report_object_end(void);
void report_field_text(const char *name, const char *text); /* NULL: null */
void report_field_number(const char *name, intmax_t number);
void report_field_unsigned(const char *name, uintmax_t number);
void report_field_real(const char *name, double number);
void report_field_null(const char *name);
void report_field_bool(const char *name, bool value);

/* A field whose text comes in parts: begin, any number of parts, end. */
void report_field_open(const char *name);
void report_field_part(const char *text, size_t length);
void report_field_close(void);

/*
 * A field that holds an array of objects: fields of an element stand between
 * report_element() and report_element_end().
 */
void report_array(const char *name);
void report_array_end(void);
void report_element(void);
void report_element_end(void);

#endif
