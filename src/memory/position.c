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
struct place {
    bool can_seek;
    bool appends;
    uint64_t device;
    uint64_t inode;
    off_t position;
    off_t end;
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
look(struct place *place, int descriptor)
{
    struct stat status;
    off_t end, position = 0;
    int flags, error;

    *place = (struct place) { .can_seek = false };
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
    *place = (struct place) {
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
    struct place place;

    return look(&place, channel_data(RING_SENDER)) == 0 && place.can_seek
               ? place.position
               : -1;
}

/* What the header says of input and output, copied. */
struct record {
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
read_record(void *argument)
{
    struct record *record = argument;
    struct ring_header *header = record->header;

    record->input = header->input;
    record->reached = atomic_load(&header->reached);
    record->has_output = atomic_load(&header->output.known) == 1;
    record->device = header->output.device;
    record->inode = header->output.inode;
    record->base = header->output.base;
    record->size = header->output.size;
}

static bool
is_sound(const struct record *record, const struct ring_view *view)
{
    if (record->input < -1 || record->input > MOST)
        return false;
    if (record->reached > view->written)
        return false;
    return !record->has_output ||
           (record->base >= -MOST && record->base <= MOST &&
            record->size >= 0 && record->size <= MOST);
}

static int
recall(struct channel *channel, struct record *record)
{
    int error;

    record->header = channel->ring.header;
    if ((error = channel_touch(channel, read_record, record)))
        return error;
    return channel_flawed(channel, is_sound(record, &channel->ring.view)
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
stale(struct channel *channel, int64_t size, int64_t least, int64_t most)
{
    channel->gap = (struct channel_gap) { size, least, most };
    return ESTALE;
}

int
position_resume_input(struct channel *channel)
{
    int descriptor = channel_data(RING_SENDER);
    struct record record;
    struct place place;
    int64_t next;
    int error;

    if ((error = recall(channel, &record)) ||
        (error = look(&place, descriptor)) || !place.can_seek)
        return error;
    next = (record.input < 0 ? 0 : record.input) +
           (int64_t)channel->ring.view.written;
    if (place.end < next)
        return stale(channel, place.end, next, OFFSET_MAX);
    return move_to(descriptor, next);
}

int
position_has_output(struct channel *channel, bool *has_output)
{
    struct record record;
    int error = recall(channel, &record);

    if (!error)
        *has_output = record.reached > 0 || channel->ring.view.read > 0;
    return error;
}

/* Marked as known last, so that a record half written is none. */
static void
write_record(void *argument)
{
    struct record *record = argument;
    struct ring_output *output = &record->header->output;

    atomic_store(&output->known, 0);
    atomic_store(&record->header->reached, record->reached);
    output->device = record->device;
    output->inode = record->inode;
    output->base = record->base;
    output->size = record->size;
    atomic_store(&output->known, record->has_output);
}

static int
begin_at(struct channel *channel, const struct place *place)
{
    uint64_t read = channel->ring.view.read;
    off_t first = place->appends ? place->end : place->position;
    struct record record = {
        .header = channel->ring.header,
        .reached = read,
        .has_output = place->can_seek,
        .device = place->device,
        .inode = place->inode,
        .base = (int64_t)first - (int64_t)read,
        .size = place->end,
    };

    return channel_touch(channel, write_record, &record);
}

int
position_begin_output(struct channel *channel)
{
    int descriptor = channel_data(RING_RECEIVER);
    struct place place;
    int error = look(&place, descriptor);

    return error ? error : begin_at(channel, &place);
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
go_on(struct channel *channel, const struct place *place,
      const struct record *record)
{
    int descriptor = channel_data(RING_RECEIVER);
    uint64_t read = channel->ring.view.read;
    int64_t next = record->base + (int64_t)read;
    int64_t least = larger(record->size, next);
    int64_t most = larger(least, record->base + (int64_t)record->reached);

    if (place->end < least || place->end > most)
        return stale(channel, place->end, least, most);
    if (!place->appends)
        return move_to(descriptor, next);
    if (least > next)
        return stale(channel, place->end, next, next);
    return flow_skip(channel, (size_t)(place->end - next));
}

int
position_resume_output(struct channel *channel)
{
    int descriptor = channel_data(RING_RECEIVER);
    struct record record;
    struct place place;
    int error;

    if ((error = recall(channel, &record)) ||
        (error = look(&place, descriptor)))
        return error;
    if (place.can_seek && record.has_output && place.device == record.device &&
        place.inode == record.inode)
        return go_on(channel, &place, &record);
    return begin_at(channel, &place);
}
