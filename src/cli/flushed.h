/*
 * flushed.h - says how the flush of a file ended: message, trace, JSON.
 *
 * A file that is not done when this is asked has run into the time limit.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_FLUSHED_H
#define MMT_CLI_FLUSHED_H

#include "cli/command.h"
#include "memory/batch.h"

#include <stdbool.h>

/* True when a file, and the directories to flush for it, were flushed. */
bool flushed_well(const struct batch_file *file);

/*
 * Say what went wrong with a file, or with a directory that names it; nothing
 * when all is well. Returns the status that follows from it.
 */
enum status flushed_complain(const struct batch_file *file);

/*
 * Show the calls on a file, and how long they took. The calls on a directory
 * are shown once, with the first of the files that it names.
 */
void flushed_trace(const struct batch_file *file);

/*
 * Add to the JSON object of the report: "outcome", "errno", "call", "seconds",
 * "calls" and "directories".
 */
void flushed_report(const struct batch_file *file);

#endif
