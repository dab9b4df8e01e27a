/*
 * bar.h - bars, drawn in characters that the terminal has.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_BAR_H
#define MMT_CLI_BAR_H

#include <stdbool.h>

/*
 * True when the locale that the environment names has UTF-8: LC_ALL, LC_CTYPE
 * and LANG, the first that is set (POSIX.1-2008, XBD 8.2).
 */
bool bar_has_utf8(void);

/*
 * Write a bar to standard output: `width` columns for 1, and some mark for
 * everything above 0.
 *
 * share  0 to 1
 * Returns the columns written.
 */
int bar_print(double share, int width);

#endif
