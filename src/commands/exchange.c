/*
 * exchange.c - let processes share a mapping.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/args.h"
#include "cli/comparison.h"
#include "cli/complain.h"
#include "cli/session.h"
#include "commands.h"

enum { OPT_COMPARE };

static const struct option options[] = {
    { OPT_COMPARE, 0, "compare", NULL,
      "measure how processes communicate, side by side" },
    { 0 },
};

struct request {
    struct session_request session;
    bool compares;
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
        } else if (id == OPT_COMPARE) {
            request->compares = true;
        } else if (!session_take(&request->session, args, id)) {
            return STATUS_USAGE;
        }
    }
    if (request->compares && request->operands.count) {
        complain("--compare takes no file: what is '%s'?",
                 request->operands.words[0]);
        return STATUS_USAGE;
    }
    if (request->compares)
        return STATUS_DONE;
    if (request->operands.count < 2) {
        complain(request->operands.count ? "which steps?" : "which file?");
        return STATUS_USAGE;
    }
    request->session.has_roles = true;
    request->session.mapping.plan.name = request->operands.words[0];
    request->session.words = request->operands.words + 1;
    request->session.count = request->operands.count - 1;
    return STATUS_DONE;
}

static enum status
run(struct args *args)
{
    struct request request = { .session = session_standard("exchange") };
    enum status status = parse(args, &request);

    if (status == STATUS_DONE && request.compares) {
        voice_start(&request.session.voice);
        status = comparison_run(request.session.voice.json);
    } else if (status == STATUS_DONE) {
        status = session_run(&request.session);
    }
    operands_free(&request.operands);
    return status;
}

const struct command exchange_command = {
    .name = "exchange",
    .operands = (const char *const[]) { "[OPTION...] FILE [ROLE:]STEP...",
                                        "--compare", NULL },
    .summary = "let processes share a mapping, step by step",
    .options = (const struct option *const[]) { options, mapping_options,
                                                voice_options, NULL },
    .run = run,
};
