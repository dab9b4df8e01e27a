/*
 * sizing.c - a size, or how to come by it from the present one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/sizing.h"

#include "cli/values.h"
#include "memory/range.h"

#include <errno.h>

/* The mode that a character stands for; SIZING_EXACT if for none. */
static enum sizing_mode
mode_of(char letter)
{
    switch (letter) {
    case '+': return SIZING_MORE;
    case '-': return SIZING_LESS;
    case '<': return SIZING_AT_MOST;
    case '>': return SIZING_AT_LEAST;
    case '/': return SIZING_ROUND_DOWN;
    case '%': return SIZING_ROUND_UP;
    default: return SIZING_EXACT;
    }
}

bool
sizing_parse(const char *text, struct sizing *sizing)
{
    enum sizing_mode mode = mode_of(*text);
    off_t amount;

    if (mode != SIZING_EXACT)
        text++;
    if (!size_parse(text, &amount))
        return false;
    if ((mode == SIZING_ROUND_DOWN || mode == SIZING_ROUND_UP) && amount == 0)
        return false;
    *sizing = (struct sizing) { .mode = mode, .amount = amount };
    return true;
}

int
sizing_apply(const struct sizing *sizing, off_t base, off_t *size)
{
    off_t amount = sizing->amount, result = amount, more = 0;

    switch (sizing->mode) {
    case SIZING_EXACT: break;
    case SIZING_MORE:
        result = base;
        more = amount;
        break;
    case SIZING_LESS: result = base > amount ? base - amount : 0; break;
    case SIZING_AT_MOST: result = base < amount ? base : amount; break;
    case SIZING_AT_LEAST: result = base > amount ? base : amount; break;
    case SIZING_ROUND_DOWN: result = base - base % amount; break;
    case SIZING_ROUND_UP:
        result = base;
        more = base % amount ? amount - base % amount : 0;
        break;
    }
    if (more > OFFSET_MAX - result)
        return EFBIG;
    *size = result + more;
    return 0;
}
