/*
 * script.c - words -> steps.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/script.h"

#include "cli/complain.h"
#include "cli/expect.h"
#include "cli/names.h"
#include "cli/suggest.h"
#include "cli/values.h"
#include "memory/crew.h"
#include "memory/probe.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* The longest number or name between the marks of a word. */
enum { PIECE = 64 };

struct parser {
    struct step *step;
    char *problem;
};

static bool fail(const struct parser *parser, const char *format, ...)
    PRINTF_LIKE(2, 3);

static bool
fail(const struct parser *parser, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    vsnprintf(parser->problem, PROBLEM_SIZE, format, values);
    va_end(values);
    return false;
}

/* The same, naming the step in which `word` stands. */
static bool
fail_in(const struct parser *parser, const char *what, const char *word,
        const char *wanted)
{
    char shown[SHOWN_SIZE], shown_word[SHOWN_SIZE];

    shown_copy(shown, parser->step->text);
    shown_copy(shown_word, word);
    return fail(parser, "%s: bad %s '%s': want %s", shown, what, shown_word,
                wanted);
}

/* Copy `length` bytes into `piece`; what is too long is no known word. */
static bool
copy_piece(char piece[PIECE], const char *from, size_t length)
{
    if (length >= PIECE)
        return false;
    memcpy(piece, from, length);
    piece[length] = '\0';
    return true;
}

static bool
fail_verb(const struct parser *parser, const char *name)
{
    struct suggestion suggestion = suggest_for(name, strlen(name));
    const struct verb *verb;
    char shown[SHOWN_SIZE];

    shown_copy(shown, parser->step->text);
    for (verb = verbs; verb->name; verb++)
        suggest_word(&suggestion, verb->name);
    if (suggestion.nearest)
        return fail(parser, "%s: no such step: did you mean %s?", shown,
                    suggestion.nearest);
    return fail(parser, "%s: no such step: 'mmt help steps' lists them", shown);
}

static bool
take_verb(const struct parser *parser, const char **word)
{
    size_t length = strcspn(*word, "@+=");
    const struct verb *verb;
    char name[PIECE];

    if (!copy_piece(name, *word, length))
        return fail_verb(parser, "");
    for (verb = verbs; verb->name; verb++) {
        if (strcmp(verb->name, name) != 0)
            continue;
        parser->step->verb = verb;
        *word += length;
        return true;
    }
    return fail_verb(parser, name);
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
        return fail(parser, "%s takes no @OFF", step->verb->name);
    length = strcspn(++*word, "+=");
    if (!copy_piece(piece, *word, length))
        return fail_in(parser, "offset", *word, SIZE_SYNTAX);
    if (!offset_parse(piece, &step->offset))
        return fail_in(parser, "offset", piece, SIZE_SYNTAX);
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
        return fail(parser, "%s takes no +LEN", step->verb->name);
    length = strcspn(++*word, "=");
    if (!copy_piece(piece, *word, length))
        return fail_in(parser, "length", *word, SIZE_SYNTAX);
    if (!size_parse(piece, &step->length))
        return fail_in(parser, "length", piece, SIZE_SYNTAX);
    step->has_length = true;
    *word += length;
    return true;
}

/* A copy of `length` bytes with a NUL behind; NULL without memory. */
static char *
copy(const char *bytes, size_t length)
{
    char *text = malloc(length + 1);

    if (!text)
        return NULL;
    memcpy(text, bytes, length);
    text[length] = '\0';
    return text;
}

/* Keep a copy of `text` with its NUL as the bytes of the step. */
static bool
keep(const struct parser *parser, const char *text)
{
    struct step *step = parser->step;

    step->size = strlen(text);
    step->bytes = (unsigned char *)copy(text, step->size);
    return step->bytes ||
           fail(parser, "%s: not enough memory", step->verb->name);
}

static bool
keep_unless_empty(const struct parser *parser, const char *text)
{
    if (*text == '\0')
        return fail(parser, "%s wants a value that is not empty",
                    parser->step->verb->name);
    return keep(parser, text);
}

static bool
take_text(const struct parser *parser, const char *text)
{
    struct step *step = parser->step;
    bool is_fill = step->verb->range == RANGE_TOUCH &&
                   strcmp(step->verb->name, "fill") == 0;

    if (is_fill ? !keep_unless_empty(parser, text) : !keep(parser, text))
        return false;
    if (!text_parse(text, step->bytes, &step->size))
        return fail_in(parser, "text", text,
                       "\\n \\t \\0 \\\\ or \\xHH after a \\");
    if (!is_fill && step->has_length && step->length > (off_t)step->size)
        return fail(parser, "%s: +LEN is more than the text has: use fill",
                    step->text);
    return true;
}

static bool
take_access(const struct parser *parser, const char *text)
{
    const char *letter;

    for (letter = text; *letter; letter++) {
        const char *place = strchr("rwx", *letter);

        if (!place)
            return fail_in(parser, "access", text, "letters of rwx");
        parser->step->bits |= 1 << (place - "rwx");
    }
    return *text || fail_in(parser, "access", text, "letters of rwx");
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

/* The next word of a list parted by commas; NULL behind its end. */
static const char *
next_of_list(const char *list, char piece[PIECE])
{
    size_t length = strcspn(list, ",");

    if (!copy_piece(piece, list, length))
        piece[0] = '\0';
    return list[length] ? list + length + 1 : NULL;
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
        rest = next_of_list(rest, piece);
        flag = find_flag(sync_flags, piece);
        if (!flag)
            return fail_in(parser, "flags", text,
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
           fail_in(parser, "advice", text,
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
               fail_in(parser, "offset", piece, SIZE_SYNTAX);
    }
    step->has_protection = true;
    return protection_parse(piece, &step->bits) ||
           fail_in(parser, "attribute", piece,
                   "a protection, shared, private, offset:OFF or path:PATH");
}

static bool
take_mapping(const struct parser *parser, const char *text)
{
    static const char path[] = "path:";
    char piece[PIECE];

    while (text) {
        if (strncmp(text, path, sizeof path - 1) == 0)
            return keep_unless_empty(parser, text + sizeof path - 1);
        text = next_of_list(text, piece);
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
        return fail_in(parser, "number", text, "a signed integer");
    return fits(parser->step, *number) ||
           fail_in(parser, "number", text, "one that fits +LEN, signed");
}

static bool
take_swap(const struct parser *parser, const char *text)
{
    const char *colon = strchr(text, ':');
    char old[PIECE];

    if (!colon || !copy_piece(old, text, (size_t)(colon - text)))
        return fail_in(parser, "numbers", text, "OLD:NEW");
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
    if (!copy_piece(number, text, length))
        return fail_in(parser, "number", text, "N, or N..");
    return take_number(parser, number, &parser->step->value);
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
           fail_in(parser, "signal", text, "a name like TERM, or a number");
}

static bool
take_size(const struct parser *parser, const char *text)
{
    off_t size;

    if (!offset_parse(text, &size))
        return fail_in(parser, "size", text, SIZE_SYNTAX);
    parser->step->value = size;
    return true;
}

static bool
take_seconds(const struct parser *parser, const char *text)
{
    struct timespec seconds;

    if (!seconds_parse(text, &seconds))
        return fail_in(parser, "time", text, "seconds, such as 1.5");
    parser->step->seconds =
        (double)seconds.tv_sec + (double)seconds.tv_nsec / 1e9;
    return true;
}

static bool
take_outcomes(const struct parser *parser, const char *text)
{
    return expect_check(text, parser->problem, PROBLEM_SIZE) &&
           keep(parser, text);
}

static bool
take_value(const struct parser *parser, const char *text)
{
    struct step *step = parser->step;

    switch (step->verb->value) {
    case VALUE_NONE: return fail(parser, "%s takes no value", step->verb->name);
    case VALUE_TEXT: return take_text(parser, text);
    case VALUE_PATH: return keep_unless_empty(parser, text);
    case VALUE_COMMAND: return keep(parser, text);
    case VALUE_ACCESS: return take_access(parser, text);
    case VALUE_PROTECTION:
        return protection_parse(text, &step->bits) ||
               fail_in(parser, "protection", text, PROTECTION_SYNTAX);
    case VALUE_SYNC: return take_sync(parser, text);
    case VALUE_ADVICE: return take_advice(parser, text);
    case VALUE_MAPPING: return take_mapping(parser, text);
    case VALUE_SIZE: return take_size(parser, text);
    case VALUE_INTEGER: return take_number(parser, text, &step->value);
    case VALUE_SWAP: return take_swap(parser, text);
    case VALUE_AWAITED: return take_awaited(parser, text);
    case VALUE_SECONDS: return take_seconds(parser, text);
    case VALUE_SIGNAL: return take_signal(parser, text);
    case VALUE_OUTCOMES: return take_outcomes(parser, text);
    }
    return false;
}

static bool
take_rest(const struct parser *parser, const char *word)
{
    struct step *step = parser->step;

    if (!take_verb(parser, &word) || !take_offset(parser, &word) ||
        !take_length(parser, &word))
        return false;
    if (*word == '=') {
        step->has_value = true;
        return take_value(parser, word + 1);
    }
    if (*word)
        return fail_in(parser, "end", word, "VERB[@OFF][+LEN][=VALUE]");
    if (step->verb->value != VALUE_NONE && !step->verb->value_optional)
        return fail(parser, "%s wants a value: %s=%s", step->verb->name,
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

    if ((*word)[length] != ':')
        return true;
    if (!has_roles)
        return fail(parser, "%s: roles are for mmt exchange",
                    parser->step->text);
    if (length == 0 || length > ROLE_LENGTH || strspn(*word, allowed) != length)
        return fail_in(parser, "role", parser->step->text,
                       "at most 31 letters, digits, _ or -");
    parser->step->role = copy(*word, length);
    if (!parser->step->role)
        return fail(parser, "%s: not enough memory", parser->step->text);
    *word += length + 1;
    return true;
}

static bool
parse(const struct parser *parser, const char *word, bool has_roles)
{
    struct step *step = parser->step;

    if (!step->text)
        return fail(parser, "%s: not enough memory", word);
    if (!take_role(parser, &word, has_roles))
        return false;
    if (step->role && script_is_input(word))
        return fail(parser, "%s: - takes no role", step->text);
    if (!take_rest(parser, word))
        return false;
    if (step->role && step->verb == expect_verb)
        return fail(parser,
                    "%s: expect takes no role: it judges the step "
                    "before",
                    step->text);
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
    step->text = copy(word, strlen(word));
    if (parse(&parser, word, has_roles))
        return step;
    step_free(step);
    return NULL;
}

void
step_free(struct step *step)
{
    if (!step)
        return;
    while (step->expects) {
        struct step *expect = step->expects;

        step->expects = expect->next;
        step_free(expect);
    }
    free((char *)(uintptr_t)step->text);
    free((char *)(uintptr_t)step->role);
    free(step->bytes);
    free(step);
}

bool
script_is_input(const char *word)
{
    return strcmp(word, "-") == 0;
}
