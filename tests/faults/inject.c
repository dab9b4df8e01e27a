/*
 * inject.c - lets system calls fail, or something happen just before them.
 *
 * To be preloaded: cc -shared -fPIC -o inject.so inject.c -ldl. A variable
 * INJECT_CALL=N:ERROR:COMMAND in the environment is for the Nth call of CALL:
 * COMMAND, if there is one, is run by the shell, its $PPID the caller; then the
 * call fails with the errno value ERROR, or is made if that is 0.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>

enum { NAME_LONGEST = 40 };

/* Run the command as if the caller had; nothing is injected there. */
static void
run(const char *command)
{
    FILE *shell;

    if (!*command)
        return;
    unsetenv("LD_PRELOAD");
    /* system() would have the caller ignore SIGINT. */
    shell = popen(command, "w");
    if (!shell || pclose(shell) != 0)
        fprintf(stderr, "inject: failed: %s\n", command);
}

/* What the call is to fail with, the `count`th of that name; 0: nothing. */
static int
injected(const char *name, int count)
{
    char variable[NAME_LONGEST];
    const char *text;
    char *rest;
    int error;

    snprintf(variable, sizeof variable, "INJECT_%s", name);
    text = getenv(variable);
    if (!text || strtol(text, &rest, 10) != count || *rest != ':')
        return 0;
    error = (int)strtol(rest + 1, &rest, 10);
    if (*rest == ':')
        run(rest + 1);
    return error;
}

static int
fail(int error)
{
    errno = error;
    return -1;
}

/* The call of that name that was there before this library. */
#define NEXT(type, name) ((type)dlsym(RTLD_NEXT, name))

typedef int (*allocate_call)(int, off64_t, off64_t);
typedef int (*resize_call)(int, off64_t);
typedef int (*ask_call)(int, struct statvfs64 *);
typedef int (*ask_path_call)(const char *, struct statvfs64 *);
typedef int (*look_call)(int, struct stat64 *);
typedef int (*close_call)(int);

int
posix_fallocate64(int descriptor, off64_t offset, off64_t length)
{
    static int count;
    int error = injected("posix_fallocate", ++count);

    return error ? error
                 : NEXT(allocate_call, "posix_fallocate64")(descriptor, offset,
                                                            length);
}

int
ftruncate64(int descriptor, off64_t length)
{
    static int count;
    int error = injected("ftruncate", ++count);

    return error ? fail(error)
                 : NEXT(resize_call, "ftruncate64")(descriptor, length);
}

int
fstatvfs64(int descriptor, struct statvfs64 *status)
{
    static int count;
    int error = injected("fstatvfs", ++count);

    return error ? fail(error)
                 : NEXT(ask_call, "fstatvfs64")(descriptor, status);
}

int
statvfs64(const char *path, struct statvfs64 *status)
{
    static int count;
    int error = injected("statvfs", ++count);

    return error ? fail(error) : NEXT(ask_path_call, "statvfs64")(path, status);
}

int
fstat64(int descriptor, struct stat64 *status)
{
    static int count;
    int error = injected("fstat", ++count);

    return error ? fail(error) : NEXT(look_call, "fstat64")(descriptor, status);
}

int
close(int descriptor)
{
    static int count;
    int error = injected("close", ++count);

    return error ? fail(error) : NEXT(close_call, "close")(descriptor);
}
