/*
 * waiting.c - steps that wait, looked at from time to time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/waiting.h"

#include "memory/cell.h"
#include "memory/clock.h"

#include <signal.h>
#include <stddef.h>
#include <time.h>

/* Sleeps of a wait in seconds: what fits 1 ms at first, and 10 ms later. */
#define NAP_SHORTEST 0.00002
#define NAP_FIRST_SECOND 0.0009
#define NAP_LATER 0.0096

static sigset_t
wake_signals(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

void
waiting_prepare(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigprocmask(SIG_BLOCK, &signals, NULL);
}

/* While a pause lasts, its signals wait for it to take them. */
static void
hold_signals(void)
{
    sigset_t signals = wake_signals();

    sigprocmask(SIG_BLOCK, &signals, NULL);
}

static void
release_signals(void)
{
    sigset_t signals = wake_signals();

    sigdelset(&signals, SIGUSR1); /* kept for the next pause */
    sigprocmask(SIG_UNBLOCK, &signals, NULL);
}

struct waiting
waiting_begin(const struct step *step)
{
    if (step->verb->waits == WAITS_FOR_SIGNAL)
        hold_signals();
    return (struct waiting) { .step = step, .began = clock_now() };
}

static bool
signal_came(void)
{
    const struct timespec at_once = { .tv_sec = 0 };
    sigset_t signals = wake_signals();

    return sigtimedwait(&signals, NULL, &at_once) > 0;
}

/* Look at what is waited for; false: it isn't there yet. */
static bool
look(struct waiting *waiting, struct stage *stage, struct outcome *outcome)
{
    const struct step *step = waiting->step;
    bool reached = false;

    *outcome = OUTCOME_NONE;
    switch (step->verb->waits) {
    case WAITS_FOR_TIME: return clock_now() - waiting->began >= step->seconds;
    case WAITS_FOR_CELL:
        *outcome = cell_look(stage, step, &reached);
        return reached || outcome->kind != OUTCOME_OK;
    default: return signal_came();
    }
}

bool
waiting_look(struct waiting *waiting, struct stage *stage,
             struct outcome *outcome)
{
    bool over = look(waiting, stage, outcome);

    if (!over && stage->has_timeout &&
        clock_now() - waiting->began >= stage->timeout) {
        outcome->kind = OUTCOME_TIMEOUT;
        outcome->seconds = stage->timeout;
        over = true;
    }
    if (over && waiting->step->verb->waits == WAITS_FOR_SIGNAL)
        release_signals();
    return over;
}

/* A wait is answered soon while it is young, and costs little when old. */
static double
nap_of_wait(double age)
{
    double nap = age / 16;

    if (age >= 1)
        return NAP_LATER;
    if (nap < NAP_SHORTEST)
        return NAP_SHORTEST;
    return nap < NAP_FIRST_SECOND ? nap : NAP_FIRST_SECOND;
}

double
waiting_pause(const struct waiting *waiting, const struct stage *stage)
{
    double age = clock_now() - waiting->began;
    double nap = NAP_LATER, left;

    if (waiting->step->verb->waits == WAITS_FOR_CELL)
        nap = nap_of_wait(age);
    else if (waiting->step->verb->waits == WAITS_FOR_TIME)
        nap = waiting->step->seconds - age;
    if (stage->has_timeout) {
        left = stage->timeout - age;
        nap = left < nap ? left : nap;
    }
    return nap > 0 ? nap : 0;
}

/* Nothing else is to be done, so a pause can sleep until its signal. */
static void
sleep_until_signal(double seconds)
{
    struct timespec time = clock_timespec(seconds);
    sigset_t signals = wake_signals();
    int number = sigtimedwait(&signals, NULL, &time);

    if (number > 0)
        raise(number); /* pending again, for the look to find */
}

struct outcome
waiting_finish(struct waiting *waiting, struct stage *stage)
{
    struct outcome outcome;

    while (!waiting_look(waiting, stage, &outcome)) {
        if (waiting->step->verb->waits == WAITS_FOR_SIGNAL)
            sleep_until_signal(
                stage->has_timeout ? waiting_pause(waiting, stage) : 3600.0);
        else
            clock_nap(waiting_pause(waiting, stage));
    }
    return outcome;
}

struct outcome
waiting_run(struct stage *stage, const struct step *step)
{
    struct waiting waiting = waiting_begin(step);

    return waiting_finish(&waiting, stage);
}
