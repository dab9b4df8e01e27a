/*
 * terminal.h - which process group may read from the terminal.
 *
 * Only one may, and it is the one that Ctrl-C and Ctrl-Z are sent to. So a
 * command that has a group of its own is lent the terminal.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_TERMINAL_H
#define MMT_MEMORY_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Open the terminal of this process, whatever its standard input is.
 *
 * Returns true when it is this group's to lend; false when it is another's, or
 * there is none.
 */
bool terminal_open(void);

/* Note that it is lent to `group`, which takes it by terminal_pass(). */
void terminal_lend(pid_t group);

/* True while it is lent. */
bool terminal_is_lent(void);

/* Make it the terminal of `group`, of the same session. */
void terminal_pass(pid_t group);

/*
 * Take it back if it was lent, and no shell above has taken it meanwhile. May
 * be called by a signal handler.
 */
void terminal_take_back(void);

/* Take it back, and close it. Safe when there is none. */
void terminal_close(void);

/* Pass it from the group of this process to `owner`, if that has it. */
void terminal_return(pid_t owner);

/*
 * The command that leads `group` was stopped by `number`. If the terminal did
 * it, stop this group too, as the shell expects; then, when that is continued,
 * lend the terminal again, if it is this group's, and continue the command.
 */
void terminal_stopped(pid_t group, int number);

#endif
