/*
 * record.c - the calls of one piece of work, kept to be shown later.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/record.h"

#include "memory/clock.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The texts of a call are good only while its witness is told. */
static void
copy_texts(struct call *call)
{
    int index;

    for (index = 0; index < call->count; index++) {
        struct argument *argument = &call->arguments[index];

        if (argument->kind != ARGUMENT_TEXT)
            continue;
        argument->text = strdup(argument->text);
        if (!argument->text)
            argument->kind = ARGUMENT_BUFFER; /* shown without its bytes */
    }
}

static void
free_texts(struct call *call)
{
    int index;

    for (index = 0; index < call->count; index++)
        if (call->arguments[index].kind == ARGUMENT_TEXT)
            /* our own copy: the cast takes `const` away */
            free((void *)(uintptr_t)call->arguments[index].text);
}

static void
keep(void *context, const struct call *call)
{
    struct record *record = context;
    double now = clock_now();
    struct recorded *calls = realloc(
        record->calls, (record->count + 1) * sizeof record->calls[0]);

    if (!calls)
        return; /* better a gap in the record than work not done */
    record->calls = calls;
    calls += record->count++;
    calls->call = *call;
    calls->seconds = now - record->last;
    copy_texts(&calls->call);
    record->last = clock_now();
}

void
record_begin(struct record *record)
{
    *record = (struct record) { .began = clock_now() };
    record->last = record->began;
    call_witness_here(keep, record);
}

void
record_end(struct record *record)
{
    call_witness_here(NULL, NULL);
    record->seconds = clock_now() - record->began;
}

void
record_free(struct record *record)
{
    size_t index;

    for (index = 0; index < record->count; index++)
        free_texts(&record->calls[index].call);
    free(record->calls);
    *record = RECORD_NONE;
}
