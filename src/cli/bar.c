/*
 * bar.c - bars, drawn in characters that the terminal has.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/bar.h"

#include "cli/report.h"

#include <stdlib.h>

/* Compare as far as `word` goes, upper and lower case alike. */
static bool
begins(const char *text, const char *word)
{
    for (; *word; text++, word++) {
        char lower =
            *text >= 'A' && *text <= 'Z' ? (char)(*text - 'A' + 'a') : *text;

        if (lower != *word)
            return false;
    }
    return true;
}

bool
bar_has_utf8(void)
{
    static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
    const char *locale = NULL;
    size_t index;

    for (index = 0; index < sizeof names / sizeof names[0]; index++) {
        locale = getenv(names[index]);
        if (locale && *locale)
            break;
    }
    if (!locale)
        return false;
    for (; *locale; locale++)
        if (begins(locale, "utf-8") || begins(locale, "utf8"))
            return true;
    return false;
}

/* Blocks are drawn to an eighth of a column. */
static int
print_blocks(double share, int width)
{
    static const char *const parts[] = {
        "", "▏", "▎", "▍", "▌", "▋", "▊", "▉"
    };
    int eighths = (int)(share * width * 8 + 0.5), column;

    if (eighths == 0 && share > 0)
        eighths = 1;
    for (column = 0; column < eighths / 8; column++)
        report("█");
    report("%s", parts[eighths % 8]);
    return (eighths + 7) / 8;
}

static int
print_ascii(double share, int width)
{
    int columns = (int)(share * width + 0.5), column;

    for (column = 0; column < columns; column++)
        report("#");
    if (columns > 0 || !(share > 0))
        return columns;
    report(".");
    return 1;
}

int
bar_print(double share, int width)
{
    return bar_has_utf8() ? print_blocks(share, width)
                          : print_ascii(share, width);
}
