/*
 * map_calls.h - steps that are one call of POSIX on the mapping.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_MAP_CALLS_H
#define MMT_MEMORY_MAP_CALLS_H

#include "memory/step.h"

/* Each does the step of a verb: see struct verb, `run`. */
struct outcome map_munmap(struct stage *stage, const struct step *step);
struct outcome map_mprotect(struct stage *stage, const struct step *step);
struct outcome map_msync(struct stage *stage, const struct step *step);
struct outcome map_mlock(struct stage *stage, const struct step *step);
struct outcome map_munlock(struct stage *stage, const struct step *step);
struct outcome map_madvise(struct stage *stage, const struct step *step);
struct outcome map_mmap(struct stage *stage, const struct step *step);

#endif
