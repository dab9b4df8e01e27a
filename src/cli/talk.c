/*
 * talk.c - what a channel's end has to say.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/talk.h"

#include "cli/complain.h"
#include "cli/cure.h"
#include "cli/names.h"
#include "cli/quote.h"
#include "cli/report.h"
#include "memory/witness.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>

bool
talk_is_sender(const struct stream *stream)
{
    return stream->request->action == STREAM_SEND;
}

static const char *
other_name(const struct stream *stream)
{
    return talk_is_sender(stream) ? "receiver" : "sender";
}

enum status
talk_fail(struct stream *stream, int error)
{
    stream->error = error;
    return error == ETIMEDOUT ? STATUS_TIMEOUT : STATUS_FAILED;
}

static const char *
flaw_text(enum ring_flaw flaw)
{
    switch (flaw) {
    case RING_SOUND: break;
    case RING_FOREIGN: return "not a channel";
    case RING_UNMADE:
        return "not ready: its maker is at work, or died: "
               "--send or --recv makes it anew";
    case RING_ALIEN: return "made on a machine of another byte order";
    case RING_OUTDATED: return "made by another version of mmt";
    case RING_WORDS: return "made by an mmt of another word size";
    case RING_SHORT: return "truncated: the file ends before the ring does";
    case RING_DAMAGED: return "damaged: its header makes no sense";
    case RING_CUT: return "cut short while in use";
    case RING_NOT_SAME: break;
    }
    return "unusable";
}

/* ", process 4711,", or nothing where the system can't say. */
static const char *
process_text(char text[40], pid_t process)
{
    text[0] = '\0';
    if (process > 0)
        snprintf(text, 40, ", process %jd,", (intmax_t)process);
    return text;
}

static const char *
end_text(char text[40], bool is_there, pid_t process)
{
    if (!is_there)
        snprintf(text, 40, "none");
    else if (process > 0)
        snprintf(text, 40, "%jd", (intmax_t)process);
    else
        snprintf(text, 40, "unknown");
    return text;
}

static void
complain_flaw(const struct stream *stream)
{
    const struct channel *channel = &stream->channel;
    const char *name = stream->request->channel;

    if (channel->flaw == RING_NOT_SAME)
        complain("%s: it holds %ju bytes, not %jd: leave -l away, or remove it",
                 name, (uintmax_t)channel->ring.capacity,
                 (intmax_t)stream->request->capacity);
    else
        complain("%s: %s", name, flaw_text(channel->flaw));
}

static void
complain_gap(const struct stream *stream)
{
    const struct channel_gap *gap = &stream->channel.gap;
    const char *name = stream->request->channel;

    if (talk_is_sender(stream))
        complain("%s: standard input has %jd bytes, and %jd were sent: it is "
                 "another, or was cut",
                 name, (intmax_t)gap->size, (intmax_t)gap->least);
    else
        complain("%s: standard output has %jd bytes, not %jd: it was %s since",
                 name, (intmax_t)gap->size, (intmax_t)gap->least,
                 gap->size < gap->least ? "emptied or cut" : "grown by others");
}

/* What the system refused of the channel, with the call where it was one. */
static void
complain_refused(const struct stream *stream, int error, const char *cure)
{
    const char *name = stream->request->channel;
    const char *call = witness_failed(error);

    if (!call && stream->channel.target.descriptor < 0)
        call = target_opening(name);
    complain_why(error, cure, "%s%s%s", quote_empty(name), call ? ": " : "",
                 call ? call : "");
}

enum status
talk_error(struct stream *stream, int error)
{
    const struct stream_request *request = stream->request;
    const struct fault *fault = &stream->channel.fault;
    const char *name = quote_empty(request->channel);
    char process[40];

    switch (error) {
    case EBADMSG: complain_flaw(stream); break;
    case ESTALE: complain_gap(stream); break;
    case EBUSY:
        complain("%s: process %s is its %s already", name,
                 end_text(process, true, stream->channel.holder),
                 talk_is_sender(stream) ? "sender" : "receiver");
        break;
    case EDEADLK:
        complain("%s: it is standard %s as well", name,
                 talk_is_sender(stream) ? "input" : "output");
        break;
    case EFAULT:
        complain("%s: %s/%s in the ring", name, signal_name(fault->signal).text,
                 code_name(fault->signal, fault->code).text);
        break;
    case ETIMEDOUT:
        complain("%s: another process has held it for %g s", name,
                 request->limit);
        break;
    case ENOLCK:
    case ENOSYS:
        complain_refused(stream, error,
                         "a channel needs a file system with record locks");
        break;
    case EFBIG:
    case ENOSPC:
        complain_refused(stream, error, "make a smaller channel with -l");
        break;
    default:
        complain_refused(stream, error, cure_of_name(error, request->channel));
    }
    return talk_fail(stream, error);
}

/* "in 734003200, out 733954048, waiting 49152". */
static const char *
view_text(char text[100], const struct ring_view *view)
{
    snprintf(text, 100, "in %ju, out %ju, waiting %ju",
             (uintmax_t)view->written, (uintmax_t)view->read,
             (uintmax_t)(view->written - view->read));
    return text;
}

enum status
talk_unfinished(struct stream *stream)
{
    const struct ring_view *view = &stream->channel.ring.view;
    const char *name = stream->request->channel;
    char text[100];

    if (talk_is_sender(stream) && view->phase == RING_FINISHED)
        complain("%s: the transfer before has not been received: %s: receive "
                 "it first, or remove it",
                 name, view_text(text, view));
    else
        complain("%s: an unfinished transfer: %s: go on with --resume, or "
                 "remove it",
                 name, view_text(text, view));
    return talk_fail(stream, EEXIST);
}

enum status
talk_gone(struct stream *stream)
{
    char process[40], text[100];

    complain("%s: the %s%s is gone: %s: go on with --resume",
             stream->request->channel, other_name(stream),
             process_text(process, stream->other),
             view_text(text, &stream->channel.ring.view));
    return talk_fail(stream, EPIPE);
}

enum status
talk_limit(struct stream *stream)
{
    char text[100];

    complain("%s: no %s for %g s: %s", stream->request->channel,
             other_name(stream), stream->request->limit,
             view_text(text, &stream->channel.ring.view));
    return talk_fail(stream, ETIMEDOUT);
}

static void
report_process(const char *name, bool is_there, pid_t process)
{
    if (is_there)
        report_field_number(name, process);
    else
        report_field_null(name);
}

/* The channel's numbers, as fields of an object. */
static void
report_view(const struct ring *ring)
{
    const struct ring_view *view = &ring->view;

    report_field_unsigned("capacity", ring->capacity);
    report_field_unsigned("in", view->written);
    report_field_unsigned("out", view->read);
    report_field_unsigned("waiting", view->written - view->read);
}

static const char *
phase_name(const struct ring_view *view)
{
    return view->phase == RING_OPEN ? "open" : "finished";
}

static void
report_outcome(const struct stream *stream, enum status status)
{
    report_field_text("outcome", status == STATUS_DONE ? "ok"
                                 : status == STATUS_TIMEOUT
                                     ? "timeout"
                                     : errno_name(stream->error).text);
    report_field_text("errno",
                      stream->error ? errno_name(stream->error).text : NULL);
}

void
talk_state(const struct stream *stream, const bool is_there[2],
           const pid_t process[2])
{
    const struct ring *ring = &stream->channel.ring;
    const char *name = stream->request->channel;
    char view[100], sender[40], receiver[40];

    if (!stream->request->json) {
        report(
            "%s: %ju bytes; %s; sender %s, receiver %s; %s\n", name,
            (uintmax_t)ring->capacity, view_text(view, &ring->view),
            end_text(sender, is_there[RING_SENDER], process[RING_SENDER]),
            end_text(receiver, is_there[RING_RECEIVER], process[RING_RECEIVER]),
            phase_name(&ring->view));
        return;
    }
    report_object();
    report_field_text("channel", name);
    report_view(ring);
    report_process("sender", is_there[RING_SENDER], process[RING_SENDER]);
    report_process("receiver", is_there[RING_RECEIVER], process[RING_RECEIVER]);
    report_field_text("state", phase_name(&ring->view));
    report_outcome(stream, STATUS_DONE);
    report_object_end();
}

void
talk_end(const struct stream *stream, enum status status)
{
    report_object();
    report_field_text("channel", stream->request->channel);
    report_field_unsigned("bytes", stream->moved);
    report_outcome(stream, status);
    report_object_end();
}
