/*
 * window.h - reserved addresses and the mappings laid into them.
 *
 * A window keeps a ledger of what each of its pages is since which step, so
 * that a fault can be explained. The ledger says what this process asked for;
 * what a file has become is asked of the file.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_WINDOW_H
#define MMT_MEMORY_WINDOW_H

#include "memory/outcome.h"
#include "memory/target.h"

#include <stdbool.h>
#include <stddef.h>

/* A run of pages that were treated alike. */
struct region {
    size_t start; /* bytes from the window's base, page aligned */
    size_t end;   /* likewise, behind the last byte */
    bool mapped;
    bool shared;                 /* of what is mapped, as all below */
    int protection;              /* PROT_* */
    const struct target *target; /* the file */
    off_t offset;                /* in the file, of `start` */
    off_t size;                  /* bytes of the file when mapped */
    const struct mark *made;     /* mapped or unmapped by; NULL: by no step */
    const struct mark *changed;  /* protected by; NULL: as mapped */
};

/*
 * MAP_ANONYMOUS, for who can't see it: POSIX.1-2024 has it, and headers hide
 * it from who asks for POSIX.1-2008.
 */
extern const int window_anonymous;

struct window {
    unsigned char *base;    /* page aligned; NULL when there is no window */
    size_t length;          /* bytes, a multiple of the page size */
    size_t lead;            /* bytes from `base` to where OFF counts from */
    size_t asked;           /* bytes asked for, from there on */
    size_t guard;           /* bytes still reserved on each side */
    struct region *regions; /* of the whole window, in order */
    size_t count;
    size_t capacity;
    struct mark **marks;
    size_t mark_count;
};

#define WINDOW_NONE ((struct window) { .base = NULL })

/*
 * Reserve addresses for `length` bytes, a multiple of the page size and not 0,
 * with a guard page on each side, and beyond these free room into which the
 * system lays other mappings, so that a hole in the window stays a hole. The
 * pages are unmapped when this returns, the addresses free for MAP_FIXED.
 *
 * Returns 0 or the errno value of mmap(2).
 */
int window_reserve(struct window *window, size_t length);

/*
 * Make what the system placed at `base` the window: nothing is reserved.
 *
 * Returns 0 or ENOMEM.
 */
int window_adopt(struct window *window, void *base, size_t length);

/*
 * Make sure that the next change of the ledger needs no memory: 0 or ENOMEM.
 * To be called before the system call whose result is to be noted.
 */
int window_prepare(struct window *window);

/*
 * Keep the number and the text of a step in the window.
 *
 * Returns NULL when there is no memory.
 */
const struct mark *window_mark(struct window *window, size_t number,
                               const char *text);

/* Note what became of the pages from `start` to `end`, page aligned. */
void window_note_map(struct window *window, const struct region *like);
void window_note_unmap(struct window *window, size_t start, size_t end,
                       const struct mark *by);
void window_note_protect(struct window *window, size_t start, size_t end,
                         int protection, const struct mark *by);

/* The region of byte `at` from the base; NULL outside the window. */
const struct region *window_region(const struct window *window, size_t at);

/*
 * The same for walking from `at` to `end`: NULL too when `at` has come there.
 *
 * next  set to where the region ends, or to `end` if that comes first
 */
const struct region *window_walk(const struct window *window, size_t at,
                                 size_t end, size_t *next);

/*
 * True when the system has something mapped at the page at `at` from the base,
 * whatever the ledger says (POSIX.1-2008, msync: ENOMEM).
 */
bool window_is_mapped(const struct window *window, size_t at);

/* Give all of it back: 0 or the errno value of munmap(2). Safe twice. */
int window_release(struct window *window);

#endif
