/*
 * ring.h - the bytes that two processes share, and how they take turns.
 *
 * Nothing here opens, locks or guards: the caller runs these functions under
 * fault_guard() where another process may cut the file. What the other end
 * writes is never trusted: positions are computed from this end's own copy.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_RING_H
#define MMT_MEMORY_RING_H

#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RING_VERSION = 1,
    RING_ORDER = 0x01020304, /* as this machine stores it */
    RING_LINE = 64,          /* no two ends write to one line of the cache */
    RING_DATA = 4096,        /* where in the file the ring begins */
};

/* Whether the header can be used yet. */
enum { RING_MAKING = 1, RING_READY = 2 };

/* How far the bytes of one input, a transfer, have come. */
enum ring_phase {
    RING_OPEN,     /* the sender may put in more */
    RING_FINISHED, /* the sender has put in the last byte */
    RING_RECEIVED, /* the receiver has taken it out: ready for the next */
};

/* One end asleep: a flag that the other clears, and what wakes it. */
struct ring_bed {
    _Alignas(RING_LINE) _Atomic uint32_t asleep;
    _Alignas(RING_LINE) union {
        sem_t semaphore;
        unsigned char bytes[RING_LINE];
    } call;
};

/* Where the receiver's bytes go, if that is a file with positions. */
struct ring_output {
    _Alignas(RING_LINE) _Atomic uint32_t known; /* 1: what follows is set */
    uint32_t gap;
    uint64_t device;
    uint64_t inode;
    int64_t base; /* position of the transfer's first byte; may be < 0 */
    int64_t size; /* of the file before the first byte was written */
};

/* The first bytes of a channel file, host byte order: see mmt-exchange(1). */
struct ring_header {
    unsigned char magic[8];
    uint32_t order;          /* RING_ORDER */
    uint32_t version;        /* RING_VERSION */
    uint32_t word_size;      /* bits of a long */
    uint32_t semaphore_size; /* bytes of a sem_t */
    uint64_t capacity;       /* bytes of the ring, from RING_DATA on */
    _Atomic uint32_t made;   /* RING_MAKING, RING_READY */
    _Atomic uint32_t phase;  /* enum ring_phase */
    _Atomic uint32_t polls;  /* 1: the ends' sem_t differ, nobody sleeps */

    /* A fresh sem_t of the C library whose semaphores stand below. */
    _Alignas(RING_LINE) unsigned char fresh[RING_LINE];

    /* The sender's line. */
    _Alignas(RING_LINE) _Atomic uint64_t written; /* bytes put in */
    int64_t input; /* position of the first byte; -1: input can't seek */

    /* The receiver's line. */
    _Alignas(RING_LINE) _Atomic uint64_t read; /* bytes taken out, <= written */
    _Alignas(8) _Atomic uint64_t reached; /* where its last write(2) ends */

    struct ring_output output;
    struct ring_bed beds[2]; /* by enum ring_end */
};

_Static_assert(sizeof(struct ring_header) == 576, "the layout is a contract");
_Static_assert(offsetof(struct ring_header, capacity) == 24, "as documented");
_Static_assert(offsetof(struct ring_header, made) == 32, "as documented");
_Static_assert(offsetof(struct ring_header, phase) == 36, "as documented");
_Static_assert(offsetof(struct ring_header, polls) == 40, "as documented");
_Static_assert(offsetof(struct ring_header, fresh) == 64, "as documented");
_Static_assert(offsetof(struct ring_header, written) == 128, "as documented");
_Static_assert(offsetof(struct ring_header, input) == 136, "as documented");
_Static_assert(offsetof(struct ring_header, read) == 192, "as documented");
_Static_assert(offsetof(struct ring_header, reached) == 200, "as documented");
_Static_assert(offsetof(struct ring_header, output) == 256, "as documented");
_Static_assert(offsetof(struct ring_header, beds) == 320, "as documented");
_Static_assert(offsetof(struct ring_output, size) == 32, "as documented");
_Static_assert(sizeof(struct ring_bed) == 128, "as documented");
_Static_assert(offsetof(struct ring_bed, call) == 64, "as documented");
_Static_assert(sizeof(sem_t) <= RING_LINE, "a sem_t fits its place");

enum ring_end { RING_SENDER, RING_RECEIVER };

/* What is wrong with a header. */
enum ring_flaw {
    RING_SOUND,
    RING_FOREIGN,  /* no channel at all */
    RING_UNMADE,   /* its maker is at work, or died */
    RING_ALIEN,    /* of the other byte order */
    RING_OUTDATED, /* of another version */
    RING_WORDS,    /* made by processes of another word size */
    RING_SHORT,    /* the file ends before the ring does */
    RING_DAMAGED,  /* no run can lead to such a header */
    RING_CUT,      /* the file was cut while in use */
    RING_NOT_SAME, /* another capacity than asked for */
};

/* The shared numbers at one moment, as an end believes in them. */
struct ring_view {
    uint64_t written;
    uint64_t read;
    enum ring_phase phase;
};

/* One end's hold on a ring. */
struct ring {
    struct ring_header *header;
    unsigned char *data;
    uint64_t capacity; /* own copy */
    enum ring_end end;
    struct ring_view view;          /* as last looked at */
    unsigned char fresh[RING_LINE]; /* of this process's C library */
    bool has_semaphores; /* this process's C library can share them */
    bool spins;          /* another processor may make progress */
};

/* False where the machine has no atomics of 64 bits. */
bool ring_works(void);

/*
 * Read, or set, a counter of the header, in bytes: atomic where ring_works().
 * Elsewhere it is not, and nobody asks; but no library is needed to link.
 */
uint64_t ring_load(const _Atomic uint64_t *counter);
void ring_store(_Atomic uint64_t *counter, uint64_t value);

/* The header of a new, empty ring, marked as being made. */
void ring_identify(struct ring_header *header, uint64_t capacity);

/* Judge a header, or the first `length` bytes of one, and the file's size. */
enum ring_flaw ring_check(const struct ring_header *header, size_t length,
                          uint64_t file_size);

/* Read the counters of a ring whose ends may both be at work. */
enum ring_flaw ring_peek(const struct ring_header *header,
                         struct ring_view *view);

/*
 * Become one end of the ring at `header`, which ring_check() found sound and
 * whose bytes begin at `data`.
 *
 * alone  nobody is at the other end: both semaphores are made anew
 * Returns RING_SOUND or RING_DAMAGED.
 */
enum ring_flaw ring_attach(struct ring *ring, struct ring_header *header,
                           unsigned char *data, enum ring_end end, bool alone);

/* Sender: begin a transfer whose first byte is at `input`, or -1. */
void ring_begin(struct ring *ring, int64_t input);

/* Bring `ring->view` up to date: RING_SOUND or RING_DAMAGED. */
enum ring_flaw ring_look(struct ring *ring);

/*
 * The bytes that this end may fill (sender) or take (receiver) in one piece,
 * by its view; `*offset` is where in the ring they begin.
 */
size_t ring_span(const struct ring *ring, size_t *offset);

/* Count `count` bytes as filled or taken, and wake the other end. */
void ring_advance(struct ring *ring, size_t count);

/* Enter a phase, and wake the other end. */
void ring_enter(struct ring *ring, enum ring_phase phase);

/*
 * Look whether something is no longer as in the view; for a moment again and
 * again, where another processor may see to it.
 */
bool ring_spin(const struct ring *ring);

/*
 * Sleep until something is no longer as in the view; at most `seconds`.
 *
 * Returns false when everything still is.
 */
bool ring_sleep(struct ring *ring, double seconds);

#endif
