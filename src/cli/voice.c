/*
 * voice.c - how much a command says: the options that all commands share.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/voice.h"

#include "cli/complain.h"
#include "cli/trace.h"
#include "memory/witness.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

const struct option voice_options[] = {
    { OPTION_VERBOSE, 'v', "verbose", NULL,
      "trace each step and each call to standard error" },
    { OPTION_QUIET, 'q', "quiet", NULL,
      "say nothing about failures: only the status" },
    { OPTION_JSON, 'J', "json", NULL,
      "print one JSON object per step or file" },
    { OPTION_COLOR, 0, "color", "auto|always|never",
      "colour the trace (default: auto, on a terminal)" },
    { OPTION_HELP, 'h', "help", NULL, "explain the command and end" },
    { 0 },
};

static const char *const colours[] = {
    [COLOUR_AUTO] = "auto",
    [COLOUR_ALWAYS] = "always",
    [COLOUR_NEVER] = "never",
};

static bool
take_colour(struct voice *voice, const char *value)
{
    size_t colour;

    for (colour = 0; colour < sizeof colours / sizeof colours[0]; colour++) {
        if (strcmp(colours[colour], value) == 0) {
            voice->colour = (enum colour)colour;
            return true;
        }
    }
    complain("bad colour '%s': want auto, always or never", value);
    return false;
}

/* By default on terminals but dumb ones, and where NO_COLOR is empty. */
static bool
wants_colour(enum colour colour)
{
    const char *refused = getenv("NO_COLOR");

    if (colour != COLOUR_AUTO)
        return colour == COLOUR_ALWAYS;
    return complain_can_draw() && !(refused && *refused);
}

bool
voice_take(struct voice *voice, const struct args *args, int id)
{
    switch (id) {
    case OPTION_VERBOSE: voice->verbose = true; return true;
    case OPTION_QUIET: voice->quiet = true; return true;
    case OPTION_JSON: voice->json = true; return true;
    case OPTION_COLOR: return take_colour(voice, args->value);
    default: return false;
    }
}

void
voice_start(const struct voice *voice)
{
    if (voice->quiet)
        complain_quiet();
    if (voice->verbose && wants_colour(voice->colour))
        complain_in_colour();
    if (voice->verbose)
        witness_set(trace_call);
}
