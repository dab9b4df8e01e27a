/*
 * explain.c - outcomes -> sentences: what happened, why, and the cure.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/explain.h"

#include "cli/cure.h"
#include "cli/expect.h"
#include "cli/names.h"
#include "cli/quote.h"
#include "cli/values.h"
#include "memory/range.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* A file's name as it stands in a cure. */
enum { QUOTED = 4200 };

/* The cure `command`, which ends with a blank, for the file of the plan. */
static void
write_command(FILE *line, const char *command, const struct plan *plan)
{
    char quoted[QUOTED];

    fprintf(line, "%s%s", command,
            quote_for_shell(quoted, sizeof quoted, plan->name));
}

static void
write_extension(FILE *line, off_t size, const struct plan *plan)
{
    char command[60];

    snprintf(command, sizeof command, "mmt extend -s %jd ", (intmax_t)size);
    write_command(line, command, plan);
}

/* Reasons that need no figures and no names. */
static const char *
plain_reason(enum reason reason)
{
    switch (reason) {
    case REASON_BEYOND_FILE:
        return "the offset is at or past the end of the file: say how many "
               "bytes with -l";
    case REASON_NOWHERE: return LINK_TO_NOWHERE;
    case REASON_NO_DIRECTORY: return DIRECTORY_MISSING;
    case REASON_SHARED_NAME: return SHARED_SYNTAX;
    case REASON_NO_SIZE:
        return "it can be read, but its size is 0, as in /proc: map a copy";
    case REASON_NO_END: return "it has no end: say how many bytes with -l";
    case REASON_DIRECTORY: return "it is a directory: want a file";
    case REASON_FIFO: return "a FIFO can't be mapped: want a file";
    case REASON_NO_MAPPINGS: return "this kind of file can't be mapped";
    case REASON_ZERO_LENGTH: return "the length is 0";
    case REASON_MISALIGNED_CELL:
        return "the integer is not at a multiple of its size";
    case REASON_CELL_SIZE: return "an integer has 1, 2, 4 or 8 bytes";
    case REASON_NO_ATOMICS:
        return "this machine has no atomic operations on that many bytes";
    case REASON_NOT_READABLE:
        return "the file is not open for r: open it with -O rw";
    case REASON_NOT_WRITABLE:
        return "the file is not open for w: open it with -O rw";
    case REASON_NO_SHARING: return "the flags say neither shared nor private";
    case REASON_IN_USE:
        return "pages there are mmt's own: choose another address";
    case REASON_NULL_ADDRESS:
        return "address 0 is C's null pointer: choose another with --address";
    case REASON_TOO_LONG:
        return "more than the address space has room for: map less with -l";
    case REASON_PAST_LAST:
        return "it would end past the largest offset of a file";
    case REASON_HOLE: return "a page of the range is not mapped";
    case REASON_UNREACHABLE:
        return "a page of the range has no access, or lies past the end of "
               "the file";
    case REASON_LOCK_LIMIT: return "the limit on locked memory: see ulimit -l";
    case REASON_NEGATIVE: return "the size is negative";
    case REASON_BEFORE_FILE: return "the offset is before the first byte";
    case REASON_CLOSED: return "the file is closed";
    case REASON_NO_EXECUTE:
        return "the file system, or a policy of the system, allows no x";
    case REASON_SYNC_AND_ASYNC:
        return "want one of sync and async, and no unknown flag";
    case REASON_NO_PATH:
        return "a shared memory object has no path: use ftruncate";
    case REASON_SIZE_LIMIT:
        return "the limit of ulimit -f or of the file system";
    case REASON_SAME_FILE:
        return "it is the mapped file itself: save to another one";
    case REASON_NO_READER: return "nobody reads the FIFO";
    case REASON_NO_ROLE: return "fork needs a role: child:fork";
    case REASON_DEAD_ROLE: return "the role has died";
    default: return NULL;
    }
}

const char *
cause_word(enum cause cause)
{
    switch (cause) {
    case CAUSE_UNMAPPED: return "unmapped";
    case CAUSE_PROTECTION: return "protection";
    case CAUSE_PAST_END: return "past end of file";
    case CAUSE_NO_SPACE: return "no space";
    case CAUSE_IO_ERROR: return "I/O error";
    default: return "unknown";
    }
}

/* The step that made a page what it is, or what is to say when none did. */
static void
write_mark(FILE *line, const struct mark *mark, const char *otherwise)
{
    if (mark->number)
        fprintf(line, "by step %zu, %s", mark->number, mark->text);
    else
        fputs(otherwise, line);
}

static void
write_protection(FILE *line, const struct outcome *outcome,
                 const struct plan *plan)
{
    static const char *const accesses[] = { "load", "store", "execution" };
    static const char *const cures[] = { "map it with -p r", "map it with -w",
                                         "map it with -p rx" };
    static const char letters[] = "rwx";
    char protection[4];

    fprintf(line, "the page is %s, %s %s needs %c: ",
            protection_format(protection, outcome->protection),
            outcome->access == ACCESS_EXECUTE ? "an" : "a",
            accesses[outcome->access], letters[outcome->access]);
    write_mark(line, &outcome->mark,
               plan->has_change ? "as protect was asked to make it"
                                : cures[outcome->access]);
}

static void
write_past_end(FILE *line, const struct outcome *outcome,
               const struct plan *plan)
{
    fprintf(line, "it has %s", bytes_format(outcome->size).text);
    if (outcome->size != outcome->size_then) {
        fprintf(line, " and had %jd when mapped", (intmax_t)outcome->size_then);
    } else if (outcome->wanted > 0) {
        fputs(": extend it first, ", line);
        write_extension(line, outcome->wanted, plan);
    }
}

static void
write_unknown(FILE *line, const struct outcome *outcome)
{
    switch (outcome->signal) {
    case SIGILL: fputs("the bytes are no code of this processor", line); break;
    case SIGFPE: fputs("the code divides by zero, or overflows", line); break;
    case SIGTRAP: fputs("the code has a breakpoint", line); break;
    case SIGSEGV: fputs("an address of the code's own choice", line); break;
    default: fputs("the system gives no reason", line);
    }
}

static void
write_cause(FILE *line, const struct outcome *outcome, const struct plan *plan)
{
    fprintf(line, " at +%jd: %s: ", (intmax_t)outcome->offset,
            cause_word(outcome->cause));
    switch (outcome->cause) {
    case CAUSE_UNMAPPED:
        write_mark(line, &outcome->mark, "never mapped");
        break;
    case CAUSE_PROTECTION: write_protection(line, outcome, plan); break;
    case CAUSE_PAST_END: write_past_end(line, outcome, plan); break;
    case CAUSE_NO_SPACE:
        fputs("a hole, and no free block", line);
        if (outcome->wanted > 0) {
            fputs(": allocate first, ", line);
            write_command(line, "mmt extend -a ", plan);
        }
        break;
    case CAUSE_IO_ERROR: fputs("read(2) of the page fails too", line); break;
    default: write_unknown(line, outcome);
    }
}

static void
write_reason(FILE *line, const struct outcome *outcome, const struct plan *plan)
{
    const char *plain = plain_reason(outcome->reason);

    if (plain) {
        fprintf(line, ": %s", plain);
        return;
    }
    switch (outcome->reason) {
    case REASON_ABSENT:
        fputs(": make it first, ", line);
        write_extension(line, (off_t)page_size(), plan);
        break;
    case REASON_EMPTY_FILE:
        fputs(": the file is empty: extend it first, ", line);
        write_extension(line, (off_t)page_size(), plan);
        break;
    case REASON_UNALIGNED:
        fprintf(line, ": the address is not a multiple of the page size, %zu",
                page_size());
        break;
    case REASON_UNALIGNED_OFFSET:
        fprintf(line, ": the offset is not a multiple of the page size, %zu",
                page_size());
        break;
    case REASON_BAD_PAGE: write_cause(line, outcome, plan); break;
    default: break;
    }
}

/* Write bytes as TEXT between quotes. */
static void
write_text(FILE *line, const unsigned char *bytes, size_t length)
{
    char text[FOUND_LENGTH * TEXT_LONGEST];
    size_t written = text_format(text, bytes, length);

    fputc('"', line);
    fwrite(text, 1, written, line);
    fputc('"', line);
}

static void
write_difference(FILE *line, const struct outcome *outcome,
                 const struct step *step)
{
    if (step && step->verb->value == VALUE_SWAP) {
        fprintf(line, "differs: it is %" PRId64 ", not %" PRId64,
                outcome->number, step->value);
        return;
    }
    fprintf(line, "differs at +%jd", (intmax_t)outcome->offset);
    if (!step || !step->bytes)
        return;
    fputs(": has ", line);
    write_text(line, outcome->found, outcome->found_length);
    fputs(", not ", line);
    write_text(line, step->bytes + outcome->found_at, outcome->found_length);
}

static void
write_lost(FILE *line, const struct outcome *outcome, const struct plan *plan)
{
    fprintf(line, "lost: %s past the end of the file (%s)",
            bytes_format(outcome->count).text,
            bytes_format(outcome->size).text);
    if (outcome->wanted > 0) {
        fputs(": extend it first, ", line);
        write_extension(line, outcome->wanted, plan);
    }
}

static void
write_outside(FILE *line, const struct outcome *outcome)
{
    if (outcome->reason == REASON_BEFORE_START)
        fputs("outside the mapping: it begins at 0", line);
    else if (outcome->reason == REASON_TOO_LONG)
        fprintf(line,
                "outside the mapping: the input goes on where it ends, "
                "at %jd: map more with -l",
                (intmax_t)outcome->count);
    else
        fprintf(line, "outside the mapping: it ends at %jd: map more with -l",
                (intmax_t)outcome->count);
}

static void
write_timeout(FILE *line, const struct outcome *outcome,
              const struct step *step)
{
    fputs("timeout", line);
    if (step && step->verb->waits == WAITS_FOR_CELL)
        fprintf(line, ": it is %" PRId64, outcome->number);
    fprintf(line, " after %g second%s", outcome->seconds,
            outcome->seconds == 1 ? "" : "s");
}

static void
write_died(FILE *line, const struct outcome *outcome, const struct step *step)
{
    char word[OUTCOME_WORD], shown[SHOWN_SIZE];

    fprintf(line, "%s: ", outcome_word(word, outcome));
    if (step) {
        shown_copy(shown, step->text);
        fprintf(line, "died during step %zu, %s", step->number, shown);
    } else {
        fputs("died between steps", line);
    }
}

char *
explain(const struct outcome *outcome, const struct plan *plan,
        const struct step *step)
{
    char *text = NULL, word[OUTCOME_WORD];
    size_t length = 0;
    FILE *line = open_memstream(&text, &length);

    if (!line)
        return NULL;
    switch (outcome->kind) {
    case OUTCOME_OK: fputs("ok", line); break;
    case OUTCOME_ERROR:
        fprintf(line, "%s (%s)", strerror(outcome->error),
                errno_name(outcome->error).text);
        write_reason(line, outcome, plan);
        break;
    case OUTCOME_FAULT:
        fputs(outcome_word(word, outcome), line);
        write_cause(line, outcome, plan);
        break;
    case OUTCOME_DIED: write_died(line, outcome, step); break;
    case OUTCOME_KILLED:
        fprintf(line, "%s: it was killed", outcome_word(word, outcome));
        break;
    case OUTCOME_LOST: write_lost(line, outcome, plan); break;
    case OUTCOME_DIFFERS: write_difference(line, outcome, step); break;
    case OUTCOME_OUTSIDE: write_outside(line, outcome); break;
    case OUTCOME_TIMEOUT: write_timeout(line, outcome, step); break;
    case OUTCOME_EXIT:
        fprintf(line, "exit:%d: it ended with status %d", outcome->status,
                outcome->status);
        break;
    }
    fclose(line);
    return text;
}
