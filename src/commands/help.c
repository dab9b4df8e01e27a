/*
 * help.c - list, explain, print the tables; what mmt itself is asked for.
 *
 * Words that begin with '-' in place of a command are options of this one, so
 * `mmt --version` and `mmt help --version` are the same.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/args.h"
#include "cli/complain.h"
#include "cli/completion.h"
#include "cli/quote.h"
#include "cli/report.h"
#include "cli/script.h"
#include "cli/suggest.h"
#include "cli/usage.h"
#include "cli/words.h"
#include "commands.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VERSION "1.0.0"

enum {
    OPT_HELP,
    OPT_VERSION,
    OPT_LIST,
    OPT_INSTALL,
    OPT_TABLE,
    OPT_COMPLETION
};

static const struct option options[] = {
    { OPT_HELP, 'h', "help", NULL, "explain mmt and end" },
    { OPT_VERSION, 'V', "version", NULL, "print the version and end" },
    { OPT_LIST, 0, "list", NULL, "print the commands, one a line" },
    { OPT_INSTALL, 0, "install", "DIR",
      "link mmt-COMMAND in DIR for each command" },
    { OPT_TABLE, 0, "table", NULL, "print options and steps, parted by tabs" },
    { OPT_COMPLETION, 0, "completion", COMPLETION_SHELLS,
      "print a completion script for a shell" },
    { 0 },
};

static const char every_step[] = "steps"; /* a topic beside the commands */

enum action {
    LIST_AND_EXPLAIN,
    SHOW_VERSION,
    SHOW_NAMES,
    INSTALL,
    SHOW_TABLE,
    SHOW_COMPLETION
};

struct request {
    enum action action;
    const char *directory; /* of INSTALL */
    const char *shell;     /* of SHOW_COMPLETION */
    const char *topic;     /* of LIST_AND_EXPLAIN; NULL: mmt itself */
};

static enum status
parse(struct args *args, struct request *request)
{
    for (;;) {
        switch (args_next(args)) {
        case OPT_HELP: break;
        case OPT_VERSION: request->action = SHOW_VERSION; break;
        case OPT_LIST: request->action = SHOW_NAMES; break;
        case OPT_TABLE: request->action = SHOW_TABLE; break;
        case OPT_COMPLETION:
            request->action = SHOW_COMPLETION;
            request->shell = args->value;
            break;
        case OPT_INSTALL:
            request->action = INSTALL;
            request->directory = args->value;
            break;
        case ARGS_OPERAND:
            if (request->topic) {
                complain("one topic at a time: what is '%s'?", args->value);
                return STATUS_USAGE;
            }
            request->topic = args->value;
            break;
        case ARGS_END:
            if (!request->topic || request->action == LIST_AND_EXPLAIN)
                return STATUS_DONE;
            complain("nothing but an option was wanted: what is '%s'?",
                     request->topic);
            return STATUS_USAGE;
        default: return STATUS_USAGE;
        }
    }
}

/* Every command but help itself: what --list and --install are about. */
static bool
is_listed(const struct command *command)
{
    return command != &help_command;
}

static void
print_names(void)
{
    const struct command *const *command;

    for (command = commands; *command; command++)
        if (is_listed(*command))
            report("%s\n", (*command)->name);
}

static void
print_table(void)
{
    const struct command *const *command;

    for (command = commands; *command; command++)
        usage_table(*command);
    usage_table_steps();
    words_table();
    for (command = commands; *command; command++)
        words_table_operand(*command);
}

static void
print_overview(void)
{
    const struct command *const *command;

    report("mmt - memory mapping from the shell\n\n"
           "usage: mmt COMMAND [OPTION...] FILE [STEP...]\n\n");
    for (command = commands; *command; command++)
        report("  %-10s%s\n", (*command)->name, (*command)->summary);
    report("\n'mmt help COMMAND' explains one, 'mmt help steps' the steps.\n");
}

static void
complain_topic(const char *topic)
{
    struct suggestion suggestion = suggest_for(topic, strlen(topic));
    const struct command *const *command;

    suggest_word(&suggestion, every_step);
    for (command = commands; *command; command++)
        suggest_word(&suggestion, (*command)->name);
    if (script_has_verb(topic))
        complain("no help on '%s': it is a step: 'mmt help %s' has them all",
                 topic, every_step);
    else if (suggestion.nearest)
        complain("no help on '%s': did you mean %s?", topic,
                 suggestion.nearest);
    else
        complain("no help on '%s': want a command, or '%s'", topic, every_step);
}

static enum status
explain(const char *topic)
{
    const struct command *command;

    if (!topic) {
        print_overview();
        return STATUS_DONE;
    }
    if (strcmp(topic, every_step) == 0) {
        usage_print_steps();
        return STATUS_DONE;
    }
    command = command_find(topic, strlen(topic));
    if (!command) {
        complain_topic(topic);
        return STATUS_USAGE;
    }
    usage_print(command);
    return STATUS_DONE;
}

/* Write "DIRECTORY/NAME", or NAME alone, into `path`. */
static int
join(char path[PATH_MAX], const char *directory, const char *name)
{
    int length = directory ? snprintf(path, PATH_MAX, "%s/%s", directory, name)
                           : snprintf(path, PATH_MAX, "%s", name);

    return length < PATH_MAX ? 0 : ENAMETOOLONG;
}

/* True when a shell would run what it finds there. */
static bool
is_program(const char *path)
{
    struct stat found;

    return access(path, X_OK) == 0 && stat(path, &found) == 0 &&
           S_ISREG(found.st_mode);
}

/* Write the place that an entry of PATH stands for; an empty one: `here`. */
static int
place_of(char place[PATH_MAX], const char *here, const char *entry,
         size_t length)
{
    char path[PATH_MAX];

    if (length >= sizeof path)
        return ENAMETOOLONG;
    memcpy(path, entry, length);
    path[length] = '\0';
    if (length == 0)
        return join(place, NULL, here);
    return join(place, *path == '/' ? NULL : here, path);
}

/* Write the absolute path of the program that runs into `path`. */
static int
find_program(const char *called, char path[PATH_MAX])
{
    char here[PATH_MAX], place[PATH_MAX];
    const char *search = getenv("PATH");

    if (*called == '/')
        return join(path, NULL, called);
    if (!getcwd(here, sizeof here))
        return errno;
    if (strchr(called, '/'))
        return join(path, here, called);
    while (search) {
        size_t length = strcspn(search, ":");

        if (place_of(place, here, search, length) == 0 &&
            join(path, place, called) == 0 && is_program(path))
            return 0;
        search = search[length] == ':' ? search + length + 1 : NULL;
    }
    return ENOENT;
}

/* A link that is there already and leads to the same place is as wanted. */
static int
make_link(const char *program, const char *link)
{
    char there[PATH_MAX];
    ssize_t length;

    if (symlink(program, link) == 0)
        return 0;
    if (errno != EEXIST)
        return errno;
    length = readlink(link, there, sizeof there - 1);
    if (length < 0)
        return EEXIST;
    there[length] = '\0';
    return strcmp(there, program) == 0 ? 0 : EEXIST;
}

/* Make a directory, and those above it that are missing. */
static int
make_directory(const char *path)
{
    const char *end = path;
    char part[PATH_MAX];
    struct stat found;

    if (strlen(path) >= sizeof part)
        return ENAMETOOLONG;
    while ((end = strchr(end + (*end != '\0'), '/'))) {
        memcpy(part, path, (size_t)(end - path));
        part[end - path] = '\0';
        mkdir(part, 0777); /* if that fails and it matters, so does the last */
    }
    if (mkdir(path, 0777) == 0)
        return 0;
    if (errno != EEXIST)
        return errno;
    return stat(path, &found) == 0 && S_ISDIR(found.st_mode) ? 0 : EEXIST;
}

static enum status
install(const char *called, const char *directory)
{
    const struct command *const *command;
    char program[PATH_MAX], name[64], link[PATH_MAX];
    enum status status = STATUS_DONE;
    int error = find_program(called, program);

    if (error) {
        complain_error(error, "%s: can't find where this program is", called);
        return STATUS_FAILED;
    }
    error = make_directory(directory);
    if (error) {
        complain_error(error, "%s: mkdir", quote_empty(directory));
        return STATUS_FAILED;
    }
    for (command = commands; *command; command++) {
        if (!is_listed(*command))
            continue;
        snprintf(name, sizeof name, "mmt-%s", (*command)->name);
        error = join(link, directory, name);
        if (!error)
            error = make_link(program, link);
        if (error) {
            complain_error(error, "%s/%s: symlink", directory, name);
            status = STATUS_FAILED;
        }
    }
    return status;
}

static enum status
print_completion(const char *shell)
{
    if (completion_print(shell))
        return STATUS_DONE;
    complain("no completion for '%s': want one of %s", shell,
             COMPLETION_SHELLS);
    return STATUS_USAGE;
}

static enum status
run(struct args *args)
{
    struct request request = { .action = LIST_AND_EXPLAIN };

    if (parse(args, &request) != STATUS_DONE)
        return STATUS_USAGE;
    switch (request.action) {
    case SHOW_VERSION: report("mmt %s\n", VERSION); break;
    case SHOW_NAMES: print_names(); break;
    case SHOW_TABLE: print_table(); break;
    case SHOW_COMPLETION: return print_completion(request.shell);
    case INSTALL: return install(args->program, request.directory);
    case LIST_AND_EXPLAIN: return explain(request.topic);
    }
    return STATUS_DONE;
}

const struct command help_command = {
    .name = "help",
    .operands = (const char *const[]) { "[COMMAND|steps]", NULL },
    .summary = "list the commands, explain one, or the steps",
    .options = (const struct option *const[]) { options, NULL },
    .run = run,
};
