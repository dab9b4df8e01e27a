/*
 * witness.c - who is told of the calls that call.h makes, and of what.
 *
 * The witness is asked for once, at the start, by whoever traces; a pointer of
 * the file keeps it, so that no function between has to pass it on. A thread
 * may have a witness of its own, in variables of that thread.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/witness.h"

static void (*told_all)(const struct call *call);
static bool for_window;

static _Thread_local void (*told_here)(void *context, const struct call *call);
static _Thread_local void *told_context;

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
