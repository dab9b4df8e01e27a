/*
 * voice.c - how much a command says: the options that all commands share.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/voice.h"

#include "cli/args.h"
#include "cli/complain.h"
#include "cli/trace.h"
#include "memory/call.h"

#include <stddef.h>

/* Shared, so that both tables tell the same. */
#define HELP_ROW                                                               \
    {                                                                          \
        OPTION_HELP, 'h', "help", NULL, "explain the command and end"          \
    }

const struct option voice_options[] = {
    { OPTION_VERBOSE, 'v', "verbose", NULL,
      "trace each step and each call to standard error" },
    { OPTION_QUIET, 'q', "quiet", NULL,
      "say nothing about failures: only the status" },
    { OPTION_JSON, 'J', "json", NULL,
      "print one JSON object per step or file" },
    HELP_ROW,
    { 0 },
};

const struct option help_options[] = {
    HELP_ROW,
    { 0 },
};

bool
voice_take(struct voice *voice, int id)
{
    switch (id) {
    case OPTION_VERBOSE: voice->verbose = true; return true;
    case OPTION_QUIET: voice->quiet = true; return true;
    case OPTION_JSON: voice->json = true; return true;
    default: return false;
    }
}

void
voice_start(const struct voice *voice)
{
    if (voice->quiet)
        complain_quiet();
    if (voice->verbose)
        call_witness(trace_call);
}
