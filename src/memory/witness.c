/*
 * witness.c - who is told of the calls that call.h makes, and of what.
 *
 * The witness is asked for once, at the start, by whoever traces; a pointer of
 * the file keeps it, so that no function between has to pass it on. A thread
 * may have a witness of its own, in variables of that thread, and what failed
 * last is known for each.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/witness.h"

#include <stddef.h>

static void (*told_all)(const struct call *call);
static bool for_window;

static _Thread_local void (*told_here)(void *context, const struct call *call);
static _Thread_local void *told_context;

static _Thread_local const char *failed_call;
static _Thread_local int failed_error;

void
witness_set(void (*told)(const struct call *call))
{
    told_all = told;
}

void
witness_set_here(void (*told)(void *context, const struct call *call),
                 void *context)
{
    told_here = told;
    told_context = context;
}

void
witness_own(bool own)
{
    for_window = own;
}

int
witness_tell(enum result_kind kind, const char *name,
             const struct argument *arguments, size_t count, intmax_t result,
             int error)
{
    struct call call = { .name = name, .kind = kind, .own = for_window };
    size_t index;

    if (error) {
        failed_call = name;
        failed_error = error;
    }
    if (!told_all && !told_here)
        return error;
    for (index = 0; index < count; index++)
        call.arguments[index] = arguments[index];
    call.count = (int)count;
    call.result = (uintmax_t)result;
    call.error = error;
    if (told_here)
        told_here(told_context, &call);
    else
        told_all(&call);
    return error;
}

const char *
witness_failed(int error)
{
    return failed_error == error ? failed_call : NULL;
}
