/*
 * survey.h - what a mapping looks like: runs of alike pages.
 *
 * What stands behind a page is known from the size of the file; what touching
 * it gives is measured, on the first and the last page of each run.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_SURVEY_H
#define MMT_MEMORY_SURVEY_H

#include "memory/probe.h"
#include "memory/stage.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum survey_kind {
    SURVEY_FILE,     /* bytes of the file, to the end of every page */
    SURVEY_TAIL,     /* the file ends in the page, zeros fill the rest */
    SURVEY_PAST_END, /* past the last page that has a byte of the file */
    SURVEY_KINDS,
};

/* The most runs of a survey; the last takes what is left. */
enum { SURVEY_RUNS = 16 };

struct survey_run {
    enum survey_kind kind;
    off_t pages;
    off_t offset;         /* of its first byte, as OFF counts in steps */
    off_t length;         /* bytes from there to the end of its last page */
    off_t file_bytes;     /* of them; the rest are zeros, or not there */
    struct answer answer; /* to a load */
    enum cause cause;     /* of a fault, CAUSE_NONE if there is none */
};

struct survey {
    off_t size;   /* bytes of the file */
    bool has_end; /* false for a device without one: it has no size */
    off_t pages;  /* of all runs */
    struct survey_run runs[SURVEY_RUNS];
    size_t count;
};

/*
 * Survey the mapping of a stage on which no step was run. It touches a few
 * pages only, however many there are; a file that changes its size meanwhile
 * is surveyed again.
 *
 * Returns 0 or the errno value of fstat(2).
 */
int survey_take(struct survey *survey, const struct stage *stage);

#endif
