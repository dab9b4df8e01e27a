/*
 * verdict.h - what follows from how a step ended: expects, messages, status.
 *
 * The expects that follow a step on the command line go with it and judge it
 * when it has ended. A line of standard input can't know what follows: its
 * failure is told at once, and the next line may take it back.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_VERDICT_H
#define MMT_CLI_VERDICT_H

#include "cli/command.h"
#include "cli/printer.h"
#include "cli/voice.h"
#include "memory/outcome.h"
#include "memory/stage.h"
#include "memory/step.h"

#include <stdbool.h>

/* How the step ended that an `expect` on standard input would judge. */
struct judged {
    char shown[SHOWN_SIZE];
    char *sentence; /* what happened; NULL: all went well */
    struct outcome outcome;
    bool told;         /* a failure that was told and may be taken back */
    bool is_senseless; /* it was no step at all */
};

struct verdict {
    const struct plan *plan;       /* for messages */
    const struct printer *printer; /* gets an event of each expect, in JSON */
    const struct voice *voice;     /* -v: show expects; -J: as events */
    bool keep_going;               /* a failure does not end the run */
    bool over;                     /* a failure has ended the run */
    enum status status; /* of the first failure that nobody expected */
    struct judged judged;
};

/*
 * A failure that no expect accepts. The first decides the status; each ends the
 * run, unless that is to keep going.
 */
void verdict_fail(struct verdict *verdict, enum status status);

/* The same for an outcome, with a message: "FILE: SHOWN: what happened". */
void verdict_condemn(struct verdict *verdict, const char *shown,
                     const struct outcome *outcome);

/*
 * Judge a step that has ended.
 *
 * shown           names it in messages
 * step            NULL: it was opening, mapping or showing
 * expects         a list; where it is empty, only success is accepted
 * awaits_expect   verdict_expect() may come next and judge it too
 */
void verdict_pass(struct verdict *verdict, const char *shown,
                  const struct step *step, const struct step *expects,
                  const struct outcome *outcome, bool awaits_expect);

/*
 * What was to be a step can't be one: a failure that no expect accepts.
 *
 * shown    names it in messages, as in "FILE: SHOWN: PROBLEM"
 * text     the step as it was typed
 * number   the step's
 * error    an errno value, for JSON
 */
void verdict_reject(struct verdict *verdict, const char *shown,
                    const char *text, size_t number, int error,
                    const char *problem);

/* Let an expect judge what verdict_pass() kept for it. */
void verdict_expect(struct verdict *verdict, const struct step *expect);

/* A failure that was told is final: what comes next is no expect. */
void verdict_settle(struct verdict *verdict);

/* Free what was kept. Safe twice. */
void verdict_free(struct verdict *verdict);

#endif
