/*
 * suggest.h - the known word nearest to one that is not known.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_SUGGEST_H
#define MMT_CLI_SUGGEST_H

#include <stddef.h>

struct suggestion {
    const char *word;    /* what the user typed */
    size_t length;       /* bytes of it */
    const char *nearest; /* NULL while nothing near was seen */
    size_t distance;     /* edits from `word` to `nearest` */
};

/* Begin a search for words near to `length` bytes at `word`. */
struct suggestion suggest_for(const char *word, size_t length);

/*
 * Consider one known word: it is near when it takes few edits for its length
 * (an edit inserts, drops or changes a character, or swaps two neighbours).
 */
void suggest_word(struct suggestion *suggestion, const char *known);

#endif
