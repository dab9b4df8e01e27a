/*
 * parallel.c - do many things that mostly wait, at once.
 *
 * Threads, not processes: a flush waits inside the kernel and touches nothing
 * that others share, and a thread is made in a tenth of the time. Each takes
 * the next item when it is done with one; the caller's thread alone is told,
 * so that nothing else needs a lock.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/parallel.h"

#include "memory/clock.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* Seconds between two ticks. */
#define TICK_SECONDS 0.1

struct crowd {
    struct parallel task;
    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t news;  /* an item was finished */
    size_t next;          /* item to begin */
    size_t finished;      /* items in `order` */
    bool abandoned;       /* begin nothing more */
    void *left;           /* memory that the threads use */
    size_t order[];       /* the items, as they were finished */
};

/*
 * What threads may go on using after a limit, until the process ends. They
 * can't be told to stop, so nobody else may free it; here it isn't lost.
 */
static struct crowd *left_behind;

/* Take the next item; false when there is none. The lock is held. */
static bool
take(struct crowd *crowd, size_t *item)
{
    if (crowd->abandoned || crowd->next == crowd->task.count || clock_expired())
        return false;
    *item = crowd->next++;
    return true;
}

static void *
work_along(void *argument)
{
    struct crowd *crowd = argument;
    size_t item;

    pthread_mutex_lock(&crowd->lock);
    while (take(crowd, &item)) {
        pthread_mutex_unlock(&crowd->lock);
        crowd->task.work(crowd->task.context, item);
        pthread_mutex_lock(&crowd->lock);
        crowd->order[crowd->finished++] = item;
        pthread_cond_signal(&crowd->news);
    }
    pthread_mutex_unlock(&crowd->lock);
    return NULL;
}

static int
make_crowd(const struct parallel *task, struct crowd **made)
{
    struct crowd *crowd;
    pthread_condattr_t attributes;

    crowd = calloc(1, sizeof *crowd + task->count * sizeof crowd->order[0]);
    if (!crowd)
        return ENOMEM;
    crowd->task = *task;
    pthread_mutex_init(&crowd->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&crowd->news, &attributes);
    pthread_condattr_destroy(&attributes);
    *made = crowd;
    return 0;
}

static void
free_crowd(struct crowd *crowd)
{
    pthread_cond_destroy(&crowd->news);
    pthread_mutex_destroy(&crowd->lock);
    free(crowd);
}

/* Wait for news, the next tick or the end of the limit. The lock is held. */
static void
wait_for_news(struct crowd *crowd, double until)
{
    double left = clock_left(), nap = until - clock_now();
    struct timespec time;

    nap = left < nap ? left : nap;
    time = clock_after(CLOCK_MONOTONIC, nap > 0 ? nap : 0);
    pthread_cond_timedwait(&crowd->news, &crowd->lock, &time);
}

/* Call the task's tick if it is time for it; the time of the next. */
static double
tick(const struct parallel *task, double due)
{
    double now = clock_now();

    if (now < due)
        return due;
    task->tick(task->context);
    return now + TICK_SECONDS;
}

/* Tell of every item as it is finished, until all are or the limit is over. */
static int
tell_all(struct crowd *crowd)
{
    const struct parallel *task = &crowd->task;
    double due = clock_now() + TICK_SECONDS;
    size_t told = 0;

    pthread_mutex_lock(&crowd->lock);
    while (told < task->count) {
        bool is_news = told < crowd->finished;
        size_t item = is_news ? crowd->order[told++] : 0;

        if (!is_news && clock_expired()) {
            crowd->abandoned = true;
            break;
        }
        if (!is_news)
            wait_for_news(crowd, due);
        pthread_mutex_unlock(&crowd->lock);
        if (is_news)
            task->done(task->context, item);
        due = tick(task, due);
        pthread_mutex_lock(&crowd->lock);
    }
    pthread_mutex_unlock(&crowd->lock);
    return told == task->count ? 0 : ETIMEDOUT;
}

/* Start the threads; returns how many there are. */
static size_t
start(struct crowd *crowd, pthread_t *threads, size_t wanted)
{
    size_t started;

    for (started = 0; started < wanted; started++)
        if (pthread_create(&threads[started], NULL, work_along, crowd) != 0)
            break;
    return started;
}

static int
run_apart(const struct parallel *task)
{
    size_t wanted = task->jobs < task->count ? task->jobs : task->count;
    pthread_t *threads = calloc(wanted, sizeof threads[0]);
    struct crowd *crowd = NULL;
    size_t started, index;
    int error = threads ? make_crowd(task, &crowd) : ENOMEM;

    if (error) {
        free(threads);
        return error;
    }
    started = start(crowd, threads, wanted);
    if (started == 0)
        work_along(crowd);
    error = tell_all(crowd);
    for (index = 0; index < started; index++) {
        if (error)
            pthread_detach(threads[index]);
        else
            pthread_join(threads[index], NULL);
    }
    free(threads);
    if (error)
        left_behind = crowd;
    else
        free_crowd(crowd);
    return error;
}

void
parallel_leave(void *memory)
{
    if (left_behind)
        left_behind->left = memory;
}

int
parallel_run(const struct parallel *task)
{
    size_t item;

    if (task->count == 0)
        return 0;
    if (task->apart || (task->count > 1 && task->jobs > 1))
        return run_apart(task);
    for (item = 0; item < task->count; item++) {
        task->work(task->context, item);
        task->done(task->context, item);
    }
    return 0;
}
