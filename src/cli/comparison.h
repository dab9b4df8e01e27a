/*
 * comparison.h - the ways of communication side by side: table, bars, JSON.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_COMPARISON_H
#define MMT_CLI_COMPARISON_H

#include "cli/command.h"

#include <stdbool.h>

/*
 * Measure every way here and now, and print what was found. What the system
 * lacks is left out with the reason, and is no failure. So is what there is no
 * time left for after `limit` seconds; then the status is STATUS_TIMEOUT.
 */
enum status comparison_run(bool json, double limit);

#endif
