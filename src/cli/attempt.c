/*
 * attempt.c - what became of a file that was to grow, in words.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/attempt.h"

#include "cli/complain.h"
#include "cli/cure.h"
#include "cli/expect.h"
#include "cli/names.h"
#include "cli/quote.h"
#include "cli/report.h"
#include "cli/values.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>

/* Room for what became of a file. */
enum { END_SIZE = 80 };

/* What became of one that nothing was done to yet. */
static const char not_begun[] = "not begun";

/* Write why a file was not extended, and what to do. */
static void
explain(const struct attempt *attempt, char why[CURE_SIZE])
{
    const struct growth *growth = &attempt->growth;
    const struct room *room = &growth->room;

    if (attempt->error == ECANCELED)
        snprintf(why, CURE_SIZE,
                 "from %jd to %jd would cut %s: allow it with --shrink",
                 (intmax_t)growth->old_size, (intmax_t)growth->new_size,
                 bytes_format(growth->old_size - growth->new_size).text);
    else if (attempt->error == ENOSPC && room->is_known &&
             room->needed > room->free)
        snprintf(why, CURE_SIZE,
                 "needs %ju bytes, %ju are free: make room, or leave holes "
                 "without -a",
                 room->needed, room->free);
    else if (growth->call)
        cure_write(why, attempt->error, growth->call, growth->name);
    else if (attempt->error == EFBIG)
        snprintf(why, CURE_SIZE, "no file can have that many bytes");
    else
        snprintf(why, CURE_SIZE, "%s", cure_of_kind(growth->kind));
}

/* Write what became of a file whose work had begun. */
static void
tell_end(const struct attempt *attempt, char text[END_SIZE])
{
    struct bytes_text old = bytes_format(attempt->growth.old_size);

    switch (attempt->end) {
    case GROWTH_KEPT: snprintf(text, END_SIZE, "still %s", old.text); break;
    case GROWTH_RESTORED: snprintf(text, END_SIZE, "%s again", old.text); break;
    case GROWTH_REMOVED: snprintf(text, END_SIZE, "removed again"); break;
    case GROWTH_LEFT:
        snprintf(text, END_SIZE, "left: another process has changed its size");
        break;
    case GROWTH_CUT:
        snprintf(text, END_SIZE, "now %s",
                 bytes_format(attempt->growth.new_size).text);
        break;
    case GROWTH_STUCK:
        snprintf(text, END_SIZE, "left: it cannot be put back (%s)",
                 errno_name(attempt->stuck).text);
        break;
    }
}

/* An error: the call, if it was one, then the end and the cure. */
static void
complain_error_of(const struct attempt *attempt, const char *name,
                  const char *end)
{
    const char *call = attempt->growth.call;
    char cure[CURE_SIZE], why[CURE_SIZE + END_SIZE + 2];

    explain(attempt, cure);
    snprintf(why, sizeof why, "%s%s%s", end, *end && *cure ? ": " : "", cure);
    if (call)
        complain_why(attempt->error, why, "%s: %s", name, call);
    else
        complain_why(attempt->error, why, "%s", name);
}

void
attempt_complain(const struct attempt *attempt, const char *limit)
{
    const char *name = quote_empty(attempt->growth.name);
    char end[END_SIZE] = "";

    if (attempt->is_begun &&
        (attempt->end != GROWTH_KEPT || !attempt->growth.is_new))
        tell_end(attempt, end);
    if (attempt->signal)
        complain("%s: %s: %s", name, signal_name(attempt->signal).text,
                 *end ? end : not_begun);
    else if (attempt->is_late)
        complain("%s: timeout: not done within %s s: %s", name, limit,
                 *end ? end : not_begun);
    else
        complain_error_of(attempt, name, end);
}

/* Bytes of the file system as blocks; 0 when their size is not known. */
static uintmax_t
blocks_of(const struct room *room, uintmax_t bytes)
{
    return room->block ? bytes / room->block : 0;
}

void
attempt_print_plan(const struct attempt *attempt)
{
    const struct growth *growth = &attempt->growth;
    const struct room *room = &growth->room;

    report_escaped(growth->name);
    if (attempt->is_skipped) {
        report(": no such file, none to be made\n");
        return;
    }
    report(": %jd -> %jd bytes%s", (intmax_t)growth->old_size,
           (intmax_t)growth->new_size, growth->is_new ? ", new file" : "");
    if (room->block) {
        uintmax_t count = blocks_of(room, room->needed);

        report("; %ju block%s of %ju needed", count, count == 1 ? "" : "s",
               room->block);
    }
    if (room->is_known)
        report(", %ju free\n", blocks_of(room, room->free));
    else
        report("%s free space not known\n", room->block ? "," : ";");
}

static struct outcome
outcome_of_attempt(const struct attempt *attempt)
{
    if (attempt->signal)
        return (struct outcome) { .kind = OUTCOME_KILLED,
                                  .signal = attempt->signal };
    if (attempt->is_late)
        return (struct outcome) { .kind = OUTCOME_TIMEOUT };
    return outcome_of(attempt->error);
}

static void
report_count(const char *name, bool is_known, uintmax_t count)
{
    if (is_known)
        report_field_unsigned(name, count);
    else
        report_field_null(name);
}

void
attempt_print_object(const struct attempt *attempt, const char *command)
{
    const struct growth *growth = &attempt->growth;
    const struct room *room = &growth->room;
    struct outcome outcome = outcome_of_attempt(attempt);
    bool is_named = outcome.kind == OUTCOME_ERROR;
    bool is_done = !attempt->error && attempt->is_begun;
    char word[OUTCOME_WORD];

    report_object();
    report_field_text("command", command);
    report_field_text("file", growth->name);
    report_field_text("outcome", outcome_word(word, &outcome));
    report_field_text("errno",
                      is_named ? errno_name(attempt->error).text : NULL);
    report_field_text(
        "signal", attempt->signal ? signal_name(attempt->signal).text : NULL);
    report_field_text("call", is_named ? growth->call : NULL);
    report_count("old_size", attempt->has_old, (uintmax_t)growth->old_size);
    report_count("new_size", attempt->has_new, (uintmax_t)growth->new_size);
    report_field_bool("done", is_done);
    report_field_bool("created", is_done && growth->is_new);
    report_field_bool("allocated", is_done && growth->allocates);
    report_count("block_size", room->block > 0, room->block);
    report_count("needed_blocks", room->block > 0,
                 blocks_of(room, room->needed));
    report_count("free_blocks", room->is_known, blocks_of(room, room->free));
    report_object_end();
}
