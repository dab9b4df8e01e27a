/*
 * step.h - one thing to do to a window: the table of verbs.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_STEP_H
#define MMT_MEMORY_STEP_H

#include "memory/outcome.h"
#include "memory/stage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What the value of a verb is. */
enum value_kind {
    VALUE_NONE,
    VALUE_TEXT,       /* bytes, with escapes */
    VALUE_PATH,       /* of a file, or - */
    VALUE_COMMAND,    /* for sh -c */
    VALUE_ACCESS,     /* letters of rwx: bits 1 << PROBE_* */
    VALUE_PROTECTION, /* PROT_* */
    VALUE_SYNC,       /* MS_* */
    VALUE_ADVICE,     /* POSIX_MADV_* */
    VALUE_MAPPING,    /* attributes of mmap */
    VALUE_SIZE,       /* of a file, may be negative */
    VALUE_INTEGER,    /* signed */
    VALUE_SWAP,       /* OLD:NEW */
    VALUE_AWAITED,    /* N, or N.. */
    VALUE_SECONDS,
    VALUE_SIGNAL,
    VALUE_OUTCOMES, /* what expect accepts */
};

/* What @OFF and +LEN count in, and whether a verb takes them. */
enum range_kind {
    RANGE_NONE,
    RANGE_OFFSET, /* @OFF alone, in the mapping */
    RANGE_TOUCH,  /* of the mapping */
    RANGE_CALL,   /* of the mapping; an address that is passed as it is */
    RANGE_FILE,   /* of the file */
};

/* What a step waits for without touching anything meanwhile. */
enum wait_kind { WAITS_NOT, WAITS_FOR_CELL, WAITS_FOR_TIME, WAITS_FOR_SIGNAL };

/* What a verb prints when it is done. */
enum print_kind {
    PRINTS_NOTHING,
    PRINTS_TEXT,   /* one line, also of no bytes */
    PRINTS_DUMP,   /* the lines of hexdump -C */
    PRINTS_NUMBER, /* one line */
    PRINTS_PAGES,  /* a line for each run of pages */
};

struct step;

struct verb {
    const char *name;
    enum range_kind range;
    enum value_kind value;
    bool value_optional;
    enum wait_kind waits; /* not WAITS_NOT: it holds up no other role */
    enum print_kind prints;
    bool path_is_input;      /* VALUE_PATH: it is read, else written */
    bool repeats_text;       /* VALUE_TEXT: over and over, as long as LEN is */
    const char *placeholder; /* of the value; NULL if it takes none */
    const char *help;        /* one line, lower case, no full stop */
    /* Does a step; NULL for the verb that only judges others. */
    struct outcome (*run)(struct stage *stage, const struct step *step);
};

struct step {
    struct step *next;    /* behind it in the list of whoever holds it */
    struct step *expects; /* those that judge it, in order */
    size_t number;        /* from 1; 0: opening and mapping */
    const struct verb *verb;
    const char *text; /* as typed, with its role */
    const char *role; /* NULL: none was written */
    off_t offset;     /* bytes; negative: from the end */
    off_t length;     /* bytes */
    bool has_offset;
    bool has_length;
    bool has_value;
    unsigned char *bytes; /* TEXT, path or command, and a NUL behind it */
    size_t size;          /* bytes of it, without that NUL */
    int64_t value;        /* an integer, or a size */
    int64_t other;        /* NEW of OLD:NEW */
    bool or_more;         /* N.. */
    int bits;             /* protection, flags, advice, access, signal */
    double seconds;
    bool has_protection; /* attributes of mmap: which were given */
    bool has_sharing;
    bool has_file_offset;
    bool is_private;
    off_t file_offset;
};

/* Every verb, in the order of help; name NULL at the end. */
extern const struct verb verbs[];

/* True for an `expect`, which judges and is never run by step_run(). */
bool step_is_expect(const struct step *step);

/*
 * Run one step on the stage, within the stage's time limit. What it finds goes
 * to the stage's sink.
 */
struct outcome step_run(struct stage *stage, const struct step *step);

/* Free a step and those that judge it, or a whole list. Safe on NULL. */
void step_free(struct step *step);
void step_free_all(struct step *first);

#endif
