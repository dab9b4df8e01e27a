/*
 * probe.h - which accesses the machine allows, found out by making them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_PROBE_H
#define MMT_MEMORY_PROBE_H

#include "memory/outcome.h"
#include "memory/target.h"

#include <stdbool.h>
#include <sys/types.h>

enum answer_kind {
    ANSWER_NOT_ASKED,
    ANSWER_OK,
    ANSWER_MAPPED,  /* not tried, but the system maps it so */
    ANSWER_FAULT,   /* `signal`, `code` */
    ANSWER_ERROR,   /* the system refuses with `error` */
    ANSWER_UNKNOWN, /* mmt can't tell on this machine */
};

struct answer {
    enum answer_kind kind;
    int signal;
    int code;
    int error;
};

/* Accesses: the bits of `asked` in probe_run, and indices of its answers. */
enum { PROBE_READ, PROBE_WRITE, PROBE_EXECUTE, PROBE_KINDS };

struct probe_run {
    off_t offset; /* as OFF counts in steps */
    off_t length; /* bytes */
    struct answer answers[PROBE_KINDS];
};

/* Load one byte at `mapped`. */
struct answer probe_load(const void *mapped);

/*
 * Store to the word that holds the byte at `mapped` what stands there, as one
 * atomic operation: no byte changes, not even one that another process stores
 * meanwhile.
 */
struct answer probe_store(void *mapped);

/*
 * Execute a `return` that mmt puts into a private copy of the file's first
 * page, protected with `protection`: the file's own bytes are not run.
 *
 * size  bytes of the file; 0: it has no page to copy
 * page  that it is asked for: one that is not there can't be executed
 *
 * ANSWER_MAPPED  when no copy can be made so, but mmap(2) maps the page itself
 * ANSWER_ERROR   when it does not
 */
struct answer probe_execute(const struct target *target, off_t size,
                            int protection, void *page);

/* True when two answers are the same. */
bool probe_same(const struct answer *one, const struct answer *other);

#endif
