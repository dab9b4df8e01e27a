/*
 * values.c - numbers, sizes, protections and lists: text -> value and back.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/values.h"

#include "cli/suggest.h"
#include "memory/clock.h"
#include "memory/range.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>

/* The value of a digit in `base`, or -1. */
static int
digit_value(char digit, int base)
{
    int value = -1;

    if (digit >= '0' && digit <= '9')
        value = digit - '0';
    else if (digit >= 'a' && digit <= 'f')
        value = digit - 'a' + 10;
    else if (digit >= 'A' && digit <= 'F')
        value = digit - 'A' + 10;
    return value < base ? value : -1;
}

/* Read digits at `*text`, and move it behind them; false if it does not fit. */
static bool
take_digits(const char **text, uintmax_t most, uintmax_t *value)
{
    const char *at = *text;
    uintmax_t sum = 0;
    int base = 10;

    if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X')) {
        base = 16;
        at += 2;
    }
    if (digit_value(*at, base) < 0)
        return false;
    for (; digit_value(*at, base) >= 0; at++) {
        uintmax_t digit = (uintmax_t)digit_value(*at, base);

        if (digit > most || sum > (most - digit) / (uintmax_t)base)
            return false;
        sum = sum * (uintmax_t)base + digit;
    }
    *text = at;
    *value = sum;
    return true;
}

/* What a suffix multiplies by, 0 if it is none. */
static uintmax_t
suffix_factor(const char *suffix)
{
    static const char letters[] = "kmgtpe";
    const char *letter;
    uintmax_t step = 1024, factor = 1;
    char lower;

    if (*suffix == '\0')
        return 1;
    if (strcmp(suffix, "pg") == 0)
        return page_size();
    lower = *suffix >= 'A' && *suffix <= 'Z' ? (char)(*suffix - 'A' + 'a')
                                             : *suffix;
    letter = strchr(letters, lower);
    if (!letter)
        return 0;
    if (strcmp(suffix + 1, "B") == 0)
        step = 1000;
    else if (suffix[1] != '\0' && strcmp(suffix + 1, "iB") != 0)
        return 0;
    for (; letter >= letters; letter--)
        factor *= step;
    return factor;
}

bool
number_parse(const char *text, uintmax_t most, uintmax_t *value)
{
    uintmax_t number, factor;

    if (!take_digits(&text, most, &number))
        return false;
    factor = suffix_factor(text);
    if (factor == 0 || number > most / factor)
        return false;
    *value = number * factor;
    return true;
}

bool
size_parse(const char *text, off_t *size)
{
    uintmax_t value;

    if (!number_parse(text, (uintmax_t)OFFSET_MAX, &value))
        return false;
    *size = (off_t)value;
    return true;
}

/* The suffix meant by one that is none, NULL where there is nothing near. */
static const char *
nearest_suffix(const char *suffix)
{
    static const char *const known[] = {
        "pg",  "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "kiB", "miB",
        "giB", "tiB", "piB", "eiB", "KB",  "MB",  "GB",  "TB",  "PB",
        "EB",  "kB",  "mB",  "gB",  "tB",  "pB",  "eB",
    };
    const size_t count = sizeof known / sizeof known[0];
    struct suggestion suggestion = suggest_for(suffix, strlen(suffix));
    size_t index;

    if (suggestion.length < 2) /* any of them is as near */
        return NULL;
    if (strpbrk(suffix, "0123456789")) /* 1e3 doesn't mean 1eB */
        return NULL;
    for (index = 0; index < count; index++)
        if (strcasecmp(known[index], suffix) == 0)
            return known[index];
    for (index = 0; index < count; index++)
        if (known[index][0] == *suffix)
            suggest_word(&suggestion, known[index]);
    return suggestion.nearest;
}

struct size_advice
size_advise(const char *word)
{
    struct size_advice advice = {
        "want a number such as 4096, 0x1000, 4K, 4KB or 2pg"
    };
    const char *digits = word + (*word == '-'), *suffix, *nearest;
    bool is_hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
    int length;

    digits += is_hex ? 2 : 0;
    suffix = digits +
             strspn(digits, is_hex ? "0123456789abcdefABCDEF" : "0123456789");
    if (suffix == digits)
        return advice;
    nearest = nearest_suffix(suffix);
    length = (int)(suffix - word);
    if (suffix_factor(suffix) && *word != '-')
        snprintf(advice.text, sizeof advice.text, "too large: the most is %jd",
                 (intmax_t)OFFSET_MAX);
    else if (nearest && length <= 40)
        snprintf(advice.text, sizeof advice.text, "did you mean %.*s%s?",
                 length, word, nearest);
    return advice;
}

bool
offset_parse(const char *text, off_t *offset)
{
    bool negative = *text == '-';
    uintmax_t value;

    if (!number_parse(text + negative, (uintmax_t)OFFSET_MAX + negative,
                      &value))
        return false;
    if (!negative)
        *offset = (off_t)value;
    else
        *offset = value ? -(off_t)(value - 1) - 1 : 0;
    return true;
}

bool
integer_parse(const char *text, int64_t *value)
{
    bool negative = *text == '-';
    uintmax_t number;

    text += negative;
    if (!take_digits(&text, (uintmax_t)INT64_MAX + negative, &number) || *text)
        return false;
    if (!negative)
        *value = (int64_t)number;
    else
        *value = number ? -(int64_t)(number - 1) - 1 : 0;
    return true;
}

bool
flags_parse(const char *text, int *value)
{
    int64_t number;

    if (!integer_parse(text, &number) || number < INT_MIN || number > INT_MAX)
        return false;
    *value = (int)number;
    return true;
}

bool
protection_parse(const char *text, int *protection)
{
    int bits = 0;

    if (strcmp(text, "none") == 0) {
        *protection = PROT_NONE;
        return true;
    }
    if (flags_parse(text, protection))
        return true;
    if (*text == '\0')
        return false;
    for (; *text; text++) {
        switch (*text) {
        case 'r': bits |= PROT_READ; break;
        case 'w': bits |= PROT_WRITE; break;
        case 'x': bits |= PROT_EXEC; break;
        default: return false;
        }
    }
    *protection = bits;
    return true;
}

char *
protection_format(char text[4], int protection)
{
    text[0] = protection & PROT_READ ? 'r' : '-';
    text[1] = protection & PROT_WRITE ? 'w' : '-';
    text[2] = protection & PROT_EXEC ? 'x' : '-';
    text[3] = '\0';
    return text;
}

char *
protection_letters(char text[5], int protection)
{
    size_t length = 0;

    if (protection == PROT_NONE)
        return memcpy(text, "none", sizeof "none");
    if (protection & PROT_READ)
        text[length++] = 'r';
    if (protection & PROT_WRITE)
        text[length++] = 'w';
    if (protection & PROT_EXEC)
        text[length++] = 'x';
    text[length] = '\0';
    return text;
}

const char *
sharing_word(int flags)
{
    return flags & MAP_PRIVATE ? "private" : "shared";
}

bool
seconds_parse(const char *text, double *seconds)
{
    const uintmax_t most = (uintmax_t)CLOCK_FOR_EVER;
    uintmax_t whole = 0;
    long nanoseconds = 0, weight = 100000000;

    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
        return false;
    if (*text != '.' && !take_digits(&text, most, &whole))
        return false;
    if (*text == '.') {
        if (digit_value(*++text, 10) < 0)
            return false;
        for (; digit_value(*text, 10) >= 0; text++, weight /= 10)
            nanoseconds += digit_value(*text, 10) * weight;
    }
    if (*text)
        return false;
    *seconds = (double)whole + (double)nanoseconds / 1e9;
    return true;
}

bool
text_parse(const char *text, unsigned char *bytes, size_t *length)
{
    size_t count = 0;

    while (*text) {
        int high, low;

        if (*text != '\\') {
            bytes[count++] = (unsigned char)*text++;
            continue;
        }
        switch (text[1]) {
        case 'n': bytes[count++] = '\n'; break;
        case 't': bytes[count++] = '\t'; break;
        case '0': bytes[count++] = '\0'; break;
        case '\\': bytes[count++] = '\\'; break;
        case 'x':
            high = digit_value(text[2], 16);
            low = high < 0 ? -1 : digit_value(text[3], 16);
            if (low < 0)
                return false;
            bytes[count++] = (unsigned char)(high * 16 + low);
            text += 2;
            break;
        default: return false;
        }
        text += 2;
    }
    *length = count;
    return true;
}

size_t
text_format(char *text, const unsigned char *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    char *at = text;
    size_t index;

    for (index = 0; index < length; index++) {
        unsigned char byte = bytes[index];

        if (byte >= ' ' && byte <= '~' && byte != '\\') {
            *at++ = (char)byte;
            continue;
        }
        *at++ = '\\';
        switch (byte) {
        case '\n': *at++ = 'n'; break;
        case '\t': *at++ = 't'; break;
        case '\0': *at++ = '0'; break;
        case '\\': *at++ = '\\'; break;
        default:
            *at++ = 'x';
            *at++ = digits[byte >> 4];
            *at++ = digits[byte & 15];
        }
    }
    return (size_t)(at - text);
}

void
piece_copy(char piece[PIECE], const char *from, size_t length)
{
    static const char cut[] = "...";
    size_t most = PIECE - sizeof cut;

    snprintf(piece, PIECE, "%.*s%s", (int)(length < PIECE ? length : most),
             from, length < PIECE ? "" : cut);
}

const char *
piece_next(const char *list, char piece[PIECE])
{
    size_t length = strcspn(list, ",");

    piece_copy(piece, list, length);
    return list[length] ? list + length + 1 : NULL;
}

struct bytes_text
bytes_format(off_t count)
{
    struct bytes_text bytes;

    snprintf(bytes.text, sizeof bytes.text, "%jd byte%s", (intmax_t)count,
             count == 1 ? "" : "s");
    return bytes;
}
