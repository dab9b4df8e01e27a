/*
 * picture.h - a mapping as a picture: its runs of pages, and a bar.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_PICTURE_H
#define MMT_CLI_PICTURE_H

#include "cli/printer.h"
#include "memory/stage.h"

/*
 * Survey the mapping of a stage and print what was found: with heads, a bar
 * and a legend on a terminal, else rows parted by tabs; or a JSON object.
 *
 * Returns 0 or the errno value of a call that failed.
 */
int picture_show(const struct printer *printer, const struct stage *stage);

#endif
