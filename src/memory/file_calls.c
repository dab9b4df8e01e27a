/*
 * file_calls.c - steps that are one call of POSIX on the file.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/file_calls.h"

#include "memory/call.h"
#include "memory/clock.h"
#include "memory/range.h"

#include <errno.h>
#include <fcntl.h>

/* Why a call failed, however the file was named to it. */
static enum reason
path_reason(int error)
{
    if (error == EFBIG)
        return REASON_SIZE_LIMIT;
    if (error == EISDIR)
        return REASON_DIRECTORY;
    return REASON_NONE;
}

/* Why a call on the descriptor failed. */
static enum reason
file_reason(const struct stage *stage, int error)
{
    int access = stage->target.flags & O_ACCMODE;

    if (error == EBADF && stage->target.descriptor < 0)
        return REASON_CLOSED;
    if (error == EBADF && access == O_RDONLY)
        return REASON_NOT_WRITABLE;
    if (error == EBADF && access == O_WRONLY)
        return REASON_NOT_READABLE;
    return path_reason(error);
}

static struct outcome
result(const struct stage *stage, int error)
{
    return outcome_because(error,
                           error ? file_reason(stage, error) : REASON_NONE);
}

/* The call was to begin at `offset` in the file. */
static struct outcome
result_at(const struct stage *stage, int error, off_t offset)
{
    if (error == EINVAL && offset < 0)
        return outcome_because(error, REASON_BEFORE_FILE);
    return result(stage, error);
}

/* A flush fails for no reason that mmt knows, but that nothing is open. */
static struct outcome
flush_result(const struct stage *stage, int error)
{
    return outcome_because(error, error && stage->target.descriptor < 0
                                      ? REASON_CLOSED
                                      : REASON_NONE);
}

static struct outcome
size_result(const struct stage *stage, int error, int64_t size)
{
    if (error == EINVAL && size < 0)
        return outcome_because(error, REASON_NEGATIVE);
    /* POSIX lets ftruncate say EINVAL where other calls say EBADF. */
    if (error == EINVAL && (stage->target.flags & O_ACCMODE) == O_RDONLY)
        return outcome_because(error, REASON_NOT_WRITABLE);
    return result(stage, error);
}

struct outcome
file_truncate(struct stage *stage, const struct step *step)
{
    int error;

    if (target_is_shared_object(stage->target.name))
        return outcome_because(ENOTSUP, REASON_NO_PATH);
    error = call_truncate(stage->target.name, step->value);
    if (error == EINVAL && step->value < 0)
        return outcome_because(error, REASON_NEGATIVE);
    return outcome_because(error, error ? path_reason(error) : REASON_NONE);
}

struct outcome
file_ftruncate(struct stage *stage, const struct step *step)
{
    return size_result(stage,
                       call_ftruncate(stage->target.descriptor, step->value),
                       step->value);
}

/* OFF and LEN in the file; LEN missing: to its end. */
static int
file_range(const struct stage *stage, const struct step *step, off_t *offset,
           off_t *length)
{
    off_t size = 0;
    int error = 0;

    if (!step->has_length || step->offset < 0)
        error = target_size(&stage->target, &size);
    *offset = step->has_offset ? step->offset : 0;
    if (*offset < 0)
        *offset += size;
    *length = step->has_length ? step->length
              : size > *offset ? bytes_between(*offset, size)
                               : 0;
    return error;
}

struct outcome
file_fallocate(struct stage *stage, const struct step *step)
{
    off_t offset, length;
    int error = file_range(stage, step, &offset, &length);

    if (stage->target.descriptor < 0)
        error = 0; /* for the call to say so */
    if (error)
        return outcome_of(error);
    do {
        error = call_fallocate(stage->target.descriptor, offset, length);
    } while (error == EINTR && !clock_expired());
    if (error == EINVAL && length == 0)
        return outcome_because(error, REASON_ZERO_LENGTH);
    return result_at(stage, error, offset);
}

struct outcome
file_pread(struct stage *stage, const struct step *step)
{
    unsigned char buffer[65536];
    off_t offset, length, done = 0;
    int error = file_range(stage, step, &offset, &length);

    if (stage->target.descriptor < 0)
        error = 0;
    if (error)
        return outcome_of(error);
    do {
        off_t left = length - done;
        size_t part =
            left < (off_t)sizeof buffer ? (size_t)left : sizeof buffer;
        size_t count = 0;

        error = call_pread(stage->target.descriptor, buffer, part,
                           offset + done, &count);
        if (error && error != EINTR)
            return result_at(stage, error, offset);
        if (!error && count == 0)
            break;
        if (count > 0 &&
            !stage->sink->bytes(stage->sink, offset + done, buffer, count))
            break;
        done += (off_t)count;
    } while (done < length && !clock_expired());
    return OUTCOME_NONE;
}

struct outcome
file_pwrite(struct stage *stage, const struct step *step)
{
    size_t length = step->has_length ? (size_t)step->length : step->size;
    off_t offset = step->has_offset ? step->offset : 0, size;
    size_t done = 0;
    int error;

    if (offset < 0) {
        if ((error = target_size(&stage->target, &size)))
            return outcome_of(error);
        offset += size;
    }
    do {
        size_t count = 0;

        error = call_pwrite(stage->target.descriptor, step->bytes + done,
                            length - done, offset + (off_t)done, &count);
        if (error && error != EINTR)
            return result_at(stage, error, offset);
        done += count;
    } while (done < length);
    return OUTCOME_NONE;
}

struct outcome
file_fsync(struct stage *stage, const struct step *step)
{
    (void)step;
    return flush_result(stage, call_fsync(stage->target.descriptor));
}

struct outcome
file_fdatasync(struct stage *stage, const struct step *step)
{
    (void)step;
    return flush_result(stage, call_fdatasync(stage->target.descriptor));
}

struct outcome
file_close(struct stage *stage, const struct step *step)
{
    int descriptor = stage->target.descriptor;

    (void)step;
    /* The number may be another file's soon; keep none. */
    stage->target.descriptor = -1;
    return flush_result(stage, call_close(descriptor));
}

struct outcome
file_unlink(struct stage *stage, const struct step *step)
{
    (void)step;
    return outcome_of(target_unlink(&stage->target));
}
