/*
 * growth.c - a file's way to a new size: all of it or nothing.
 *
 * The size is set first and the blocks come after: so while slices are
 * allocated the size stays the one that was set, what another process appends
 * meanwhile lies behind it, and a size that differs tells that it did.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/growth.h"

#include "memory/call.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/*
 * Bytes allocated by one call: enough that the calls cost nothing, few enough
 * that a signal or a time limit is soon heard.
 */
static const off_t slice = (off_t)64 * 1024 * 1024;

/* Permissions of a file that is made, less the umask. */
enum { NEW_FILE_MODE = 0666 };

/* Note the call that failed, if it did. */
static int
note(struct growth *growth, int error, const char *call)
{
    growth->call = error ? call : NULL;
    return error;
}

static int
note_opening(struct growth *growth, int error)
{
    return note(growth, error, target_opening(growth->name));
}

int
growth_look(struct growth *growth)
{
    bool is_shared = target_is_shared_object(growth->name);
    struct stat status;
    int error;

    if (is_shared && growth->by_path)
        return note(growth, ENOTSUP, "truncate");
    error = target_stat(growth->name, &status);
    growth->is_new = error == ENOENT && !target_is_link(growth->name);
    if (error)
        return growth->is_new
                   ? 0
                   : note(growth, error, is_shared ? "shm_open" : "stat");
    growth->kind = status.st_mode;
    if (S_ISDIR(status.st_mode))
        return EISDIR;
    return S_ISREG(status.st_mode) || is_shared ? 0 : EINVAL;
}

int
growth_open(struct growth *growth)
{
    int error = EACCES;

    /* Where a C library allocates by itself, it reads what it writes. */
    if (growth->allocates)
        error = target_open(&growth->target, growth->name, O_RDWR, 0);
    if (error == EACCES)
        error = target_open(&growth->target, growth->name, O_WRONLY, 0);
    if (!error)
        growth->old_size = growth->target.status.st_size;
    return note_opening(growth, error);
}

/* The directory that names a path, to be freed; NULL when out of memory. */
static char *
directory_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return strdup(".");
    return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

/* Ask the directory in which a new file is to be. */
static int
ask_directory(struct growth *growth, struct statvfs *system)
{
    char *directory = directory_of(growth->name);
    int error;

    if (!directory)
        return note(growth, ENOMEM, "malloc");
    error = note(growth, call_access(directory, W_OK | X_OK), "access");
    if (!error && call_statvfs(directory, system) != 0)
        system->f_blocks = 0;
    free(directory);
    return error;
}

static uintmax_t
product(uintmax_t count, uintmax_t size)
{
    return count > UINTMAX_MAX / size ? UINTMAX_MAX : count * size;
}

/* The bytes still to be allocated, in whole blocks. */
static uintmax_t
needed_bytes(const struct growth *growth, uintmax_t block)
{
    uintmax_t present = 0, all;

    if (!growth->allocates)
        return 0;
    all = ((uintmax_t)growth->new_size + block - 1) / block * block;
    if (!growth->is_new)
        present =
            product((uintmax_t)growth->target.status.st_blocks, TARGET_BLOCK);
    return all > present ? (all - present + block - 1) / block * block : 0;
}

/* The call that sets the size. */
static const char *
resizing(const struct growth *growth)
{
    return growth->by_path ? "truncate" : "ftruncate";
}

/* True when the file would grow beyond what this process may write. */
static bool
exceeds_limit(const struct growth *growth)
{
    struct rlimit limit;

    return growth->new_size > growth->old_size &&
           getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
           limit.rlim_cur != RLIM_INFINITY &&
           (uintmax_t)growth->new_size > limit.rlim_cur;
}

int
growth_plan(struct growth *growth)
{
    struct room *room = &growth->room;
    struct statvfs system = { .f_frsize = 0 };
    int error = 0;

    if (growth->target.descriptor >= 0)
        call_fstatvfs(growth->target.descriptor, &system);
    else if (!target_is_shared_object(growth->name))
        error = ask_directory(growth, &system);
    *room = (struct room) { .block = system.f_frsize };
    if (error)
        return error;
    if (room->block > 0) {
        room->is_known = system.f_blocks > 0;
        room->needed = needed_bytes(growth, room->block);
        room->free = product(geteuid() == 0 ? system.f_bfree : system.f_bavail,
                             room->block);
    }
    if (room->is_known && room->needed > room->free)
        return note(growth, ENOSPC, "posix_fallocate");
    if (exceeds_limit(growth))
        return note(growth, EFBIG, resizing(growth));
    return 0;
}

static int
create(struct growth *growth)
{
    int error = target_open(&growth->target, growth->name,
                            O_RDWR | O_CREAT | O_EXCL, NEW_FILE_MODE);

    return note_opening(growth, error);
}

/* Files of /proc and its like may take any size and keep their own. */
static int
check_taken(struct growth *growth)
{
    off_t now;
    int error = note(growth, target_size(&growth->target, &now), "fstat");

    if (error || now != growth->old_size)
        return error;
    growth->is_resized = false;
    return note(growth, EINVAL, resizing(growth));
}

/*
 * What another process has appended since the file was opened would be cut.
 * No call sets a size only if it is the one expected: so look just before.
 */
static int
check_unchanged(struct growth *growth)
{
    off_t now;
    int error = note(growth, target_size(&growth->target, &now), "fstat");

    if (error)
        return error;
    growth->is_overtaken = now != growth->old_size;
    return note(growth, growth->is_overtaken ? EAGAIN : 0, resizing(growth));
}

static int
set_size(const struct growth *growth)
{
    if (!growth->by_path)
        return target_resize(&growth->target, growth->new_size);
    if (!target_is(&growth->target, growth->name))
        return ESTALE;
    return call_truncate(growth->name, growth->new_size);
}

/*
 * Whether the size may be set, or will be: by a call that was interrupted late,
 * or that failed when it had been done, as on a file system of a server.
 */
static bool
may_be_set(const struct growth *growth, int error)
{
    off_t now;

    return !error || error == EINTR ||
           (target_size(&growth->target, &now) == 0 &&
            now == growth->new_size && now != growth->old_size);
}

static int
resize(struct growth *growth)
{
    int error = check_unchanged(growth);

    if (error)
        return error;
    error = note(growth, set_size(growth), resizing(growth));
    growth->is_resized = may_be_set(growth, error);
    return error ? error : check_taken(growth);
}

int
growth_begin(struct growth *growth)
{
    int error = 0;

    if (growth->is_new)
        error = create(growth);
    if (!error && growth->is_new && !growth->room.is_known)
        error = growth_plan(growth);
    if (!error && growth->new_size > growth->old_size)
        error = resize(growth);
    return error;
}

bool
growth_is_pending(const struct growth *growth)
{
    return growth->allocates && growth->allocated < growth->new_size;
}

int
growth_advance(struct growth *growth)
{
    off_t left = growth->new_size - growth->allocated;
    off_t length = left < slice ? left : slice;
    int error =
        call_fallocate(growth->target.descriptor, growth->allocated, length);

    if (!error)
        growth->allocated += length;
    return note(growth, error, "posix_fallocate");
}

int
growth_finish(struct growth *growth)
{
    int error = 0;

    if (growth->new_size < growth->old_size)
        error = resize(growth);
    if (!error)
        error = note(growth, target_close(&growth->target), "close");
    return error;
}

/* Set the old size again; FUSE and NFS may be interrupted, so go on. */
static int
restore(const struct growth *growth)
{
    int error;

    do {
        error = target_resize(&growth->target, growth->old_size);
    } while (error == EINTR);
    return error;
}

/* Put the size back, then remove what was made. */
static int
put_back(struct growth *growth, enum growth_end *end)
{
    struct target *target = &growth->target;
    off_t now;
    int error = 0;

    *end = GROWTH_STUCK;
    if (target->descriptor < 0) /* a close that failed has closed it */
        error = target_reopen(target, O_WRONLY);
    if (error || (error = target_size(target, &now)))
        return error;
    if (now != growth->old_size &&
        (!growth->is_resized || now != growth->new_size)) {
        *end = GROWTH_LEFT;
        return 0;
    }
    if (now != growth->old_size && (error = restore(growth)))
        return error;
    *end = GROWTH_RESTORED;
    if (!target->created || !target_is(target, growth->name))
        return 0;
    error = target_unlink(target);
    *end = error ? GROWTH_STUCK : GROWTH_REMOVED;
    return error;
}

int
growth_undo(struct growth *growth, enum growth_end *end)
{
    int error = 0;

    *end = GROWTH_KEPT;
    if (growth->is_resized && growth->new_size < growth->old_size)
        *end = GROWTH_CUT;
    else if (growth->is_resized || growth->is_overtaken ||
             growth->target.created)
        error = put_back(growth, end);
    target_close(&growth->target);
    return error;
}
