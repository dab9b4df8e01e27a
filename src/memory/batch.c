/*
 * batch.c - flush many files at once, and the directories that name them.
 *
 * A directory is flushed after all of its files: once it pays for all of them,
 * and a name never lasts before what it names.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/batch.h"

#include "memory/naming.h"
#include "memory/parallel.h"
#include "memory/range.h"
#include "memory/target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Symbolic links that are followed in a row; systems allow 8 to 40. */
enum { LINKS_MOST = 40 };

static const struct flush_plan whole_plan = { .way = FLUSH_ALL };

static void
advance(void *context, off_t done)
{
    struct batch_job *job = context;

    atomic_store(&job->pages, (size_t)(done / (off_t)page_size()));
}

static bool
flush(struct batch_job *job)
{
    return flush_file(job->name, job->plan, job, &job->result);
}

static bool
has_naming(const struct batch_file *file, const char *directory)
{
    size_t index;

    for (index = 0; index < file->naming_count; index++)
        if (strcmp(file->namings[index].directory, directory) == 0)
            return true;
    return false;
}

/* Add a directory, which then belongs to the file, if it is a new one. */
static int
add_naming(struct batch_file *file, char *directory)
{
    struct naming *namings;

    if (has_naming(file, directory)) {
        free(directory);
        return 0;
    }
    namings =
        realloc(file->namings, (file->naming_count + 1) * sizeof namings[0]);
    if (!namings) {
        free(directory);
        return ENOMEM;
    }
    file->namings = namings;
    namings[file->naming_count++] = (struct naming) { .directory = directory };
    return 0;
}

/* Find the directory of the name and, through links, of what it leads to. */
static int
find_directories(struct batch_file *file)
{
    char *path, *directory, *next;
    int links = 0, error = 0;

    if (target_is_shared_object(file->job.name))
        return ENOTSUP;
    path = strdup(file->job.name);
    if (!path)
        return ENOMEM;
    while (!error && path) {
        error = naming_step(path, &directory, &next);
        free(path);
        path = error ? NULL : next;
        if (!error)
            error = add_naming(file, directory);
        if (!error && path && links++ == LINKS_MOST)
            error = ELOOP;
    }
    free(path);
    return error;
}

static void
work_on_file(void *context, size_t item)
{
    struct batch *batch = context;
    struct batch_file *file = &batch->files[item];
    struct flush_result *result = &file->job.result;

    if (batch->keeps_records)
        record_begin(&file->job.record);
    if (flush(&file->job) && batch->with_directories) {
        result->error = find_directories(file);
        result->call = result->error ? "--dir" : NULL;
    }
    if (batch->keeps_records)
        record_end(&file->job.record);
}

static void
file_done(void *context, size_t item)
{
    struct batch *batch = context;
    struct batch_file *file = &batch->files[item];

    file->job.is_done = true;
    if (!file->job.result.error)
        file->waits_for = file->naming_count;
    if (file->waits_for == 0)
        batch->over(batch->context, file);
}

/* Files with the same directory keep their order. */
static int
by_directory(const void *one, const void *other)
{
    const struct route *first = one;
    const struct route *second = other;
    int order = strcmp(first->naming->directory, second->naming->directory);

    if (order != 0 || first->file == second->file)
        return order;
    return first->file < second->file ? -1 : 1;
}

/* Find the routes to all files that wait for a directory, and sort them. */
static int
gather_routes(struct batch *batch)
{
    size_t count = 0, index, naming;

    for (index = 0; index < batch->count; index++)
        count += batch->files[index].waits_for;
    batch->routes = calloc(count + 1, sizeof batch->routes[0]);
    if (!batch->routes)
        return ENOMEM;
    for (index = 0; index < batch->count; index++) {
        struct batch_file *file = &batch->files[index];

        for (naming = 0; naming < file->waits_for; naming++)
            batch->routes[batch->route_count++] =
                (struct route) { .naming = &file->namings[naming],
                                 .file = file };
    }
    qsort(batch->routes, count, sizeof batch->routes[0], by_directory);
    return 0;
}

/* Make one job of each directory, however many files it names. */
static int
make_directories(struct batch *batch)
{
    struct batch_directory *last;
    size_t index;
    int error = gather_routes(batch);

    if (error)
        return error;
    batch->directories =
        calloc(batch->route_count + 1, sizeof batch->directories[0]);
    if (!batch->directories)
        return ENOMEM;
    last = batch->directories;
    for (index = 0; index < batch->route_count; index++) {
        struct naming *naming = batch->routes[index].naming;

        if (index == 0 || strcmp(last->job.name, naming->directory) != 0) {
            last = &batch->directories[batch->directory_count++];
            last->job.name = naming->directory;
            last->job.plan = &whole_plan;
            last->routes = &batch->routes[index];
            naming->is_first = true;
        }
        naming->job = &last->job;
        last->route_count++;
    }
    return 0;
}

static void
work_on_directory(void *context, size_t item)
{
    struct batch *batch = context;
    struct batch_job *job = &batch->directories[item].job;

    if (batch->keeps_records)
        record_begin(&job->record);
    flush(job);
    if (batch->keeps_records)
        record_end(&job->record);
}

/* Tell of the files that waited for nothing but this directory. */
static void
directory_done(void *context, size_t item)
{
    struct batch *batch = context;
    struct batch_directory *directory = &batch->directories[item];
    size_t index;

    directory->job.is_done = true;
    for (index = 0; index < directory->route_count; index++) {
        struct batch_file *file = directory->routes[index].file;

        if (--file->waits_for == 0)
            batch->over(batch->context, file);
    }
}

static void
tick(void *context)
{
    struct batch *batch = context;

    batch->tick(batch->context);
}

int
batch_make(struct batch *batch, const char *const *names, size_t count)
{
    size_t index;

    batch->plan.advance = advance;
    batch->files = calloc(count + 1, sizeof batch->files[0]);
    if (!batch->files)
        return ENOMEM;
    batch->count = count;
    for (index = 0; index < count; index++) {
        batch->files[index].job.name = names[index];
        batch->files[index].job.plan = &batch->plan;
    }
    return 0;
}

int
batch_run(struct batch *batch)
{
    struct parallel parallel = { .count = batch->count,
                                 .jobs = batch->jobs,
                                 .apart = batch->apart,
                                 .work = work_on_file,
                                 .done = file_done,
                                 .tick = tick,
                                 .context = batch };
    int error = parallel_run(&parallel);

    if (error || !batch->with_directories)
        return error;
    if ((error = make_directories(batch)))
        return error;
    parallel.count = batch->directory_count;
    parallel.work = work_on_directory;
    parallel.done = directory_done;
    return parallel_run(&parallel);
}

void
batch_free(struct batch *batch)
{
    size_t index, naming;

    for (index = 0; index < batch->count; index++) {
        struct batch_file *file = &batch->files[index];

        for (naming = 0; naming < file->naming_count; naming++)
            free(file->namings[naming].directory);
        free(file->namings);
        record_free(&file->job.record);
    }
    for (index = 0; index < batch->directory_count; index++)
        record_free(&batch->directories[index].job.record);
    free(batch->directories);
    free(batch->routes);
    free(batch->files);
}
