/*
 * script.c - words -> steps.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/script.h"

#include "cli/step_value.h"
#include "cli/suggest.h"
#include "cli/values.h"
#include "memory/crew.h"
#include "memory/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct verb *
find_verb(const char *name)
{
    const struct verb *verb;

    for (verb = verbs; verb->name; verb++)
        if (strcmp(verb->name, name) == 0)
            return verb;
    return NULL;
}

static bool
fail_verb(const struct parser *parser, const char *name)
{
    struct suggestion suggestion = suggest_for(name, strlen(name));
    const struct verb *verb;
    char shown[SHOWN_SIZE];

    shown_copy(shown, *parser->step->text ? parser->step->text : "''");
    for (verb = verbs; verb->name; verb++)
        suggest_word(&suggestion, verb->name);
    if (suggestion.nearest)
        return parser_fail(parser, "%s: no such step: did you mean %s?", shown,
                           suggestion.nearest);
    return parser_fail(parser, "%s: no such step: 'mmt help steps' lists them",
                       shown);
}

static bool
take_verb(const struct parser *parser, const char **word)
{
    size_t length = strcspn(*word, "@+=");
    char name[PIECE];

    piece_copy(name, *word, length);
    parser->step->verb = find_verb(name);
    if (!parser->step->verb)
        return fail_verb(parser, name);
    *word += length;
    return true;
}

static bool
take_offset(const struct parser *parser, const char **word)
{
    struct step *step = parser->step;
    size_t length;
    char piece[PIECE];

    if (**word != '@')
        return true;
    if (step->verb->range == RANGE_NONE)
        return parser_fail(parser, "%s takes no @OFF", step->verb->name);
    length = strcspn(++*word, "+=");
    piece_copy(piece, *word, length);
    if (!offset_parse(piece, &step->offset))
        return parser_want_size(parser, "offset", piece);
    step->has_offset = true;
    *word += length;
    return true;
}

static bool
take_length(const struct parser *parser, const char **word)
{
    struct step *step = parser->step;
    size_t length;
    char piece[PIECE];

    if (**word != '+')
        return true;
    if (step->verb->range == RANGE_NONE || step->verb->range == RANGE_OFFSET)
        return parser_fail(parser, "%s takes no +LEN", step->verb->name);
    length = strcspn(++*word, "=");
    piece_copy(piece, *word, length);
    if (strchr(piece, '@'))
        return parser_refuse(parser, "@OFF comes before +LEN");
    if (!size_parse(piece, &step->length))
        return parser_want_size(parser, "length", piece);
    step->has_length = true;
    *word += length;
    return true;
}

/* What stands behind a blank before the value; NULL: there is nothing. */
static const char *
second_word(const char *word)
{
    size_t first = strcspn(word, " \t=");
    const char *second = word + first + strspn(word + first, " \t");

    return first > 0 && second > word + first && *second ? second : NULL;
}

static bool
refuse_second(const struct parser *parser, const char *second)
{
    char shown[SHOWN_SIZE], shown_second[SHOWN_SIZE];

    shown_copy(shown, parser->step->text);
    shown_copy(shown_second, second);
    return parser_fail(parser, "%s: one step at a time: what is '%s'?", shown,
                       shown_second);
}

static bool
take_rest(const struct parser *parser, const char *word)
{
    struct step *step = parser->step;
    const char *second = second_word(word);

    if (second)
        return refuse_second(parser, second);
    if (!take_verb(parser, &word) || !take_offset(parser, &word) ||
        !take_length(parser, &word))
        return false;
    if (*word == '=') {
        step->has_value = true;
        return step_value_take(parser, word + 1);
    }
    if (*word)
        return parser_want(parser, "end", word, "VERB[@OFF][+LEN][=VALUE]");
    if (step->verb->value != VALUE_NONE && !step->verb->value_optional)
        return parser_fail(parser, "%s wants a value: %s=%s", step->verb->name,
                           step->verb->name, step->verb->placeholder);
    if (step->verb->value == VALUE_ACCESS)
        step->bits = 1 << PROBE_READ;
    return true;
}

/* Take "ROLE:" off the word, where it has one. */
static bool
take_role(const struct parser *parser, const char **word, bool has_roles)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    size_t length = strcspn(*word, ":@+=");
    char role[PIECE];

    if ((*word)[length] != ':')
        return true;
    if (!has_roles)
        return parser_refuse(parser, "roles are for mmt exchange");
    piece_copy(role, *word, length);
    if (length == 0 || length > ROLE_LENGTH || strspn(*word, allowed) != length)
        return parser_want(parser, "role", role,
                           "at most 31 letters, digits, _ or -");
    if (!(*word)[length + 1])
        return parser_refuse(parser, "a role wants its step right behind the "
                                     "colon: child:peek");
    parser->step->role = strndup(*word, length);
    if (!parser->step->role)
        return parser_refuse(parser, "not enough memory");
    *word += length + 1;
    return true;
}

static bool
parse(const struct parser *parser, const char *word, bool has_roles)
{
    struct step *step = parser->step;

    if (!step->text)
        return parser_fail(parser, "%s: not enough memory", word);
    if (!take_role(parser, &word, has_roles))
        return false;
    if (step->role && script_is_input(word))
        return parser_refuse(parser, "- takes no role");
    if (!take_rest(parser, word))
        return false;
    if (step->role && step_is_expect(step))
        return parser_refuse(parser,
                             "expect takes no role: it judges the step before");
    return true;
}

struct step *
script_parse(const char *word, bool has_roles, char problem[PROBLEM_SIZE])
{
    struct step *step = calloc(1, sizeof *step);
    struct parser parser = { .step = step, .problem = problem };

    if (!step) {
        snprintf(problem, PROBLEM_SIZE, "not enough memory");
        return NULL;
    }
    step->text = strdup(word);
    if (parse(&parser, word, has_roles))
        return step;
    step_free(step);
    return NULL;
}

bool
script_is_step(const char *word, bool has_roles)
{
    char ignored[PROBLEM_SIZE];
    struct step *step = script_parse(word, has_roles, ignored);

    step_free(step);
    return step != NULL;
}

void
script_blame_order(const char *file, const char *word, bool has_roles,
                   char problem[PROBLEM_SIZE])
{
    char shown_file[SHOWN_SIZE], shown_word[SHOWN_SIZE];

    if (!script_is_step(file, has_roles) || script_is_input(word) ||
        script_is_step(word, has_roles))
        return;
    shown_copy(shown_file, file);
    shown_copy(shown_word, word);
    snprintf(problem, PROBLEM_SIZE,
             "FILE comes before the steps: '%s' is one, what is '%s'?",
             shown_file, shown_word);
}

bool
script_is_input(const char *word)
{
    return strcmp(word, "-") == 0;
}

bool
script_has_verb(const char *word)
{
    return find_verb(word) != NULL;
}
