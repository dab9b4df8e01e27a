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
 * that.
 *
 * In the foreground of a terminal the command has the terminal meanwhile. If
 * it is stopped there, so is the group of this process; if it is ended there,
 * by Ctrl-C or a hangup, so is that.
 *
 * no_input    its standard input is /dev/null
 * to_stderr   its standard output is standard error
 * Returns as child_wait(), or the errno value of socketpair(2) or fork(2).
 */
struct outcome shell_run(const char *command, bool no_input, bool to_stderr);

#endif
