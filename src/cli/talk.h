/*
 * talk.h - what a channel's end has to say.
 *
 * Messages about failures return the status that they end with, and keep the
 * errno value for the last word, talk_end().
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_TALK_H
#define MMT_CLI_TALK_H

#include "cli/progress.h"
#include "cli/stream.h"
#include "memory/channel.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct stream {
    const struct stream_request *request;
    struct channel channel;
    struct progress progress;
    char label[80];      /* what progress is shown of */
    uint64_t moved;      /* bytes, by this process */
    bool has_seen_other; /* alive, since it was last missed */
    pid_t other;         /* 0 or less: not known */
    double missed_since; /* the other end; on CLOCK_MONOTONIC, 0: it is there */
    int error;           /* errno value of the first failure */
};

/* True for the end that puts bytes in. */
bool talk_is_sender(const struct stream *stream);

/* Keep `error` as what went wrong. */
enum status talk_fail(struct stream *stream, int error);

/* Tell of what the memory layer returned: see channel.h. */
enum status talk_error(struct stream *stream, int error);

/* A transfer stands in the way of a new one. */
enum status talk_unfinished(struct stream *stream);

/* The other end died. */
enum status talk_gone(struct stream *stream);

/* The other end did not come in time. */
enum status talk_limit(struct stream *stream);

/* Print the numbers of a channel and its ends, by enum ring_end. */
void talk_state(const struct stream *stream, const bool is_there[2],
                const pid_t process[2]);

/* Print how it ended, as JSON. */
void talk_end(const struct stream *stream, enum status status);

#endif
