/*
 * target.h - the object worked on: a file or a shared memory object.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_TARGET_H
#define MMT_MEMORY_TARGET_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

struct target {
    const char *name;   /* as typed: a path, or shm:NAME */
    int descriptor;     /* -1 when not open */
    int flags;          /* O_* it was opened with */
    struct stat status; /* when it was opened; st_mode 0 when it never was */
    bool has_end;       /* false for what has no size: a character device */
    bool created;       /* by target_open() */
};

/* The unit of st_blocks in bytes: POSIX leaves it open, all systems use it. */
enum { TARGET_BLOCK = 512 };

#define TARGET_NONE ((struct target) { .descriptor = -1 })

/* True when `name` is shm:NAME, a shared memory object. */
bool target_is_shared_object(const char *name);

/* The name of the call that opens it: "shm_open" or "open". */
const char *target_opening(const char *name);

/* True when there is a symbolic link of that name, wherever it leads. */
bool target_is_link(const char *name);

/*
 * Open a file, or a shared memory object of POSIX, close-on-exec.
 *
 * flags  O_RDONLY, O_WRONLY or O_RDWR with O_APPEND, O_CREAT, O_EXCL or
 *        O_TRUNC. Opening never blocks: a FIFO is opened with O_NONBLOCK.
 * mode   of a file that is created, less the umask
 *
 * Returns 0 or the errno value of open(2), shm_open(3) or fstat(2).
 */
int target_open(struct target *target, const char *name, int flags,
                mode_t mode);

/*
 * Ask about a file or shared memory object by its name: 0 or the errno value
 * of stat(2), shm_open(3) or fstat(2).
 */
int target_stat(const char *name, struct stat *status);

/* True for what can be given another size: a device can't. */
bool target_can_grow(const struct target *target);

/*
 * The size now, in bytes: st_size of a regular file or a shared memory object,
 * of anything else where lseek(2) finds the end. When the descriptor is
 * closed, asked by name, if the name is still that file.
 *
 * Returns 0, or an errno value; ENOENT when the name is another file now.
 */
int target_size(const struct target *target, off_t *size);

/* Set the size through the descriptor: 0 or the errno value of ftruncate. */
int target_resize(const struct target *target, off_t size);

/* True when `name` (as for target_open) is the file that is open. */
bool target_is(const struct target *target, const char *name);

/* True when `status` is that of the file that was opened. */
bool target_has_status(const struct target *target, const struct stat *status);

/* Remove the name: 0 or the errno value of unlink(2) or shm_unlink(3). */
int target_unlink(const struct target *target);

/*
 * Open it once more after it was closed, by its name: 0, the errno value of
 * the call, or ENOENT when the name is another file by now.
 */
int target_reopen(struct target *target, int flags);

/* Close it; 0 or the errno value of close(2). Safe on TARGET_NONE, twice. */
int target_close(struct target *target);

#endif
