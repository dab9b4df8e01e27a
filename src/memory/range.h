/*
 * range.h - bytes, half open; page arithmetic.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_RANGE_H
#define MMT_MEMORY_RANGE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The largest value of an off_t, which POSIX gives no name. */
#define OFFSET_MAX ((off_t)(((uintmax_t)1 << (sizeof(off_t) * 8 - 1)) - 1))

/* Bytes of a page, a power of two (POSIX.1-2008, sysconf). */
size_t page_size(void);

/* The first byte of the page that holds byte `offset`, never negative. */
off_t page_floor(off_t offset);

/*
 * The end of the page that holds byte `offset` - 1, which is not negative;
 * OFFSET_MAX where that is past the end of off_t.
 */
off_t page_ceiling(off_t offset);

/*
 * The bytes from `offset`, which may be any, to `end`, which is not negative:
 * OFFSET_MAX where there are more, negative where `offset` is behind `end`.
 */
off_t bytes_between(off_t offset, off_t end);

#endif
