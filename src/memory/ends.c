/*
 * ends.c - who is at a channel, told by record locks on three bytes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/ends.h"

#include "memory/call.h"
#include "memory/clock.h"

#include <errno.h>
#include <fcntl.h>

/* The bytes of the file whose locks mean something. */
enum { MAKER_BYTE = 0, SENDER_BYTE = 1, RECEIVER_BYTE = 2 };

/* Seconds between two tries for a lock that is held for moments only. */
#define LOCK_NAP 1e-3

static off_t
byte_of(enum ring_end end)
{
    return end == RING_SENDER ? SENDER_BYTE : RECEIVER_BYTE;
}

/* POSIX lets a system choose between the two. */
static bool
is_held_by_another(int error)
{
    return error == EACCES || error == EAGAIN;
}

int
ends_hold(int descriptor, double deadline)
{
    int error;

    for (;;) {
        error = call_lock(descriptor, F_WRLCK, MAKER_BYTE);
        if (!is_held_by_another(error))
            return error;
        if (clock_now() >= deadline)
            return ETIMEDOUT;
        clock_nap(LOCK_NAP);
    }
}

int
ends_release(int descriptor)
{
    return call_lock(descriptor, F_UNLCK, MAKER_BYTE);
}

int
ends_take(int descriptor, enum ring_end end, pid_t *holder)
{
    bool is_there;
    int error;

    for (;;) {
        error = call_lock(descriptor, F_WRLCK, byte_of(end));
        if (!is_held_by_another(error))
            return error;
        error = ends_who(descriptor, end, &is_there, holder);
        if (error || is_there)
            return error ? error : EBUSY;
    }
}

int
ends_leave(int descriptor, enum ring_end end)
{
    return call_lock(descriptor, F_UNLCK, byte_of(end));
}

int
ends_who(int descriptor, enum ring_end end, bool *is_there, pid_t *process)
{
    return call_lock_holder(descriptor, byte_of(end), is_there, process);
}
