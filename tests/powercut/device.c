/*
 * device.c - a disk that keeps what was flushed apart from what was written.
 *
 * A FUSE file system with two files. `disk` is the device: writes go to its
 * written part, and fsync copies what was written since the last one to its
 * flushed part. `control` takes a word:
 *
 *     off   the power fails: nothing reaches the flushed part from here on
 *     on    the power is back: the disk is its flushed part alone
 *
 * and tells, when read, how many flushes there were. A write of a sector that
 * begins with POISON fails with EIO, and so does a read of one that begins with
 * DAMAGE: data of one file can be made to fail while those of others get
 * through.
 *
 * usage: device MOUNTPOINT MEBIBYTES FLUSH_MILLISECONDS
 *
 * SPDX-License-Identifier: MIT
 */
#define FUSE_USE_VERSION 31

#include <errno.h>
#include <fuse.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define DISK "/disk"
#define CONTROL "/control"

static const char poison[] = "POISON";
static const char damage[] = "DAMAGE";

enum { BLOCK = 4096, SECTOR = 512 };

/* The one device of this process. */
static struct {
    pthread_mutex_t lock;
    unsigned char *written;
    unsigned char *flushed;
    bool *is_unflushed; /* of each block: its parts differ */
    off_t size;         /* bytes, a multiple of BLOCK */
    long flush_ms;
    bool is_off;
    unsigned long flushes;
} device = { .lock = PTHREAD_MUTEX_INITIALIZER };

static int
device_getattr(const char *path, struct stat *status,
               struct fuse_file_info *info)
{
    (void)info;
    *status = (struct stat) { .st_nlink = 1 };
    if (strcmp(path, "/") == 0) {
        status->st_mode = S_IFDIR | 0755;
        return 0;
    }
    status->st_mode = S_IFREG | 0644;
    if (strcmp(path, DISK) == 0)
        status->st_size = device.size;
    else if (strcmp(path, CONTROL) != 0)
        return -ENOENT;
    return 0;
}

static int
device_readdir(const char *path, void *buffer, fuse_fill_dir_t fill,
               off_t offset, struct fuse_file_info *info,
               enum fuse_readdir_flags flags)
{
    (void)path, (void)offset, (void)info, (void)flags;
    fill(buffer, DISK + 1, NULL, 0, 0);
    fill(buffer, CONTROL + 1, NULL, 0, 0);
    return 0;
}

/* Without the kernel's cache, which would outlast a power cut. */
static int
device_open(const char *path, struct fuse_file_info *info)
{
    (void)path;
    info->direct_io = 1;
    return 0;
}

static int
device_truncate(const char *path, off_t size, struct fuse_file_info *info)
{
    (void)size, (void)info;
    return strcmp(path, CONTROL) == 0 ? 0 : -EPERM;
}

/* Copy what is unflushed, one way or the other. The lock is held. */
static void
copy_unflushed(unsigned char *to, const unsigned char *from)
{
    off_t block;

    for (block = 0; block < device.size / BLOCK; block++) {
        if (!device.is_unflushed[block])
            continue;
        memcpy(to + block * BLOCK, from + block * BLOCK, BLOCK);
        device.is_unflushed[block] = false;
    }
}

static int
obey(const char *word, size_t length)
{
    if (length == 4 && strncmp(word, "off\n", length) == 0) {
        device.is_off = true;
    } else if (length == 3 && strncmp(word, "on\n", length) == 0) {
        copy_unflushed(device.written, device.flushed);
        device.is_off = false;
    } else {
        return -EINVAL;
    }
    return 0;
}

/* Bytes of [offset, offset + length) that lie on the disk. */
static size_t
on_disk(size_t length, off_t offset)
{
    if (offset >= device.size)
        return 0;
    return (off_t)length < device.size - offset
               ? length
               : (size_t)(device.size - offset);
}

/* True when a sector among these bytes begins with `mark`. */
static bool
has_mark(const char *mark, const char *bytes, size_t length, off_t offset)
{
    size_t at = (size_t)((SECTOR - offset % SECTOR) % SECTOR);
    size_t size = strlen(mark);

    for (; at + size <= length; at += SECTOR)
        if (memcmp(bytes + at, mark, size) == 0)
            return true;
    return false;
}

static int
read_disk(char *buffer, size_t length, off_t offset)
{
    length = on_disk(length, offset);
    memcpy(buffer, device.written + offset, length);
    return has_mark(damage, buffer, length, offset) ? -EIO : (int)length;
}

static int
device_read(const char *path, char *buffer, size_t length, off_t offset,
            struct fuse_file_info *info)
{
    char text[32];
    int result;

    (void)info;
    pthread_mutex_lock(&device.lock);
    if (strcmp(path, DISK) == 0) {
        result = read_disk(buffer, length, offset);
    } else {
        size_t size =
            (size_t)snprintf(text, sizeof text, "%lu\n", device.flushes);

        length = offset >= (off_t)size            ? 0
                 : length < size - (size_t)offset ? length
                                                  : size - (size_t)offset;
        memcpy(buffer, text + offset, length);
        result = (int)length;
    }
    pthread_mutex_unlock(&device.lock);
    return result;
}

static int
write_disk(const char *bytes, size_t length, off_t offset)
{
    off_t block;

    length = on_disk(length, offset);
    if (length == 0)
        return -ENOSPC;
    if (has_mark(poison, bytes, length, offset))
        return -EIO;
    memcpy(device.written + offset, bytes, length);
    for (block = offset / BLOCK; block <= (offset + (off_t)length - 1) / BLOCK;
         block++)
        device.is_unflushed[block] = true;
    return (int)length;
}

static int
device_write(const char *path, const char *bytes, size_t length, off_t offset,
             struct fuse_file_info *info)
{
    int result;

    (void)info;
    pthread_mutex_lock(&device.lock);
    if (strcmp(path, DISK) == 0) {
        result = write_disk(bytes, length, offset);
    } else {
        result = obey(bytes, length);
        result = result ? result : (int)length;
    }
    pthread_mutex_unlock(&device.lock);
    return result;
}

/* The device is busy for its time, but takes reads and writes meanwhile. */
static int
device_fsync(const char *path, int data_only, struct fuse_file_info *info)
{
    struct timespec busy = { .tv_sec = device.flush_ms / 1000,
                             .tv_nsec = device.flush_ms % 1000 * 1000000 };

    (void)data_only, (void)info;
    if (strcmp(path, DISK) != 0)
        return 0;
    nanosleep(&busy, NULL);
    pthread_mutex_lock(&device.lock);
    device.flushes++;
    if (!device.is_off)
        copy_unflushed(device.flushed, device.written);
    pthread_mutex_unlock(&device.lock);
    return 0;
}

static const struct fuse_operations operations = {
    .getattr = device_getattr,
    .readdir = device_readdir,
    .open = device_open,
    .truncate = device_truncate,
    .read = device_read,
    .write = device_write,
    .fsync = device_fsync,
};

/* Memory that costs nothing until it is used. */
static void *
reserve(size_t length)
{
    void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (memory == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    return memory;
}

int
main(int count, char **words)
{
    if (count != 4) {
        fprintf(stderr,
                "usage: device MOUNTPOINT MEBIBYTES FLUSH_MILLISECONDS\n");
        return 2;
    }
    device.size = (off_t)atol(words[2]) << 20;
    device.flush_ms = atol(words[3]);
    device.written = reserve((size_t)device.size);
    device.flushed = reserve((size_t)device.size);
    device.is_unflushed = reserve((size_t)(device.size / BLOCK));
    words[2] = NULL;
    return fuse_main(2, words, &operations, NULL);
}
