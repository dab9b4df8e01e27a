/*
 * channel.h - a ring in a file: made, checked and locked.
 *
 * Who is there is told by record locks, which a process loses when it closes
 * any descriptor of the file: so it opens a channel once.
 *
 * What returns int returns 0 or an errno value. Those that say more than their
 * number:
 *   EBADMSG    the file is no sound channel, or no longer: `flaw`
 *   EBUSY      this end is taken: by process `holder`, 0 or less if unknown
 *   EDEADLK    the channel is the same file as the data
 *   EFAULT     the ring can't be touched: `fault`
 *   ESTALE     input or output is not as it was left: `gap`
 *   ETIMEDOUT  the deadline came first
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_CHANNEL_H
#define MMT_MEMORY_CHANNEL_H

#include "memory/fault.h"
#include "memory/ring.h"
#include "memory/target.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Capacity of a channel when none is asked for, in bytes. */
#define CHANNEL_CAPACITY ((off_t)1 << 20)

/* How long a file is, and how long it has to be. */
struct channel_gap {
    int64_t size;  /* bytes */
    int64_t least; /* bytes */
};

struct channel {
    struct target target;
    struct ring ring;       /* its header is NULL when nothing is mapped */
    size_t mapped;          /* bytes at ring.header */
    enum ring_flaw flaw;    /* of EBADMSG */
    struct fault fault;     /* of EFAULT */
    pid_t holder;           /* of EBUSY */
    struct channel_gap gap; /* of ESTALE */
    bool input_may_block;
};

#define CHANNEL_NONE ((struct channel) { .target = { .descriptor = -1 } })

/* The descriptor that bytes come from or go to: standard input or output. */
int channel_data(enum ring_end end);

struct channel_wish {
    enum ring_end end;
    bool has_capacity;
    off_t capacity;  /* bytes, at least a page */
    double deadline; /* on CLOCK_MONOTONIC */
};

/*
 * Open the channel `name`, made if it is not there or empty, and become the
 * end asked for. Nobody else can come or go until channel_settle().
 *
 * A file that is no channel, or a damaged one, is never written to.
 */
int channel_open(struct channel *channel, const char *name,
                 const struct channel_wish *wish);

/* Open a channel to look at it: `ring.view` and `ring.capacity` are set. */
int channel_inspect(struct channel *channel, const char *name);

/* Let others come and go again. */
int channel_settle(struct channel *channel);

/* Whether an end is there, another process than this, and which. */
int channel_who(struct channel *channel, enum ring_end end, bool *is_there,
                pid_t *process);

/*
 * Receiver: all has arrived; give up this end. The next may come at once.
 *
 * remove  also remove the file
 */
int channel_receive(struct channel *channel, bool remove, double deadline);

/* Sender: remove the file, if the name is still this channel's. */
int channel_remove(struct channel *channel, double deadline);

/* Run `touch(argument)` on the header, guarded; see channel_explain(). */
int channel_touch(struct channel *channel, void (*touch)(void *argument),
                  void *argument);

/* EFAULT, or EBADMSG when the ring can't be touched for a file cut short. */
int channel_explain(struct channel *channel);

/* Keep `flaw` and return EBADMSG; 0 if it is none. */
int channel_flawed(struct channel *channel, enum ring_flaw flaw);

/* ENOENT when the file was removed meanwhile, EBADMSG when it was cut. */
int channel_stands(struct channel *channel);

/* Unmap and close; the locks go with it. Safe on CHANNEL_NONE, and twice. */
void channel_close(struct channel *channel);

#endif
