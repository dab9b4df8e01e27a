/*
 * file_calls.h - steps that are one call of POSIX on the file.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_FILE_CALLS_H
#define MMT_MEMORY_FILE_CALLS_H

#include "memory/step.h"

/* Each does the step of a verb: see struct verb, `run`. */
struct outcome file_truncate(struct stage *stage, const struct step *step);
struct outcome file_ftruncate(struct stage *stage, const struct step *step);
struct outcome file_fallocate(struct stage *stage, const struct step *step);
struct outcome file_pread(struct stage *stage, const struct step *step);
struct outcome file_pwrite(struct stage *stage, const struct step *step);
struct outcome file_fsync(struct stage *stage, const struct step *step);
struct outcome file_fdatasync(struct stage *stage, const struct step *step);
struct outcome file_close(struct stage *stage, const struct step *step);
struct outcome file_unlink(struct stage *stage, const struct step *step);

#endif
