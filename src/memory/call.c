/*
 * call.c - every system call on a file or a mapping, with a witness.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/call.h"

#include "memory/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static struct argument
number(intmax_t value)
{
    return (struct argument) { .kind = ARGUMENT_NUMBER,
                               .value = (uintmax_t)value };
}

static struct argument
size(size_t value)
{
    return (struct argument) { .kind = ARGUMENT_SIZE, .value = value };
}

static struct argument
address(const void *value)
{
    return (struct argument) { .kind = ARGUMENT_ADDRESS,
                               .value = (uintptr_t)value };
}

static struct argument
path_text(const char *text)
{
    return (struct argument) { .kind = ARGUMENT_TEXT, .text = text };
}

static struct argument
word(const char *text)
{
    return (struct argument) { .kind = ARGUMENT_WORD, .text = text };
}

static struct argument
bits(enum argument_kind kind, int value)
{
    return (struct argument) { .kind = kind,
                               .value = (uintmax_t)(intmax_t)value };
}

static struct argument
mode_bits(mode_t mode)
{
    return (struct argument) { .kind = ARGUMENT_MODE, .value = mode };
}

#define ARGUMENTS(...)                                                         \
    (const struct argument[]) { __VA_ARGS__ },                                 \
        sizeof((const struct argument[]) { __VA_ARGS__ }) /                    \
            sizeof(struct argument)

/* Tell of a call that returns a number, or -1 with errno. */
static int
tell(const char *name, intmax_t result, const struct argument *arguments,
     size_t count)
{
    int error = result == -1 ? errno : 0;

    return witness_tell(RESULT_NUMBER, name, arguments, count, result, error);
}

/* Tell of a call that returns its errno value. */
static int
tell_error(const char *name, int error, const struct argument *arguments,
           size_t count)
{
    return witness_tell(RESULT_ERROR, name, arguments, count, error, error);
}

int
call_open(const char *path, int flags, mode_t mode, int *descriptor)
{
    int opened = open(path, flags, mode);
    int error;

    if (flags & O_CREAT)
        error =
            tell("open", opened,
                 ARGUMENTS(path_text(path), bits(ARGUMENT_OPEN_FLAGS, flags),
                           mode_bits(mode)));
    else
        error =
            tell("open", opened,
                 ARGUMENTS(path_text(path), bits(ARGUMENT_OPEN_FLAGS, flags)));
    if (!error)
        *descriptor = opened;
    return error;
}

int
call_shm_open(const char *name, int flags, mode_t mode, int *descriptor)
{
    int opened = shm_open(name, flags, mode);
    int error =
        tell("shm_open", opened,
             ARGUMENTS(path_text(name), bits(ARGUMENT_OPEN_FLAGS, flags),
                       mode_bits(mode)));

    if (!error)
        *descriptor = opened;
    return error;
}

int
call_close(int descriptor)
{
    return tell("close", close(descriptor), ARGUMENTS(number(descriptor)));
}

int
call_unlink(const char *path)
{
    return tell("unlink", unlink(path), ARGUMENTS(path_text(path)));
}

int
call_shm_unlink(const char *name)
{
    return tell("shm_unlink", shm_unlink(name), ARGUMENTS(path_text(name)));
}

int
call_fstat(int descriptor, struct stat *status)
{
    struct stat found;
    int error = tell("fstat", fstat(descriptor, &found),
                     ARGUMENTS(number(descriptor), bits(ARGUMENT_BUFFER, 0)));

    if (!error)
        *status = found;
    return error;
}

int
call_stat(const char *path, struct stat *status)
{
    struct stat found;
    int error = tell("stat", stat(path, &found),
                     ARGUMENTS(path_text(path), bits(ARGUMENT_BUFFER, 0)));

    if (!error)
        *status = found;
    return error;
}

int
call_lstat(const char *path, struct stat *status)
{
    struct stat found;
    int error = tell("lstat", lstat(path, &found),
                     ARGUMENTS(path_text(path), bits(ARGUMENT_BUFFER, 0)));

    if (!error)
        *status = found;
    return error;
}

int
call_access(const char *path, int rights)
{
    return tell("access", access(path, rights),
                ARGUMENTS(path_text(path), bits(ARGUMENT_RIGHTS, rights)));
}

int
call_statvfs(const char *path, struct statvfs *status)
{
    struct statvfs found;
    int error = tell("statvfs", statvfs(path, &found),
                     ARGUMENTS(path_text(path), bits(ARGUMENT_BUFFER, 0)));

    if (!error)
        *status = found;
    return error;
}

int
call_fstatvfs(int descriptor, struct statvfs *status)
{
    struct statvfs found;
    int error = tell("fstatvfs", fstatvfs(descriptor, &found),
                     ARGUMENTS(number(descriptor), bits(ARGUMENT_BUFFER, 0)));

    if (!error)
        *status = found;
    return error;
}

int
call_lseek(int descriptor, off_t offset, int whence, off_t *position)
{
    off_t reached = lseek(descriptor, offset, whence);
    int error = tell("lseek", reached,
                     ARGUMENTS(number(descriptor), number(offset),
                               bits(ARGUMENT_WHENCE, whence)));

    if (!error)
        *position = reached;
    return error;
}

int
call_truncate(const char *path, off_t length)
{
    return tell("truncate", truncate(path, length),
                ARGUMENTS(path_text(path), number(length)));
}

int
call_ftruncate(int descriptor, off_t length)
{
    return tell("ftruncate", ftruncate(descriptor, length),
                ARGUMENTS(number(descriptor), number(length)));
}

int
call_fallocate(int descriptor, off_t offset, off_t length)
{
    return tell_error(
        "posix_fallocate", posix_fallocate(descriptor, offset, length),
        ARGUMENTS(number(descriptor), number(offset), number(length)));
}

int
call_fsync(int descriptor)
{
    return tell("fsync", fsync(descriptor), ARGUMENTS(number(descriptor)));
}

int
call_fdatasync(int descriptor)
{
    return tell("fdatasync", fdatasync(descriptor),
                ARGUMENTS(number(descriptor)));
}

int
call_readlink(const char *path, char *text, size_t most, size_t *count)
{
    ssize_t taken = readlink(path, text, most);
    int error =
        tell("readlink", taken,
             ARGUMENTS(path_text(path), bits(ARGUMENT_BUFFER, 0), size(most)));

    if (!error)
        *count = (size_t)taken;
    return error;
}

static struct argument
lock_of(const struct flock *lock)
{
    return (struct argument) {
        .kind = ARGUMENT_LOCK,
        .value = (uintmax_t)(intmax_t)lock->l_start,
        .text = lock->l_type == F_WRLCK ? "F_WRLCK" : "F_UNLCK",
    };
}

/* One call of fcntl(2) on a lock of one byte, told as it was asked. */
static int
control_lock(int descriptor, int command, struct flock *lock)
{
    struct argument asked = lock_of(lock);

    return tell("fcntl", fcntl(descriptor, command, lock),
                ARGUMENTS(number(descriptor),
                          word(command == F_SETLK ? "F_SETLK" : "F_GETLK"),
                          asked));
}

int
call_lock(int descriptor, short type, off_t byte)
{
    struct flock lock = { .l_type = type, .l_start = byte, .l_len = 1 };

    return control_lock(descriptor, F_SETLK, &lock);
}

int
call_lock_holder(int descriptor, off_t byte, bool *is_held, pid_t *holder)
{
    struct flock lock = { .l_type = F_WRLCK, .l_start = byte, .l_len = 1 };
    int error = control_lock(descriptor, F_GETLK, &lock);

    if (error)
        return error;
    *is_held = lock.l_type != F_UNLCK;
    *holder = *is_held ? lock.l_pid : 0;
    return 0;
}

int
call_read(int descriptor, void *buffer, size_t length, size_t *count)
{
    ssize_t moved = read(descriptor, buffer, length);
    int error =
        tell("read", moved,
             ARGUMENTS(number(descriptor), address(buffer), size(length)));

    if (!error)
        *count = (size_t)moved;
    return error;
}

int
call_write(int descriptor, const void *buffer, size_t length, size_t *count)
{
    ssize_t moved = write(descriptor, buffer, length);
    int error =
        tell("write", moved,
             ARGUMENTS(number(descriptor), address(buffer), size(length)));

    if (!error)
        *count = (size_t)moved;
    return error;
}

int
call_pread(int descriptor, void *buffer, size_t length, off_t offset,
           size_t *count)
{
    ssize_t moved = pread(descriptor, buffer, length, offset);
    int error = tell("pread", moved,
                     ARGUMENTS(number(descriptor), bits(ARGUMENT_BUFFER, 0),
                               size(length), number(offset)));

    if (!error)
        *count = (size_t)moved;
    return error;
}

int
call_pwrite(int descriptor, const void *buffer, size_t length, off_t offset,
            size_t *count)
{
    ssize_t moved = pwrite(descriptor, buffer, length, offset);
    int error = tell("pwrite", moved,
                     ARGUMENTS(number(descriptor), bits(ARGUMENT_BUFFER, 0),
                               size(length), number(offset)));

    if (!error)
        *count = (size_t)moved;
    return error;
}

int
call_mmap(void *wanted, size_t length, int protection, int flags,
          int descriptor, off_t offset, void **mapped)
{
    void *placed = mmap(wanted, length, protection, flags, descriptor, offset);
    int error = placed == MAP_FAILED ? errno : 0;

    witness_tell(RESULT_ADDRESS, "mmap",
                 ARGUMENTS(address(wanted), size(length),
                           bits(ARGUMENT_PROTECTION, protection),
                           bits(ARGUMENT_MAP_FLAGS, flags), number(descriptor),
                           number(offset)),
                 (intmax_t)(uintptr_t)placed, error);
    if (!error)
        *mapped = placed;
    return error;
}

int
call_munmap(void *from, size_t length)
{
    return tell("munmap", munmap(from, length),
                ARGUMENTS(address(from), size(length)));
}

int
call_mprotect(void *from, size_t length, int protection)
{
    return tell("mprotect", mprotect(from, length, protection),
                ARGUMENTS(address(from), size(length),
                          bits(ARGUMENT_PROTECTION, protection)));
}

int
call_msync(void *from, size_t length, int flags)
{
    return tell("msync", msync(from, length, flags),
                ARGUMENTS(address(from), size(length),
                          bits(ARGUMENT_SYNC_FLAGS, flags)));
}

int
call_mlock(const void *from, size_t length)
{
    return tell("mlock", mlock(from, length),
                ARGUMENTS(address(from), size(length)));
}

int
call_munlock(const void *from, size_t length)
{
    return tell("munlock", munlock(from, length),
                ARGUMENTS(address(from), size(length)));
}

int
call_madvise(void *from, size_t length, int advice)
{
    return tell_error(
        "posix_madvise", posix_madvise(from, length, advice),
        ARGUMENTS(address(from), size(length), bits(ARGUMENT_ADVICE, advice)));
}
