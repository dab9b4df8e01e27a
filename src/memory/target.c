/*
 * target.c - the object worked on: a file or a shared memory object.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/target.h"

#include "memory/call.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

static const char shared_prefix[] = "shm:";

bool
target_is_shared_object(const char *name)
{
    return strncmp(name, shared_prefix, sizeof shared_prefix - 1) == 0;
}

const char *
target_opening(const char *name)
{
    return target_is_shared_object(name) ? "shm_open" : "open";
}

bool
target_is_link(const char *name)
{
    struct stat status;

    return !target_is_shared_object(name) && call_lstat(name, &status) == 0 &&
           S_ISLNK(status.st_mode);
}

/* Write the name that shm_open(3) wants for shm:NAME: /NAME. */
static int
shared_name(const char *name, char path[NAME_MAX + 2])
{
    const char *rest = name + sizeof shared_prefix - 1;
    size_t length = strlen(rest);

    if (length == 0)
        return EINVAL;
    if (length > NAME_MAX)
        return ENAMETOOLONG;
    path[0] = '/';
    memcpy(path + 1, rest, length + 1);
    return 0;
}

static int
open_shared(const char *name, int flags, mode_t mode, int *descriptor)
{
    char path[NAME_MAX + 2];
    int error = shared_name(name, path);

    /* shm_open takes no O_WRONLY; what is written there is stored. */
    if ((flags & O_ACCMODE) == O_WRONLY)
        flags = (flags & ~O_ACCMODE) | O_RDWR;
    flags &= ~(O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    return error ? error : call_shm_open(path, flags, mode, descriptor);
}

/* The call itself; what O_CREAT made new is seen by trying O_EXCL first. */
static int
open_any(struct target *target, const char *name, int flags, mode_t mode)
{
    bool shared = target_is_shared_object(name);
    int (*call)(const char *, int, mode_t, int *) =
        shared ? open_shared : call_open;
    int error;

    flags |= O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    target->created = false;
    if (!(flags & O_CREAT) || (flags & O_EXCL)) {
        error = call(name, flags, mode, &target->descriptor);
        target->created = !error && (flags & O_CREAT);
        return error;
    }
    error = call(name, flags & ~O_CREAT, mode, &target->descriptor);
    if (error != ENOENT)
        return error;
    error = call(name, flags | O_EXCL, mode, &target->descriptor);
    target->created = !error;
    if (error != EEXIST)
        return error;
    /* Another process was faster, or a symbolic link dangles. */
    return call(name, flags, mode, &target->descriptor);
}

/* Find out whether what was opened has an end, and where. */
static int
look(struct target *target)
{
    int error = call_fstat(target->descriptor, &target->status);
    off_t end = 0;

    if (error)
        return error;
    target->has_end = true;
    if (S_ISREG(target->status.st_mode) || S_ISDIR(target->status.st_mode) ||
        target_is_shared_object(target->name))
        return 0;
    if (call_lseek(target->descriptor, 0, SEEK_END, &end) != 0)
        end = 0;
    target->status.st_size = end;
    target->has_end = end > 0;
    if (!S_ISFIFO(target->status.st_mode)) {
        int flags = fcntl(target->descriptor, F_GETFL);

        /* A device was to be opened without blocking, not to be used so. */
        if (flags != -1)
            fcntl(target->descriptor, F_SETFL, flags & ~O_NONBLOCK);
    }
    return 0;
}

/* What was made is not left, if it can be told that it still has its name. */
static void
take_back(struct target *made)
{
    if (made->created && call_fstat(made->descriptor, &made->status) == 0 &&
        target_is(made, made->name))
        target_unlink(made);
}

int
target_open(struct target *target, const char *name, int flags, mode_t mode)
{
    struct target opened = { .name = name, .descriptor = -1, .flags = flags };
    int error = open_any(&opened, name, flags, mode);

    if (error)
        return error;
    if ((error = look(&opened))) {
        take_back(&opened);
        call_close(opened.descriptor);
        return error;
    }
    *target = opened;
    return 0;
}

int
target_stat(const char *name, struct stat *status)
{
    char path[NAME_MAX + 2];
    int descriptor, error;

    if (!target_is_shared_object(name))
        return call_stat(name, status);
    if ((error = shared_name(name, path)))
        return error;
    if ((error = call_shm_open(path, O_RDONLY, 0, &descriptor)))
        return error;
    error = call_fstat(descriptor, status);
    call_close(descriptor);
    return error;
}

bool
target_has_status(const struct target *target, const struct stat *status)
{
    return target->status.st_dev == status->st_dev &&
           target->status.st_ino == status->st_ino;
}

bool
target_is(const struct target *target, const char *name)
{
    struct stat status;

    return target->status.st_mode != 0 && target_stat(name, &status) == 0 &&
           target_has_status(target, &status);
}

bool
target_can_grow(const struct target *target)
{
    return S_ISREG(target->status.st_mode) ||
           target_is_shared_object(target->name);
}

int
target_size(const struct target *target, off_t *size)
{
    struct stat status;
    int error;

    if (!target_can_grow(target)) {
        *size = target->status.st_size;
        return 0;
    }
    error = target->descriptor >= 0 ? call_fstat(target->descriptor, &status)
                                    : target_stat(target->name, &status);
    if (error)
        return error;
    if (!target_has_status(target, &status))
        return ENOENT;
    *size = status.st_size;
    return 0;
}

int
target_resize(const struct target *target, off_t size)
{
    return call_ftruncate(target->descriptor, size);
}

int
target_unlink(const struct target *target)
{
    char path[NAME_MAX + 2];
    int error;

    if (!target_is_shared_object(target->name))
        return call_unlink(target->name);
    error = shared_name(target->name, path);
    return error ? error : call_shm_unlink(path);
}

int
target_reopen(struct target *target, int flags)
{
    struct target again = TARGET_NONE;
    int error = target_open(&again, target->name, flags, 0);

    if (error)
        return error;
    if (!target_has_status(target, &again.status)) {
        target_close(&again);
        return ENOENT;
    }
    target->descriptor = again.descriptor;
    return 0;
}

int
target_close(struct target *target)
{
    int descriptor = target->descriptor;

    if (descriptor < 0)
        return 0;
    target->descriptor = -1;
    return call_close(descriptor);
}
