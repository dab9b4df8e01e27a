/*
 * values.h - numbers, sizes, protections and lists: text -> value and back.
 *
 * Every function takes the whole word or refuses it: nothing is wrapped, cut
 * or ignored. Results are untouched on failure.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_VALUES_H
#define MMT_CLI_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What a protection may look like, for messages. */
#define PROTECTION_SYNTAX "letters of rwx, or none, or a number"

/*
 * Decimal, or hexadecimal with 0x, up to `most`, with a suffix: K M G T P E
 * (also KiB ...) are powers of 1024, KB ... powers of 1000, pg is the page.
 */
bool number_parse(const char *text, uintmax_t most, uintmax_t *value);

/* A size in bytes, 0 to OFFSET_MAX. */
bool size_parse(const char *text, off_t *size);

/*
 * Say about a word that is no size what to write in its place: "did you mean
 * 4KB?", that it is too large, or else what a size may look like.
 */
struct size_advice {
    char text[80];
};

struct size_advice size_advise(const char *word);

/* The same, or down to -OFFSET_MAX - 1 with a minus sign before it. */
bool offset_parse(const char *text, off_t *offset);

/* A signed decimal or hexadecimal number without suffix. */
bool integer_parse(const char *text, int64_t *value);

/* The same within an int: flags, protections and advice given as numbers. */
bool flags_parse(const char *text, int *value);

/* Letters of r, w and x, or "none", or a number: PROT_* bits. */
bool protection_parse(const char *text, int *protection);

/* Write PROT_* bits as "rwx" with "-" for what is missing into `text`. */
char *protection_format(char text[4], int protection);

/* A protection as options take it: "none", "r", "rw" ... into `text`. */
char *protection_letters(char text[5], int protection);

/* The sharing among MAP_* bits: "private" or "shared". */
const char *sharing_word(int flags);

/* Seconds, fractions allowed: 0 to CLOCK_FOR_EVER, 10 million years. */
bool seconds_parse(const char *text, double *seconds);

/*
 * TEXT of a step: \n \t \0 \\ \xHH stand for their bytes, any other \ is
 * refused. `bytes` has room for strlen(text) and may be `text` itself.
 */
bool text_parse(const char *text, unsigned char *bytes, size_t *length);

/* The longest form of one byte as text_format() writes it. */
enum { TEXT_LONGEST = 4 };

/*
 * Write bytes as the TEXT that text_parse() takes, without a NUL at the end.
 *
 * text    has room for TEXT_LONGEST * length
 * Returns the number of characters written.
 */
size_t text_format(char *text, const unsigned char *bytes, size_t length);

/* Room for the longest number or name that is part of a word. */
enum { PIECE = 64 };

/*
 * Copy `length` characters. What is too long is cut and ends with "...", so
 * that it is no number and no name.
 */
void piece_copy(char piece[PIECE], const char *from, size_t length);

/*
 * Copy the first item of a list parted by commas, as piece_copy() does.
 *
 * Returns what is behind its comma; NULL when it is the last.
 */
const char *piece_next(const char *list, char piece[PIECE]);

/* "1 byte", "20 bytes": for messages. */
struct bytes_text {
    char text[32];
};

struct bytes_text bytes_format(off_t count);

#endif
