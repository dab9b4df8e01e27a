/*
 * batch.h - flush many files at once, and the directories that name them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_BATCH_H
#define MMT_MEMORY_BATCH_H

#include "memory/flush.h"
#include "memory/record.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* A file or a directory to flush. */
struct batch_job {
    const char *name;
    const struct flush_plan *plan;
    atomic_size_t pages; /* that slices have flushed */
    bool is_done;        /* what follows is set; until then not to be read */
    struct flush_result result;
    struct record record; /* of its calls, if they were to be kept */
};

/* A directory that holds a name of a file. */
struct naming {
    char *directory;
    struct batch_job *job; /* flushes it, for all files that it names */
    bool is_first;         /* of those that lead to this directory */
};

struct batch_file {
    struct batch_job job;
    struct naming *namings; /* the directories to flush for it */
    size_t naming_count;
    size_t waits_for; /* directories that are not done yet */
};

/* From a directory to a file that it names. */
struct route {
    struct naming *naming;
    struct batch_file *file;
};

struct batch_directory {
    struct batch_job job;
    const struct route *routes; /* the first of those that begin here */
    size_t route_count;
};

struct batch {
    struct flush_plan plan;
    size_t jobs;           /* flushes at a time, at most; 1 or more */
    bool apart;            /* as in struct parallel */
    bool with_directories; /* flush the directories that name files, too */
    bool keeps_records;    /* of the calls on each file and directory */

    /* Nothing more will happen to a file: told in the order it happens. */
    void (*over)(void *context, struct batch_file *file);
    void (*tick)(void *context); /* as in struct parallel; never NULL */
    void *context;

    struct batch_file *files; /* as many as names were given */
    size_t count;
    struct batch_directory *directories; /* each once */
    size_t directory_count;
    struct route *routes; /* to all files, sorted by directory */
    size_t route_count;
};

/* Prepare for `count` files. Returns 0 or ENOMEM. */
int batch_make(struct batch *batch, const char *const *names, size_t count);

/*
 * Flush all files; then, once each, the directories that hold the names of
 * those that were flushed.
 *
 * Returns 0 when `over` was told of every file, or an errno value: ETIMEDOUT
 * as parallel_run(), and `batch` must then stay until the process ends.
 */
int batch_run(struct batch *batch);

/* Forget it all. */
void batch_free(struct batch *batch);

#endif
