/*
 * streams.h - the numbers 0, 1 and 2, kept for the standard streams.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_STREAMS_H
#define MMT_MEMORY_STREAMS_H

/*
 * Where a standard stream is closed, take its number with what fails every
 * read and write. The next file opened would get the number otherwise, and
 * messages would be written into it.
 */
void streams_hold(void);

#endif
