/*
 * step_value.h - the VALUE of a step: text -> what its verb works with.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_STEP_VALUE_H
#define MMT_CLI_STEP_VALUE_H

#include "cli/parser.h"

#include <stdbool.h>

/*
 * Read `text`, which stands behind the "=" of the step, as its verb wants it.
 * The verb, @OFF and +LEN of the step have been read before.
 *
 * Returns false, with the parser's problem set, when it can't be that.
 */
bool step_value_take(const struct parser *parser, const char *text);

#endif
