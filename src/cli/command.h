/*
 * command.h - what a command declares, and how one can end.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_COMMAND_H
#define MMT_CLI_COMMAND_H

struct args;

/* Exit statuses; every other one is STATUS_SIGNAL + a signal number. */
enum status {
    STATUS_DONE = 0,      /* everything asked for was done */
    STATUS_FAILED = 1,    /* something failed */
    STATUS_USAGE = 2,     /* the command line makes no sense */
    STATUS_TIMEOUT = 124, /* a time limit ran out */
    STATUS_SIGNAL = 128,  /* + N: touching the mapping raised signal N */
};

struct option {
    int id;            /* what args_next() returns for it */
    char letter;       /* 'l' for -l; 0 when it has none */
    const char *name;  /* "length" for --length; NULL ends a table */
    const char *value; /* placeholder of its value; NULL if it takes none */
    const char *help;  /* one line, lower case, no full stop */
};

struct command {
    const char *name;
    const char *const *operands; /* one synopsis each, NULL at the end */
    const char *word;            /* the first operand may be besides, or NULL */
    const char *summary;         /* one line, lower case, no full stop */
    const struct option *const *options; /* tables, NULL at the end */
    enum status (*run)(struct args *args);
};

#endif
