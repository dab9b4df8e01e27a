/*
 * flushed.c - says how the flush of a file ended: message, trace, JSON.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/flushed.h"

#include "cli/complain.h"
#include "cli/cure.h"
#include "cli/expect.h"
#include "cli/names.h"
#include "cli/quote.h"
#include "cli/report.h"
#include "cli/trace.h"
#include "cli/values.h"
#include "memory/clock.h"

#include <errno.h>
#include <string.h>

/* How the flush of one file ended. */
struct ending {
    struct outcome outcome;
    const char *call;                  /* the call that failed, or "" */
    const struct batch_job *directory; /* on which, if not on the file */
};

/* job  NULL: its turn never came */
static struct ending
ending_of(const struct batch_job *job)
{
    struct ending ending = { .call = "" };

    if (!job || !job->is_done ||
        (job->result.error == EINTR && clock_expired())) {
        ending.outcome.kind = OUTCOME_TIMEOUT;
    } else if (job->result.is_outside) {
        ending.outcome.kind = OUTCOME_OUTSIDE;
    } else if (job->result.error) {
        ending.outcome = outcome_of(job->result.error);
        ending.call = job->result.call;
    }
    return ending;
}

/* The first failure of a file and of the directories that name it. */
static struct ending
judge(const struct batch_file *file)
{
    struct ending ending = ending_of(&file->job);
    size_t naming;

    for (naming = 0;
         ending.outcome.kind == OUTCOME_OK && naming < file->naming_count;
         naming++) {
        ending = ending_of(file->namings[naming].job);
        ending.directory = file->namings[naming].job;
    }
    return ending;
}

bool
flushed_well(const struct batch_file *file)
{
    return judge(file).outcome.kind == OUTCOME_OK;
}

/* What it takes to flush a file at all. */
static const char *
cure_of_access(const struct flush_plan *plan, const struct ending *ending)
{
    if (ending->directory)
        return "";
    if (plan->way == FLUSH_MAPPED)
        return "msync needs a mapping of it, open for reading and writing: "
               "leave out -o, -l, -a and -i";
    return ending->outcome.error == EACCES
               ? "to flush it takes a right to read or to write it: "
                 "chmod u+r, or be its owner"
               : "";
}

/* What the user can do about it; empty where nothing is known. */
static const char *
cure(const struct flush_plan *plan, const struct ending *ending)
{
    switch (ending->outcome.error) {
    case EIO:
    case ENOSPC:
    case EDQUOT:
        return "what was written is not on the disk and may be lost: "
               "write it again, syncing again proves nothing";
    case EINVAL:
        return strcmp(ending->call, "shm_open") == 0
                   ? SHARED_SYNTAX
                   : "it is of a kind that can't be flushed";
    case ENXIO: return "a socket, or a device that is not there";
    case ENOTSUP:
        return strcmp(ending->call, "--dir") == 0
                   ? "a shared memory object has no directory"
                   : "";
    case EACCES:
    case EISDIR:
    case ENODEV:
    case EPERM:
    case EROFS:
    case ETXTBSY: return cure_of_access(plan, ending);
    default: return "";
    }
}

enum status
flushed_complain(const struct batch_file *file)
{
    struct ending ending = judge(file);
    const struct flush_plan *plan = file->job.plan;
    const char *name = quote_empty(file->job.name);
    const char *on = ending.directory ? ending.directory->name : "";
    const char *directory = ending.directory ? ": directory " : "";
    int error = ending.outcome.error;

    if (ending.outcome.kind == OUTCOME_TIMEOUT)
        complain("%s: timeout: not flushed when the time of -t was over", name);
    else if (ending.outcome.kind == OUTCOME_OUTSIDE)
        complain("%s: outside the file: the range begins at %jd, the file "
                 "has %s",
                 name, (intmax_t)plan->offset,
                 bytes_format(file->job.result.size).text);
    else if (error)
        complain_why(error, cure(plan, &ending), "%s%s%s: %s", name, directory,
                     on, ending.call);
    return outcome_status(&ending.outcome);
}

static void
trace_job(const struct batch_job *job)
{
    size_t index;

    if (!job->is_done)
        return;
    for (index = 0; index < job->record.count; index++)
        trace_call(&job->record.calls[index].call);
    complain_plainly("%s: took %.3f ms", job->name, job->record.seconds * 1000);
}

void
flushed_trace(const struct batch_file *file)
{
    size_t naming;

    trace_job(&file->job);
    for (naming = 0; naming < file->naming_count; naming++)
        if (file->namings[naming].is_first)
            trace_job(file->namings[naming].job);
}

static void
report_errno(int error)
{
    report_field_text("errno", error ? errno_name(error).text : NULL);
}

/* "seconds" and "calls" of a file or directory. */
static void
report_record(const struct batch_job *job)
{
    size_t count = job->is_done ? job->record.count : 0;
    size_t index;

    if (job->is_done)
        report_field_real("seconds", job->record.seconds);
    else
        report_field_null("seconds");
    report_array("calls");
    for (index = 0; index < count; index++) {
        const struct recorded *recorded = &job->record.calls[index];

        report_element();
        report_field_text("call", recorded->call.name);
        report_errno(recorded->call.error);
        report_field_real("seconds", recorded->seconds);
        report_element_end();
    }
    report_array_end();
}

void
flushed_report(const struct batch_file *file)
{
    struct ending ending = judge(file);
    char word[OUTCOME_WORD];
    size_t naming;

    report_field_text("outcome", outcome_word(word, &ending.outcome));
    report_errno(ending.outcome.error);
    report_field_text("call", *ending.call ? ending.call : NULL);
    report_record(&file->job);
    report_array("directories");
    for (naming = 0; naming < file->naming_count; naming++) {
        const struct batch_job *job = file->namings[naming].job;
        struct ending end = ending_of(job);

        report_element();
        report_field_text("directory", file->namings[naming].directory);
        report_field_text("outcome", outcome_word(word, &end.outcome));
        if (job && job->is_done)
            report_field_real("seconds", job->record.seconds);
        else
            report_field_null("seconds");
        report_element_end();
    }
    report_array_end();
}
