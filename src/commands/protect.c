/*
 * protect.c - map a file, change its protection, run steps, or measure it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/args.h"
#include "cli/complain.h"
#include "cli/session.h"
#include "cli/values.h"
#include "commands.h"

#include <string.h>
#include <sys/mman.h>

struct request {
    struct session_request session;
    struct operands operands; /* PROT, FILE, then steps */
    int change;               /* PROT, unless it was `all` */
};

static const char every_word[] = "all";

/* What `all` stands for, in the order of the table. */
static const int every[] = {
    PROT_NONE,
    PROT_READ,
    PROT_WRITE,
    PROT_READ | PROT_WRITE,
    PROT_EXEC,
    PROT_READ | PROT_EXEC,
    PROT_WRITE | PROT_EXEC,
    PROT_READ | PROT_WRITE | PROT_EXEC,
};

/* FILE alone, or FILE and PROT the wrong way round, is such a word too. */
static void
complain_protection(const char *word, const char *file)
{
    int ignored;
    bool comes_first = !file || protection_parse(file, &ignored);

    complain("bad protection '%s': want %s, or %s%s", word, PROTECTION_SYNTAX,
             every_word, comes_first ? ": it comes before FILE" : "");
}

static bool
is_protection(const char *word)
{
    int ignored;

    return strcmp(word, every_word) == 0 || protection_parse(word, &ignored);
}

static enum status
take_protection(struct request *request, const char *word)
{
    struct session_request *session = &request->session;

    session->changes = &request->change;
    session->change_count = 1;
    if (protection_parse(word, &request->change))
        return STATUS_DONE;
    if (session->count > 0) {
        complain("all is for the table: with steps, name one protection");
        return STATUS_USAGE;
    }
    request->change = PROT_READ | PROT_WRITE | PROT_EXEC;
    session->changes = every;
    session->change_count = sizeof every / sizeof every[0];
    return STATUS_DONE;
}

/* The file is opened for the change too, though the table makes it itself. */
static void
prepare(struct request *request)
{
    struct session_request *session = &request->session;
    struct plan *plan = &session->mapping.plan;

    plan->change = request->change;
    plan->has_change = true;
    if (session->count > 0 || plan->no_map)
        return;
    session->show = SHOW_PROTECTIONS;
    plan->open_flags = plan_open_flags(plan);
    plan->has_open = true;
    plan->has_change = false;
}

static enum status
take_operands(struct request *request)
{
    struct session_request *session = &request->session;
    const struct operands *operands = &request->operands;

    if (operands->count == 0) {
        complain("which protection?");
        return STATUS_USAGE;
    }
    if (!is_protection(operands->words[0])) {
        complain_protection(operands->words[0],
                            operands->count > 1 ? operands->words[1] : NULL);
        return STATUS_USAGE;
    }
    if (operands->count == 1) {
        complain("which file?");
        return STATUS_USAGE;
    }
    session->mapping.plan.name = operands->words[1];
    session->words = operands->words + 2;
    session->count = operands->count - 2;
    if (take_protection(request, operands->words[0]) != STATUS_DONE)
        return STATUS_USAGE;
    prepare(request);
    return STATUS_DONE;
}

static enum status
run(struct args *args)
{
    struct request request = { .session = session_standard("protect") };
    enum status status =
        session_walk(&request.session, args, &request.operands);

    if (status == STATUS_DONE)
        status = take_operands(&request);
    if (status == STATUS_DONE)
        status = session_run(&request.session);
    operands_free(&request.operands);
    return status;
}

const struct command protect_command = {
    .name = "protect",
    .operands =
        (const char *const[]) { "[OPTION...] PROT FILE [STEP...]", NULL },
    .word = every_word,
    .summary = "change the protection of a mapping and run steps on it",
    .options =
        (const struct option *const[]) { mapping_options, voice_options, NULL },
    .run = run,
};
