/*
 * feed.h - the steps of a run, one after the other.
 *
 * They stand on the command line; "-" there stands for those on standard
 * input, which are read when their turn comes. In a dialogue the line "help"
 * lists the steps.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_FEED_H
#define MMT_CLI_FEED_H

#include "cli/lines.h"
#include "cli/script.h"

#include <stdbool.h>
#include <stddef.h>

struct feed {
    const char *const *words;
    size_t count;        /* of the words */
    struct step **steps; /* one for each word; NULL: "-", or taken */
    size_t next;         /* index of the word to come */
    bool has_roles;
    bool has_input;    /* "-" is among the words */
    bool output_taken; /* standard output is for JSON alone */
    bool from_input;   /* steps come from standard input now */
    bool is_dialogue;  /* and are typed by somebody */
    struct lines lines;
    const char *line; /* the one that is FED_BAD, without blanks around it */
    /* Called before standard input is waited for; false: no more of it. */
    bool (*before_wait)(void *context);
    void *context;
};

enum fed {
    FED_STEP,
    FED_BAD,        /* `line` of standard input is no step: `problem` */
    FED_UNREADABLE, /* standard input can't be read: `problem`; `line` is "-" */
    FED_END,
};

/*
 * Read all words, `words` to `output_taken` being set.
 *
 * Returns false when one is no step, with `problem` saying what is wrong.
 */
bool feed_begin(struct feed *feed, char problem[PROBLEM_SIZE]);

/* The next step, which is the caller's to free. */
enum fed feed_next(struct feed *feed, struct step **step,
                   char problem[PROBLEM_SIZE]);

/*
 * The next step if it stands on the command line and is an `expect`; the
 * caller's to free. NULL otherwise.
 */
struct step *feed_expect(struct feed *feed);

/* Free what was not taken. */
void feed_end(struct feed *feed);

#endif
