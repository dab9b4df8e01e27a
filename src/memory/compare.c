/*
 * compare.c - measures the ways by which two processes communicate.
 *
 * Each block begins with a number, which the other process expects, and says
 * whether it is to be answered with the same block. So one server does for
 * both measures: for round trips every block asks for an answer, for
 * throughput the last one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/compare.h"

#include "memory/clock.h"
#include "memory/witness.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Round trips are counted up to a number or for a time, after a warm-up. */
enum { TRIPS_WARM = 200, TRIPS_MOST = 50000 };
#define TRIPS_SECONDS 0.05

/* A run is so long that its start and its answer don't count. */
enum { RUNS = 9 };
#define RUN_SECONDS 0.008

/*
 * Two processes that spin on one processor hand it over when the time slice
 * ends, which is some milliseconds, or another one has a moment to run; on two
 * a trip takes a microsecond. One may be fast by luck; some in a row are not.
 */
enum { TRIALS = 16, IN_A_ROW = 3 };
#define FAST_SECONDS 50e-6

struct run {
    struct medium medium;
    double until; /* when to give up, on CLOCK_MONOTONIC */
    pid_t second;
    uint32_t number; /* of the next block */
    unsigned char block[COMPARE_LARGEST];
};

static uint32_t
stamp_of(uint32_t number, bool is_answered)
{
    return number << 1 | is_answered;
}

/* The second process: take blocks, answer those that ask for it. */
static int
serve(struct run *run)
{
    uint32_t number, stamp;
    int error;

    for (number = 0;; number++) {
        if ((error = medium_take(&run->medium, run->block)))
            return error;
        memcpy(&stamp, run->block, sizeof stamp);
        if (stamp >> 1 != (number & UINT32_MAX >> 1))
            return EPROTO;
        if (!(stamp & 1))
            continue;
        if ((error = medium_give(&run->medium, run->block)))
            return error;
    }
}

/* Pass a block on, and await the answer if it is to have one. */
static int
pass(struct run *run, bool is_answered)
{
    uint32_t stamp = stamp_of(run->number++, is_answered), answer;
    int error;

    memcpy(run->block, &stamp, sizeof stamp);
    if ((error = medium_give(&run->medium, run->block)) || !is_answered)
        return error;
    if ((error = medium_take(&run->medium, run->block)))
        return error;
    memcpy(&answer, run->block, sizeof answer);
    return answer == stamp ? 0 : EPROTO;
}

static int
compare_doubles(const void *one, const void *other)
{
    double left = *(const double *)one, right = *(const double *)other;

    return (left > right) - (left < right);
}

/* Sort `count` values; the one that `percent` of them do not exceed. */
static double
percentile(double *values, size_t count, size_t percent)
{
    qsort(values, count, sizeof *values, compare_doubles);
    return values[(count * percent + 99) / 100 - 1];
}

/*
 * Spin on trial.
 *
 * together  set when the two processes run at the same time
 */
static int
try_spinning(struct run *run, bool *together)
{
    int trial, row = 0, error;

    for (trial = 0; trial < TRIALS && row < IN_A_ROW; trial++) {
        double began = clock_now();

        if ((error = pass(run, true)))
            return error;
        row = clock_now() - began < FAST_SECONDS ? row + 1 : 0;
    }
    *together = row == IN_A_ROW;
    return 0;
}

static int
measure_trips(struct run *run, double *trips, struct figures *figures)
{
    double began = clock_now(), before, now;
    size_t count;
    int error;

    for (count = 0; count < TRIPS_WARM && clock_now() - began < TRIPS_SECONDS;
         count++)
        if ((error = pass(run, true)))
            return error;
    began = before = clock_now();
    for (count = 0; count < TRIPS_MOST && before - began < TRIPS_SECONDS;
         count++) {
        if ((error = pass(run, true)))
            return error;
        now = clock_now();
        trips[count] = now - before;
        before = now;
    }
    if (before >= run->until)
        return ETIMEDOUT;
    figures->round_trip = percentile(trips, count, 50);
    figures->round_trip_99 = percentile(trips, count, 99);
    return 0;
}

/* Pass `count` blocks on until the last one has arrived. */
static int
pass_blocks(struct run *run, uint32_t count, double *seconds)
{
    uint32_t most = medium_outstanding(run->medium.kind);
    double began = clock_now(), now;
    uint32_t index;
    int error;

    for (index = 1; index <= count; index++)
        if ((error = pass(run, index == count || index % most == 0)))
            return error;
    now = clock_now();
    *seconds = now - began;
    return now < run->until ? 0 : ETIMEDOUT;
}

static int
measure_throughput(struct run *run, struct figures *figures)
{
    double rates[RUNS], seconds = 0;
    uint32_t count;
    int index, error;

    for (count = 16; seconds < RUN_SECONDS; count *= 2)
        if ((error = pass_blocks(run, count, &seconds)))
            return error;
    count /= 2; /* the number that took so long */
    for (index = 0; index < RUNS; index++) {
        if ((error = pass_blocks(run, count, &seconds)))
            return error;
        rates[index] = (double)count * (double)run->medium.block / seconds;
    }
    figures->throughput = percentile(rates, RUNS, 50);
    return 0;
}

static int
measure(struct run *run, struct figures *figures)
{
    double *trips;
    bool together = true;
    int error = 0;

    if (run->medium.kind == MEDIUM_SPINNING)
        error = try_spinning(run, &together);
    if (error)
        return error;
    if (!together) {
        figures->hindrance = HINDRANCE_PROCESSOR;
        return 0;
    }
    trips = malloc(TRIPS_MOST * sizeof *trips);
    if (!trips)
        return ENOMEM;
    if (!(error = measure_trips(run, trips, figures)))
        error = measure_throughput(run, figures);
    free(trips);
    return error;
}

/*
 * Fork the second process; it comes back from here only as an exit status. An
 * interruption every 10 ms lets both see in time when the other is gone.
 */
static int
start_second(struct run *run)
{
    pid_t first = getpid();
    int error;

    run->second = fork();
    if (run->second < 0)
        return errno;
    if (run->second == 0) {
        witness_set(NULL); /* the trace is of what the user's process does */
        medium_split(&run->medium, true, first, CLOCK_FOR_EVER);
        if (!(error = clock_limit(0)))
            error = serve(run);
        _exit(error);
    }
    medium_split(&run->medium, false, run->second, run->until);
    return clock_limit(0);
}

/* End the second process, and say what it died of if it had done so before. */
static void
end_second(struct run *run, int error, struct figures *figures)
{
    int status = 0;

    clock_unlimit();
    if (run->second < 0)
        return;
    if (error != EPIPE && error != ECONNRESET) /* else it is about to end */
        kill(run->second, SIGKILL);
    while (waitpid(run->second, &status, 0) < 0 && errno == EINTR)
        continue;
    if (error != EPIPE && error != ECONNRESET)
        return;
    if (WIFSIGNALED(status)) {
        figures->hindrance = HINDRANCE_DIED;
        figures->number = WTERMSIG(status);
    } else {
        figures->number = WEXITSTATUS(status);
    }
}

/* A broken pipe is an error to report here, not the end of this process. */
static void
measure_forked(struct run *run, struct figures *figures)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
    int error;

    sigemptyset(&ignore.sa_mask);
    sigaction(SIGPIPE, &ignore, &before);
    if (!(error = start_second(run)))
        error = measure(run, figures);
    if (error) {
        figures->hindrance =
            error == ETIMEDOUT ? HINDRANCE_LATE : HINDRANCE_FAILED;
        figures->number = error;
    }
    end_second(run, error, figures);
    sigaction(SIGPIPE, &before, NULL);
}

struct figures
compare_measure(enum medium_kind kind, size_t block, double until)
{
    struct figures figures = { .hindrance = HINDRANCE_NONE };
    struct run run = { .until = until };
    int error;

    if (block > medium_largest(kind)) {
        figures.hindrance = HINDRANCE_SIZE;
        return figures;
    }
    if (kind == MEDIUM_SPINNING && sysconf(_SC_NPROCESSORS_ONLN) == 1) {
        figures.hindrance = HINDRANCE_PROCESSOR;
        return figures;
    }
    if (clock_now() >= until) {
        figures.hindrance = HINDRANCE_LATE;
        return figures;
    }
    if ((error = medium_open(&run.medium, kind, block))) {
        figures.hindrance = HINDRANCE_LACKING;
        figures.number = error;
        return figures;
    }
    measure_forked(&run, &figures);
    medium_close(&run.medium);
    return figures;
}
