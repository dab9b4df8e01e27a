/*
 * suggest.c - the known word nearest to one that is not known.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/suggest.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* No word of mmt is longer; a longer one is near to none. */
enum { LONGEST = 31 };

/* One letter is the beginning of too many. */
enum { SHORTEST_BEGINNING = 2 };

struct suggestion
suggest_for(const char *word, size_t length)
{
    return (struct suggestion) { .word = word, .length = length };
}

static size_t
least(size_t one, size_t other)
{
    return one < other ? one : other;
}

/* Capitals or not: who types PEEK or einval is near enough. */
static bool
differ(char one, char other)
{
    return tolower((unsigned char)one) != tolower((unsigned char)other);
}

/* Edits from one word to another: optimal string alignment. */
static size_t
distance(const char *from, size_t rows, const char *to, size_t columns)
{
    size_t cost[LONGEST + 1][LONGEST + 1];
    size_t row, column;

    for (row = 0; row <= rows; row++)
        cost[row][0] = row;
    for (column = 0; column <= columns; column++)
        cost[0][column] = column;
    for (row = 1; row <= rows; row++) {
        for (column = 1; column <= columns; column++) {
            size_t change = differ(from[row - 1], to[column - 1]);
            size_t best = cost[row - 1][column - 1] + change;

            best = least(best, cost[row - 1][column] + 1);
            best = least(best, cost[row][column - 1] + 1);
            if (row > 1 && column > 1 &&
                !differ(from[row - 1], to[column - 2]) &&
                !differ(from[row - 2], to[column - 1]))
                best = least(best, cost[row - 2][column - 2] + 1);
            cost[row][column] = best;
        }
    }
    return cost[rows][columns];
}

void
suggest_word(struct suggestion *suggestion, const char *known)
{
    size_t length = strlen(known);
    size_t edits;

    if (suggestion->length > LONGEST || length > LONGEST)
        return;
    edits = distance(suggestion->word, suggestion->length, known, length);
    /* Who types the beginning of a word means it. */
    if (suggestion->length >= SHORTEST_BEGINNING && edits > 1 &&
        strncmp(suggestion->word, known, suggestion->length) == 0)
        edits = 1;
    /* What half of the letters differ in is not near, but for one letter. */
    if (suggestion->length > length)
        length = suggestion->length;
    if (edits > 3 || edits * 2 > length || (edits > 1 && edits * 2 == length))
        return;
    if (!suggestion->nearest || edits < suggestion->distance) {
        suggestion->nearest = known;
        suggestion->distance = edits;
    }
}
