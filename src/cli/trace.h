/*
 * trace.h - shows calls as C writes them, with their results.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_TRACE_H
#define MMT_CLI_TRACE_H

struct call;

/* Put "ROLE: " before each line from here on; NULL: nothing. */
void trace_as(const char *role);

/* Write one line to standard error: "munmap(0x7f3a1c000000, 4096) = 0". */
void trace_call(const struct call *call);

/* Write the line that announces a step: "+ munmap@0+1pg". */
void trace_step(const char *text);

#endif
