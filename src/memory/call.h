/*
 * call.h - every system call on a file or a mapping, with a witness.
 *
 * Each function makes one call of POSIX and returns 0 or its errno value;
 * results go through a pointer, untouched on failure. The witness is told of
 * each one after it returned.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_CALL_H
#define MMT_MEMORY_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>

int call_open(const char *path, int flags, mode_t mode, int *descriptor);
int call_shm_open(const char *name, int flags, mode_t mode, int *descriptor);
int call_close(int descriptor);
int call_unlink(const char *path);
int call_shm_unlink(const char *name);
int call_fstat(int descriptor, struct stat *status);
int call_stat(const char *path, struct stat *status);
int call_lstat(const char *path, struct stat *status);
int call_statvfs(const char *path, struct statvfs *status);
int call_fstatvfs(int descriptor, struct statvfs *status);
int call_access(const char *path, int rights);
int call_lseek(int descriptor, off_t offset, int whence, off_t *position);
int call_truncate(const char *path, off_t length);
int call_ftruncate(int descriptor, off_t length);
int call_fallocate(int descriptor, off_t offset, off_t length);
int call_fsync(int descriptor);
int call_fdatasync(int descriptor);

/* What the link says: `*count` bytes, at most `most`, and no NUL. */
int call_readlink(const char *path, char *text, size_t most, size_t *count);

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
