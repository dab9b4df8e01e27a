/*
 * touch.h - steps that touch the mapping by the processor.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_TOUCH_H
#define MMT_MEMORY_TOUCH_H

#include "memory/step.h"

/* Each does the step of a verb: see struct verb, `run`. */
struct outcome touch_peek(struct stage *stage, const struct step *step);
struct outcome touch_poke(struct stage *stage, const struct step *step);
struct outcome touch_fill(struct stage *stage, const struct step *step);
struct outcome touch_compare(struct stage *stage, const struct step *step);
struct outcome touch_probe(struct stage *stage, const struct step *step);
struct outcome touch_call(struct stage *stage, const struct step *step);

#endif
