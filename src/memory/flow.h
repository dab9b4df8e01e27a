/*
 * flow.h - bytes into a channel and out of it.
 *
 * Errors as in channel.h. A signal that was caught, and a descriptor that
 * isn't ready for 0.1 s, are EAGAIN.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_FLOW_H
#define MMT_MEMORY_FLOW_H

#include "memory/channel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sender, before channel_settle(): begin a transfer, as ring_begin(). */
int flow_begin(struct channel *channel, int64_t input);

/* Bring `ring.view` up to date. */
int flow_look(struct channel *channel);

/* Bytes that can be put in or taken out at once. */
size_t flow_room(const struct channel *channel);

/*
 * Sender: read(2) once from standard input straight into the ring, where there
 * is room. `*count` is 0 at the end of input.
 */
int flow_fill(struct channel *channel, size_t *count);

/* Receiver: write(2) once straight from the ring, where bytes wait. */
int flow_drain(struct channel *channel, size_t *count);

/* Receiver: count bytes as taken that standard output has already. */
int flow_skip(struct channel *channel, size_t count);

/*
 * Wait at most `seconds` for the other end to do something: `*has_changed`.
 * When it did nothing: see channel_stands().
 */
int flow_wait(struct channel *channel, double seconds, bool *has_changed);

/* Sender: all is in the ring. */
int flow_finish(struct channel *channel);

#endif
