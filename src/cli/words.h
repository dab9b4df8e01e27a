/*
 * words.h - the words that may stand for the placeholder of a value.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_WORDS_H
#define MMT_CLI_WORDS_H

#include "cli/command.h"

/*
 * Write a row for each word, parted by tabs, to standard output: "value", "-",
 * the word, the placeholder that it may stand for, help or "-". What stands
 * for OUTCOME may be followed by another of them, as any list.
 */
void words_table(void);

/*
 * Write such a row for the word that may stand for the first operand of a
 * command, beside its placeholder's; the command's name is in its place.
 */
void words_table_operand(const struct command *command);

#endif
