/*
 * commands.h - every subcommand that mmt has.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_COMMANDS_H
#define MMT_COMMANDS_H

#include "cli/command.h"

#include <stddef.h>

extern const struct command map_command;
extern const struct command extend_command;
extern const struct command protect_command;
extern const struct command sync_command;
extern const struct command exchange_command;
extern const struct command help_command;

/* In the order of help, NULL at the end. */
extern const struct command *const commands[];

/* The command of that name (`length` bytes), or NULL. */
const struct command *command_find(const char *name, size_t length);

#endif
