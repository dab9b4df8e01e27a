/*
 * main.c - picks the command, runs it, ends with its status.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/args.h"
#include "cli/complain.h"
#include "cli/report.h"
#include "cli/suggest.h"
#include "cli/usage.h"
#include "commands.h"

#include <signal.h>
#include <string.h>

static void
complain_unknown(const char *word)
{
    struct suggestion suggestion = suggest_for(word, strlen(word));
    const struct command *const *command;

    for (command = commands; *command; command++)
        suggest_word(&suggestion, (*command)->name);
    if (suggestion.nearest)
        complain("no such command: %s: did you mean %s?", word,
                 suggestion.nearest);
    else
        complain("no such command: %s: 'mmt help' lists them", word);
}

static enum status
usage(void)
{
    complain_raw("usage: mmt COMMAND [OPTION...] FILE [STEP...]\n"
                 "       mmt help [COMMAND|steps]\n");
    return STATUS_USAGE;
}

static enum status
run(const struct command *command, const char *program,
    const char *const *words)
{
    struct args args = args_begin(words, command->options);
    enum status status;

    args.program = program;
    if (command != &help_command)
        complain_as(command->name);
    status = command->run(&args);
    if (args.wants_help) {
        usage_print(command);
        return STATUS_DONE;
    }
    if (status == STATUS_USAGE)
        usage_complain(command);
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

/* Words like --version are options of help, which speaks for mmt itself. */
static enum status
dispatch(int count, char **words)
{
    const char *const *rest = (const char *const *)words;
    const struct command *command = count > 0 ? called_as(words[0]) : NULL;

    if (command)
        return run(command, words[0], rest + 1);
    if (count < 2)
        return usage();
    if (words[1][0] == '-')
        return run(&help_command, words[0], rest + 1);
    command = command_find(words[1], strlen(words[1]));
    if (command)
        return run(command, words[0], rest + 2);
    complain_unknown(words[1]);
    return usage();
}

int
main(int count, char **words)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    enum status status;
    int error;

    report_begin();
    /* A file size limit is then EFBIG, which can be reported. */
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGXFSZ, &ignore, NULL);

    status = dispatch(count, words);
    report_flush();
    error = report_error();
    if (error) {
        complain_error(error, "standard output");
        if (status == STATUS_DONE)
            status = STATUS_FAILED;
    }
    return (int)status;
}
