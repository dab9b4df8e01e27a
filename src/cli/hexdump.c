/*
 * hexdump.c - bytes -> the lines of hexdump -C, fast.
 *
 * Every full line has the same columns, so it is written without a loop or a
 * branch: hexadecimal from a table, text eight bytes at a time. A last line
 * that is not full is a full one, blanked out from where it ends.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/hexdump.h"

#include <string.h>

/* Columns of a line, counted from behind its offset. */
enum {
    COLUMN_LEFT = 2,   /* the first eight bytes */
    COLUMN_RIGHT = 27, /* the other eight */
    COLUMN_BAR = 52,
    COLUMN_TEXT = 53,
    COLUMNS = 71, /* with the newline */
    OFFSET_DIGITS = 16,
};

_Static_assert(HEXDUMP_ROOM >= OFFSET_DIGITS + COLUMNS + OFFSET_DIGITS + 1,
               "one call can write a line and the end offset");

/* Each byte as it stands in a line, with the blanks behind it. */
static const char byte_digits[256 * 4 + 1] =
    "00  01  02  03  04  05  06  07  08  09  0a  0b  0c  0d  0e  0f  "
    "10  11  12  13  14  15  16  17  18  19  1a  1b  1c  1d  1e  1f  "
    "20  21  22  23  24  25  26  27  28  29  2a  2b  2c  2d  2e  2f  "
    "30  31  32  33  34  35  36  37  38  39  3a  3b  3c  3d  3e  3f  "
    "40  41  42  43  44  45  46  47  48  49  4a  4b  4c  4d  4e  4f  "
    "50  51  52  53  54  55  56  57  58  59  5a  5b  5c  5d  5e  5f  "
    "60  61  62  63  64  65  66  67  68  69  6a  6b  6c  6d  6e  6f  "
    "70  71  72  73  74  75  76  77  78  79  7a  7b  7c  7d  7e  7f  "
    "80  81  82  83  84  85  86  87  88  89  8a  8b  8c  8d  8e  8f  "
    "90  91  92  93  94  95  96  97  98  99  9a  9b  9c  9d  9e  9f  "
    "a0  a1  a2  a3  a4  a5  a6  a7  a8  a9  aa  ab  ac  ad  ae  af  "
    "b0  b1  b2  b3  b4  b5  b6  b7  b8  b9  ba  bb  bc  bd  be  bf  "
    "c0  c1  c2  c3  c4  c5  c6  c7  c8  c9  ca  cb  cc  cd  ce  cf  "
    "d0  d1  d2  d3  d4  d5  d6  d7  d8  d9  da  db  dc  dd  de  df  "
    "e0  e1  e2  e3  e4  e5  e6  e7  e8  e9  ea  eb  ec  ed  ee  ef  "
    "f0  f1  f2  f3  f4  f5  f6  f7  f8  f9  fa  fb  fc  fd  fe  ff  ";

/* Write `offset` in at least eight digits; return how many. */
static size_t
put_offset(char *out, uint64_t offset)
{
    size_t count = 0;
    int shift;

    if (offset >> 32) {
        for (shift = 60; shift >= 32; shift -= 4) {
            if (offset >> shift)
                out[count++] = "0123456789abcdef"[offset >> shift & 15];
        }
    }
    for (shift = 24; shift >= 0; shift -= 8) {
        memcpy(out + count, byte_digits + 4 * (offset >> shift & 255), 2);
        count += 2;
    }
    return count;
}

static inline void
put_byte(char *out, unsigned char byte)
{
    memcpy(out, byte_digits + 4 * (size_t)byte, 4);
}

/* Write 26 columns; the blanks behind a byte give way to the next. */
static inline void
put_eight_bytes(char *out, const unsigned char *bytes)
{
    put_byte(out, bytes[0]);
    put_byte(out + 3, bytes[1]);
    put_byte(out + 6, bytes[2]);
    put_byte(out + 9, bytes[3]);
    put_byte(out + 12, bytes[4]);
    put_byte(out + 15, bytes[5]);
    put_byte(out + 18, bytes[6]);
    put_byte(out + 21, bytes[7]);
}

/*
 * Write eight bytes as text, '.' for what is not ' ' to '~'.
 *
 * All eight are judged at once, each in its own lane: no sum carries into the
 * next lane, so the order of bytes in a word does not matter.
 */
static inline void
put_eight_characters(char *out, const unsigned char *bytes)
{
    const uint64_t lanes = UINT64_C(0x0101010101010101);
    uint64_t word, low, printable, mask;

    memcpy(&word, bytes, sizeof word);
    low = word & lanes * 0x7f;
    printable = (low + lanes * (0x80 - ' ')) & ~(low + lanes) & ~word;
    mask = (printable >> 7 & lanes) * 0xff;
    word = (word & mask) | (lanes * '.' & ~mask);
    memcpy(out, &word, sizeof word);
}

/* Write the line of HEXDUMP_LINE bytes at `offset`; return its length. */
static inline size_t
put_line(char *out, uint64_t offset, const unsigned char *bytes)
{
    size_t digits = put_offset(out, offset);

    out += digits;
    memcpy(out, "  ", 2);
    put_eight_bytes(out + COLUMN_LEFT, bytes);
    out[COLUMN_RIGHT - 1] = ' ';
    put_eight_bytes(out + COLUMN_RIGHT, bytes + 8);
    out[COLUMN_BAR] = '|';
    put_eight_characters(out + COLUMN_TEXT, bytes);
    put_eight_characters(out + COLUMN_TEXT + 8, bytes + 8);
    memcpy(out + COLUMN_TEXT + HEXDUMP_LINE, "|\n", 2);
    return digits + COLUMNS;
}

/* Write the last line, which has `dump->held` bytes; return its length. */
static size_t
put_partial_line(const struct hexdump *dump, char *out)
{
    size_t held = dump->held;
    size_t column =
        held < 8 ? COLUMN_LEFT + 3 * held : COLUMN_RIGHT + 3 * (held - 8);
    size_t written = put_line(out, dump->offset, dump->partial);
    char *columns = out + written - COLUMNS;

    memset(columns + column, ' ', COLUMN_BAR - column);
    memcpy(columns + COLUMN_TEXT + held, "|\n", 2);
    return written - (HEXDUMP_LINE - held);
}

/*
 * Write what `length` bytes, a multiple of HEXDUMP_LINE, make, while there is
 * room. As hexdump_lines() otherwise.
 */
static size_t
put_lines(struct hexdump *dump, const unsigned char *bytes, size_t length,
          size_t *used, char *out, size_t capacity)
{
    const unsigned char *previous = dump->has_previous ? dump->previous : NULL;
    /* copies, for a store into `out` might change `dump` for all C knows */
    uint64_t offset = dump->offset;
    bool squeezing = dump->squeezing;
    size_t written = 0, done = 0;

    while (done < length && capacity - written >= HEXDUMP_ROOM) {
        const unsigned char *line = bytes + done;

        if (!previous || memcmp(line, previous, HEXDUMP_LINE) != 0) {
            written += put_line(out + written, offset, line);
            squeezing = false;
        } else if (!squeezing) {
            memcpy(out + written, "*\n", 2);
            written += 2;
            squeezing = true;
        }
        previous = line;
        offset += HEXDUMP_LINE;
        done += HEXDUMP_LINE;
    }
    if (done > 0) {
        memcpy(dump->previous, previous, HEXDUMP_LINE);
        dump->has_previous = true;
    }
    dump->offset = offset;
    dump->squeezing = squeezing;
    *used = done;
    return written;
}

/* Move bytes into the partial line until it is full; return how many. */
static size_t
hold(struct hexdump *dump, const unsigned char *bytes, size_t length)
{
    size_t room = HEXDUMP_LINE - dump->held;
    size_t count = length < room ? length : room;

    memcpy(dump->partial + dump->held, bytes, count);
    dump->held += count;
    return count;
}

void
hexdump_begin(struct hexdump *dump, off_t offset)
{
    *dump = (struct hexdump) { .offset = (uint64_t)offset };
}

size_t
hexdump_lines(struct hexdump *dump, const unsigned char *bytes, size_t length,
              size_t *used, char *out, size_t capacity)
{
    size_t written = 0, done = 0, count;

    *used = 0;
    if (capacity < HEXDUMP_ROOM)
        return 0;
    if (dump->held > 0) {
        done = hold(dump, bytes, length);
        if (dump->held == HEXDUMP_LINE) {
            written = put_lines(dump, dump->partial, HEXDUMP_LINE, &count, out,
                                capacity);
            dump->held = 0;
        }
    }
    written += put_lines(dump, bytes + done,
                         (length - done) / HEXDUMP_LINE * HEXDUMP_LINE, &count,
                         out + written, capacity - written);
    done += count;
    if (length - done < HEXDUMP_LINE)
        done += hold(dump, bytes + done, length - done);
    *used = done;
    return written;
}

size_t
hexdump_end(const struct hexdump *dump, char *out, size_t capacity)
{
    size_t written = 0;

    if (capacity < HEXDUMP_ROOM || (dump->held == 0 && !dump->has_previous))
        return 0;
    if (dump->held > 0)
        written = put_partial_line(dump, out);
    written += put_offset(out + written, dump->offset + dump->held);
    out[written++] = '\n';
    return written;
}
