/*
 * call.h - every system call on a file or a mapping, with a witness.
 *
 * Each function makes one call of POSIX and returns 0 or its errno value;
 * results go through a pointer, untouched on failure. Who asked to see the
 * calls is told of each one after it returned, with arguments and result as
 * they were.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_CALL_H
#define MMT_MEMORY_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>

enum argument_kind {
    ARGUMENT_NUMBER,     /* signed: descriptor, offset, length of a file */
    ARGUMENT_SIZE,       /* unsigned */
    ARGUMENT_ADDRESS,    /* shown in hexadecimal, NULL as such */
    ARGUMENT_TEXT,       /* a path: `text` */
    ARGUMENT_WORD,       /* `text`, as C writes it */
    ARGUMENT_LOCK,       /* a struct flock of one byte: its type in `text` */
    ARGUMENT_BUFFER,     /* memory that is no part of the mapping */
    ARGUMENT_PROTECTION, /* PROT_* */
    ARGUMENT_MAP_FLAGS,  /* MAP_* */
    ARGUMENT_SYNC_FLAGS, /* MS_* */
    ARGUMENT_OPEN_FLAGS, /* O_* */
    ARGUMENT_MODE,       /* permission bits, shown in octal */
    ARGUMENT_ADVICE,     /* POSIX_MADV_* */
    ARGUMENT_WHENCE,     /* SEEK_* */
    ARGUMENT_RIGHTS,     /* F_OK, or R_OK, W_OK, X_OK */
};

struct argument {
    enum argument_kind kind;
    uintmax_t value; /* signed kinds: cast to intmax_t */
    const char *text;
};

/* How the result of a call is to be read. */
enum result_kind {
    RESULT_NUMBER,  /* -1 and errno on failure */
    RESULT_ADDRESS, /* MAP_FAILED and errno on failure */
    RESULT_ERROR,   /* the call returns the errno value, as posix_*() do */
};

struct call {
    const char *name;
    struct argument arguments[6];
    int count; /* of arguments */
    enum result_kind kind;
    uintmax_t result; /* on success; RESULT_NUMBER: cast to intmax_t */
    int error;        /* errno value, 0 on success */
    bool own;         /* made for mmt's own window, not asked for */
};

/* Have `witness` told of every call from now on; NULL: nobody. */
void call_witness(void (*witness)(const struct call *call));

/*
 * Have `witness` told, with `context`, of the calls that this thread makes
 * from now on, in place of the witness of all; NULL: as before.
 */
void call_witness_here(void (*witness)(void *context, const struct call *call),
                       void *context);

/* Mark the calls from here on as mmt's own (its window), or as asked for. */
void call_own(bool own);

int call_open(const char *path, int flags, mode_t mode, int *descriptor);
int call_shm_open(const char *name, int flags, mode_t mode, int *descriptor);
int call_close(int descriptor);
int call_unlink(const char *path);
int call_shm_unlink(const char *name);
int call_fstat(int descriptor, struct stat *status);
int call_stat(const char *path, struct stat *status);
int call_lstat(const char *path, struct stat *status);
int call_statvfs(const char *path, struct statvfs *status);

/* `*count` bytes of `text` are what the link says, without a NUL. */
int call_readlink(const char *path, char *text, size_t most, size_t *count);
int call_fstatvfs(int descriptor, struct statvfs *status);
int call_access(const char *path, int rights);
int call_lseek(int descriptor, off_t offset, int whence, off_t *position);
int call_truncate(const char *path, off_t length);
int call_ftruncate(int descriptor, off_t length);
int call_fallocate(int descriptor, off_t offset, off_t length);
int call_fsync(int descriptor);
int call_fdatasync(int descriptor);

/*
 * Take (F_WRLCK) or give back (F_UNLCK) the record lock of one byte, without
 * blocking: fcntl(2) with F_SETLK. EACCES or EAGAIN: another process holds it.
 */
int call_lock(int descriptor, short type, off_t byte);

/*
 * Who holds that byte: fcntl(2) with F_GETLK. `*holder` is its process, 0 or
 * less where the system can't say; `*is_held` false: nobody but this process.
 */
int call_lock_holder(int descriptor, off_t byte, bool *is_held, pid_t *holder);

/* Read or write once; a short count is a success, in `*count`. */
int call_read(int descriptor, void *buffer, size_t length, size_t *count);
int call_write(int descriptor, const void *buffer, size_t length,
               size_t *count);
int call_pread(int descriptor, void *buffer, size_t length, off_t offset,
               size_t *count);
int call_pwrite(int descriptor, const void *buffer, size_t length, off_t offset,
                size_t *count);

/* `*mapped` is where the mapping was placed. */
int call_mmap(void *wanted, size_t length, int protection, int flags,
              int descriptor, off_t offset, void **mapped);
int call_munmap(void *from, size_t length);
int call_mprotect(void *from, size_t length, int protection);
int call_msync(void *from, size_t length, int flags);
int call_mlock(const void *from, size_t length);
int call_munlock(const void *from, size_t length);
int call_madvise(void *from, size_t length, int advice);

#endif
