/*
 * place.h - where in the mapping a step works.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_PLACE_H
#define MMT_MEMORY_PLACE_H

#include "memory/step.h"

/* A place in the mapping. */
struct place {
    unsigned char *address;
    off_t offset;  /* of `address`, as OFF counts in steps */
    size_t length; /* bytes */
};

/*
 * The bytes that a step touches. LEN missing: `standard` bytes, or to the end
 * of the mapping where that is negative.
 *
 * Returns OUTCOME_OK, or OUTCOME_OUTSIDE and `*place` untouched.
 */
struct outcome place_touched(const struct stage *stage, const struct step *step,
                             off_t standard, struct place *place);

/*
 * The range that a call gets: an OFF that is written as it is, else the first
 * byte of the window.
 */
struct outcome place_called(const struct stage *stage, const struct step *step,
                            struct place *place);

/* The outcome of leaving the window. */
struct outcome place_outside(const struct stage *stage);

#endif
