/*
 * extend.c - change the size of files, each all or nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/args.h"
#include "cli/attempt.h"
#include "cli/complain.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/sizing.h"
#include "cli/values.h"
#include "cli/voice.h"
#include "commands.h"
#include "memory/clock.h"
#include "memory/growth.h"
#include "memory/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum {
    OPT_SIZE,
    OPT_AT_LEAST,
    OPT_AT_MOST,
    OPT_REFERENCE,
    OPT_NO_CREATE,
    OPT_ALLOCATE,
    OPT_SHRINK,
    OPT_BY,
    OPT_DRY_RUN,
    OPT_TIMEOUT,
};

static const struct option options[] = {
    { OPT_SIZE, 's', "size", "[+-<>/%]SIZE",
      "set the size, or change it as truncate(1) does" },
    { OPT_AT_LEAST, 0, "at-least", "SIZE", "grow what is smaller" },
    { OPT_AT_MOST, 0, "at-most", "SIZE", "cut what is larger, with --shrink" },
    { OPT_REFERENCE, 'r', "reference", "FILE",
      "take the size of FILE, or start from it" },
    { OPT_NO_CREATE, 'c', "no-create", NULL, "make no new files" },
    { OPT_ALLOCATE, 'a', "allocate", NULL,
      "give every byte its block, in old holes too" },
    { OPT_SHRINK, 0, "shrink", NULL, "allow files to lose bytes" },
    { OPT_BY, 0, "by", "path|descriptor",
      "truncate(2), or ftruncate(2) (default: descriptor)" },
    { OPT_DRY_RUN, 'n', "dry-run", NULL,
      "print what would be done, do nothing" },
    { OPT_TIMEOUT, 't', "timeout", "SECONDS",
      "give up after SECONDS and put the size back" },
    { 0 },
};

struct request {
    struct sizing sizing;
    int sizing_option;     /* id of the option that gave it; -1: none */
    const char *reference; /* file that gives the size to start from */
    off_t reference_size;
    const char *timeout; /* as typed, NULL when there is none */
    double limit;        /* the same in seconds */
    bool makes_none;
    bool allocates;
    bool may_shrink;
    bool by_path;
    bool is_dry;
    enum progress_when progress;
    struct voice voice;
};

/* Say what is wrong with a size, or with one behind its mark. */
static void
complain_size(const char *word, bool takes_mark)
{
    bool has_mark = takes_mark && *word && strchr("+-<>/%", *word);
    const char *size = word + has_mark;
    off_t amount;

    complain("bad size '%s': %s", word,
             has_mark && size_parse(size, &amount)
                 ? "there is no multiple of 0 to round to"
                 : size_advise(size).text);
}

static bool
take_sizing(struct request *request, int id, const char *word)
{
    const struct option *option = &options[id];
    struct sizing sizing;

    if (request->sizing_option >= 0 && request->sizing_option != id) {
        complain("--%s and --%s both say the size: give one of them",
                 options[request->sizing_option].name, option->name);
        return false;
    }
    if (!sizing_parse(word, &sizing) ||
        (id != OPT_SIZE && sizing.mode != SIZING_EXACT)) {
        complain_size(word, id == OPT_SIZE);
        return false;
    }
    if (id == OPT_AT_LEAST)
        sizing.mode = SIZING_AT_LEAST;
    if (id == OPT_AT_MOST)
        sizing.mode = SIZING_AT_MOST;
    request->sizing = sizing;
    request->sizing_option = id;
    return true;
}

static bool
take_way(struct request *request, const char *word)
{
    request->by_path = strcmp(word, "path") == 0;
    if (request->by_path || strcmp(word, "descriptor") == 0)
        return true;
    complain("bad way '%s': want path or descriptor", word);
    return false;
}

/* What only the whole of the options can tell. */
static enum status
check(struct request *request, bool has_files)
{
    bool has_sizing = request->sizing_option >= 0;

    if (!has_files)
        complain("which file?");
    else if (!has_sizing && !request->reference && !request->allocates)
        complain("what size? give -s, --at-least, --at-most, -r, or -a alone");
    else if (has_sizing && request->reference &&
             request->sizing.mode == SIZING_EXACT)
        complain("-s and -r both say the size: with -r, -s takes + - < > / %%");
    else
        return STATUS_DONE;
    return STATUS_USAGE;
}

static enum status
parse(struct args *args, struct request *request)
{
    bool has_files = false, is_good = true;

    while (is_good) {
        int id = args_next(args);

        switch (id) {
        case OPT_SIZE:
        case OPT_AT_LEAST:
        case OPT_AT_MOST:
            is_good = take_sizing(request, id, args->value);
            break;
        case OPT_REFERENCE: request->reference = args->value; break;
        case OPT_NO_CREATE: request->makes_none = true; break;
        case OPT_ALLOCATE: request->allocates = true; break;
        case OPT_SHRINK: request->may_shrink = true; break;
        case OPT_BY: is_good = take_way(request, args->value); break;
        case OPT_DRY_RUN: request->is_dry = true; break;
        case OPT_TIMEOUT:
            request->timeout = args->value;
            is_good = args_timeout(args, &request->limit);
            break;
        case ARGS_OPERAND: has_files = true; break;
        case ARGS_END: return check(request, has_files);
        default:
            is_good = voice_take(&request->voice, args, id) ||
                      progress_take(&request->progress, id);
        }
    }
    return STATUS_USAGE;
}

/* True when a signal or the time limit tells to stop. */
static bool
is_stopped(void)
{
    return interrupt_caught() || clock_expired();
}

/* Work out the new size; refuse one that would cut bytes unasked. */
static int
size_up(struct attempt *attempt, const struct request *request)
{
    struct growth *growth = &attempt->growth;
    off_t base =
        request->reference ? request->reference_size : growth->old_size;
    int error = sizing_apply(&request->sizing, base, &growth->new_size);

    if (error)
        return error;
    attempt->has_new = true;
    if (growth->new_size < growth->old_size && !request->may_shrink)
        return ECANCELED;
    return 0;
}

/* Find out all that can be known without changing anything. */
static int
plan(struct attempt *attempt, const struct request *request)
{
    struct growth *growth = &attempt->growth;
    int error;

    if (is_stopped())
        return EINTR;
    if ((error = growth_look(growth)))
        return error;
    attempt->is_skipped = growth->is_new && request->makes_none;
    if (attempt->is_skipped)
        return 0;
    if (!growth->is_new && (error = growth_open(growth)))
        return error;
    attempt->has_old = true;
    if ((error = size_up(attempt, request)))
        return error;
    return growth_plan(growth);
}

static int
allocate(struct growth *growth, const struct request *request)
{
    struct progress progress;
    int error = 0;

    if (!growth->allocates)
        return 0;
    progress_begin(&progress, request->progress, growth->name,
                   (uintmax_t)growth->new_size);
    while (!error && growth_is_pending(growth)) {
        error = is_stopped() ? EINTR : growth_advance(growth);
        if (error == EINTR && !is_stopped())
            error = 0; /* it was stopped and continued */
        progress_update(&progress, (uintmax_t)growth->allocated);
    }
    progress_end(&progress);
    return error;
}

static int
act(struct attempt *attempt, const struct request *request)
{
    int error;

    attempt->is_begun = true;
    error = growth_begin(&attempt->growth);
    if (!error)
        error = allocate(&attempt->growth, request);
    if (!error && is_stopped())
        error = EINTR;
    return error ? error : growth_finish(&attempt->growth);
}

/* Note what ended it, then put back what was begun, without a time limit. */
static void
undo(struct attempt *attempt)
{
    if (attempt->error == EINTR && !attempt->is_late) {
        attempt->signal = interrupt_caught();
        attempt->is_late = !attempt->signal && clock_expired();
    }
    if (attempt->is_late)
        clock_unlimit();
    attempt->stuck = growth_undo(&attempt->growth, &attempt->end);
}

/* Say how it went, in the ways that were asked for. */
static void
tell(const struct attempt *attempt, const struct request *request)
{
    const struct growth *growth = &attempt->growth;

    if (attempt->error)
        attempt_complain(attempt, request->timeout);
    else if (request->voice.verbose && attempt->is_begun)
        complain_plainly("%s: %jd -> %jd bytes", growth->name,
                         (intmax_t)growth->old_size,
                         (intmax_t)growth->new_size);
    if (request->voice.json)
        attempt_print_object(attempt, extend_command.name);
    else if (request->is_dry && !attempt->error)
        attempt_print_plan(attempt);
}

static enum status
extend(const char *name, const struct request *request, bool is_late)
{
    struct attempt attempt = { .growth = GROWTH_NONE, .is_late = is_late };

    attempt.growth.name = name;
    attempt.growth.allocates = request->allocates;
    attempt.growth.by_path = request->by_path;
    attempt.error = is_late ? EINTR : plan(&attempt, request);
    if (!attempt.error && !attempt.is_skipped && !request->is_dry)
        attempt.error = act(&attempt, request);
    if (attempt.error)
        undo(&attempt);
    else
        target_close(&attempt.growth.target);
    tell(&attempt, request);
    if (attempt.is_late)
        return STATUS_TIMEOUT;
    return attempt.error ? STATUS_FAILED : STATUS_DONE;
}

/* Each operand by itself: `words` is what was parsed, from the start. */
static enum status
extend_all(struct args words, const struct request *request)
{
    enum status first = STATUS_DONE;
    bool is_late = false;
    int id;

    while ((id = args_next(&words)) != ARGS_END && !interrupt_caught()) {
        enum status status;

        if (id != ARGS_OPERAND)
            continue;
        status = extend(words.value, request, is_late);
        is_late = is_late || status == STATUS_TIMEOUT;
        if (first == STATUS_DONE)
            first = status;
    }
    return first;
}

/* Take the size of the file that -r names. */
static bool
measure(struct request *request)
{
    const char *name = request->reference;
    struct target target = TARGET_NONE;
    struct stat status;
    int error = target_stat(name, &status);

    if (!error && S_ISBLK(status.st_mode)) {
        error = target_open(&target, name, O_RDONLY, 0);
        status = target.status;
    }
    target_close(&target);
    if (error) {
        complain_error(error, "%s: the file of --reference", name);
        return false;
    }
    if (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode) &&
        !target_is_shared_object(name)) {
        complain_why(EINVAL, "it has no size to go by", "%s", name);
        return false;
    }
    request->reference_size = status.st_size;
    return true;
}

static enum status
run(struct args *args)
{
    struct request request = { .sizing = { .mode = SIZING_MORE },
                               .sizing_option = -1 };
    struct args words = *args;
    enum status status = STATUS_FAILED;
    int error;

    if (parse(args, &request) != STATUS_DONE)
        return STATUS_USAGE;
    voice_start(&request.voice);
    if (request.reference && !measure(&request))
        return STATUS_FAILED;
    if (request.timeout && (error = clock_limit(request.limit))) {
        complain_error(error, "timer_create");
        return STATUS_FAILED;
    }
    interrupt_hold();
    status = extend_all(words, &request);
    clock_unlimit();
    report_flush();
    interrupt_release();
    return status;
}

const struct command extend_command = {
    .name = "extend",
    .operands = (const char *const[]) { "[OPTION...] FILE...", NULL },
    .summary = "grow files, each all or nothing",
    .options = (const struct option *const[]) { options, progress_options,
                                                voice_options, NULL },
    .run = run,
};
