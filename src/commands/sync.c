/*
 * sync.c - make files durable.
 *
 * All files are flushed at once, and after them each directory that names one
 * of them, once, however many it names. Threads only flush; all that is said
 * is said by the main thread, in the order of the operands.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/args.h"
#include "cli/complain.h"
#include "cli/flushed.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/values.h"
#include "cli/voice.h"
#include "commands.h"
#include "memory/batch.h"
#include "memory/call.h"
#include "memory/clock.h"
#include "memory/parallel.h"
#include "memory/range.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    OPT_OFFSET,
    OPT_LENGTH,
    OPT_DATA,
    OPT_ASYNC,
    OPT_INVALIDATE,
    OPT_DIR,
    OPT_JOBS,
    OPT_TIMEOUT,
};

static const struct option options[] = {
    { OPT_OFFSET, 'o', "offset", "OFF",
      "flush a range, by msync: it begins at OFF" },
    { OPT_LENGTH, 'l', "length", "LEN",
      "flush a range, by msync: it has LEN bytes" },
    { OPT_DATA, 'd', "data", NULL,
      "fdatasync: the data and what reading them takes" },
    { OPT_ASYNC, 'a', "async", NULL,
      "call msync with MS_ASYNC: promises nothing" },
    { OPT_INVALIDATE, 'i', "invalidate", NULL,
      "call msync with MS_INVALIDATE" },
    { OPT_DIR, 0, "dir", NULL, "flush the directory that names the file, too" },
    { OPT_JOBS, 'j', "jobs", "N", "flush N files at a time (default: 64)" },
    { OPT_TIMEOUT, 't', "timeout", "SECONDS",
      "wait no longer than this, in all" },
    { 0 },
};

/* A flush waits for a device that takes many at once; so many of them. */
enum { JOBS_DEFAULT = 64 };

/* Descriptors left to the rest of the process. */
enum { DESCRIPTORS_SPARE = 16 };

struct request {
    const char **paths;
    size_t count; /* of paths */
    struct flush_plan plan;
    bool has_offset;
    bool with_directories;
    size_t jobs;
    double timeout; /* seconds */
    bool has_timeout;
    enum progress_when progress;
    struct voice voice;
};

/* What there is to know of a file beside how its flush went. */
struct item {
    off_t size; /* bytes to flush; known only if progress is shown */
    bool is_over;
};

/* What is known while the files are flushed; the batch's `context`. */
struct work {
    const struct request *request;
    struct batch batch;
    struct item *items; /* one for each file */
    size_t told;        /* files that were spoken of, in order */
    struct progress progress;
    enum status status;
};

static bool
take_jobs(const char *text, size_t *jobs)
{
    uintmax_t value;

    if (!number_parse(text, INT_MAX, &value) || value == 0) {
        complain("bad number of jobs '%s': want 1 or more", text);
        return false;
    }
    *jobs = (size_t)value;
    return true;
}

/* True when the options agree; decides on the way to flush. */
static bool
settle(struct request *request)
{
    struct flush_plan *plan = &request->plan;
    bool by_msync = request->has_offset || plan->has_length || plan->flags != 0;

    if (request->count == 0) {
        complain("which file?");
        return false;
    }
    if (by_msync && plan->way == FLUSH_DATA) {
        complain("-d flushes by fdatasync, -o, -l, -a and -i by msync: "
                 "which is it to be?");
        return false;
    }
    if (by_msync)
        plan->way = FLUSH_MAPPED;
    if (by_msync && plan->flags == 0)
        plan->flags = MS_SYNC;
    return true;
}

static enum status
parse(struct args *args, struct request *request)
{
    struct flush_plan *plan = &request->plan;
    bool is_good = true;

    while (is_good) {
        int id = args_next(args);

        switch (id) {
        case OPT_OFFSET:
            request->has_offset = true;
            is_good = args_size(args, "offset", &plan->offset);
            break;
        case OPT_LENGTH:
            plan->has_length = true;
            is_good = args_size(args, "length", &plan->length);
            break;
        case OPT_DATA: plan->way = FLUSH_DATA; break;
        case OPT_ASYNC: plan->flags |= MS_ASYNC; break;
        case OPT_INVALIDATE: plan->flags |= MS_INVALIDATE; break;
        case OPT_DIR: request->with_directories = true; break;
        case OPT_JOBS: is_good = take_jobs(args->value, &request->jobs); break;
        case OPT_TIMEOUT:
            request->has_timeout = true;
            is_good = args_timeout(args, &request->timeout);
            break;
        case ARGS_OPERAND:
            request->paths[request->count++] = args->value;
            break;
        case ARGS_END: return settle(request) ? STATUS_DONE : STATUS_USAGE;
        default:
            is_good = voice_take(&request->voice, args, id) ||
                      progress_take(&request->progress, id);
        }
    }
    return STATUS_USAGE;
}

/* Speak of a file, now that all before it were spoken of. */
static void
tell(struct work *work, const struct batch_file *file)
{
    const struct voice *voice = &work->request->voice;
    enum status status;

    if (voice->verbose || !flushed_well(file))
        progress_end(&work->progress);
    if (voice->verbose)
        flushed_trace(file);
    status = flushed_complain(file);
    if (work->status == STATUS_DONE)
        work->status = status;
}

static void
show_progress(void *context)
{
    struct work *work = context;
    const struct batch *batch = &work->batch;
    uintmax_t done = 0;
    size_t index;

    if (work->progress.when == PROGRESS_NEVER)
        return;
    for (index = 0; index < batch->count; index++) {
        uintmax_t size = (uintmax_t)work->items[index].size;
        uintmax_t flushed =
            (uintmax_t)atomic_load(&batch->files[index].job.pages) *
            page_size();

        done += work->items[index].is_over || flushed > size ? size : flushed;
    }
    progress_update(&work->progress, done);
}

/* A file is over: its object goes out at once, words about it in order. */
static void
over(void *context, struct batch_file *file)
{
    struct work *work = context;
    const struct batch *batch = &work->batch;

    work->items[file - batch->files].is_over = true;
    if (work->request->voice.json) {
        progress_end(&work->progress);
        report_object();
        report_field_text("command", "sync");
        report_field_text("file", file->job.name);
        flushed_report(file);
        report_object_end();
    }
    while (work->told < batch->count && work->items[work->told].is_over)
        tell(work, &batch->files[work->told++]);
}

/* Bytes that are asked for of a file, as far as its size tells. */
static off_t
bytes_asked(const struct flush_plan *plan, const char *path)
{
    struct stat status;
    off_t left;

    if (call_stat(path, &status) != 0 || !S_ISREG(status.st_mode) ||
        status.st_size <= plan->offset)
        return 0;
    left = status.st_size - plan->offset;
    return plan->has_length && plan->length < left ? plan->length : left;
}

/* Find out how much there is to do, if that is to be shown as of `name`. */
static void
begin_progress(struct work *work, const char *name)
{
    const struct request *request = work->request;
    struct progress *progress = &work->progress;
    size_t index;

    progress_begin(progress, request->progress, name, 0);
    if (progress->when == PROGRESS_NEVER)
        return;
    for (index = 0; index < request->count; index++) {
        off_t size = bytes_asked(&request->plan, request->paths[index]);

        work->items[index].size = size;
        progress->total += (uintmax_t)size;
    }
    work->batch.plan.in_slices = progress->total > FLUSH_SLICE;
}

/* As many jobs as asked for, if there are descriptors for them. */
static size_t
possible_jobs(size_t jobs)
{
    long most = sysconf(_SC_OPEN_MAX);

    if (most < 0)
        return jobs;
    most = most > DESCRIPTORS_SPARE ? most - DESCRIPTORS_SPARE : 1;
    return jobs < (size_t)most ? jobs : (size_t)most;
}

/* Flush all files, and speak of them. */
static int
flush_all(struct work *work)
{
    const struct request *request = work->request;
    struct batch *batch = &work->batch;
    char files[32];
    size_t index;
    int error;

    snprintf(files, sizeof files, "%zu files", request->count);
    begin_progress(work, request->count == 1 ? request->paths[0] : files);
    batch->apart = request->has_timeout || batch->plan.in_slices;
    voice_start(&request->voice);
    show_progress(work);
    error = batch_run(batch);
    if (error == ETIMEDOUT)
        for (index = 0; index < request->count; index++)
            if (!work->items[index].is_over)
                over(work, &batch->files[index]);
    progress_end(&work->progress);
    return error;
}

static int
make_work(const struct request *request, struct work **made)
{
    struct work *work = calloc(1, sizeof *work);

    if (!work)
        return ENOMEM;
    *made = work;
    work->items = calloc(request->count, sizeof work->items[0]);
    if (!work->items)
        return ENOMEM;
    work->request = request;
    work->batch.plan = request->plan;
    work->batch.jobs = possible_jobs(request->jobs);
    work->batch.with_directories = request->with_directories;
    work->batch.keeps_records = request->voice.verbose || request->voice.json;
    work->batch.over = over;
    work->batch.tick = show_progress;
    work->batch.context = work;
    return batch_make(&work->batch, request->paths, request->count);
}

static void
free_work(struct work *work)
{
    if (!work)
        return;
    batch_free(&work->batch);
    free(work->items);
    free(work);
}

static enum status
sync_files(const struct request *request)
{
    struct work *work = NULL;
    enum status status = STATUS_FAILED;
    int error = make_work(request, &work);

    if (!error && request->has_timeout)
        error = clock_limit(request->timeout);
    if (!error)
        error = flush_all(work);
    if (error && error != ETIMEDOUT)
        complain_error(error, "not all files were flushed");
    else
        status = work->status;
    if (error == ETIMEDOUT)
        parallel_leave(work); /* threads may still use it */
    else
        free_work(work);
    clock_unlimit();
    return status;
}

static size_t
count_words(const char *const *words)
{
    size_t count = 0;

    while (words[count])
        count++;
    return count;
}

static enum status
run(struct args *args)
{
    struct request request = { .jobs = JOBS_DEFAULT,
                               .progress = PROGRESS_AUTO };
    enum status status;

    request.paths =
        calloc(count_words(args->next) + 1, sizeof request.paths[0]);
    if (!request.paths) {
        complain_error(ENOMEM, "the command line");
        return STATUS_FAILED;
    }
    status = parse(args, &request);
    if (status == STATUS_DONE)
        status = sync_files(&request);
    free(request.paths);
    return status;
}

const struct command sync_command = {
    .name = "sync",
    .operands = (const char *const[]) { "[OPTION...] FILE...", NULL },
    .summary = "make files durable",
    .options = (const struct option *const[]) { options, progress_options,
                                                voice_options, NULL },
    .run = run,
};
