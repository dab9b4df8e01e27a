/*
 * naming.h - which directories hold the names that lead to a file.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_NAMING_H
#define MMT_MEMORY_NAMING_H

/*
 * Find the directory that holds the last name of `path`, and where that name
 * leads on to if it is a symbolic link.
 *
 * directory  set to a path of it, for the caller to free
 * next       set to what the link says, as a path from here, for the caller to
 *            free; NULL if the name is no link
 *
 * Returns 0, ENOMEM, or the errno value of lstat(2) or readlink(2).
 */
int naming_step(const char *path, char **directory, char **next);

#endif
