/*
 * mapping.h - how a file is mapped: the options of map, protect and exchange.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_MAPPING_H
#define MMT_CLI_MAPPING_H

#include "cli/args.h"
#include "cli/command.h"
#include "memory/stage.h"

#include <stdbool.h>

/* Ids of these options, apart from those of a command, which begin at 0. */
enum {
    OPTION_OFFSET = 800,
    OPTION_LENGTH,
    OPTION_PROTECTION,
    OPTION_WRITE,
    OPTION_PRIVATE,
    OPTION_OPEN,
    OPTION_FLAGS,
    OPTION_ADDRESS,
    OPTION_EXACT,
    OPTION_NO_MAP,
    OPTION_KEEP_GOING,
    OPTION_RAISE,
    OPTION_TIME,
    OPTION_TIMEOUT,
};

/* -o -l -p -w -P -O and so on, for the `options` of a command. */
extern const struct option mapping_options[];

struct mapping {
    struct plan plan;
    bool keep_going;
    bool let_kill; /* faults kill */
    bool show_time;
    double timeout; /* seconds for each step */
    bool has_timeout;
};

/* As mmt maps when no option says otherwise: all of it, shared, to be read. */
struct mapping mapping_standard(void);

/*
 * Take the option `id` with the value in `args`; false if it is none of these,
 * or if its value makes no sense, as the user was told.
 */
bool mapping_take(struct mapping *mapping, const struct args *args, int id);

#endif
