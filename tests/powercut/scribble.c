/*
 * scribble.c - changes files at random, as programs that map files do.
 *
 * In the present directory, with all choices made from SEED. What has to be
 * flushed then stands on standard output, a line of arguments of `mmt sync`:
 * the files that were made or changed, in random order, after the options that
 * they need. The mappings are held until the process is killed, so that the
 * flush meets pages that only the page tables of another process call dirty.
 *
 *     scribble begin         make the directories, and `big` and `huge`; ends
 *     scribble files SEED    make, grow and overwrite some files
 *     scribble range SEED    change `big` all over, and choose a range of it
 *     scribble slices SEED   change `huge`, for a flush that shows its progress
 *     scribble change SEED   overwrite files that are there, and nothing else
 *     scribble half FILE...  sync_file_range: write out, don't flush; ends
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FILES = 24,              /* names that there are */
    CHANGED_MOST = 6,        /* files changed by one run */
    SIZE_MOST = 300 * 1000,  /* bytes of a file when it is made */
    GROWN_MOST = 100 * 1000, /* bytes that it may grow by */
    PIECE_MOST = 20 * 1000,  /* bytes stored at once */
    PIECES_MOST = 8,
    BIG = 2 * 1024 * 1024,   /* bytes of `big` */
    HUGE = 40 * 1024 * 1024, /* bytes of `huge`: several slices */
};

static uint64_t state;

/* A number from 0 to `count` - 1: xorshift64*, the same everywhere. */
static off_t
pick(off_t count)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (off_t)((state * UINT64_C(2685821657736338717) >> 33) %
                   (uint64_t)count);
}

static void
need(bool is_fine, const char *what)
{
    if (is_fine)
        return;
    perror(what);
    exit(1);
}

static void
fill(unsigned char *bytes, off_t length)
{
    off_t at;

    for (at = 0; at < length; at++)
        bytes[at] = (unsigned char)pick(256);
}

/* Overwrite pieces of a file, most of them through a mapping, which stays. */
static void
store_pieces(int file, off_t size)
{
    off_t pieces = 1 + pick(PIECES_MOST);
    unsigned char *mapped;
    unsigned char bytes[PIECE_MOST];

    if (size == 0)
        return;
    mapped =
        mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    need(mapped != MAP_FAILED, "mmap");
    while (pieces-- > 0) {
        off_t offset = pick(size);
        off_t most = size - offset < PIECE_MOST ? size - offset : PIECE_MOST;
        off_t length = 1 + pick(most);

        fill(bytes, length);
        if (pick(4) > 0)
            memcpy(mapped + offset, bytes, (size_t)length);
        else
            need(pwrite(file, bytes, (size_t)length, offset) == length,
                 "pwrite");
    }
}

/* Make or change a file; returns true when its name is new. */
static bool
scribble_on(const char *path)
{
    int file = open(path, O_RDWR);
    bool is_new = file < 0;
    struct stat status;
    off_t size;

    if (is_new)
        file = open(path, O_RDWR | O_CREAT | O_EXCL, 0644);
    need(file >= 0 && fstat(file, &status) == 0, path);
    size = status.st_size;
    if (is_new)
        size = pick(SIZE_MOST);
    else if (pick(2))
        size += pick(GROWN_MOST);
    need(ftruncate(file, size) == 0, "ftruncate");
    store_pieces(file, size);
    close(file);
    return is_new;
}

/* A new symbolic link to a file, from the other directory. */
static void
link_to(char *path, size_t size, char directory, off_t number)
{
    char text[32];
    char other = directory == 'a' ? 'b' : 'a';

    snprintf(text, sizeof text, "../%c/f%02d", directory, (int)number);
    snprintf(path, size, "%c/l%02d", other, (int)number);
    need(symlink(text, path) == 0, path);
}

static void
scribble_files(void)
{
    off_t first = pick(FILES);
    off_t count = 1 + pick(CHANGED_MOST);
    off_t step = 1 + 2 * pick(4); /* 1, 3, 5 or 7 */
    char paths[CHANGED_MOST][32];
    bool has_new = false;
    off_t index;

    if (step == 3)
        step = 11; /* FILES is a multiple of 3: it would come round too soon */
    for (index = 0; index < count; index++) {
        off_t number = (first + index * step) % FILES;
        char directory = number % 2 ? 'a' : 'b';
        char *path = paths[index];

        snprintf(path, sizeof paths[0], "%c/f%02d", directory, (int)number);
        if (!scribble_on(path))
            continue;
        has_new = true;
        if (pick(3) == 0)
            link_to(path, sizeof paths[0], directory, number);
    }
    if (has_new)
        printf("--dir ");
    else if (pick(2))
        printf("-d ");
    for (index = 0; index < count; index++)
        printf("%s ", paths[index]);
    printf("\n");
}

/* Change and grow a file that is flushed in slices. */
static void
scribble_slices(void)
{
    int times;

    for (times = 0; times < 5; times++)
        scribble_on("huge");
    printf("--progress huge\n");
}

/* The same in place, so that no new block or name hides what is lost. */
static void
change_files(void)
{
    int number;

    for (number = 0; number < FILES; number++) {
        char path[32];
        struct stat status;
        int file;

        snprintf(path, sizeof path, "%c/f%02d", number % 2 ? 'a' : 'b', number);
        file = open(path, O_RDWR);
        if (file < 0)
            continue;
        need(fstat(file, &status) == 0, path);
        store_pieces(file, status.st_size);
        close(file);
        if (status.st_size > 0)
            printf("%s ", path);
    }
    printf("\n");
}

static void
scribble_range(void)
{
    int file = open("big", O_RDWR);
    off_t offset = pick(BIG);
    off_t length = 1 + pick(pick(2) ? 2 * 4096 : BIG - offset);
    int times;

    need(file >= 0, "big");
    for (times = 0; times < 20; times++)
        store_pieces(file, BIG);
    close(file);
    if (length > BIG - offset)
        length = BIG - offset;
    printf("-o %jd -l %jd big\n", (intmax_t)offset, (intmax_t)length);
}

static void
make(const char *path, off_t size)
{
    int file = open(path, O_RDWR | O_CREAT, 0644);

    need(file >= 0 && ftruncate(file, size) == 0, path);
    store_pieces(file, size);
    close(file);
}

static void
begin(void)
{
    need(mkdir("a", 0755) == 0 && mkdir("b", 0755) == 0, "mkdir");
    state = 1;
    make("big", BIG);
    make("huge", HUGE);
}

static void
write_out(char **paths)
{
    for (; *paths; paths++) {
        int file = open(*paths, O_RDWR);

        need(file >= 0, *paths);
        need(sync_file_range(file, 0, 0,
                             SYNC_FILE_RANGE_WAIT_BEFORE |
                                 SYNC_FILE_RANGE_WRITE |
                                 SYNC_FILE_RANGE_WAIT_AFTER) == 0,
             "sync_file_range");
        close(file);
    }
}

int
main(int count, char **words)
{
    const char *what = count > 1 ? words[1] : "";

    if (count > 2)
        state = strtoull(words[2], NULL, 10) * 2 + 1; /* never 0 */
    if (strcmp(what, "half") == 0) {
        write_out(words + 2);
        return 0;
    }
    if (strcmp(what, "begin") == 0) {
        begin();
        return 0;
    }
    if (count == 3 && strcmp(what, "files") == 0)
        scribble_files();
    else if (count == 3 && strcmp(what, "range") == 0)
        scribble_range();
    else if (count == 3 && strcmp(what, "slices") == 0)
        scribble_slices();
    else if (count == 3 && strcmp(what, "change") == 0)
        change_files();
    else
        return 2;
    need(fflush(stdout) == 0, "standard output");
    pause();
    return 1;
}
