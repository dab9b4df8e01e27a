/*
 * exchange.c - let processes share a mapping.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/args.h"
#include "cli/comparison.h"
#include "cli/complain.h"
#include "cli/progress.h"
#include "cli/script.h"
#include "cli/session.h"
#include "cli/stream.h"
#include "commands.h"
#include "memory/clock.h"

#include <stddef.h>
#include <string.h>

enum {
    OPT_COMPARE,
    OPT_SEND,
    OPT_RECV,
    OPT_STATE,
    OPT_RESUME,
    OPT_WAIT,
    OPT_UNLINK,
};

static const struct option options[] = {
    { OPT_COMPARE, 0, "compare", NULL,
      "measure how processes communicate, side by side" },
    { OPT_SEND, 0, "send", NULL,
      "copy standard input into a channel (-l: its capacity)" },
    { OPT_RECV, 0, "recv", NULL,
      "copy a channel to standard output (-t: wait that long)" },
    { OPT_STATE, 0, "state", NULL, "print how far a channel has come" },
    { OPT_RESUME, 0, "resume", NULL, "go on where a dead end stopped" },
    { OPT_WAIT, 0, "wait", NULL,
      "wait for a successor when the other end dies" },
    { OPT_UNLINK, 0, "unlink", NULL,
      "remove the channel when all has arrived" },
    { 0 },
};

/* In the order of the synopses. */
enum purpose { RUN_STEPS, USE_CHANNEL, COMPARE };

struct request {
    enum purpose purpose;
    struct session_request session;
    struct stream_request stream;
    const char *for_steps;    /* an option that only steps have, or NULL */
    const char *for_channels; /* one that only channels have, or NULL */
    const char *action;       /* of channels: send, recv, state, or NULL */
    bool has_two_actions;
    struct operands operands; /* FILE, then steps; or CHANNEL */
};

static const char *
name_of(const struct option *table, int id)
{
    while (table->name && table->id != id)
        table++;
    return table->name;
}

static void
take_action(struct request *request, int id, enum stream_action action)
{
    const char *name = name_of(options, id);

    if (request->purpose != COMPARE)
        request->purpose = USE_CHANNEL;
    request->stream.action = action;
    if (request->action && request->action != name)
        request->has_two_actions = true;
    request->action = name;
}

/* Take an option that is about channels; false: it is not. */
static bool
take_channel_option(struct request *request, int id)
{
    struct stream_request *stream = &request->stream;

    switch (id) {
    case OPT_SEND: take_action(request, id, STREAM_SEND); break;
    case OPT_RECV: take_action(request, id, STREAM_RECEIVE); break;
    case OPT_STATE: take_action(request, id, STREAM_STATE); break;
    case OPT_RESUME: stream->resumes = true; break;
    case OPT_WAIT: stream->waits = true; break;
    case OPT_UNLINK: stream->unlinks = true; break;
    default:
        if (!progress_take(&stream->progress, id))
            return false;
        request->for_channels = name_of(progress_options, id);
        return true;
    }
    request->for_channels = name_of(options, id);
    return true;
}

static bool
take_step_option(struct request *request, const struct args *args, int id)
{
    if (!session_take(&request->session, args, id))
        return false;
    if (id != OPTION_LENGTH && id != OPTION_TIMEOUT &&
        name_of(mapping_options, id))
        request->for_steps = name_of(mapping_options, id);
    return true;
}

static bool
is_comparison(const struct request *request)
{
    const struct operands *operands = &request->operands;

    if (request->for_steps || request->for_channels)
        complain("--compare goes without --%s", request->for_steps
                                                    ? request->for_steps
                                                    : request->for_channels);
    else if (request->session.mapping.plan.has_length)
        complain("--compare goes without --length");
    else if (operands->count)
        complain("--compare takes no file: what is '%s'?", operands->words[0]);
    else
        return true;
    return false;
}

static bool
is_channel(const struct request *request)
{
    const struct operands *operands = &request->operands;

    if (request->has_two_actions)
        complain("--send, --recv or --state: one at a time");
    else if (request->for_steps)
        complain("a channel has no --%s", request->for_steps);
    else if (operands->count == 0)
        complain("which channel?");
    else if (operands->count > 1)
        complain("one channel at a time: what is '%s'?", operands->words[1]);
    else
        return true;
    return false;
}

/* The option that is meant by `send ch` or `compare`, or NULL. */
static const char *
without_dashes(const struct operands *operands)
{
    const struct option *option;

    if (operands->count == 0 || operands->count > 2 ||
        (operands->count == 2 && (script_is_input(operands->words[1]) ||
                                  script_is_step(operands->words[1], true))))
        return NULL;
    for (option = options; option->name; option++)
        if (strcmp(operands->words[0], option->name) == 0)
            return option->name;
    return NULL;
}

static bool
is_session(const struct request *request)
{
    size_t count = request->operands.count;
    const char *meant = without_dashes(&request->operands);

    if (request->for_channels)
        complain("--%s is for --send and --recv", request->for_channels);
    else if (meant)
        complain("which steps? did you mean --%s?", meant);
    else if (count < 2)
        complain(count ? "which steps?" : "which file?");
    else
        return true;
    return false;
}

static bool
is_complete(const struct request *request)
{
    switch (request->purpose) {
    case COMPARE: return is_comparison(request);
    case USE_CHANNEL: return is_channel(request);
    case RUN_STEPS: break;
    }
    return is_session(request);
}

/* Hand over what the options say to whom it is for. */
static void
hand_over(struct request *request)
{
    const struct mapping *mapping = &request->session.mapping;
    struct stream_request *stream = &request->stream;

    request->session.has_roles = true;
    request->session.mapping.plan.name = request->operands.words[0];
    request->session.words = request->operands.words + 1;
    request->session.count = request->operands.count - 1;
    stream->channel = request->operands.words[0];
    stream->has_capacity = mapping->plan.has_length;
    stream->capacity = mapping->plan.length;
    stream->has_limit = mapping->has_timeout;
    stream->limit = mapping->timeout;
    stream->json = request->session.voice.json;
}

static enum status
parse(struct args *args, struct request *request)
{
    int id;

    while ((id = args_next(args)) != ARGS_END) {
        if (id == ARGS_OPERAND) {
            if (!operands_add(&request->operands, args->value))
                return STATUS_FAILED;
        } else if (id == OPT_COMPARE) {
            request->purpose = COMPARE;
        } else if (!take_channel_option(request, id) &&
                   !take_step_option(request, args, id)) {
            return STATUS_USAGE;
        }
    }
    if (!is_complete(request))
        return STATUS_USAGE;
    if (request->operands.words)
        hand_over(request);
    return STATUS_DONE;
}

static enum status
perform(const struct request *request)
{
    const struct mapping *mapping = &request->session.mapping;

    if (request->purpose == RUN_STEPS)
        return session_run(&request->session);
    voice_start(&request->session.voice);
    if (request->purpose == USE_CHANNEL)
        return stream_run(&request->stream);
    return comparison_run(request->session.voice.json, mapping->has_timeout
                                                           ? mapping->timeout
                                                           : CLOCK_FOR_EVER);
}

static enum status
run(struct args *args)
{
    struct request request = { .session = session_standard("exchange") };
    enum status status = parse(args, &request);

    args->form = request.purpose;
    if (status == STATUS_DONE)
        status = perform(&request);
    operands_free(&request.operands);
    return status;
}

const struct command exchange_command = {
    .name = "exchange",
    .operands = (const char *const[]) { "[OPTION...] FILE [ROLE:]STEP...",
                                        "--send|--recv|--state [OPTION...] "
                                        "CHANNEL",
                                        "--compare", NULL },
    .summary = "let processes share a mapping, step by step",
    .options = (const struct option *const[]) { options, mapping_options,
                                                progress_options, voice_options,
                                                NULL },
    .run = run,
};
