/*
 * place.c - where in the mapping a step works.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/place.h"

#include "memory/range.h"

/* Bytes from where OFF counts to the end of the window. */
static off_t
window_end(const struct window *window)
{
    return (off_t)(window->length - window->lead);
}

struct outcome
place_outside(const struct stage *stage)
{
    const struct window *window = &stage->window;

    return (struct outcome) { .kind = OUTCOME_OUTSIDE,
                              .count = window->base ? window_end(window) : 0 };
}

/*
 * What is wrong with a range: it begins before the first byte or, `length`
 * being negative, behind the last that "to the end" goes to; or it ends past
 * the end.
 */
static struct outcome
outside(const struct stage *stage, off_t offset, off_t length)
{
    struct outcome outcome = place_outside(stage);

    if (offset < 0)
        outcome.reason = REASON_BEFORE_START;
    else if (length < 0)
        outcome.count = (off_t)stage->window.asked;
    return outcome;
}

/* OFF as written, from the end where it is negative. */
static off_t
resolve_offset(const struct window *window, const struct step *step)
{
    off_t offset = step->has_offset ? step->offset : 0;

    return offset < 0 ? (off_t)window->asked + offset : offset;
}

struct outcome
place_touched(const struct stage *stage, const struct step *step,
              off_t standard, struct place *place)
{
    const struct window *window = &stage->window;
    off_t offset = resolve_offset(window, step), length = standard;

    if (step->has_length)
        length = step->length;
    else if (length < 0)
        length = bytes_between(offset, (off_t)window->asked);
    if (!window->base || offset < 0 || length < 0 ||
        offset > window_end(window) || length > window_end(window) - offset)
        return outside(stage, offset, length);
    place->address = window->base + window->lead + offset;
    place->offset = offset;
    place->length = (size_t)length;
    return OUTCOME_NONE;
}

struct outcome
place_called(const struct stage *stage, const struct step *step,
             struct place *place)
{
    const struct window *window = &stage->window;
    off_t lead = (off_t)window->lead, first, offset, length;

    /* Only a call without OFF gets what lies before the byte asked for. */
    first = step->has_offset ? 0 : -lead;
    offset = step->has_offset ? resolve_offset(window, step) : first;
    length = step->has_length ? step->length
                              : bytes_between(offset, (off_t)window->asked);
    if (!window->base || offset < first || length < 0 ||
        offset > window_end(window) ||
        length > (off_t)window->length - page_floor(lead + offset))
        return outside(stage, offset - first, length);
    place->address = window->base + lead + offset;
    place->offset = offset;
    place->length = (size_t)length;
    return OUTCOME_NONE;
}
