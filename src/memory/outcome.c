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
    size_t length = 0, characters, part;

    for (characters = 0; text[length] && characters < SHOWN_LENGTH;
         characters++) {
        /* A byte, and what goes on with it to one character of UTF-8. */
        for (part = 1; part < CHARACTER_SIZE; part++)
            if (((unsigned char)text[length + part] & 0xc0) != 0x80)
                break;
        length += part;
    }
    memcpy(shown, text, length);
    shown[length] = '\0';
    if (text[length])
        memcpy(shown + length, "...", 4);
}
