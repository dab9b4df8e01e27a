/*
 * chart.h - what protections allow, as a table.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_CHART_H
#define MMT_CLI_CHART_H

#include "cli/printer.h"
#include "memory/stage.h"

/*
 * Try the protection of a stage's mapping, then what mprotect(2) makes of it,
 * and print what each allows.
 *
 * changes  the protections, PROT_* each, for mprotect
 */
void chart_show(const struct printer *printer, const struct stage *stage,
                const int *changes, size_t count);

#endif
