/*
 * script.h - words -> steps.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_SCRIPT_H
#define MMT_CLI_SCRIPT_H

#include "cli/parser.h"
#include "memory/step.h"

#include <stdbool.h>

/*
 * Read a word, [ROLE:]VERB[@OFF][+LEN][=VALUE].
 *
 * has_roles  whether a ROLE may stand before it
 * problem    what is wrong with the word, where something is
 *
 * Returns the step, to be given to step_free(); or NULL.
 */
struct step *script_parse(const char *word, bool has_roles,
                          char problem[PROBLEM_SIZE]);

/*
 * Where the first word behind FILE is no step, but FILE itself would be one,
 * make this the problem.
 */
void script_blame_order(const char *file, const char *word, bool has_roles,
                        char problem[PROBLEM_SIZE]);

/* True when script_parse() would take the word. */
bool script_is_step(const char *word, bool has_roles);

/* True for "-", which stands for the steps on standard input. */
bool script_is_input(const char *word);

/* True when a word is a verb, nothing before or behind it. */
bool script_has_verb(const char *word);

#endif
