/*
 * quote.h - words of others, made harmless: for a line, for a shell.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_QUOTE_H
#define MMT_CLI_QUOTE_H

#include <stddef.h>
#include <stdio.h>

/*
 * Write `length` bytes of `text` to `stream`, control characters and bytes
 * that are not UTF-8 as \xHH: no name can forge a line or steer a terminal.
 */
void quote_for_line(FILE *stream, const char *text, size_t length);

/*
 * Write `name` so that a shell reads it as one word that is no option, quoted
 * only where it must be, into `word`; cut when it does not fit, with "..." at
 * the end. A name with bytes that quote_for_line() escapes is quoted so that it
 * is read back from that, which takes a shell of POSIX.1-2024.
 *
 * size  of `word`, at least 32
 *
 * Returns `word`.
 */
char *quote_for_shell(char *word, size_t size, const char *name);

/* Returns `name`; for an empty one, which nobody would see, two quotes. */
const char *quote_empty(const char *name);

#endif
