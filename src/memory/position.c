/*
 * position.c - where in its input and output a transfer goes on.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/position.h"

#include "memory/call.h"
#include "memory/flow.h"
#include "memory/range.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Positions of a sound header lie between this and its negative: so far from
 * the end of off_t that a counter can be added to them.
 */
#define MOST (((int64_t)1 << 62) - 1)

/* A file with positions: a regular one, or a disk. */
struct file {
    bool can_seek;
    bool appends;
    uint64_t device;
    uint64_t inode;
    off_t position; /* where the descriptor stands, in bytes */
    off_t end;      /* bytes of the file */
};

/* Only by going there and back is it told where a disk ends. */
static int
find_end(int descriptor, off_t position, off_t *end)
{
    int error = call_lseek(descriptor, 0, SEEK_END, end);

    return error ? error
                 : call_lseek(descriptor, position, SEEK_SET, &position);
}

static int
look(struct file *file, int descriptor)
{
    struct stat status;
    off_t end, position = 0;
    int flags, error;

    *file = (struct file) { .can_seek = false };
    if ((error = call_fstat(descriptor, &status)))
        return error;
    if (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode))
        return 0;
    if ((error = call_lseek(descriptor, 0, SEEK_CUR, &position)))
        return error;
    end = status.st_size;
    if (S_ISBLK(status.st_mode) &&
        (error = find_end(descriptor, position, &end)))
        return error;
    flags = fcntl(descriptor, F_GETFL);
    *file = (struct file) {
        .can_seek = true,
        .appends = flags != -1 && (flags & O_APPEND),
        .device = (uint64_t)status.st_dev,
        .inode = (uint64_t)status.st_ino,
        .position = position,
        .end = end,
    };
    return 0;
}

int64_t
position_input(void)
{
    struct file file;

    return look(&file, channel_data(RING_SENDER)) == 0 && file.can_seek
               ? file.position
               : -1;
}

/* What the header, a struct ring_header, says of input and output, copied. */
struct history {
    struct ring_header *header;
    int64_t input;
    uint64_t reached;
    bool has_output; /* what follows is set */
    uint64_t device;
    uint64_t inode;
    int64_t base;
    int64_t size;
};

static void
read_history(void *argument)
{
    struct history *history = argument;
    struct ring_header *header = history->header;

    history->input = header->input;
    history->reached = ring_load(&header->reached);
    history->has_output = atomic_load(&header->output.known) == 1;
    history->device = header->output.device;
    history->inode = header->output.inode;
    history->base = header->output.base;
    history->size = header->output.size;
}

static bool
is_sound(const struct history *history, const struct ring_view *view)
{
    if (history->input < -1 || history->input > MOST)
        return false;
    if (history->reached > view->written)
        return false;
    return !history->has_output ||
           (history->base >= -MOST && history->base <= MOST &&
            history->size >= 0 && history->size <= MOST);
}

static int
recall(struct channel *channel, struct history *history)
{
    int error;

    history->header = channel->ring.header;
    if ((error = channel_touch(channel, read_history, history)))
        return error;
    return channel_flawed(channel, is_sound(history, &channel->ring.view)
                                       ? RING_SOUND
                                       : RING_DAMAGED);
}

static int
move_to(int descriptor, int64_t position)
{
    off_t reached;

    if (position < 0 || position > OFFSET_MAX)
        return EOVERFLOW;
    return call_lseek(descriptor, (off_t)position, SEEK_SET, &reached);
}

/* Keep what was found and what was expected. */
static int
stale(struct channel *channel, int64_t size, int64_t least)
{
    channel->gap = (struct channel_gap) { .size = size, .least = least };
    return ESTALE;
}

int
position_resume_input(struct channel *channel)
{
    int descriptor = channel_data(RING_SENDER);
    struct history history;
    struct file file;
    int64_t next;
    int error;

    if ((error = recall(channel, &history)) ||
        (error = look(&file, descriptor)) || !file.can_seek)
        return error;
    next = (history.input < 0 ? 0 : history.input) +
           (int64_t)channel->ring.view.written;
    if (file.end < next)
        return stale(channel, file.end, next);
    return move_to(descriptor, next);
}

int
position_has_output(struct channel *channel, bool *has_output)
{
    struct history history;
    int error = recall(channel, &history);

    if (!error)
        *has_output = history.reached > 0 || channel->ring.view.read > 0;
    return error;
}

/* Marked as known last, so that a history half written is none. */
static void
write_history(void *argument)
{
    struct history *history = argument;
    struct ring_output *output = &history->header->output;

    atomic_store(&output->known, 0);
    ring_store(&history->header->reached, history->reached);
    output->device = history->device;
    output->inode = history->inode;
    output->base = history->base;
    output->size = history->size;
    atomic_store(&output->known, history->has_output);
}

static int
begin_at(struct channel *channel, const struct file *file)
{
    uint64_t read = channel->ring.view.read;
    off_t first = file->appends ? file->end : file->position;
    struct history history = {
        .header = channel->ring.header,
        .reached = read,
        .has_output = file->can_seek,
        .device = file->device,
        .inode = file->inode,
        .base = (int64_t)first - (int64_t)read,
        .size = file->end,
    };

    return channel_touch(channel, write_history, &history);
}

int
position_begin_output(struct channel *channel)
{
    int descriptor = channel_data(RING_RECEIVER);
    struct file file;
    int error = look(&file, descriptor);

    return error ? error : begin_at(channel, &file);
}

static int64_t
larger(int64_t one, int64_t other)
{
    return one > other ? one : other;
}

/*
 * The file has to be as long as the dead receiver left it: up to where it had
 * counted at least, up to the end of the write it had begun at most.
 */
static int
go_on(struct channel *channel, const struct file *file,
      const struct history *history)
{
    int descriptor = channel_data(RING_RECEIVER);
    uint64_t read = channel->ring.view.read;
    int64_t next = history->base + (int64_t)read;
    int64_t least = larger(history->size, next);
    int64_t most = larger(least, history->base + (int64_t)history->reached);

    if (file->end < least || file->end > most)
        return stale(channel, file->end, least);
    if (!file->appends)
        return move_to(descriptor, next);
    if (least > next)
        return stale(channel, file->end, next);
    return flow_skip(channel, (size_t)(file->end - next));
}

int
position_resume_output(struct channel *channel)
{
    int descriptor = channel_data(RING_RECEIVER);
    struct history history;
    struct file file;
    int error;

    if ((error = recall(channel, &history)) ||
        (error = look(&file, descriptor)))
        return error;
    if (file.can_seek && history.has_output && file.device == history.device &&
        file.inode == history.inode)
        return go_on(channel, &file, &history);
    return begin_at(channel, &file);
}
