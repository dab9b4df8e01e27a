/*
 * map.c - map a file, run steps on it, or show the mapping.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/args.h"
#include "cli/complain.h"
#include "cli/session.h"
#include "commands.h"

/* operands  FILE, then steps */
static enum status
take_operands(struct session_request *request, const struct operands *operands)
{
    if (operands->count == 0) {
        complain("which file?");
        return STATUS_USAGE;
    }
    request->mapping.plan.name = operands->words[0];
    request->words = operands->words + 1;
    request->count = operands->count - 1;
    if (!request->mapping.plan.no_map)
        request->show = SHOW_MAPPING;
    return STATUS_DONE;
}

static enum status
run(struct args *args)
{
    struct session_request request = session_standard("map");
    struct operands operands = OPERANDS_NONE;
    enum status status = session_walk(&request, args, &operands);

    if (status == STATUS_DONE)
        status = take_operands(&request, &operands);
    if (status == STATUS_DONE)
        status = session_run(&request);
    operands_free(&operands);
    return status;
}

const struct command map_command = {
    .name = "map",
    .operands = (const char *const[]) { "[OPTION...] FILE [STEP...]", NULL },
    .summary = "map a file and run steps on the mapping",
    .options =
        (const struct option *const[]) { mapping_options, voice_options, NULL },
    .run = run,
};
