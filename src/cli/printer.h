/*
 * printer.h - prints what steps find, as plain lines or as JSON.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_PRINTER_H
#define MMT_CLI_PRINTER_H

#include "cli/hexdump.h"
#include "memory/sink.h"
#include "memory/stage.h"
#include "memory/step.h"

#include <stdbool.h>

struct printer {
    struct sink sink; /* first: a sink's functions get this address */
    bool json;
    const char *command;     /* for JSON */
    const struct plan *plan; /* for JSON and messages */
    const struct step *step; /* that runs */
    bool began;              /* something of it was printed */
    struct hexdump dump;
};

/* A printer with the functions of its sink set. */
struct printer printer_make(bool json, const char *command,
                            const struct plan *plan);

/* Begin to print for a step. */
void printer_begin(struct printer *printer, const struct step *step);

/* End it: the rest of its line, or of its JSON object. */
void printer_end(struct printer *printer, const struct outcome *outcome);

/*
 * The fields that a JSON object begins with, and those that it ends with, for
 * one whose own fields the caller writes.
 */
void printer_object(const struct printer *printer, const char *verb,
                    const char *text, const char *role, size_t number);
void printer_object_end(const struct printer *printer,
                        const struct outcome *outcome);

/*
 * A whole JSON object for what is not run as steps are: opening and mapping
 * (text "mmap"), an expect, what makes no sense.
 *
 * verb     NULL: null
 * message  NULL: what follows from the outcome
 */
void printer_event(const struct printer *printer, const char *verb,
                   const char *text, size_t number,
                   const struct outcome *outcome, const char *message);

/* The same for a step whose role was no longer there to end it. */
void printer_unsaid(const struct printer *printer, const struct step *step,
                    const struct outcome *outcome);

#endif
