/*
 * stream.h - standard input into a channel, a channel to standard output.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_STREAM_H
#define MMT_CLI_STREAM_H

#include "cli/command.h"
#include "cli/progress.h"

#include <stdbool.h>
#include <sys/types.h>

enum stream_action { STREAM_SEND, STREAM_RECEIVE, STREAM_STATE };

struct stream_request {
    enum stream_action action;
    const char *channel;
    bool has_capacity;
    off_t capacity; /* bytes; CHANNEL_CAPACITY if not has_capacity */
    bool has_limit;
    double limit; /* seconds to wait for the other end */
    bool resumes; /* go on where a dead end stopped */
    bool waits;   /* for a successor when the other end dies */
    bool unlinks; /* remove the channel when all has arrived */
    bool json;
    enum progress_when progress;
};

/* Do it, tell what went wrong, and return how it ended. */
enum status stream_run(const struct stream_request *request);

#endif
