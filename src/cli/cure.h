/*
 * cure.h - what to do about an error, in words.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_CURE_H
#define MMT_CLI_CURE_H

#include <sys/types.h>

/* Room for any of these texts. */
enum { CURE_SIZE = 400 };

/*
 * Write what may be behind the failure of a call that was to open the file
 * `name` for writing, to make it, or to set its size, and what to do then.
 *
 * call  the name of the call that failed
 * Returns `text`, "" where there is nothing to say.
 */
char *cure_write(char text[CURE_SIZE], int error, const char *call,
                 const char *name);

/* Why there is no file of a name, for all who tell of ENOENT. */
#define LINK_TO_NOWHERE                                                        \
    "a symbolic link that leads nowhere: make what it names, or remove it"
#define DIRECTORY_MISSING "a directory of its path is missing: mkdir -p it"

/* What a name like shm: or shm:a/b, which is EINVAL, should have been. */
#define SHARED_SYNTAX "want shm:NAME, without a slash in NAME"

/* Why the file `name` could not be opened; "" where there is nothing to say. */
const char *cure_of_name(int error, const char *name);

/* What is wrong with a file that is no regular one, and what to do. */
const char *cure_of_kind(mode_t mode);

#endif
