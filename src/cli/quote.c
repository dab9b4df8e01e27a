/*
 * quote.c - words of others, made harmless: for a line, for a shell.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/quote.h"

#include <stdbool.h>
#include <string.h>

/* Bytes of the valid, printable UTF-8 sequence at `text`; 0 if none is. */
static size_t
printable(const unsigned char *text, size_t length)
{
    size_t size, at;
    unsigned long code;

    if (text[0] < 0x80)
        return text[0] >= ' ' && text[0] != 0x7f;
    size = text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : 2;
    if (text[0] < 0xc2 || text[0] > 0xf4 || size > length)
        return 0;
    code = text[0] & (0x7fU >> size);
    for (at = 1; at < size; at++) {
        if ((text[at] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (text[at] & 0x3f);
    }
    if (code < 0xa0 || (size == 3 && code < 0x800) ||
        (size == 4 && (code < 0x10000 || code > 0x10ffff)) ||
        (code >= 0xd800 && code <= 0xdfff) || code == 0x2028 || code == 0x2029)
        return 0;
    return size;
}

void
quote_for_line(FILE *stream, const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t at = 0;

    while (at < length) {
        size_t size = printable(bytes + at, length - at);

        if (size)
            fwrite(text + at, 1, size, stream);
        else
            fprintf(stream, "\\x%02x", bytes[at]);
        at += size ? size : 1;
    }
}

/* True when some of it is shown as \xHH. */
static bool
is_escaped(const char *name)
{
    size_t length = strlen(name), at = 0, size;

    for (; at < length; at += size) {
        size = printable((const unsigned char *)name + at, length - at);
        if (!size)
            return true;
    }
    return false;
}

/* True when a POSIX shell reads `name` as it stands. */
static bool
needs_no_quotes(const char *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789%+,-./:=@_";

    return *name && name[strspn(name, plain)] == '\0';
}

/* Put `name` between quotes, from word[at] on; returns where they end. */
static size_t
put_quoted(char *word, size_t size, size_t at, const char *name)
{
    /* What is shown as \xHH is read back only between $' and '. */
    bool has_escapes = is_escaped(name);
    const char *quote = has_escapes ? "\\'" : "'\\''";

    if (has_escapes)
        word[at++] = '$';
    word[at++] = '\'';
    /* An apostrophe takes four characters; keep room for the end as well. */
    for (; *name && at + 8 < size; name++) {
        if (*name == '\'') {
            memcpy(word + at, quote, strlen(quote));
            at += strlen(quote);
            continue;
        }
        if (*name == '\\' && has_escapes)
            word[at++] = '\\';
        word[at++] = *name;
    }
    if (*name) {
        memcpy(word + at, "...", 3);
        at += 3;
    }
    word[at++] = '\'';
    return at;
}

char *
quote_for_shell(char *word, size_t size, const char *name)
{
    size_t at = 0;

    if (*name == '-') { /* or it would be an option */
        memcpy(word, "./", 2);
        at = 2;
    }
    if (needs_no_quotes(name)) {
        int length = snprintf(word + at, size - at, "%s", name);

        if (length >= 0 && (size_t)length >= size - at)
            memcpy(word + size - 4, "...", 4);
        return word;
    }
    word[put_quoted(word, size, at, name)] = '\0';
    return word;
}

const char *
quote_empty(const char *name)
{
    return *name ? name : "''";
}
