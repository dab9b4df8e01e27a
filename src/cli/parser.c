/*
 * parser.c - a step that is being read, and what is wrong with it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/parser.h"

#include "cli/values.h"

#include <stdarg.h>
#include <stdio.h>

bool
parser_fail(const struct parser *parser, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    vsnprintf(parser->problem, PROBLEM_SIZE, format, values);
    va_end(values);
    return false;
}

bool
parser_refuse(const struct parser *parser, const char *why)
{
    char shown[SHOWN_SIZE];

    shown_copy(shown, parser->step->text);
    return parser_fail(parser, "%s: %s", shown, why);
}

static bool
fail_about(const struct parser *parser, const char *what, const char *word,
           const char *before, const char *advice, const char *behind)
{
    char shown[SHOWN_SIZE], shown_word[SHOWN_SIZE];

    shown_copy(shown, parser->step->text);
    shown_copy(shown_word, word);
    return parser_fail(parser, "%s: bad %s '%s': %s%s%s", shown, what,
                       shown_word, before, advice, behind);
}

bool
parser_want(const struct parser *parser, const char *what, const char *word,
            const char *wanted)
{
    return fail_about(parser, what, word, "want ", wanted, "");
}

bool
parser_want_size(const struct parser *parser, const char *what,
                 const char *word)
{
    return fail_about(parser, what, word, "", size_advise(word).text, "");
}

bool
parser_suggest(const struct parser *parser, const char *what, const char *word,
               const char *nearest)
{
    return fail_about(parser, what, word, "did you mean ", nearest, "?");
}
