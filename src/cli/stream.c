/*
 * stream.c - standard input into a channel, a channel to standard output.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/stream.h"

#include "cli/complain.h"
#include "cli/talk.h"
#include "memory/call.h"
#include "memory/channel.h"
#include "memory/clock.h"
#include "memory/flow.h"
#include "memory/position.h"
#include "memory/range.h"

#include <errno.h>
#include <float.h>
#include <stdint.h>
#include <stdio.h>

/* Seconds after which a waiting end looks whether the other still lives. */
#define LOOK_SECONDS 0.1

static double
deadline_after(const struct stream *stream, double start)
{
    return stream->request->has_limit ? start + stream->request->limit
                                      : DBL_MAX;
}

static void
note_other(struct stream *stream)
{
    stream->has_seen_other = true;
    stream->missed_since = 0;
}

/* Ask whether the other end lives, and remember that it does. */
static int
look_for_other(struct stream *stream, bool *is_there)
{
    enum ring_end other = talk_is_sender(stream) ? RING_RECEIVER : RING_SENDER;
    pid_t process;
    int error = channel_who(&stream->channel, other, is_there, &process);

    if (error || !*is_there)
        return error;
    stream->other = process;
    note_other(stream);
    return 0;
}

/*
 * The other end is not there: was it seen before, or has the time run out?
 * Returns STATUS_DONE to go on.
 */
static enum status
miss_other(struct stream *stream)
{
    double now = clock_now();

    if (stream->has_seen_other && !stream->request->waits)
        return talk_gone(stream);
    stream->has_seen_other = false;
    if (stream->missed_since == 0)
        stream->missed_since = now;
    if (now >= deadline_after(stream, stream->missed_since))
        return talk_limit(stream);
    return STATUS_DONE;
}

/* Seconds to wait before the next look: less when the time limit is near. */
static double
patience_of(const struct stream *stream)
{
    double left;

    if (stream->missed_since == 0)
        return LOOK_SECONDS;
    left = deadline_after(stream, stream->missed_since) - clock_now();
    if (left <= 0)
        return 0;
    return left < LOOK_SECONDS ? left : LOOK_SECONDS;
}

/* Wait for the other end to do something; STATUS_DONE: look again. */
static enum status
await_other(struct stream *stream)
{
    bool has_changed, is_there;
    int error;

    if (!stream->has_seen_other && stream->missed_since == 0)
        stream->missed_since = clock_now();
    error = flow_wait(&stream->channel, patience_of(stream), &has_changed);
    if (!error && !has_changed) {
        error = look_for_other(stream, &is_there);
        if (error || is_there)
            return error ? talk_error(stream, error) : STATUS_DONE;
    }
    /* It may have done something just before it left. */
    if (error == ENOENT || (!error && !has_changed))
        error = flow_wait(&stream->channel, 0, &has_changed);
    if (error == ENOENT) {
        complain("%s: it was removed meanwhile", stream->request->channel);
        return talk_fail(stream, error);
    }
    if (error)
        return talk_error(stream, error);
    if (!has_changed)
        return miss_other(stream);
    note_other(stream);
    return STATUS_DONE;
}

static void
show_progress(struct stream *stream)
{
    const struct ring *ring = &stream->channel.ring;
    uint64_t waiting = ring->view.written - ring->view.read;

    if (stream->progress.when == PROGRESS_NEVER)
        return;
    snprintf(stream->label, sizeof stream->label, "%.60s, %d%% full",
             stream->request->channel,
             (int)((double)waiting * 100 / (double)ring->capacity));
    progress_update(&stream->progress, stream->moved);
}

/* Nothing came from standard input for a while: does anybody still listen? */
static enum status
look_around(struct stream *stream)
{
    bool is_there;
    int error = look_for_other(stream, &is_there);

    if (!error)
        error = channel_stands(&stream->channel);
    if (error)
        return talk_error(stream, error);
    if (!is_there && stream->has_seen_other)
        return miss_other(stream);
    return STATUS_DONE;
}

/* Read once, into what room there is; `*at_end` after the last byte. */
static enum status
put_in(struct stream *stream, bool *at_end)
{
    size_t count = 0;
    int error = flow_fill(&stream->channel, &count);

    if (error == EAGAIN)
        return look_around(stream);
    if (error == EBADMSG || error == EFAULT)
        return talk_error(stream, error);
    if (error) {
        complain_error(error, "standard input");
        return talk_fail(stream, error);
    }
    *at_end = count == 0;
    stream->moved += count;
    return STATUS_DONE;
}

static enum status
send_all(struct stream *stream)
{
    struct channel *channel = &stream->channel;
    enum status status = STATUS_DONE;
    bool at_end = false;
    int error = 0;

    while (status == STATUS_DONE && !at_end) {
        if ((error = flow_look(channel)))
            return talk_error(stream, error);
        show_progress(stream);
        status =
            flow_room(channel) ? put_in(stream, &at_end) : await_other(stream);
    }
    if (status == STATUS_DONE && (error = flow_finish(channel)))
        return talk_error(stream, error);
    return status;
}

/* Wait until the receiver has all, then remove the channel. */
static enum status
remove_received(struct stream *stream)
{
    struct channel *channel = &stream->channel;
    int error = flow_look(channel);

    while (!error && channel->ring.view.phase != RING_RECEIVED) {
        enum status status = await_other(stream);

        if (status != STATUS_DONE)
            return status;
        error = flow_look(channel);
    }
    if (!error)
        error = channel_remove(channel, deadline_after(stream, clock_now()));
    return error ? talk_error(stream, error) : STATUS_DONE;
}

/* A finished transfer is gone on with only by an input that has no more. */
static enum status
check_rest(struct stream *stream)
{
    size_t count = 0;
    char byte;
    int error = call_read(channel_data(RING_SENDER), &byte, 1, &count);

    if (error) {
        complain_error(error, "standard input");
        return talk_fail(stream, error);
    }
    if (count == 0)
        return STATUS_DONE;
    complain("%s: the transfer is finished, with %ju bytes, and standard input "
             "has more: begin a new one without --resume",
             stream->request->channel,
             (uintmax_t)stream->channel.ring.view.written);
    return talk_fail(stream, EEXIST);
}

/* Begin a transfer or go on with one; `*is_finished`: nothing is left. */
static enum status
start_sending(struct stream *stream, bool *is_finished)
{
    struct channel *channel = &stream->channel;
    const struct ring_view *view = &channel->ring.view;
    bool resumes = stream->request->resumes;
    int error;

    *is_finished = view->phase != RING_OPEN && resumes;
    if (view->phase == RING_OPEN ? view->written == 0
                                 : view->phase == RING_RECEIVED && !resumes)
        error = flow_begin(channel, position_input());
    else if (resumes)
        error = position_resume_input(channel);
    else
        return talk_unfinished(stream);
    return error ? talk_error(stream, error) : STATUS_DONE;
}

static enum status
send_input(struct stream *stream)
{
    bool is_finished;
    enum status status = start_sending(stream, &is_finished);
    int error = channel_settle(&stream->channel);

    if (status != STATUS_DONE)
        return status;
    if (error)
        return talk_error(stream, error);
    status = is_finished ? check_rest(stream) : send_all(stream);
    if (status == STATUS_DONE && stream->request->unlinks)
        status = remove_received(stream);
    return status;
}

static enum status
take_out(struct stream *stream)
{
    size_t count = 0;
    int error = flow_drain(&stream->channel, &count);

    if (error == EAGAIN)
        return STATUS_DONE;
    if (error == EBADMSG || error == EFAULT)
        return talk_error(stream, error);
    if (error) {
        complain_error(error, "standard output");
        return talk_fail(stream, error);
    }
    stream->moved += count;
    return STATUS_DONE;
}

/* Take out what there is, up to the end of the transfer. */
static enum status
receive_all(struct stream *stream, bool has_begun)
{
    struct channel *channel = &stream->channel;
    const struct ring_view *view = &channel->ring.view;
    enum status status = STATUS_DONE;
    int error;

    while (status == STATUS_DONE) {
        if ((error = flow_look(channel)))
            return talk_error(stream, error);
        show_progress(stream);
        if (!flow_room(channel)) {
            if (view->phase == RING_FINISHED)
                return STATUS_DONE;
            status = await_other(stream);
            continue;
        }
        if (!has_begun && (error = position_begin_output(channel)))
            return talk_error(stream, error);
        has_begun = true;
        status = take_out(stream);
    }
    return status;
}

/* Go on with a transfer, or be ready for one; `*has_begun`: an output is. */
static enum status
start_receiving(struct stream *stream, bool *has_begun)
{
    struct channel *channel = &stream->channel;
    const struct ring_view *view = &channel->ring.view;
    int error = 0;

    *has_begun = false;
    if (view->phase != RING_RECEIVED || stream->request->resumes)
        error = position_has_output(channel, has_begun);
    if (!error && stream->request->resumes) {
        if (*has_begun)
            error = position_resume_output(channel);
    } else if (*has_begun || (view->phase == RING_OPEN && view->written > 0 &&
                              !stream->has_seen_other)) {
        return talk_unfinished(stream);
    }
    return error ? talk_error(stream, error) : STATUS_DONE;
}

static enum status
receive_output(struct stream *stream)
{
    struct channel *channel = &stream->channel;
    bool has_begun;
    enum status status = start_receiving(stream, &has_begun);
    bool is_received =
        stream->request->resumes && channel->ring.view.phase == RING_RECEIVED;
    int error = channel_settle(channel);

    if (status != STATUS_DONE)
        return status;
    if (error)
        return talk_error(stream, error);
    if (!is_received)
        status = receive_all(stream, has_begun);
    if (status != STATUS_DONE)
        return status;
    error = channel_receive(channel, stream->request->unlinks,
                            deadline_after(stream, clock_now()));
    return error ? talk_error(stream, error) : STATUS_DONE;
}

/* Open the channel and move bytes. */
static enum status
move(struct stream *stream)
{
    const struct stream_request *request = stream->request;
    struct channel_wish wish = {
        .end = talk_is_sender(stream) ? RING_SENDER : RING_RECEIVER,
        .has_capacity = request->has_capacity,
        .capacity =
            request->has_capacity ? request->capacity : CHANNEL_CAPACITY,
        .deadline = deadline_after(stream, clock_now()),
    };
    bool is_there;
    int error = channel_open(&stream->channel, request->channel, &wish);

    if (!error)
        error = look_for_other(stream, &is_there);
    if (error)
        return talk_error(stream, error);
    progress_begin(&stream->progress, request->progress, stream->label, 0);
    return talk_is_sender(stream) ? send_input(stream) : receive_output(stream);
}

static enum status
show_state(struct stream *stream)
{
    struct channel *channel = &stream->channel;
    bool is_there[2];
    pid_t process[2];
    int end, error = channel_inspect(channel, stream->request->channel);

    for (end = RING_SENDER; !error && end <= RING_RECEIVER; end++)
        error = channel_who(channel, (enum ring_end)end, &is_there[end],
                            &process[end]);
    if (error)
        return talk_error(stream, error);
    talk_state(stream, is_there, process);
    return STATUS_DONE;
}

/* What makes no sense together, before anything is touched. */
static bool
is_possible(const struct stream_request *request)
{
    bool looks = request->action == STREAM_STATE;

    /* It neither waits nor works: any limit holds, and there is no progress. */
    if (looks && (request->has_capacity || request->resumes || request->waits ||
                  request->unlinks))
        complain("--state only looks: it takes no --length, --resume, --wait "
                 "or --unlink");
    else if (request->action == STREAM_RECEIVE && request->json)
        complain("--recv writes the bytes to standard output: -J can't too");
    else if (request->has_capacity && request->capacity < (off_t)page_size())
        complain("bad length %jd: a channel holds a page, %zu bytes, or more",
                 (intmax_t)request->capacity, page_size());
    else
        return true;
    return false;
}

enum status
stream_run(const struct stream_request *request)
{
    struct stream stream = { .request = request, .channel = CHANNEL_NONE };
    enum status status;

    if (!is_possible(request))
        return STATUS_USAGE;
    if (request->action == STREAM_STATE)
        status = show_state(&stream);
    else
        status = move(&stream);
    if (request->json &&
        (request->action == STREAM_SEND || status != STATUS_DONE))
        talk_end(&stream, status);
    progress_end(&stream.progress);
    channel_close(&stream.channel);
    return status;
}
