/*
 * parser.h - a step that is being read, and what is wrong with it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_PARSER_H
#define MMT_CLI_PARSER_H

#include "cli/complain.h"
#include "memory/step.h"

#include <stdbool.h>

/* Room for what is wrong with a word. */
enum { PROBLEM_SIZE = 800 };

struct parser {
    struct step *step; /* its text is set, the rest as far as it was read */
    char *problem;     /* PROBLEM_SIZE; untouched while nothing is wrong */
};

/* Set the problem. Returns false. */
bool parser_fail(const struct parser *parser, const char *format, ...)
    PRINTF_LIKE(2, 3);

/* Set "STEP: WHY". Returns false. */
bool parser_refuse(const struct parser *parser, const char *why);

/* Set "STEP: bad WHAT 'WORD': want WANTED". Returns false. */
bool parser_want(const struct parser *parser, const char *what,
                 const char *word, const char *wanted);

/* Set "STEP: bad WHAT 'WORD': ...", where WORD is no size. Returns false. */
bool parser_want_size(const struct parser *parser, const char *what,
                      const char *word);

/* Set "STEP: bad WHAT 'WORD': did you mean NEAREST?". Returns false. */
bool parser_suggest(const struct parser *parser, const char *what,
                    const char *word, const char *nearest);

#endif
