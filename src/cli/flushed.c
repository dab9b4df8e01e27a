/*
 * flushed.c - says how the flush of a file ended: message, trace, JSON.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/flushed.h"

#include "cli/complain.h"
#include "cli/names.h"
#include "cli/report.h"
#include "cli/trace.h"
#include "cli/values.h"
#include "memory/clock.h"

#include <errno.h>
#include <string.h>

/* How the flush of one file ended. */
struct outcome {
    const char *word;                  /* that `expect` would take */
    int error;                         /* errno value, if a call failed */
    const char *call;                  /* the call that failed, or "" */
    const struct batch_job *directory; /* on which, if not on the file */
};

/* An outcome that no call is to blame for. */
static struct outcome
outcome_named(const char *word)
{
    return (struct outcome) { .word = word, .call = "" };
}

static struct outcome
outcome_of(const struct batch_job *job)
{
    if (!job->is_done || (job->result.error == EINTR && clock_expired()))
        return outcome_named("timeout");
    if (job->result.is_outside)
        return outcome_named("outside");
    if (job->result.error)
        return (struct outcome) { .word = errno_name(job->result.error),
                                  .error = job->result.error,
                                  .call = job->result.call };
    return outcome_named("ok");
}

static bool
is_ok(const struct outcome *outcome)
{
    return strcmp(outcome->word, "ok") == 0;
}

/* The first failure of a file and of the directories that name it. */
static struct outcome
judge(const struct batch_file *file)
{
    struct outcome outcome = outcome_of(&file->job);
    size_t naming;

    for (naming = 0; is_ok(&outcome) && naming < file->naming_count; naming++) {
        const struct batch_job *job = file->namings[naming].job;

        outcome = job ? outcome_of(job) : outcome_named("timeout");
        outcome.directory = job;
    }
    return outcome;
}

bool
flushed_well(const struct batch_file *file)
{
    struct outcome outcome = judge(file);

    return is_ok(&outcome);
}

/* What the user can do about it; empty where nothing is known. */
static const char *
cure(const struct flush_plan *plan, const struct outcome *outcome)
{
    switch (outcome->error) {
    case EIO:
    case ENOSPC:
    case EDQUOT:
        return "what was written is not on the disk and may be lost: "
               "write it again, syncing again proves nothing";
    case EINVAL:
        return strcmp(outcome->call, "open") == 0
                   ? ""
                   : "it is of a kind that can't be flushed";
    case ENXIO: return "a socket, or a device that is not there";
    case ENOTSUP:
        return strcmp(outcome->call, "--dir") == 0
                   ? "a shared memory object has no directory"
                   : "";
    case EACCES:
    case EISDIR:
    case ENODEV:
    case EPERM:
    case EROFS:
    case ETXTBSY:
        return plan->way == FLUSH_MAPPED && !outcome->directory
                   ? "msync needs a mapping of it, open for reading and "
                     "writing: leave out -o, -l, -a and -i"
                   : "";
    default: return "";
    }
}

enum status
flushed_complain(const struct batch_file *file)
{
    struct outcome outcome = judge(file);
    const struct flush_plan *plan = file->job.plan;
    const char *name = file->job.name;
    const char *on = outcome.directory ? outcome.directory->name : "";
    const char *directory = outcome.directory ? ": directory " : "";

    if (is_ok(&outcome))
        return STATUS_DONE;
    if (strcmp(outcome.word, "timeout") == 0) {
        complain("%s: timeout: not flushed when the time of -t was over", name);
        return STATUS_TIMEOUT;
    }
    if (strcmp(outcome.word, "outside") == 0)
        complain("%s: outside the file: the range begins at %jd, the file "
                 "has %s",
                 name, (intmax_t)plan->offset,
                 bytes_format(file->job.result.size));
    else if (strcmp(outcome.call, "open") == 0)
        complain_why(outcome.error, cure(plan, &outcome), "%s%s%s", name,
                     directory, on);
    else
        complain_why(outcome.error, cure(plan, &outcome), "%s%s%s: %s", name,
                     directory, on, outcome.call);
    return STATUS_FAILED;
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
    report_field_text("errno", error ? errno_name(error) : NULL);
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
    struct outcome outcome = judge(file);
    size_t naming;

    report_field_text("outcome", outcome.word);
    report_errno(outcome.error);
    report_field_text("call", *outcome.call ? outcome.call : NULL);
    report_record(&file->job);
    report_array("directories");
    for (naming = 0; naming < file->naming_count; naming++) {
        const struct batch_job *job = file->namings[naming].job;

        report_element();
        report_field_text("directory", file->namings[naming].directory);
        report_field_text("outcome", job ? outcome_of(job).word : "timeout");
        if (job && job->is_done)
            report_field_real("seconds", job->record.seconds);
        else
            report_field_null("seconds");
        report_element_end();
    }
    report_array_end();
}
