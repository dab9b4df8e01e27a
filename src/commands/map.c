/*
 * map.c - map a file, run steps on it, or show the mapping.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/args.h"
#include "cli/complain.h"
#include "cli/session.h"
#include "commands.h"

struct request {
    struct session_request session;
    struct operands operands; /* FILE, then steps */
};

static enum status
parse(struct args *args, struct request *request)
{
    int id;

    while ((id = args_next(args)) != ARGS_END) {
        if (id == ARGS_OPERAND) {
            if (!operands_add(&request->operands, args->value))
                return STATUS_FAILED;
        } else if (!session_take(&request->session, args, id)) {
            return STATUS_USAGE;
        }
    }
    if (request->operands.count == 0) {
        complain("which file?");
        return STATUS_USAGE;
    }
    request->session.mapping.plan.name = request->operands.words[0];
    request->session.words = request->operands.words + 1;
    request->session.count = request->operands.count - 1;
    if (!request->session.mapping.plan.no_map)
        request->session.show = SHOW_MAPPING;
    return STATUS_DONE;
}

static enum status
run(struct args *args)
{
    struct request request = { .session = session_standard("map") };
    enum status status = parse(args, &request);

    if (status == STATUS_DONE)
        status = session_run(&request.session);
    operands_free(&request.operands);
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
