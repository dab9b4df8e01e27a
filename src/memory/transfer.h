/*
 * transfer.h - steps that move bytes between the mapping and files by the
 * kernel.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_TRANSFER_H
#define MMT_MEMORY_TRANSFER_H

#include "memory/step.h"

/* Each does the step of a verb: see struct verb, `run`. */
struct outcome transfer_load(struct stage *stage, const struct step *step);
struct outcome transfer_save(struct stage *stage, const struct step *step);

#endif
