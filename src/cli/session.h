/*
 * session.h - runs steps on a mapping: opens, maps, runs, shows, unmaps.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_SESSION_H
#define MMT_CLI_SESSION_H

#include "cli/args.h"
#include "cli/command.h"
#include "cli/mapping.h"
#include "cli/voice.h"

#include <stdbool.h>
#include <stddef.h>

/* What is shown when there are no steps. */
enum session_show {
    SHOW_NOTHING,
    SHOW_MAPPING,     /* as a picture */
    SHOW_PROTECTIONS, /* what each of `changes` allows */
};

struct session_request {
    const char *command;
    struct mapping mapping;
    struct voice voice;
    bool has_roles;           /* steps may have a ROLE before them */
    const char *const *words; /* the steps */
    size_t count;             /* of them */
    enum session_show show;
    const int *changes;  /* PROT_*, each for an mprotect of its own */
    size_t change_count; /* of them */
};

/* A request of `command`, mapping as mmt does when no option says otherwise. */
struct session_request session_standard(const char *command);

/*
 * Take what args_next() returned: one of the options that map, protect and
 * exchange share, a mistake, or the end.
 *
 * Returns true when it was one of these options, so that walking goes on.
 */
bool session_take(struct session_request *request, const struct args *args,
                  int id);

/*
 * Walk all of argv where these are the only options.
 *
 * operands  set to the rest of the words, also on failure
 * Returns STATUS_DONE, or what the mistake that was reported makes of it.
 */
enum status session_walk(struct session_request *request, struct args *args,
                         struct operands *operands);

/*
 * Read all steps, then open and map the file, run the steps, or show what the
 * request says when there are none, and unmap.
 *
 * Returns the status of the first failure that no `expect` accepted;
 * STATUS_USAGE, with nothing touched, when a step makes no sense.
 */
enum status session_run(const struct session_request *request);

#endif
