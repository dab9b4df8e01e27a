/*
 * usage.c - prints what commands and verbs declare.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/usage.h"

#include "cli/complain.h"
#include "cli/report.h"
#include "memory/step.h"

#include <stdio.h>
#include <string.h>

/* Where the help of an option begins, when what stands before it fits. */
enum { HELP_COLUMN = 26 };

/* Write "-l, --length LEN" into `text`. */
static void
format_option(char *text, size_t size, const struct option *option)
{
    char letter[8] = "    ";

    if (option->letter)
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    snprintf(text, size, "%s--%s%s%s", letter, option->name,
             option->value ? " " : "", option->value ? option->value : "");
}

/* Write what is explained and, behind or below it, the explanation. */
static void
print_row(const char *text, const char *help)
{
    if (strlen(text) + 4 > HELP_COLUMN)
        report("  %s\n%*s%s\n", text, HELP_COLUMN, "", help);
    else
        report("  %-*s%s\n", HELP_COLUMN - 2, text, help);
}

void
usage_complain(const struct command *command, size_t form)
{
    char line[200];

    snprintf(line, sizeof line, "usage: mmt %s %s\n", command->name,
             command->operands[form]);
    complain_raw(line);
}

void
usage_print(const struct command *command)
{
    const char *const *operands;
    const struct option *const *table;
    const struct option *option;
    char text[80];

    for (operands = command->operands; *operands; operands++)
        report("%s mmt %s %s\n",
               operands == command->operands ? "usage:" : "      ",
               command->name, *operands);
    report("\n%s\n\n", command->summary);
    for (table = command->options; *table; table++) {
        for (option = *table; option->name; option++) {
            format_option(text, sizeof text, option);
            print_row(text, option->help);
        }
    }
}

void
usage_table(const struct command *command)
{
    const struct option *const *table;
    const struct option *option;

    for (table = command->options; *table; table++)
        for (option = *table; option->name; option++)
            report("%s\t%c\t%s\t%s\t%s\n", command->name,
                   option->letter ? option->letter : '-', option->name,
                   option->value ? option->value : "-", option->help);
}

/* "@OFF+LEN" as far as a verb takes it. */
static const char *
range_syntax(enum range_kind range)
{
    switch (range) {
    case RANGE_NONE: return "";
    case RANGE_OFFSET: return "[@OFF]";
    default: return "[@OFF][+LEN]";
    }
}

/* Write "poke[@OFF][+LEN]=TEXT" into `text`. */
static void
format_verb(char *text, size_t size, const struct verb *verb)
{
    const char *open = verb->value_optional ? "[" : "";
    const char *close = verb->value_optional ? "]" : "";

    if (verb->placeholder)
        snprintf(text, size, "%s%s%s=%s%s", verb->name,
                 range_syntax(verb->range), open, verb->placeholder, close);
    else
        snprintf(text, size, "%s%s", verb->name, range_syntax(verb->range));
}

void
usage_print_steps(void)
{
    const struct verb *verb;
    char text[100];

    report("usage: mmt COMMAND FILE VERB[@OFF][+LEN][=VALUE]...\n\n"
           "steps, run in order; a lone - reads more from standard input\n\n");
    for (verb = verbs; verb->name; verb++) {
        format_verb(text, sizeof text, verb);
        print_row(text, verb->help);
    }
    report(
        "\n"
        "  OFF   where; negative: from the end (default: 0, the byte of -o)\n"
        "  LEN   how many bytes (default: to the end; TEXT: all; integer: 8)\n"
        "  TEXT  characters; \\n \\t \\0 \\\\ and \\xHH are bytes\n"
        "  SIZE  as OFF and LEN: 4096, 0x1000, 4K, 4KB (1000) or 2pg "
        "(pages)\n\n"
        "In mmt exchange, ROLE: before a verb names the process.\n");
}

void
usage_table_steps(void)
{
    const struct verb *verb;

    for (verb = verbs; verb->name; verb++)
        report("step\t-\t%s\t%s\t%s\n", verb->name,
               verb->placeholder ? verb->placeholder : "-", verb->help);
}
