/*
 * machine.c - what the processor calls a return.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/machine.h"

#include <string.h>

#if defined(__x86_64__) || defined(__i386__)
const unsigned char machine_return[] = { 0xc3 };
#elif defined(__aarch64__)
const unsigned char machine_return[] = { 0xc0, 0x03, 0x5f, 0xd6 };
#elif defined(__riscv)
const unsigned char machine_return[] = { 0x67, 0x80, 0x00, 0x00 };
#elif defined(__arm__) && !defined(__thumb__) && defined(__ARMEL__)
const unsigned char machine_return[] = { 0x1e, 0xff, 0x2f, 0xe1 };
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
const unsigned char machine_return[] = { 0x20, 0x00, 0x80, 0x4e };
#elif defined(__s390x__)
const unsigned char machine_return[] = { 0x07, 0xfe };
#else
#define NO_RETURN_KNOWN 1
const unsigned char machine_return[] = { 0 };
#endif

#ifdef NO_RETURN_KNOWN
const size_t machine_return_size = 0;
#else
const size_t machine_return_size = sizeof machine_return;
#endif

#if defined(__GNUC__)
void
machine_flush(void *code, size_t length)
{
    __builtin___clear_cache((char *)code, (char *)code + length);
}
#else
void
machine_flush(void *code, size_t length)
{
    (void)code;
    (void)length;
}
#endif

int
machine_call(const void *code)
{
    int (*function)(void);

    /* ISO C has no cast from an object to a function. */
    memcpy(&function, &code, sizeof function);
    return function();
}
