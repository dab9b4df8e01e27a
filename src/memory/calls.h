/*
 * calls.h - steps that are one call of POSIX on the mapping.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_CALLS_H
#define MMT_MEMORY_CALLS_H

#include "memory/step.h"

struct outcome calls_munmap(struct stage *stage, const struct step *step);
struct outcome calls_mprotect(struct stage *stage, const struct step *step);
struct outcome calls_msync(struct stage *stage, const struct step *step);
struct outcome calls_mlock(struct stage *stage, const struct step *step);
struct outcome calls_munlock(struct stage *stage, const struct step *step);
struct outcome calls_madvise(struct stage *stage, const struct step *step);
struct outcome calls_mmap(struct stage *stage, const struct step *step);

#endif
