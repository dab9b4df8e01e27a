/*
 * complain.h - the only way to standard error.
 *
 * A message is one line, written at once and after all that stands in standard
 * output's buffer. Control characters and bytes that are not UTF-8 are shown
 * as \xHH, so that no name can forge a line or steer a terminal.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_COMPLAIN_H
#define MMT_CLI_COMPLAIN_H

#include <stdbool.h>
#include <stdio.h>

#if defined(__GNUC__)
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#else
#define PRINTF_LIKE(text, first)
#endif

/* What a line is, for its colour. */
enum paint { PAINT_NONE, PAINT_STEP, PAINT_CALL, PAINT_ERROR, PAINT_FAULT };

/* Colour the lines from here on: a trace, and the messages in it. */
void complain_in_colour(void);

/* Name the command whose messages follow; NULL for mmt itself. */
void complain_as(const char *command);

/* Say nothing about failures from here on (-q). */
void complain_quiet(void);

/* Write "mmt COMMAND: MESSAGE" and a newline. */
void complain(const char *format, ...) PRINTF_LIKE(1, 2);

/* The same about a signal that touching memory raised. */
void complain_fault(const char *format, ...) PRINTF_LIKE(1, 2);

/*
 * Write "mmt COMMAND: MESSAGE: REASON (ENAME)" and a newline.
 *
 * error  a positive errno value, as the memory layer returns it
 */
void complain_error(int error, const char *format, ...) PRINTF_LIKE(2, 3);

/*
 * Write "mmt COMMAND: MESSAGE: REASON (ENAME): WHY" and a newline.
 *
 * why  what caused it and what cures it, a part of the sentence
 */
void complain_why(int error, const char *why, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Write a line as it is, without a name before it: a time, a size. */
void complain_plainly(const char *format, ...) PRINTF_LIKE(1, 2);

/* The same, in the colour of what it is. */
void complain_painted(enum paint paint, const char *format, ...)
    PRINTF_LIKE(2, 3);

/* Write `text` to standard error and flush it: usage, progress, a prompt. */
void complain_raw(const char *text);

/* True once something could not be written: a trace, a time, a message. */
bool complain_is_cut(void);

/* True when standard error is a terminal. */
bool complain_on_terminal(void);

/* True when it is one that ECMA-48 can colour and erase. */
bool complain_can_draw(void);

#endif
