/*
 * stage.h - what steps work on: an open file and the window it is mapped in.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_STAGE_H
#define MMT_MEMORY_STAGE_H

#include "memory/outcome.h"
#include "memory/sink.h"
#include "memory/target.h"
#include "memory/window.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* How the file is to be opened and mapped. */
struct plan {
    const char *name; /* of the file: a path or shm:NAME */
    off_t offset;     /* in the file: where OFF counts from */
    off_t length;     /* bytes */
    bool has_length;  /* if not: to the end of the file */
    int protection;   /* PROT_* */
    bool is_private;  /* MAP_PRIVATE; else MAP_SHARED */
    int open_flags;   /* O_RDONLY, O_WRONLY or O_RDWR, O_APPEND */
    bool has_open;    /* if not: what protection and sharing need */
    int flags;        /* MAP_*, passed as they are */
    bool has_flags;
    uintptr_t address; /* the first argument of mmap */
    bool has_address;
    bool exact;  /* pass offset and length as they are */
    bool no_map; /* open only */
    int change;  /* PROT_*: mprotect after mapping */
    bool has_change;
};

struct stage {
    struct plan plan;
    struct target target;
    struct window window;
    struct sink *sink;
    struct target **others; /* files that mmap=path: brought in */
    size_t other_count;
    size_t number;     /* of the step that runs, from 1 */
    const char *text;  /* of the step that runs */
    bool input_taken;  /* steps come from standard input */
    bool output_taken; /* standard output is for JSON alone */
    double timeout;    /* seconds for each step */
    bool has_timeout;
};

/*
 * Open and map by `stage->plan`, and protect where it says so.
 *
 * call  set to the name of the call that failed
 */
struct outcome stage_open(struct stage *stage, const char **call);

/* Give all back: 0 or the errno value of the last munmap(2). Safe twice. */
int stage_close(struct stage *stage);

/* O_* flags by which the plan opens the file. */
int plan_open_flags(const struct plan *plan);

/* MAP_* flags of the plan's mapping, without MAP_FIXED. */
int plan_sharing(const struct plan *plan);

/* Why a call on memory failed with `error`, REASON_NONE if that is all. */
enum reason stage_reason(const struct stage *stage, int error,
                         const void *address, size_t length);

/* The same of mprotect(2) to `protection`. */
enum reason stage_protect_reason(const struct stage *stage, int error,
                                 const void *address, size_t length,
                                 int protection);

#endif
