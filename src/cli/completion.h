/*
 * completion.h - scripts by which shells complete the words of mmt.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_COMPLETION_H
#define MMT_CLI_COMPLETION_H

#include <stdbool.h>

/* The shells there is a script for, as the value of an option shows them. */
#define COMPLETION_SHELLS "bash|zsh|fish"

/*
 * Write the script for a shell to standard output; false if there is none.
 */
bool completion_print(const char *shell);

#endif
