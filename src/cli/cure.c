/*
 * cure.c - what to do about an error, in words.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/cure.h"

#include "cli/quote.h"
#include "memory/target.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* What may be wrong with the blocks of a file. */
static const char *
cure_of_allocation(int error)
{
    switch (error) {
    case ENOSPC: return "make room, or leave holes without -a";
    case EDQUOT:
        return "the quota of its owner: make room, or leave holes without -a";
    case ETXTBSY: return "it is in use as swap: swapoff it first";
    case EBADF: return "the C library has to read it for that: chmod u+r";
    case EINVAL:
    case ENODEV:
    case ENOSYS:
    case ENOTSUP: return "its file system cannot allocate: leave out -a";
    default: return "";
    }
}

static const char *
cure_of_file(int error)
{
    switch (error) {
    case EAGAIN: return "try again";
    case EEXIST: return "another process has just made it: try again";
    case EINVAL: return "the size of this file cannot be set";
    case EFBIG: return "larger than its file system or ulimit -f allows";
    case EISDIR: return "name a file in it";
    case ELOOP: return "its symbolic links lead in a circle: see ls -l";
    case ENOENT: return DIRECTORY_MISSING;
    case ENOTSUP: return "a shared memory object has no path: leave out --by";
    case ENOSPC: return "its file system is full: make room";
    case ENOTDIR: return "a part of its path is no directory";
    case EROFS: return "its file system is read-only: remount it to write";
    case ESTALE: return "the name is another file by now: try again";
    case ETXTBSY: return "a running program: end it, or extend a copy";
    default: return "";
    }
}

static const char *
cure_of_call(int error, const char *call)
{
    bool is_stat = strcmp(call, "stat") == 0;

    if (error == EACCES)
        return is_stat ? "a directory of its path needs chmod +x"
                       : "no right to write there: chmod +w, or be its owner";
    if (error == EINVAL && strcmp(call, "shm_open") == 0)
        return SHARED_SYNTAX;
    if (error == ENOENT && is_stat)
        return LINK_TO_NOWHERE;
    if (error == ENOENT && strcmp(call, "open") == 0)
        return "gone by now, or no file can be made there: name another";
    if (error == EPERM && strcmp(call, "access") == 0)
        return "its directory is immutable: see lsattr -d, then chattr -i";
    if (error != EFBIG && strcmp(call, "posix_fallocate") == 0)
        return cure_of_allocation(error);
    return cure_of_file(error);
}

char *
cure_write(char text[CURE_SIZE], int error, const char *call, const char *name)
{
    char word[200];

    if (error == EPERM && strcmp(call, "access") != 0)
        snprintf(text, CURE_SIZE,
                 "immutable or append-only: see lsattr, then chattr -ia %s",
                 quote_for_shell(word, sizeof word, name));
    else
        snprintf(text, CURE_SIZE, "%s", cure_of_call(error, call));
    return text;
}

const char *
cure_of_name(int error, const char *name)
{
    return error == EINVAL && target_is_shared_object(name) ? SHARED_SYNTAX
                                                            : "";
}

const char *
cure_of_kind(mode_t mode)
{
    if (S_ISDIR(mode))
        return "name a file in it";
    if (S_ISFIFO(mode))
        return "a FIFO has no size: name a regular file";
    if (S_ISSOCK(mode))
        return "a socket has no size: name a regular file";
    if (S_ISBLK(mode) || S_ISCHR(mode))
        return "the size of a device cannot be set: name a regular file";
    return "it has no size to set: name a regular file";
}
