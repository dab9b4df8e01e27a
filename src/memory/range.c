/*
 * range.c - bytes, half open; page arithmetic.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/range.h"

#include <unistd.h>

size_t
page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

off_t
page_floor(off_t offset)
{
    return offset - offset % (off_t)page_size();
}

off_t
page_ceiling(off_t offset)
{
    off_t page = (off_t)page_size();
    off_t past = offset % page;

    if (past == 0)
        return offset;
    return offset > OFFSET_MAX - (page - past) ? OFFSET_MAX
                                               : offset + (page - past);
}

off_t
bytes_between(off_t offset, off_t end)
{
    return offset < end - OFFSET_MAX ? OFFSET_MAX : end - offset;
}
