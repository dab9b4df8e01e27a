/*
 * channel.c - a ring in a file: made, checked and locked.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/channel.h"

#include "memory/call.h"
#include "memory/ends.h"
#include "memory/range.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

int
channel_data(enum ring_end end)
{
    return end == RING_SENDER ? STDIN_FILENO : STDOUT_FILENO;
}

/* Whether the file ends before what is mapped of it. */
static bool
is_cut(const struct channel *channel)
{
    off_t size;

    return target_size(&channel->target, &size) == 0 &&
           (uintmax_t)size < channel->mapped;
}

int
channel_flawed(struct channel *channel, enum ring_flaw flaw)
{
    /* A cut also makes zeros of what is left of a page. */
    if (flaw == RING_DAMAGED && is_cut(channel))
        flaw = RING_CUT;
    channel->flaw = flaw;
    return flaw == RING_SOUND ? 0 : EBADMSG;
}

int
channel_explain(struct channel *channel)
{
    return is_cut(channel) ? channel_flawed(channel, RING_CUT) : EFAULT;
}

int
channel_touch(struct channel *channel, void (*touch)(void *argument),
              void *argument)
{
    if (fault_guard(touch, argument, &channel->fault))
        return 0;
    return channel_explain(channel);
}

int
channel_settle(struct channel *channel)
{
    return ends_release(channel->target.descriptor);
}

/* Whether the file has no name left; some systems count none for shm:. */
static bool
is_removed(const struct channel *channel, const struct stat *status)
{
    return status->st_nlink == 0 && channel->target.status.st_nlink > 0;
}

/*
 * Whether the name still leads to the file that is open. A shared memory
 * object is asked for its links alone: to ask by its name takes a second
 * descriptor, and closing that would drop the locks.
 */
static bool
is_named(const struct channel *channel)
{
    const struct target *target = &channel->target;
    struct stat status;

    if (call_fstat(target->descriptor, &status) != 0 ||
        is_removed(channel, &status))
        return false;
    return target_is_shared_object(target->name) ||
           target_is(target, target->name);
}

int
channel_stands(struct channel *channel)
{
    struct stat status;
    int error = call_fstat(channel->target.descriptor, &status);

    if (error)
        return error;
    if ((uintmax_t)status.st_size < channel->mapped)
        return channel_flawed(channel, RING_CUT);
    return is_removed(channel, &status) ? ENOENT : 0;
}

/* Open the file as it is named now, with the maker's byte locked. */
static int
open_locked(struct channel *channel, const char *name, double deadline)
{
    int error;

    for (;;) {
        error = target_open(&channel->target, name, O_RDWR | O_CREAT, 0600);
        if (error)
            return error;
        if (!S_ISREG(channel->target.status.st_mode) &&
            !target_is_shared_object(name))
            return channel_flawed(channel, RING_FOREIGN);
        if ((error = ends_hold(channel->target.descriptor, deadline)))
            return error;
        if (is_named(channel))
            return 0;
        target_close(&channel->target);
    }
}

/* Bytes of file for a ring; false if they can't be counted or mapped. */
static bool
file_length(uint64_t capacity, size_t *length)
{
    if (capacity > (uint64_t)OFFSET_MAX - RING_DATA)
        return false;
    *length = (size_t)(capacity + RING_DATA);
    return *length == capacity + RING_DATA;
}

static int
map(struct channel *channel, size_t length, int protection)
{
    void *mapped;
    int error = call_mmap(NULL, length, protection, MAP_SHARED,
                          channel->target.descriptor, 0, &mapped);

    if (error)
        return error;
    channel->mapped = length;
    channel->ring.header = mapped;
    channel->ring.data = (unsigned char *)mapped + RING_DATA;
    return 0;
}

/* Every block now, or a store would meet a full disk with SIGBUS. */
static int
allocate(struct channel *channel, off_t length)
{
    int error;

    do {
        error = call_fallocate(channel->target.descriptor, 0, length);
    } while (error == EINTR);
    /* The C library does not emulate what the file system lacks. */
    if (error == EOPNOTSUPP || error == EINVAL)
        error = call_ftruncate(channel->target.descriptor, length);
    return error;
}

/*
 * Write an unfinished header before all else: who finds it, and the maker's
 * byte free, makes the channel anew.
 */
static int
make(struct channel *channel, off_t capacity)
{
    struct ring_header header;
    int descriptor = channel->target.descriptor;
    size_t length = 0, count = 0;
    int error = file_length((uint64_t)capacity, &length) ? 0 : EFBIG;

    ring_identify(&header, (uint64_t)capacity);
    if (!error)
        error = call_ftruncate(descriptor, 0);
    if (!error)
        error = call_pwrite(descriptor, &header, sizeof header, 0, &count);
    if (!error && count < sizeof header)
        error = ENOSPC;
    if (!error)
        error = allocate(channel, (off_t)length);
    if (!error)
        error = map(channel, length, PROT_READ | PROT_WRITE);
    if (!error)
        return 0;
    call_ftruncate(descriptor, 0);
    if (channel->target.created)
        target_unlink(&channel->target);
    return error;
}

/*
 * Whether the file is longer than a ring of that capacity is made: then the
 * capacity is another one now, and bytes would be looked for in wrong places.
 */
static bool
is_too_long(const struct channel *channel, uint64_t capacity, off_t size)
{
    uint64_t excess = (uint64_t)size - RING_DATA - capacity;

    /* Some systems round up the size of a shared memory object. */
    if (target_is_shared_object(channel->target.name))
        return excess >= page_size();
    return excess > 0;
}

/* Judge what stands in the file, before anything is mapped or written. */
static int
check(struct channel *channel, struct ring_header *header, off_t *size)
{
    enum ring_flaw flaw;
    size_t count = 0;
    int error;

    if ((error = target_size(&channel->target, size)))
        return error;
    error = call_pread(channel->target.descriptor, header, sizeof *header, 0,
                       &count);
    if (error)
        return error;
    flaw = ring_check(header, count, (uint64_t)*size);
    if (flaw == RING_SOUND && is_too_long(channel, header->capacity, *size))
        flaw = RING_DAMAGED;
    return channel_flawed(channel, flaw);
}

static int
map_checked(struct channel *channel, const struct ring_header *header,
            int protection)
{
    size_t length;

    if (!file_length(header->capacity, &length))
        return EOVERFLOW;
    return map(channel, length, protection);
}

/* Map what is there, or make it. */
static int
find_or_make(struct channel *channel, const struct channel_wish *wish)
{
    struct ring_header header;
    off_t size = 0;
    int error = check(channel, &header, &size);

    if (error == EBADMSG && (size == 0 || channel->flaw == RING_UNMADE))
        return make(channel, wish->capacity);
    if (error)
        return error;
    if (wish->has_capacity && header.capacity != (uint64_t)wish->capacity) {
        channel->ring.capacity = header.capacity;
        return channel_flawed(channel, RING_NOT_SAME);
    }
    return map_checked(channel, &header, PROT_READ | PROT_WRITE);
}

int
channel_who(struct channel *channel, enum ring_end end, bool *is_there,
            pid_t *process)
{
    return ends_who(channel->target.descriptor, end, is_there, process);
}

struct attachment {
    struct channel *channel;
    enum ring_end end;
    bool alone;
    enum ring_flaw flaw;
};

static void
attach(void *argument)
{
    struct attachment *attachment = argument;
    struct ring *ring = &attachment->channel->ring;

    attachment->flaw = ring_attach(ring, ring->header, ring->data,
                                   attachment->end, attachment->alone);
    if (attachment->flaw == RING_SOUND)
        atomic_store(&ring->header->made, RING_READY);
}

/* Become the end, once nobody else is. */
static int
join(struct channel *channel, enum ring_end end)
{
    struct attachment attachment = { .channel = channel, .end = end };
    enum ring_end other = end == RING_SENDER ? RING_RECEIVER : RING_SENDER;
    bool is_there;
    pid_t process;
    int error;

    if ((error =
             ends_take(channel->target.descriptor, end, &channel->holder)) ||
        (error = channel_who(channel, other, &is_there, &process)))
        return error;
    attachment.alone = !is_there;
    error = channel_touch(channel, attach, &attachment);
    if (!error)
        error = channel_flawed(channel, attachment.flaw);
    /* The header may have changed since it was checked. */
    if (!error && channel->ring.capacity != channel->mapped - RING_DATA)
        error = channel_flawed(channel, RING_DAMAGED);
    return error;
}

int
channel_open(struct channel *channel, const char *name,
             const struct channel_wish *wish)
{
    struct stat data;
    int error;

    *channel = CHANNEL_NONE;
    if (!ring_works())
        return ENOTSUP;
    if ((error = call_fstat(channel_data(wish->end), &data)))
        return error;
    channel->input_may_block = !S_ISREG(data.st_mode);
    error = open_locked(channel, name, wish->deadline);
    if (!error && target_has_status(&channel->target, &data))
        error = EDEADLK;
    if (!error)
        error = find_or_make(channel, wish);
    if (!error)
        error = join(channel, wish->end);
    if (error)
        channel_close(channel);
    return error;
}

struct peek {
    struct ring *ring;
    enum ring_flaw flaw;
};

static void
peek(void *argument)
{
    struct peek *look = argument;

    look->flaw = ring_peek(look->ring->header, &look->ring->view);
}

int
channel_inspect(struct channel *channel, const char *name)
{
    struct ring_header header;
    struct peek look = { .ring = &channel->ring };
    off_t size = 0;
    int error;

    *channel = CHANNEL_NONE;
    if (!ring_works())
        return ENOTSUP;
    if ((error = target_open(&channel->target, name, O_RDONLY, 0)))
        return error;
    if (S_ISREG(channel->target.status.st_mode) ||
        target_is_shared_object(name))
        error = check(channel, &header, &size);
    else
        error = channel_flawed(channel, RING_FOREIGN);
    if (!error)
        error = map_checked(channel, &header, PROT_READ);
    if (!error) {
        channel->ring.capacity = header.capacity;
        error = channel_touch(channel, peek, &look);
    }
    if (!error)
        error = channel_flawed(channel, look.flaw);
    if (error)
        channel_close(channel);
    return error;
}

static int
remove_name(struct channel *channel)
{
    int error = is_named(channel) ? target_unlink(&channel->target) : 0;

    return error == ENOENT ? 0 : error;
}

int
channel_remove(struct channel *channel, double deadline)
{
    int error = ends_hold(channel->target.descriptor, deadline);

    if (!error)
        error = remove_name(channel);
    return error;
}

static void
enter_received(void *argument)
{
    ring_enter(argument, RING_RECEIVED);
}

/* Under the maker's lock: the next receiver finds the end free. */
int
channel_receive(struct channel *channel, bool remove, double deadline)
{
    int error = ends_hold(channel->target.descriptor, deadline);

    if (!error)
        error = channel_touch(channel, enter_received, &channel->ring);
    if (!error && remove)
        error = remove_name(channel);
    if (!error)
        error = ends_leave(channel->target.descriptor, RING_RECEIVER);
    if (!error)
        error = channel_settle(channel);
    return error;
}

void
channel_close(struct channel *channel)
{
    if (channel->ring.header)
        call_munmap(channel->ring.header, channel->mapped);
    channel->ring.header = NULL;
    target_close(&channel->target);
}
