/*
 * witness.h - who is told of the calls that call.h makes, and of what.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_WITNESS_H
#define MMT_MEMORY_WITNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum argument_kind {
    ARGUMENT_NUMBER,     /* signed: descriptor, offset, length of a file */
    ARGUMENT_SIZE,       /* unsigned */
    ARGUMENT_ADDRESS,    /* shown in hexadecimal, NULL as such */
    ARGUMENT_TEXT,       /* a path: `text` */
    ARGUMENT_WORD,       /* `text`, as C writes it */
    ARGUMENT_LOCK,       /* a struct flock of one byte: its type in `text` */
    ARGUMENT_BUFFER,     /* memory that is no part of the mapping */
    ARGUMENT_PROTECTION, /* PROT_* */
    ARGUMENT_MAP_FLAGS,  /* MAP_* */
    ARGUMENT_SYNC_FLAGS, /* MS_* */
    ARGUMENT_OPEN_FLAGS, /* O_* */
    ARGUMENT_MODE,       /* permission bits, shown in octal */
    ARGUMENT_ADVICE,     /* POSIX_MADV_* */
    ARGUMENT_WHENCE,     /* SEEK_* */
    ARGUMENT_RIGHTS,     /* F_OK, or R_OK, W_OK, X_OK */
};

struct argument {
    enum argument_kind kind;
    uintmax_t value; /* signed kinds: cast to intmax_t */
    const char *text;
};

/* How the result of a call is to be read. */
enum result_kind {
    RESULT_NUMBER,  /* -1 and errno on failure */
    RESULT_ADDRESS, /* MAP_FAILED, shown as -1, and errno on failure */
    RESULT_ERROR,   /* the call returns the errno value, as posix_*() do */
};

struct call {
    const char *name;
    struct argument arguments[6];
    int count; /* of arguments */
    enum result_kind kind;
    uintmax_t result; /* on success; RESULT_NUMBER: cast to intmax_t */
    int error;        /* errno value, 0 on success */
    bool own;         /* made for mmt's own window, not asked for */
};

/* Have `told` told of every call from now on; NULL: nobody. */
void witness_set(void (*told)(const struct call *call));

/*
 * Have `told` told, with `context`, of the calls that this thread makes from
 * now on, in place of the witness of all; NULL: as before.
 */
void witness_set_here(void (*told)(void *context, const struct call *call),
                      void *context);

/* Mark the calls from here on as mmt's own (its window), or as asked for. */
void witness_own(bool own);

/*
 * Tell of a call that has returned.
 *
 * count  of the arguments, at most those of a struct call
 * error  errno value, 0 on success
 * Returns the error.
 */
int witness_tell(enum result_kind kind, const char *name,
                 const struct argument *arguments, size_t count,
                 intmax_t result, int error);

/*
 * The name of the last call that failed in this thread, if that was with
 * `error`; else NULL.
 */
const char *witness_failed(int error);

#endif
