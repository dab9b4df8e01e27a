/*
 * args.c - walks argv, guided by option tables.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/args.h"

#include "cli/complain.h"
#include "cli/suggest.h"
#include "cli/values.h"

#include <stdlib.h>
#include <string.h>

struct args
args_begin(const char *program, const char *const *words,
           const struct option *const *options)
{
    return (struct args) {
        .program = program,
        .options = options,
        .next = words,
    };
}

static const struct option *
find_letter(const struct option *const *tables, char letter)
{
    const struct option *option;

    for (; *tables; tables++)
        for (option = *tables; option->name; option++)
            if (option->letter == letter)
                return option;
    return NULL;
}

static const struct option *
find_name(const struct option *const *tables, const char *name, size_t length)
{
    const struct option *option;

    for (; *tables; tables++)
        for (option = *tables; option->name; option++)
            if (strncmp(option->name, name, length) == 0 &&
                option->name[length] == '\0')
                return option;
    return NULL;
}

static void
suggest_name(const struct args *args, const char *word, size_t length)
{
    struct suggestion suggestion = suggest_for(word, length);
    const struct option *const *table;
    const struct option *option;

    for (table = args->options; *table; table++)
        for (option = *table; option->name; option++)
            suggest_word(&suggestion, option->name);
    if (suggestion.nearest)
        complain("no such option: --%.*s: did you mean --%s?", (int)length,
                 word, suggestion.nearest);
    else
        complain("no such option: --%.*s", (int)length, word);
}

static int
found(struct args *args, const struct option *option)
{
    if (option->id != OPTION_HELP)
        return option->id;
    args->wants_help = true;
    return ARGS_STOP;
}

static int
take_long(struct args *args, const char *word)
{
    size_t length = strcspn(word, "=");
    const struct option *option = find_name(args->options, word, length);

    if (!option) {
        suggest_name(args, word, length);
        return ARGS_STOP;
    }
    args->value = word[length] ? word + length + 1 : NULL;
    if (!option->value && args->value) {
        complain("--%s takes no value: what is '%s'?", option->name,
                 args->value);
        return ARGS_STOP;
    }
    if (option->value && !args->value) {
        args->value = *args->next;
        if (!args->value) {
            complain("--%s wants a value: --%s=%s", option->name, option->name,
                     option->value);
            return ARGS_STOP;
        }
        args->next++;
    }
    return found(args, option);
}

/* A word like -write or -w=3 is no cluster, but what it is can be seen. */
static void
complain_letter(const struct args *args, char letter)
{
    const char *word = args->next[-1] + 1;
    const struct option *meant = find_name(args->options, word, strlen(word));

    if (meant)
        complain("no such option: -%s: did you mean --%s?", word, meant->name);
    else if (letter == '=' && args->cluster - 1 > word)
        complain("-%c takes no value: what is '%s'?", args->cluster[-2],
                 args->cluster);
    else
        complain("no such option: -%c", letter);
}

static int
take_letter(struct args *args)
{
    char letter = *args->cluster++;
    const struct option *option = find_letter(args->options, letter);

    if (!option) {
        complain_letter(args, letter);
        return ARGS_STOP;
    }
    if (!option->value)
        return found(args, option);
    args->value = *args->cluster ? args->cluster : *args->next;
    if (!args->value) {
        complain("-%c wants a value: -%c %s", letter, letter, option->value);
        return ARGS_STOP;
    }
    if (!*args->cluster)
        args->next++;
    args->cluster = NULL;
    return found(args, option);
}

int
args_next(struct args *args)
{
    const char *word;

    if (args->cluster && *args->cluster)
        return take_letter(args);
    word = *args->next;
    if (!word)
        return ARGS_END;
    args->next++;
    if (args->operands_only || word[0] != '-' || word[1] == '\0') {
        args->value = word;
        return ARGS_OPERAND;
    }
    if (strcmp(word, "--") == 0) {
        args->operands_only = true;
        return args_next(args);
    }
    if (word[1] == '-')
        return take_long(args, word + 2);
    args->cluster = word + 1;
    return take_letter(args);
}

bool
args_size(const struct args *args, const char *what, off_t *size)
{
    if (size_parse(args->value, size))
        return true;
    complain("bad %s '%s': %s", what, args->value,
             size_advise(args->value).text);
    return false;
}

bool
args_timeout(const struct args *args, double *seconds)
{
    if (seconds_parse(args->value, seconds))
        return true;
    complain("bad timeout '%s': want seconds, such as 1.5", args->value);
    return false;
}

bool
operands_add(struct operands *operands, const char *word)
{
    size_t count = operands->count + 1;
    const char **words = realloc(operands->words, count * sizeof *words);

    if (!words) {
        complain("not enough memory");
        return false;
    }
    words[count - 1] = word;
    operands->words = words;
    operands->count = count;
    return true;
}

void
operands_free(struct operands *operands)
{
    free(operands->words);
    *operands = OPERANDS_NONE;
}
