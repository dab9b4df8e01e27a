/*
 * usage.c - prints what commands declare.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/usage.h"

#include "cli/complain.h"
#include "cli/report.h"

#include <stdio.h>
#include <string.h>

/* Where the help of an option begins, when what stands before it fits. */
enum { HELP_COLUMN = 30 };

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

void
usage_complain(const struct command *command)
{
    const char *const *operands;
    char line[200];

    for (operands = command->operands; *operands; operands++) {
        snprintf(line, sizeof line, "%s mmt %s %s\n",
                 operands == command->operands ? "usage:" : "      ",
                 command->name, *operands);
        complain_raw(line);
    }
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
            if (strlen(text) + 4 > HELP_COLUMN)
                report("  %s\n%*s%s\n", text, HELP_COLUMN, "", option->help);
            else
                report("  %-*s%s\n", HELP_COLUMN - 2, text, option->help);
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
