/*
 * step_value.c - the VALUE of a step: text -> what its verb works with.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/step_value.h"

#include "cli/expect.h"
#include "cli/names.h"
#include "cli/suggest.h"
#include "cli/values.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Keep a copy of `text` with its NUL as the bytes of the step. */
static bool
keep(const struct parser *parser, const char *text)
{
    struct step *step = parser->step;

    step->size = strlen(text);
    step->bytes = malloc(step->size + 1);
    if (!step->bytes)
        return parser_fail(parser, "%s: not enough memory", step->verb->name);
    memcpy(step->bytes, text, step->size + 1);
    return true;
}

static bool
keep_unless_empty(const struct parser *parser, const char *text)
{
    if (*text == '\0')
        return parser_fail(parser, "%s wants a value that is not empty",
                           parser->step->verb->name);
    return keep(parser, text);
}

static bool
take_text(const struct parser *parser, const char *text)
{
    struct step *step = parser->step;
    bool repeats = step->verb->repeats_text;

    if (!(repeats ? keep_unless_empty(parser, text) : keep(parser, text)))
        return false;
    if (!text_parse(text, step->bytes, &step->size))
        return parser_want(parser, "text", text,
                           "\\n \\t \\0 \\\\ or \\xHH after a \\");
    if (repeats || !step->has_length || step->length <= (off_t)step->size)
        return true;
    return parser_refuse(parser,
                         strcmp(step->verb->name, "poke") == 0
                             ? "+LEN is more than the text has: use fill"
                             : "+LEN is more than the text has");
}

static bool
take_access(const struct parser *parser, const char *text)
{
    const char *letter;

    for (letter = text; *letter; letter++) {
        const char *place = strchr("rwx", *letter);

        if (!place)
            return parser_want(parser, "access", text, "letters of rwx");
        parser->step->bits |= 1 << (place - "rwx");
    }
    return *text || parser_want(parser, "access", text, "letters of rwx");
}

struct flag {
    const char *name;
    int bit;
};

static const struct flag sync_flags[] = {
    { "sync", MS_SYNC },
    { "async", MS_ASYNC },
    { "invalidate", MS_INVALIDATE },
    { NULL, 0 },
};

static const struct flag advices[] = {
    { "normal", POSIX_MADV_NORMAL },
    { "sequential", POSIX_MADV_SEQUENTIAL },
    { "random", POSIX_MADV_RANDOM },
    { "willneed", POSIX_MADV_WILLNEED },
    { "dontneed", POSIX_MADV_DONTNEED },
    { NULL, 0 },
};

static const struct flag *
find_flag(const struct flag *flags, const char *name)
{
    for (; flags->name; flags++)
        if (strcmp(flags->name, name) == 0)
            return flags;
    return NULL;
}

static bool
take_sync(const struct parser *parser, const char *text)
{
    const char *rest = text;
    const struct flag *flag;
    char piece[PIECE];

    if (flags_parse(text, &parser->step->bits))
        return true;
    while (rest) {
        rest = piece_next(rest, piece);
        flag = find_flag(sync_flags, piece);
        if (!flag)
            return parser_want(parser, "flags", text,
                               "sync, async, invalidate, or a number");
        parser->step->bits |= flag->bit;
    }
    return true;
}

static bool
take_advice(const struct parser *parser, const char *text)
{
    const struct flag *advice = find_flag(advices, text);

    if (advice)
        parser->step->bits = advice->bit;
    return advice || flags_parse(text, &parser->step->bits) ||
           parser_want(parser, "advice", text,
                       "normal, sequential, random, willneed, dontneed, or a "
                       "number");
}

/* One attribute of mmap; path: takes the rest, commas too. */
static bool
take_attribute(const struct parser *parser, const char *piece)
{
    static const char offset[] = "offset:";
    struct step *step = parser->step;

    if (strcmp(piece, "shared") == 0 || strcmp(piece, "private") == 0) {
        step->has_sharing = true;
        step->is_private = *piece == 'p';
        return true;
    }
    if (strncmp(piece, offset, sizeof offset - 1) == 0) {
        step->has_file_offset = true;
        return size_parse(piece + sizeof offset - 1, &step->file_offset) ||
               parser_want_size(parser, "offset", piece);
    }
    step->has_protection = true;
    return protection_parse(piece, &step->bits) ||
           parser_want(
               parser, "attribute", piece,
               "a protection, shared, private, offset:OFF or path:PATH");
}

static bool
take_mapping(const struct parser *parser, const char *text)
{
    static const char path[] = "path:";
    char piece[PIECE];

    while (text) {
        if (strncmp(text, path, sizeof path - 1) == 0)
            return text[sizeof path - 1]
                       ? keep(parser, text + sizeof path - 1)
                       : parser_want(parser, "attribute", text, "path:PATH");
        text = piece_next(text, piece);
        if (!take_attribute(parser, piece))
            return false;
    }
    return true;
}

/* True when a number fits the integer that the step works on. */
static bool
fits(const struct step *step, int64_t number)
{
    off_t size = step->has_length ? step->length : 8;
    int64_t most;

    if (size != 1 && size != 2 && size != 4)
        return true;
    most = ((int64_t)1 << (size * 8 - 1)) - 1;
    return number >= -most - 1 && number <= most;
}

static bool
take_number(const struct parser *parser, const char *text, int64_t *number)
{
    if (!integer_parse(text, number))
        return parser_want(parser, "number", text,
                           "a signed integer of 64 bits at most");
    return fits(parser->step, *number) ||
           parser_want(parser, "number", text, "one that fits +LEN, signed");
}

static bool
take_swap(const struct parser *parser, const char *text)
{
    const char *colon = strchr(text, ':');
    char old[PIECE];

    if (!colon)
        return parser_want(parser, "numbers", text, "OLD:NEW");
    piece_copy(old, text, (size_t)(colon - text));
    return take_number(parser, old, &parser->step->value) &&
           take_number(parser, colon + 1, &parser->step->other);
}

static bool
take_awaited(const struct parser *parser, const char *text)
{
    size_t length = strlen(text);
    char number[PIECE];

    if (length > 2 && strcmp(text + length - 2, "..") == 0) {
        parser->step->or_more = true;
        length -= 2;
    }
    piece_copy(number, text, length);
    return take_number(parser, number, &parser->step->value);
}

static bool
fail_signal(const struct parser *parser, const char *text)
{
    struct suggestion suggestion = suggest_for(text, strlen(text));
    const char *name;
    size_t index;

    for (index = 0; (name = signal_listed(index)); index++) {
        suggest_word(&suggestion, name);
        suggest_word(&suggestion, name + strlen("SIG"));
    }
    if (!suggestion.nearest)
        return parser_want(parser, "signal", text,
                           "a name like TERM, or the number of a signal");
    return parser_suggest(parser, "signal", text, suggestion.nearest);
}

static bool
take_signal(const struct parser *parser, const char *text)
{
    struct step *step = parser->step;
    sigset_t known;

    sigemptyset(&known);
    step->bits = signal_value(text);
    if (step->bits)
        return true;
    return (flags_parse(text, &step->bits) && step->bits > 0 &&
            sigaddset(&known, step->bits) == 0) ||
           fail_signal(parser, text);
}

static bool
take_size(const struct parser *parser, const char *text)
{
    off_t size;

    if (!offset_parse(text, &size))
        return parser_want_size(parser, "size", text);
    parser->step->value = size;
    return true;
}

static bool
take_outcomes(const struct parser *parser, const char *text)
{
    return expect_check(text, parser->problem, PROBLEM_SIZE) &&
           keep(parser, text);
}

bool
step_value_take(const struct parser *parser, const char *text)
{
    struct step *step = parser->step;

    switch (step->verb->value) {
    case VALUE_NONE:
        return parser_fail(parser, "%s takes no value", step->verb->name);
    case VALUE_TEXT: return take_text(parser, text);
    case VALUE_PATH: return keep_unless_empty(parser, text);
    case VALUE_COMMAND: return keep(parser, text);
    case VALUE_ACCESS: return take_access(parser, text);
    case VALUE_PROTECTION:
        return protection_parse(text, &step->bits) ||
               parser_want(parser, "protection", text, PROTECTION_SYNTAX);
    case VALUE_SYNC: return take_sync(parser, text);
    case VALUE_ADVICE: return take_advice(parser, text);
    case VALUE_MAPPING: return take_mapping(parser, text);
    case VALUE_SIZE: return take_size(parser, text);
    case VALUE_INTEGER: return take_number(parser, text, &step->value);
    case VALUE_SWAP: return take_swap(parser, text);
    case VALUE_AWAITED: return take_awaited(parser, text);
    case VALUE_SECONDS:
        return seconds_parse(text, &step->seconds) ||
               parser_want(parser, "time", text, "seconds, such as 1.5");
    case VALUE_SIGNAL: return take_signal(parser, text);
    case VALUE_OUTCOMES: return take_outcomes(parser, text);
    }
    return false;
}
