/*
 * transfer.c - steps that move bytes between the mapping and files by the
 * kernel.
 *
 * The kernel raises no signal for its own accesses: a bad page is EFAULT. It
 * may say so although good pages lie before the bad one, so then the rest is
 * moved page by page, and the bad page is the first that can't be moved.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/transfer.h"

#include "memory/call.h"
#include "memory/clock.h"
#include "memory/judge.h"
#include "memory/place.h"
#include "memory/range.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* read(2) and write(2) may refuse more than SSIZE_MAX; this is less. */
#define MOST_AT_ONCE ((size_t)1 << 30)

enum direction { LOAD, SAVE };

struct transfer {
    enum direction direction;
    int descriptor;
    struct place place;
    size_t done;        /* bytes moved */
    bool page_wise;     /* after an EFAULT */
    bool at_end;        /* of the input */
    bool awaits_writer; /* the input is a FIFO that may have none yet */
};

static int
move(struct transfer *transfer, size_t length, size_t *count)
{
    unsigned char *at = transfer->place.address + transfer->done;

    if (transfer->direction == LOAD)
        return call_read(transfer->descriptor, at, length, count);
    return call_write(transfer->descriptor, at, length, count);
}

static size_t
next_length(const struct transfer *transfer)
{
    size_t left = transfer->place.length - transfer->done;
    size_t page = page_size(), in_page;

    if (left > MOST_AT_ONCE)
        left = MOST_AT_ONCE;
    if (!transfer->page_wise)
        return left;
    in_page =
        page - (uintptr_t)(transfer->place.address + transfer->done) % page;
    return left < in_page ? left : in_page;
}

/* Wait until a descriptor that somebody set to O_NONBLOCK is ready. */
static void
wait_ready(const struct transfer *transfer)
{
    struct pollfd ready = { .fd = transfer->descriptor };

    ready.events = transfer->direction == LOAD ? POLLIN : POLLOUT;
    poll(&ready, 1, -1);
}

static int
await_writer(const struct transfer *transfer)
{
    struct pollfd ready = { .fd = transfer->descriptor, .events = POLLIN };

    while (poll(&ready, 1, -1) < 0)
        if (errno != EINTR || clock_expired())
            return errno == EINTR ? ETIMEDOUT : errno;
    return 0;
}

/* Move all; 0 or an errno value, ETIMEDOUT when the time limit ran out. */
static int
move_all(struct transfer *transfer)
{
    int waited = transfer->awaits_writer ? await_writer(transfer) : 0;

    if (waited)
        return waited;
    while (transfer->done < transfer->place.length) {
        size_t count = 0;
        int error = move(transfer, next_length(transfer), &count);

        if (error == EFAULT && !transfer->page_wise) {
            transfer->page_wise = true;
            continue;
        }
        if (error == EAGAIN)
            wait_ready(transfer);
        else if (error && error != EINTR)
            return error;
        if (!error && count == 0) {
            transfer->at_end = true;
            return 0;
        }
        transfer->done += count;
        if (clock_expired() && transfer->done < transfer->place.length)
            return ETIMEDOUT;
    }
    return 0;
}

static struct outcome
failure(const struct stage *stage, const struct transfer *transfer, int error)
{
    struct outcome outcome = outcome_of(error);

    if (error == ETIMEDOUT && clock_expired())
        return (struct outcome) { .kind = OUTCOME_TIMEOUT,
                                  .seconds = stage->timeout };
    if (error == EFAULT)
        judge_bad_page(
            stage, &outcome, transfer->place.offset + (off_t)transfer->done,
            transfer->direction == LOAD ? ACCESS_STORE : ACCESS_LOAD);
    return outcome;
}

static bool
is_standard(const struct step *step)
{
    return !step->has_value || strcmp((const char *)step->bytes, "-") == 0;
}

/* How long a FIFO may be without a reader, in seconds. */
#define READER_LIMIT 1.0

/* Opening never blocks; a FIFO that nobody reads yet is tried for a second. */
static int
open_patiently(const char *path, int flags, int *descriptor)
{
    double end = clock_now() + READER_LIMIT;
    int error;

    flags |= O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    for (;;) {
        error = call_open(path, flags, 0666, descriptor);
        if (error != ENXIO || clock_now() >= end)
            return error;
        if (clock_expired())
            return ETIMEDOUT;
        clock_nap(0.001);
    }
}

/* True when `path` is a FIFO; a socket that is opened fails the same way. */
static bool
is_fifo(const char *path)
{
    struct stat status;

    return call_stat(path, &status) == 0 && S_ISFIFO(status.st_mode);
}

/* What was opened without blocking is used as any other: data is awaited. */
static int
let_block(struct transfer *transfer)
{
    struct stat status;
    int flags, error = call_fstat(transfer->descriptor, &status);

    if (error || S_ISREG(status.st_mode))
        return error;
    /* A FIFO without a writer would be at its end at once: wait for one. */
    transfer->awaits_writer =
        S_ISFIFO(status.st_mode) && transfer->direction == LOAD;
    flags = fcntl(transfer->descriptor, F_GETFL);
    if (flags == -1 ||
        fcntl(transfer->descriptor, F_SETFL, flags & ~O_NONBLOCK) == -1)
        return errno;
    return 0;
}

static int
open_path(struct transfer *transfer, const struct step *step, int flags)
{
    const char *path = (const char *)step->bytes;
    struct target target;
    int error;

    if (target_is_shared_object(path)) {
        error = target_open(&target, path, flags, 0666);
        if (!error)
            transfer->descriptor = target.descriptor;
        return error;
    }
    error = open_patiently(path, flags, &transfer->descriptor);
    if (error)
        return error;
    error = let_block(transfer);
    if (error)
        call_close(transfer->descriptor);
    return error;
}

/* True when input goes on behind what found room; one byte is looked at. */
static bool
has_more(const struct transfer *transfer)
{
    unsigned char byte;
    size_t count = 0;
    int error;

    do {
        error = call_read(transfer->descriptor, &byte, 1, &count);
        if (error == EAGAIN)
            wait_ready(transfer);
    } while ((error == EINTR || error == EAGAIN) && !clock_expired());
    return !error && count > 0;
}

static struct outcome
load(struct stage *stage, const struct step *step, struct transfer *transfer)
{
    struct stores before = judge_stores(stage, &transfer->place);
    int error = move_all(transfer);
    struct outcome outcome;

    if (error)
        return failure(stage, transfer, error);
    if (!step->has_length && !transfer->at_end && has_more(transfer)) {
        outcome = place_outside(stage);
        outcome.reason = REASON_TOO_LONG;
        outcome.count = transfer->place.offset + (off_t)transfer->done;
        return outcome;
    }
    if (!transfer->at_end && !step->has_length && clock_expired())
        return failure(stage, transfer, ETIMEDOUT);
    return judge_lost(stage, &transfer->place, transfer->done, &before);
}

struct outcome
transfer_load(struct stage *stage, const struct step *step)
{
    struct transfer transfer = { .direction = LOAD,
                                 .descriptor = STDIN_FILENO };
    struct outcome outcome;
    int error;

    outcome = place_touched(stage, step, -1, &transfer.place);
    if (outcome.kind != OUTCOME_OK)
        return outcome;
    if (!is_standard(step) && (error = open_path(&transfer, step, O_RDONLY)))
        return failure(stage, &transfer, error);
    outcome = load(stage, step, &transfer);
    if (transfer.descriptor != STDIN_FILENO)
        call_close(transfer.descriptor);
    return outcome;
}

/*
 * True when `status` is that of the file. Its own is asked for once more: where
 * directories lie one over the other, to open a file for writing may change it.
 */
static bool
has_status(const struct target *target, const struct stat *status)
{
    struct target now = *target;

    return target_has_status(target, status) ||
           (target->descriptor >= 0 &&
            call_fstat(target->descriptor, &now.status) == 0 &&
            target_has_status(&now, status));
}

/* True when the descriptor is the stage's file, or one that the window maps. */
static bool
is_mapped_file(const struct stage *stage, int descriptor)
{
    const struct window *window = &stage->window;
    const struct target *seen = &stage->target;
    struct stat status;
    size_t index;

    if (call_fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    /* Its pages may all be unmapped: it is not to be emptied all the same. */
    if (has_status(seen, &status))
        return true;
    for (index = 0; index < window->count; index++) {
        const struct region *region = window->regions + index;

        if (!region->mapped || region->target == seen)
            continue;
        if (has_status(region->target, &status))
            return true;
        seen = region->target;
    }
    return false;
}

/* Only what was opened, and is not the mapped file, is emptied. */
static int
empty(int descriptor)
{
    struct stat status;
    int error = call_fstat(descriptor, &status);

    if (error || !S_ISREG(status.st_mode))
        return error;
    return call_ftruncate(descriptor, 0);
}

static struct outcome
save(struct stage *stage, const struct step *step, struct transfer *transfer)
{
    int error = 0;

    if (is_mapped_file(stage, transfer->descriptor))
        return outcome_because(EINVAL, REASON_SAME_FILE);
    if (!is_standard(step))
        error = empty(transfer->descriptor);
    if (!error)
        error = move_all(transfer);
    if (error)
        return failure(stage, transfer, error);
    return OUTCOME_NONE;
}

struct outcome
transfer_save(struct stage *stage, const struct step *step)
{
    struct transfer transfer = { .direction = SAVE,
                                 .descriptor = STDOUT_FILENO };
    struct outcome outcome;
    int error;

    outcome = place_touched(stage, step, -1, &transfer.place);
    if (outcome.kind != OUTCOME_OK)
        return outcome;
    stage->sink->flush(stage->sink);
    if (!is_standard(step) &&
        (error = open_path(&transfer, step, O_WRONLY | O_CREAT))) {
        if (error == ENXIO && is_fifo((const char *)step->bytes))
            return outcome_because(error, REASON_NO_READER);
        return failure(stage, &transfer, error);
    }
    outcome = save(stage, step, &transfer);
    if (transfer.descriptor == STDOUT_FILENO)
        return outcome;
    error = call_close(transfer.descriptor);
    if (outcome.kind == OUTCOME_OK && error)
        outcome = outcome_of(error);
    return outcome;
}
