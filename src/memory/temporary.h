/*
 * temporary.h - names that live for a moment only.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_TEMPORARY_H
#define MMT_MEMORY_TEMPORARY_H

/*
 * Call `make` with a name that nothing has yet, for it to make something of
 * that name and open it; then the name is removed, however that went, and also
 * when this process is killed in the middle.
 *
 * directory  of the name; "" for what is no file, whose names are like /NAME
 * remove     unlink(2), shm_unlink(3) or mq_unlink(3)
 * result     passed on to `make`, which returns 0 or an errno value
 *
 * Returns what `make` returned, the errno value of pipe(2) or fork(2), or
 * ENAMETOOLONG.
 */
int temporary_make(const char *directory,
                   int (*make)(const char *name, void *result),
                   int (*remove)(const char *name), void *result);

#endif
