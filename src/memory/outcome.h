/*
 * outcome.h - how a step ended, and why.
 *
 * An outcome is plain data: it passes from process to process as it is.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_OUTCOME_H
#define MMT_MEMORY_OUTCOME_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Characters of a step that are shown, and room for them and "...". */
enum {
    CHARACTER_SIZE = 4, /* bytes of the longest in UTF-8 */
    SHOWN_LENGTH = 60,
    SHOWN_SIZE = SHOWN_LENGTH * CHARACTER_SIZE + 4
};

/* Bytes that a comparison shows of what it found. */
enum { FOUND_LENGTH = 60 };

enum outcome_kind {
    OUTCOME_OK,
    OUTCOME_ERROR,   /* a call failed: `error`, `reason` */
    OUTCOME_FAULT,   /* touching memory raised a signal: `signal`, `code` */
    OUTCOME_DIED,    /* the role was killed by `signal` */
    OUTCOME_KILLED,  /* a command was killed by `signal` */
    OUTCOME_LOST,    /* `count` bytes stored past the end of the file */
    OUTCOME_DIFFERS, /* a comparison found something else */
    OUTCOME_OUTSIDE, /* the step would leave the window */
    OUTCOME_TIMEOUT, /* the time limit ran out */
    OUTCOME_EXIT,    /* a command ended with `status` */
};

enum access { ACCESS_LOAD, ACCESS_STORE, ACCESS_EXECUTE };

/* Why a page could not be touched. */
enum cause {
    CAUSE_NONE,
    CAUSE_UNMAPPED,
    CAUSE_PROTECTION,
    CAUSE_PAST_END,
    CAUSE_NO_SPACE,
    CAUSE_IO_ERROR,
    CAUSE_UNKNOWN,
};

/* Why a call failed, where mmt knows more than the errno value tells. */
enum reason {
    REASON_NONE,
    REASON_ABSENT,           /* no such file */
    REASON_NOWHERE,          /* a symbolic link to what is not there */
    REASON_NO_DIRECTORY,     /* no such file, nor a directory for it */
    REASON_SHARED_NAME,      /* of a shared memory object: there is none such */
    REASON_EMPTY_FILE,       /* nothing to map */
    REASON_NO_SIZE,          /* bytes to read, and the size 0, as in /proc */
    REASON_BEYOND_FILE,      /* -o at or past the end, and no -l */
    REASON_NO_END,           /* a device: -l is needed */
    REASON_DIRECTORY,        /* can't be mapped */
    REASON_FIFO,             /* can't be mapped */
    REASON_NO_MAPPINGS,      /* the device or file system has none */
    REASON_ZERO_LENGTH,      /* of the range */
    REASON_UNALIGNED,        /* the address */
    REASON_UNALIGNED_OFFSET, /* in the file */
    REASON_MISALIGNED_CELL,  /* an integer not at a multiple of its size */
    REASON_CELL_SIZE,        /* not 1, 2, 4 or 8 */
    REASON_NO_ATOMICS,       /* of that size on this machine */
    REASON_NOT_READABLE,     /* the descriptor */
    REASON_NOT_WRITABLE,     /* the descriptor */
    REASON_NO_SHARING,       /* flags: neither shared nor private */
    REASON_IN_USE,           /* fixed on pages of mmt's own */
    REASON_NULL_ADDRESS,     /* fixed at the null pointer */
    REASON_BEFORE_START,     /* of the mapping */
    REASON_TOO_LONG,         /* for the address space */
    REASON_PAST_LAST,        /* off_t counts no further */
    REASON_HOLE,             /* a page of the range is not mapped */
    REASON_UNREACHABLE,      /* a page without access, or past the end */
    REASON_LOCK_LIMIT,       /* ulimit -l */
    REASON_NEGATIVE,         /* a size */
    REASON_BEFORE_FILE,      /* an offset in the file */
    REASON_CLOSED,           /* by a step */
    REASON_NO_EXECUTE,       /* noexec, or a policy */
    REASON_SYNC_AND_ASYNC,   /* or neither, or an unknown flag */
    REASON_NO_PATH,          /* a shared memory object has none */
    REASON_SIZE_LIMIT,       /* ulimit -f, or of the file system */
    REASON_SAME_FILE,        /* save to the mapped file */
    REASON_NO_READER,        /* of a FIFO */
    REASON_BAD_PAGE,         /* EFAULT: `cause` tells */
    REASON_NO_ROLE,          /* fork without a role */
    REASON_DEAD_ROLE,        /* it died in an earlier step */
};

/* A step that changed the mapping, for those that meet what it did. */
struct mark {
    size_t number; /* of the step, from 1; 0: none */
    char text[SHOWN_SIZE];
};

struct outcome {
    enum outcome_kind kind;
    int error;          /* errno value */
    enum reason reason; /* of `error` */
    int signal;
    int code;        /* si_code */
    int status;      /* exit status of a command */
    off_t offset;    /* first byte concerned, as OFF counts in steps */
    off_t count;     /* bytes lost; of OUTSIDE: where the mapping ends */
    off_t size;      /* bytes of the file now */
    off_t size_then; /* bytes of the file when it was mapped */
    off_t wanted;    /* size that the file should have */
    int64_t number;  /* what an integer was */
    enum access access;
    enum cause cause;
    int protection;   /* of the page: PROT_* */
    struct mark mark; /* the step that unmapped or protected it */
    double seconds;   /* of the time limit that ran out */
    unsigned char found[FOUND_LENGTH]; /* by a comparison */
    size_t found_length;               /* bytes of it */
    size_t found_at;                   /* its place in the text compared */
};

#define OUTCOME_NONE ((struct outcome) { .kind = OUTCOME_OK })

/* A call failed; 0 is a success. */
struct outcome outcome_of(int error);

/* A call failed for a known reason. */
struct outcome outcome_because(int error, enum reason reason);

/* Copy `text` cut after SHOWN_LENGTH characters, "..." behind what is cut. */
void shown_copy(char shown[SHOWN_SIZE], const char *text);

#endif
