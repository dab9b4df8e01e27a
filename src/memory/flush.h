/*
 * flush.h - bring a file, or a range of it, to permanent storage.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_FLUSH_H
#define MMT_MEMORY_FLUSH_H

#include <stdbool.h>
#include <sys/types.h>

enum flush_way {
    FLUSH_ALL,    /* data, size, times and mode: fsync */
    FLUSH_DATA,   /* data, and the size it takes to read them: fdatasync */
    FLUSH_MAPPED, /* a range, by msync of a shared mapping alone */
};

/* Bytes of the first slice; a file no longer than this is not cut up. */
enum { FLUSH_SLICE = 16 * 1024 * 1024 };

struct flush_plan {
    enum flush_way way;
    int flags;       /* of FLUSH_MAPPED: MS_* for msync */
    off_t offset;    /* of FLUSH_MAPPED: where the range begins */
    off_t length;    /* of FLUSH_MAPPED: bytes, if `has_length` */
    bool has_length; /* if not: to the end of the file */
    bool in_slices;  /* tell how far it has come */

    /*
     * Called after each slice with the bytes done so far, counted from where
     * the first began; unused unless `in_slices`.
     */
    void (*advance)(void *context, off_t done);
};

struct flush_result {
    int error;        /* 0, or the errno value of the call that failed */
    const char *call; /* the name of that call, NULL when none failed */
    bool is_outside;  /* the range begins past the end of the file */
    off_t size;       /* of the file, if it was opened */
};

/*
 * Open a file (as target_open() names it) or a directory, flush it as `plan`
 * says, close it.
 *
 * A file that may not be read is opened for writing only; a range needs a file
 * open for both, for Linux takes no notice of msync through a mapping whose
 * file is open for reading only. A range may reach past the end of the file.
 *
 * Returns true when all calls succeeded; `*result` is set in any case.
 */
bool flush_file(const char *name, const struct flush_plan *plan, void *context,
                struct flush_result *result);

#endif
