/*
 * expect.c - the words for outcomes, and lists of them that a step may have.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/expect.h"

#include "cli/names.h"
#include "cli/suggest.h"
#include "cli/values.h"

#include <stdio.h>
#include <string.h>

/* The outcomes that have a word of their own. */
static const struct {
    const char *word;
    enum outcome_kind kind;
} words[] = {
    { "ok", OUTCOME_OK },           { "lost", OUTCOME_LOST },
    { "differs", OUTCOME_DIFFERS }, { "outside", OUTCOME_OUTSIDE },
    { "timeout", OUTCOME_TIMEOUT },
};

enum { WORDS = sizeof words / sizeof words[0] };

static const char exit_prefix[] = "exit:";

static const char *
plain_word(enum outcome_kind kind)
{
    size_t index;

    for (index = 0; index < WORDS; index++)
        if (words[index].kind == kind)
            return words[index].word;
    return NULL;
}

char *
outcome_word(char word[OUTCOME_WORD], const struct outcome *outcome)
{
    const char *plain = plain_word(outcome->kind);

    if (plain)
        snprintf(word, OUTCOME_WORD, "%s", plain);
    else if (outcome->kind == OUTCOME_ERROR)
        snprintf(word, OUTCOME_WORD, "%s", errno_name(outcome->error).text);
    else if (outcome->kind == OUTCOME_EXIT)
        snprintf(word, OUTCOME_WORD, "%s%d", exit_prefix, outcome->status);
    else if (outcome->code == 0)
        snprintf(word, OUTCOME_WORD, "%s", signal_name(outcome->signal).text);
    else
        snprintf(word, OUTCOME_WORD, "%s/%s", signal_name(outcome->signal).text,
                 code_name(outcome->signal, outcome->code).text);
    return word;
}

const char *
answer_word(char word[OUTCOME_WORD], const struct answer *answer)
{
    switch (answer->kind) {
    case ANSWER_OK: return "ok";
    case ANSWER_MAPPED: return "mapped";
    case ANSWER_ERROR:
        snprintf(word, OUTCOME_WORD, "%s", errno_name(answer->error).text);
        return word;
    case ANSWER_FAULT:
        snprintf(word, OUTCOME_WORD, "%s/%s", signal_name(answer->signal).text,
                 code_name(answer->signal, answer->code).text);
        return word;
    case ANSWER_UNKNOWN: return "unknown";
    default: return NULL;
    }
}

const char *
outcome_listed(size_t index)
{
    return index < WORDS ? words[index].word : NULL;
}

enum status
outcome_status(const struct outcome *outcome)
{
    switch (outcome->kind) {
    case OUTCOME_OK: return STATUS_DONE;
    case OUTCOME_FAULT:
    case OUTCOME_DIED:
    case OUTCOME_KILLED: return (enum status)(STATUS_SIGNAL + outcome->signal);
    case OUTCOME_TIMEOUT: return STATUS_TIMEOUT;
    default: return STATUS_FAILED;
    }
}

static bool
exit_parse(const char *word, int64_t *status)
{
    return strncmp(word, exit_prefix, sizeof exit_prefix - 1) == 0 &&
           integer_parse(word + sizeof exit_prefix - 1, status) &&
           *status >= 0 && *status <= 255;
}

/* The signal of SIGNAL or SIGNAL/CODE, 0: none; `*code` NULL: none is named. */
static int
split_signal(const char *word, const char **code)
{
    const char *slash = strchr(word, '/');
    char name[PIECE];

    piece_copy(name, word, slash ? (size_t)(slash - word) : strlen(word));
    *code = slash ? slash + 1 : NULL;
    return signal_value(name);
}

static bool
is_signal(const char *word)
{
    const char *code;
    int number = split_signal(word, &code);

    return strncmp(word, "SIG", 3) == 0 && number &&
           (!code || code_known(number, code));
}

static bool
is_known(const char *word)
{
    int64_t status;
    size_t index;

    for (index = 0; index < WORDS; index++)
        if (strcmp(words[index].word, word) == 0)
            return true;
    return errno_value(word) || exit_parse(word, &status) || is_signal(word);
}

/* What may be meant by a word that is no outcome; NULL: nothing is near. */
static const char *
nearest_outcome(const char *word)
{
    struct suggestion suggestion = suggest_for(word, strlen(word));
    size_t index;

    for (index = 0; index < WORDS; index++)
        suggest_word(&suggestion, words[index].word);
    suggest_word(&suggestion, "exit:N");
    errnos_suggest(&suggestion);
    signals_suggest(&suggestion);
    return suggestion.nearest;
}

static void
describe_unknown(const char *word, char *problem, size_t size)
{
    const char *code;
    int number = split_signal(word, &code);
    bool is_code = number && code; /* the signal is known, its code is not */
    const char *nearest =
        is_code ? code_suggest(number, code) : nearest_outcome(word);

    if (nearest)
        snprintf(problem, size, "no such outcome: '%s': did you mean %s%s%s?",
                 word, is_code ? signal_name(number).text : "",
                 is_code ? "/" : "", nearest);
    else
        snprintf(problem, size,
                 "no such outcome: '%s': want ok, an errno or signal name, "
                 "lost, differs, outside, timeout or exit:N",
                 word);
}

bool
expect_check(const char *list, char *problem, size_t size)
{
    char word[PIECE];

    while (list) {
        list = piece_next(list, word);
        if (!is_known(word)) {
            describe_unknown(word, problem, size);
            return false;
        }
    }
    return true;
}

static bool
word_accepts(const char *word, const struct outcome *outcome)
{
    char found[OUTCOME_WORD];
    int64_t status;

    outcome_word(found, outcome);
    if (strcmp(word, found) == 0)
        return true;
    if (outcome->kind == OUTCOME_ERROR)
        return errno_value(word) == outcome->error;
    if (outcome->kind == OUTCOME_EXIT)
        return exit_parse(word, &status) && status == outcome->status;
    /* The name of a signal accepts any code of it. */
    return outcome->signal && signal_value(word) == outcome->signal;
}

bool
expect_accepts(const char *list, const struct outcome *outcome)
{
    char word[PIECE];

    while (list) {
        list = piece_next(list, word);
        if (word_accepts(word, outcome))
            return true;
    }
    return false;
}
