/*
 * temporary.c - names that live for a moment only.
 *
 * A process that is killed can't tidy up. So a second one, which does nothing
 * else, waits until the first has come to its end, whatever end that is, and
 * removes the name.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/temporary.h"

#include "memory/clock.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Wait for the end of `lifeline`; a byte in it: the name is not ours. */
static void
tidy(int lifeline, const char *name, int (*remove)(const char *))
{
    ssize_t count;
    char byte;

    do {
        count = read(lifeline, &byte, 1);
    } while (count < 0 && errno == EINTR);
    if (count == 0)
        remove(name);
    _exit(0);
}

static int
make_guarded(const char *name, int (*make)(const char *, void *),
             int (*remove)(const char *), void *result)
{
    int lifeline[2], error, status = 0;
    pid_t guard;

    if (pipe(lifeline) != 0)
        return errno;
    guard = fork();
    if (guard == 0) {
        close(lifeline[1]);
        tidy(lifeline[0], name, remove);
    }
    error = guard < 0 ? errno : make(name, result);
    if (error == EEXIST && write(lifeline[1], "", 1) != 1)
        error = errno;
    close(lifeline[0]);
    close(lifeline[1]);
    while (guard > 0 && waitpid(guard, &status, 0) < 0 && errno == EINTR)
        continue;
    if (status != 0 && error != EEXIST)
        remove(name); /* the guard was killed itself */
    return error;
}

/* Room for what name_of() puts behind the directory. */
enum { SUFFIX_SIZE = sizeof "/mmt--" + 2 * sizeof(uintmax_t) * 3 };

/* Write the digits of `number` at `text`, and return where they end. */
static char *
put_number(char *text, uintmax_t number)
{
    char digits[sizeof number * 3], *digit = digits;

    do {
        *digit++ = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (digit > digits)
        *text++ = *--digit;
    return text;
}

/* Write DIRECTORY/mmt-PROCESS-MOMENT; false when that is too long. */
static bool
name_of(char *name, size_t size, const char *directory)
{
    size_t length = strlen(directory);

    if (length + SUFFIX_SIZE > size)
        return false;
    memcpy(name, directory, length);
    memcpy(name + length, "/mmt-", 5);
    name = put_number(name + length + 5, (uintmax_t)getpid());
    *name++ = '-';
    name = put_number(name, (uintmax_t)(clock_now() * 1e9));
    *name = '\0';
    return true;
}

int
temporary_make(const char *directory, int (*make)(const char *, void *),
               int (*remove)(const char *), void *result)
{
    char name[PATH_MAX];
    sigset_t all, before;
    int error;

    if (!name_of(name, sizeof name, directory))
        return ENAMETOOLONG;
    /* What a terminal sends to both of them must not end both. */
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    error = make_guarded(name, make, remove, result);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return error;
}
