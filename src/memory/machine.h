/*
 * machine.h - what the processor calls a return.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_MACHINE_H
#define MMT_MEMORY_MACHINE_H

#include <stddef.h>

/* The machine code of a function that does nothing; size 0: not known. */
extern const unsigned char machine_return[];
extern const size_t machine_return_size;

/* Make code that was just stored at `code` fit to be run. */
void machine_flush(void *code, size_t length);

/* Run the code at `code` as int f(void), and return what it returns. */
int machine_call(const void *code);

#endif
