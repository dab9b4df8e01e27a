/*
 * growth.h - a file's way to a new size: all of it or nothing.
 *
 * First ask (look, open, plan), which changes nothing; then act (begin,
 * advance, finish); and if that fails, undo.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_GROWTH_H
#define MMT_MEMORY_GROWTH_H

#include "memory/target.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Bytes, in multiples of `block`. */
struct room {
    bool is_known;    /* false where the file system reports no size */
    uintmax_t block;  /* of the file system; 0: not known either */
    uintmax_t needed; /* to allocate all, beyond what the file has */
    uintmax_t free;   /* for this user */
};

struct growth {
    const char *name;     /* as typed: a path, or shm:NAME */
    struct target target; /* TARGET_NONE until opened or made */
    mode_t kind;          /* st_mode of what was found; 0: nothing */
    bool is_new;          /* there is no file of that name yet */
    bool allocates;       /* every byte is to get its block */
    bool by_path;         /* truncate(2) sets the size, not ftruncate(2) */
    bool is_resized;      /* the size is set to new_size, or may be */
    bool is_overtaken;    /* another process set one before that */
    off_t old_size;       /* bytes; 0 when new */
    off_t new_size;       /* bytes */
    off_t allocated;      /* bytes from the first on that have their blocks */
    struct room room;
    const char *call; /* the one that failed last; NULL: none did */
};

#define GROWTH_NONE ((struct growth) { .target = TARGET_NONE })

/*
 * Find out what the name stands for, without opening it, which could block or
 * start a device.
 *
 * Returns 0 for a regular file, a shared memory object, and a name that is
 * free (`is_new`); EISDIR for a directory, EINVAL for anything else that has
 * no size to set, without a call; ENOENT for a symbolic link that leads
 * nowhere; ENOTSUP for a shared memory object, which has no path, by path; or
 * the errno value of stat(2) or shm_open(3).
 */
int growth_look(struct growth *growth);

/*
 * Open the file that growth_look() found, for writing, and take its size: 0
 * or the errno value of open(2) or shm_open(3).
 */
int growth_open(struct growth *growth);

/*
 * Compare the room that is needed with what is free. For a file that is still
 * to be made its directory answers; a shared memory object has none, so its
 * room is not known before it exists.
 *
 * Returns 0, also where nothing is known; ENOSPC where more is needed than
 * free, as the call of posix_fallocate(3) would that is spared; EFBIG where the
 * process may not write so large a file, as ftruncate(2) would; or the errno
 * value of access(2), when the directory may not be written to.
 */
int growth_plan(struct growth *growth);

/*
 * Make the file if it is new, and set the size if it grows.
 *
 * Returns 0; EEXIST when the name is taken by now, ESTALE when it stands for
 * another file; EAGAIN when another process has changed the size since it was
 * taken; EINVAL when the file keeps its size whatever is set; ENOSPC as
 * growth_plan(); or the errno value of open(2), shm_open(3), ftruncate(2) or
 * truncate(2).
 */
int growth_begin(struct growth *growth);

/* True while there are bytes to allocate. */
bool growth_is_pending(const struct growth *growth);

/*
 * Allocate the next slice, old holes too: 0 or the error of posix_fallocate(3)
 * (POSIX.1-2008).
 */
int growth_advance(struct growth *growth);

/*
 * Set the size if bytes are to be cut, last of all since that cannot be
 * undone, and close the file: 0, an error as of growth_begin(), or the errno
 * value of close(2).
 */
int growth_finish(struct growth *growth);

enum growth_end {
    GROWTH_KEPT,     /* the old size was never changed */
    GROWTH_RESTORED, /* the old size is set again */
    GROWTH_REMOVED,  /* the file that was made is gone again */
    GROWTH_LEFT,     /* another process changed it since: left as it is */
    GROWTH_CUT,      /* bytes were cut, which nothing brings back */
    GROWTH_STUCK,    /* the old size could not be set again */
};

/*
 * Put back the old size, if the size is still the one that was set, and remove
 * a file that was made, if the name is still that file.
 *
 * Returns 0; with GROWTH_STUCK the errno value of open(2), ftruncate(2) or
 * unlink(2), or ENOENT when the file has that name no more and is not open.
 * The file is closed after it.
 */
int growth_undo(struct growth *growth, enum growth_end *end);

#endif
