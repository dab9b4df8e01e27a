/*
 * args.h - walks argv, guided by option tables.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_ARGS_H
#define MMT_CLI_ARGS_H

#include "cli/command.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What args_next() returns beside the ids of options, which begin at 0. */
enum {
    ARGS_OPERAND = -1, /* `value` is the operand */
    ARGS_END = -2,     /* nothing is left */
    ARGS_STOP = -3,    /* a mistake that has been reported, or --help */
};

/* The id of -h --help, which every command has. */
enum { OPTION_HELP = 1000 };

struct args {
    const char *program;                 /* the name mmt was called by */
    const struct option *const *options; /* tables, NULL at the end */
    const char *const *next;             /* the word to look at next */
    const char *value;   /* of the option or operand just returned */
    const char *cluster; /* letters still to come of a word like -kv */
    size_t form;         /* the synopsis to show after a mistake, from 0 */
    bool operands_only;  /* after "--" */
    bool wants_help;     /* --help was met */
};

/*
 * Walk `words`, NULL at the end, by the tables of `options`.
 *
 * program  the name mmt was called by
 */
struct args args_begin(const char *program, const char *const *words,
                       const struct option *const *options);

/*
 * Return the id of the next option, or one of ARGS_*.
 *
 * Options and operands may come in any order; an option takes its value as
 * -oVALUE, -o VALUE, --name=VALUE or --name VALUE (POSIX.1-2008, XBD 12.2, and
 * the long form that GNU added). A lone "-" is an operand, "--" ends the
 * options.
 */
int args_next(struct args *args);

/*
 * Read the value of the option just returned: a size in bytes, `what` being its
 * name in messages; or a time limit in seconds.
 *
 * Returns false when it is none, as the user was told.
 */
bool args_size(const struct args *args, const char *what, off_t *size);
bool args_timeout(const struct args *args, double *seconds);

/* Operands, in order. */
struct operands {
    const char **words;
    size_t count;
};

#define OPERANDS_NONE ((struct operands) { .words = NULL })

/* Add one; false: not enough memory, as the user was told. */
bool operands_add(struct operands *operands, const char *word);

/* Free the list. Safe on OPERANDS_NONE, and twice. */
void operands_free(struct operands *operands);

#endif
