/*
 * main.c - picks the command, runs it, ends with its status.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/args.h"
#include "cli/complain.h"
#include "cli/quote.h"
#include "cli/report.h"
#include "cli/script.h"
#include "cli/suggest.h"
#include "cli/usage.h"
#include "commands.h"

#include <string.h>

static const char synopsis[] =
    "usage: mmt COMMAND [OPTION...] FILE [STEP...]\n";

static void
complain_unknown(const char *word)
{
    struct suggestion suggestion = suggest_for(word, strlen(word));
    const struct command *const *command;

    for (command = commands; *command; command++)
        suggest_word(&suggestion, (*command)->name);
    if (script_has_verb(word))
        complain("no such command: %s: it is a step: mmt map FILE %s", word,
                 word);
    else if (suggestion.nearest)
        complain("no such command: %s: did you mean %s?", word,
                 suggestion.nearest);
    else
        complain("no such command: %s: 'mmt help' lists them",
                 quote_empty(word));
    complain_raw(synopsis);
}

static enum status
perform(const struct command *command, struct args *args)
{
    enum status status;

    if (command != &help_command)
        complain_as(command->name);
    status = command->run(args);
    if (!args->wants_help)
        return status;
    usage_print(command);
    return STATUS_DONE;
}

static enum status
run(const struct command *command, const char *program,
    const char *const *words)
{
    struct args args = args_begin(program, words, command->options);
    enum status status = perform(command, &args);

    if (status == STATUS_USAGE)
        usage_complain(command, args.form);
    return status;
}

/* Words like --version are options of help, which speaks for mmt itself. */
static enum status
run_options(const char *program, const char *const *words)
{
    struct args args = args_begin(program, words, help_command.options);
    enum status status = perform(&help_command, &args);

    if (status == STATUS_USAGE)
        complain_raw(synopsis);
    return status;
}

/* The command in a name like "/usr/bin/mmt-sync", or NULL. */
static const struct command *
called_as(const char *name)
{
    static const char prefix[] = "mmt-";
    const char *slash = strrchr(name, '/');

    name = slash ? slash + 1 : name;
    if (strncmp(name, prefix, sizeof prefix - 1) != 0)
        return NULL;
    name += sizeof prefix - 1;
    return command_find(name, strlen(name));
}

static enum status
dispatch(int count, char **words)
{
    const char *const *rest = (const char *const *)words;
    const struct command *command = count > 0 ? called_as(words[0]) : NULL;

    if (command)
        return run(command, words[0], rest + 1);
    if (count < 2) {
        complain_raw(synopsis);
        complain_raw("       mmt help [COMMAND|steps]\n");
        return STATUS_USAGE;
    }
    if (words[1][0] == '-')
        return run_options(words[0], rest + 1);
    command = command_find(words[1], strlen(words[1]));
    if (command)
        return run(command, words[0], rest + 2);
    complain_unknown(words[1]);
    return STATUS_USAGE;
}

int
main(int count, char **words)
{
    enum status status;
    int error;

    report_begin();
    status = dispatch(count, words);
    report_flush();
    error = report_error();
    if (error)
        complain_error(error, "standard output");
    if ((error || complain_is_cut()) && status == STATUS_DONE)
        status = STATUS_FAILED;
    return (int)status;
}
