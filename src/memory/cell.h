/*
 * cell.h - integers that processes change atomically.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_CELL_H
#define MMT_MEMORY_CELL_H

#include "memory/step.h"

#include <stdbool.h>

/* Each does the step of a verb: see struct verb, `run`. */
struct outcome cell_get(struct stage *stage, const struct step *step);
struct outcome cell_set(struct stage *stage, const struct step *step);
struct outcome cell_add(struct stage *stage, const struct step *step);
struct outcome cell_swap(struct stage *stage, const struct step *step);

/*
 * Look once whether the cell is what `wait` awaits.
 *
 * reached  set when it is
 */
struct outcome cell_look(struct stage *stage, const struct step *step,
                         bool *reached);

#endif
