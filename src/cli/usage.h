/*
 * usage.h - prints what commands and verbs declare.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_USAGE_H
#define MMT_CLI_USAGE_H

#include "cli/command.h"

#include <stddef.h>

/* Write a synopsis of a command to standard error: its form `form`, from 0. */
void usage_complain(const struct command *command, size_t form);

/* Write synopsis, summary and options of a command to standard output. */
void usage_print(const struct command *command);

/*
 * Write a row for each option, parted by tabs, "-" where there is nothing:
 * command, letter, name, value, help.
 */
void usage_table(const struct command *command);

/* Write what a step looks like, and every verb with its help. */
void usage_print_steps(void);

/* Write a row for each verb as usage_table() does; its command is "step". */
void usage_table_steps(void);

#endif
