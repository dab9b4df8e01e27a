/*
 * record.c - the calls of one piece of work, kept to be shown later.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/record.h"

#include "memory/clock.h"

#include <stdlib.h>
#include <string.h>

/* Which argument of a call is a text, a path; the number of them if none. */
static int
text_argument(const struct call *call)
{
    int index = 0;

    while (index < call->count && call->arguments[index].kind != ARGUMENT_TEXT)
        index++;
    return index;
}

/* The text is good only while the witness is told: keep a copy. */
static char *
copy_text(struct call *call)
{
    struct argument *argument = &call->arguments[text_argument(call)];
    char *copy;

    if (argument == &call->arguments[call->count])
        return NULL;
    copy = strdup(argument->text);
    argument->text = copy;
    if (!copy)
        argument->kind = ARGUMENT_BUFFER; /* shown without its bytes */
    return copy;
}

static void
keep(void *context, const struct call *call)
{
    struct record *record = context;
    struct recorded recorded = { .call = *call };
    struct recorded *calls;

    recorded.seconds = clock_now() - record->last;
    calls = realloc(record->calls, (record->count + 1) * sizeof calls[0]);
    if (!calls)
        return; /* better a gap in the record than work not done */
    recorded.text = copy_text(&recorded.call);
    calls[record->count++] = recorded;
    record->calls = calls;
    record->last = clock_now();
}

void
record_begin(struct record *record)
{
    *record = (struct record) { .began = clock_now() };
    record->last = record->began;
    witness_set_here(keep, record);
}

void
record_end(struct record *record)
{
    witness_set_here(NULL, NULL);
    record->seconds = clock_now() - record->began;
}

void
record_free(struct record *record)
{
    size_t index;

    for (index = 0; index < record->count; index++)
        free(record->calls[index].text);
    free(record->calls);
    *record = RECORD_NONE;
}
