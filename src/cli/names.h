/*
 * names.h - the names of errors, signals and signal codes, both ways.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_NAMES_H
#define MMT_CLI_NAMES_H

#include "cli/suggest.h"

#include <stdbool.h>
#include <stddef.h>

/* A name, or the number of what has none. */
struct name {
    char text[24];
};

/* The name of an errno value: "ENOENT"; "errno 4711" for one without. */
struct name errno_name(int error);

/* The errno value of a name, 0 if there is none. */
int errno_value(const char *name);

/* The name of a signal, such as "SIGBUS"; "SIG64" for one without. */
struct name signal_name(int number);

/* The signal of a name, with SIG before it or without; 0 if there is none. */
int signal_value(const char *name);

/*
 * The name of a signal's si_code, such as "BUS_ADRERR"; "-60" where the
 * system's headers have none.
 */
struct name code_name(int number, int code);

/* True when `name` is a code's name of that signal, or a decimal number. */
bool code_known(int number, const char *name);

/*
 * Every name once: the one at `index`, from 0 on; NULL behind the last. With
 * that of a code comes its signal, or 0 where it is a code of all of them.
 */
const char *errno_listed(size_t index);
const char *signal_listed(size_t index);
const char *code_listed(size_t index, int *number);

/* Consider every name of an errno value, or of a signal. */
void errnos_suggest(struct suggestion *suggestion);
void signals_suggest(struct suggestion *suggestion);

/* The code of a signal nearest to a word, or that ends with it; NULL: none. */
const char *code_suggest(int number, const char *word);

#endif
