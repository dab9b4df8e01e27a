/*
 * commands.c - every subcommand that mmt has.
 *
 * A new one takes three files, src/commands/NAME.c, man/mmt-NAME.1 and
 * tests/NAME.bats, and one row here.
 *
 * SPDX-License-Identifier: MIT
 */
#include "commands.h"

#include <string.h>

const struct command *const commands[] = {
    &map_command,
    &extend_command,
    &protect_command,
    &sync_command,
    &exchange_command,
    /* not in --list */
    &help_command,
    NULL,
};

const struct command *
command_find(const char *name, size_t length)
{
    const struct command *const *command;

    for (command = commands; *command; command++)
        if (strncmp((*command)->name, name, length) == 0 &&
            (*command)->name[length] == '\0')
            return *command;
    return NULL;
}
