/*
 * protect.c - map a file, change its protection, run steps on it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/args.h"
#include "cli/complain.h"
#include "cli/session.h"
#include "cli/values.h"
#include "commands.h"

struct request {
    struct session_request session;
    struct operands operands; /* PROT, FILE, then steps */
};

static enum status
take_operands(struct request *request)
{
    struct plan *plan = &request->session.mapping.plan;
    const struct operands *operands = &request->operands;

    if (operands->count < 2) {
        complain(operands->count ? "which file?" : "which protection?");
        return STATUS_USAGE;
    }
    if (!protection_parse(operands->words[0], &plan->change)) {
        complain("bad protection '%s': want %s", operands->words[0],
                 PROTECTION_SYNTAX);
        return STATUS_USAGE;
    }
    plan->has_change = true;
    plan->name = operands->words[1];
    request->session.words = operands->words + 2;
    request->session.count = operands->count - 2;
    return STATUS_DONE;
}

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
    return take_operands(request);
}

static enum status
run(struct args *args)
{
    struct request request = { .session = session_standard("protect") };
    enum status status = parse(args, &request);

    if (status == STATUS_DONE)
        status = session_run(&request.session);
    operands_free(&request.operands);
    return status;
}

const struct command protect_command = {
    .name = "protect",
    .operands =
        (const char *const[]) { "[OPTION...] PROT FILE [STEP...]", NULL },
    .summary = "change the protection of a mapping and run steps on it",
    .options =
        (const struct option *const[]) { mapping_options, voice_options, NULL },
    .run = run,
};
