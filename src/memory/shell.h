/*
 * shell.h - commands of the shell.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_SHELL_H
#define MMT_MEMORY_SHELL_H

#include "memory/outcome.h"

#include <stdbool.h>

/*
 * Run `sh -c COMMAND` and wait for it. What it starts and leaves behind may go
 * on; but when this process is ended meanwhile, by SIGKILL too, so is all of
 * that. Not in the foreground of a terminal: there only the shell itself is,
 * and SIGKILL ends nothing but this process.
 *
 * no_input    its standard input is /dev/null
 * to_stderr   its standard output is standard error
 * Returns as child_wait(), or the errno value of socketpair(2) or fork(2).
 */
struct outcome shell_run(const char *command, bool no_input, bool to_stderr);

#endif
