/*
 * outcome.c - how a step ended, and why.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/outcome.h"

#include <string.h>

struct outcome
outcome_of(int error)
{
    return outcome_because(error, REASON_NONE);
}

struct outcome
outcome_because(int error, enum reason reason)
{
    return (struct outcome) { .kind = error ? OUTCOME_ERROR : OUTCOME_OK,
                              .error = error,
                              .reason = reason };
}

void
shown_copy(char shown[SHOWN_SIZE], const char *text)
{
    size_t length = strlen(text);

    if (length <= SHOWN_LENGTH) {
        memcpy(shown, text, length + 1);
        return;
    }
    length = SHOWN_LENGTH;
    /* Not in the middle of a character of UTF-8. */
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    memcpy(shown, text, length);
    memcpy(shown + length, "...", 4);
}
