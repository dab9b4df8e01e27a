/*
 * voice.h - how much a command says: the options that all commands share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_VOICE_H
#define MMT_CLI_VOICE_H

#include "cli/args.h"
#include "cli/command.h"

#include <stdbool.h>

/* Ids of these options, apart from those of a command, which begin at 0. */
enum { OPTION_VERBOSE = 900, OPTION_QUIET, OPTION_JSON, OPTION_COLOR };

/* -v -q -J --color -h, for the `options` of a command. */
extern const struct option voice_options[];

enum colour {
    COLOUR_AUTO, /* on a terminal that can, unless NO_COLOR is set */
    COLOUR_ALWAYS,
    COLOUR_NEVER,
};

struct voice {
    bool verbose;
    bool quiet;
    bool json;
    enum colour colour; /* of the trace */
};

/*
 * Take the option `id` with the value in `args`; false if it is none of these,
 * or if its value makes no sense, as the user was told.
 */
bool voice_take(struct voice *voice, const struct args *args, int id);

/*
 * Speak so from here on: after the command line was understood, since a
 * mistake in it is told even with -q.
 */
void voice_start(const struct voice *voice);

#endif
