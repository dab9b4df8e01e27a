/*
 * naming.c - which directories hold the names that lead to a file.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/naming.h"

#include "memory/call.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The longest text of a symbolic link that any system is known to have. */
enum { LINK_LONGEST = 4096 };

/* `length` without the slashes at the end; the root keeps its one. */
static size_t
bare_length(const char *path, size_t length)
{
    while (length > 1 && path[length - 1] == '/')
        length--;
    return length;
}

/* Where the last name of the `length` bytes at `path` begins. */
static size_t
last_name(const char *path, size_t length)
{
    while (length > 0 && path[length - 1] != '/')
        length--;
    return length;
}

/* `length` bytes of `text` and then `more`, for the caller to free. */
static char *
join(const char *text, size_t length, const char *more)
{
    size_t rest = strlen(more);
    char *joined = malloc(length + rest + 1);

    if (!joined)
        return NULL;
    memcpy(joined, text, length);
    memcpy(joined + length, more, rest + 1);
    return joined;
}

/* True when a directory calls itself or its parent so. */
static bool
is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* The directory that holds the name at the end of `path`, which is bare. */
static char *
directory_of(const char *path)
{
    size_t name = last_name(path, strlen(path));

    if (path[name] == '\0') /* the root, which nothing else holds */
        return join(path, name, "");
    if (is_dots(path + name))
        return join(path, strlen(path), "/..");
    if (name == 0)
        return join(".", 1, "");
    return join(path, bare_length(path, name), "");
}

/* What the link at `path`, which is bare, says, as a path from here. */
static int
follow(const char *path, char **next)
{
    char text[LINK_LONGEST + 1];
    size_t count;
    int error = call_readlink(path, text, LINK_LONGEST, &count);

    if (error)
        return error;
    text[count] = '\0';
    *next =
        join(path, text[0] == '/' ? 0 : last_name(path, strlen(path)), text);
    return *next ? 0 : ENOMEM;
}

static int
look(const char *path, char **directory, char **next)
{
    struct stat status;
    int error = call_lstat(path, &status);

    if (error)
        return error;
    *directory = directory_of(path);
    if (!*directory)
        return ENOMEM;
    if (!S_ISLNK(status.st_mode))
        return 0;
    if ((error = follow(path, next)))
        free(*directory);
    return error;
}

int
naming_step(const char *path, char **directory, char **next)
{
    char *bare = join(path, bare_length(path, strlen(path)), "");
    int error;

    if (!bare)
        return ENOMEM;
    *next = NULL;
    error = look(bare, directory, next);
    free(bare);
    return error;
}
