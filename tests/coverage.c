/*
 * coverage.c - keeps the counters of a process that does not end by exit().
 *
 * `make coverage` links it with --wrap, so that mmt itself knows nothing of it.
 *
 * SPDX-License-Identifier: MIT
 */

void __gcov_dump(void);
void __gcov_reset(void);

_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);
int __real_raise(int number);
int __wrap_raise(int number);

_Noreturn void
__wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}

/* The process may survive its signal and count on, from 0. */
int
__wrap_raise(int number)
{
    __gcov_dump();
    __gcov_reset();
    return __real_raise(number);
}
