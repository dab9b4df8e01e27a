/*
 * clock.c - the time, and a limit that ends a blocking call.
 *
 * A limit belongs to the process, as its timer and the signal do; so what it
 * needs stands in file-local variables.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/clock.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/* How long a limit may be for a timer: 30 years, far from any time_t's end. */
#define LONGEST_TIMER 946080000.0

static timer_t timer;
static pid_t timer_owner; /* a timer does not pass to a fork's child */
static double limit_end;  /* on CLOCK_MONOTONIC; 0: no limit */
static pid_t watched;     /* the parent; 0: not watched */

/* How often a watched parent is looked at, in seconds. */
#define WATCH_INTERVAL 0.05

double
clock_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct timespec
clock_timespec(double seconds)
{
    struct timespec time = { .tv_sec = (time_t)seconds };

    time.tv_nsec = (long)((seconds - (double)time.tv_sec) * 1e9);
    if (time.tv_nsec > 999999999)
        time.tv_nsec = 999999999;
    return time;
}

struct timespec
clock_after(clockid_t clock, double seconds)
{
    struct timespec time, more = clock_timespec(seconds);

    clock_gettime(clock, &time);
    time.tv_sec += more.tv_sec;
    time.tv_nsec += more.tv_nsec;
    if (time.tv_nsec >= 1000000000) {
        time.tv_nsec -= 1000000000;
        time.tv_sec++;
    }
    return time;
}

void
clock_nap(double seconds)
{
    struct timespec time;

    if (seconds <= 0)
        return;
    time = clock_timespec(seconds < LONGEST_TIMER ? seconds : LONGEST_TIMER);
    nanosleep(&time, NULL);
}

/* To be caught is what the signal is for: it interrupts. */
static void
interrupt(int number)
{
    (void)number;
    if (watched && getppid() != watched)
        raise(SIGHUP); /* as when the parent is ended: see child.c */
}

void
clock_watch(pid_t parent)
{
    watched = parent;
    limit_end = 0;
}

static int
make_timer(void)
{
    struct sigaction action = { .sa_handler = interrupt };
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
                              .sigev_signo = SIGALRM };
    sigset_t alarm;

    if (timer_owner == getpid())
        return 0;
    sigemptyset(&action.sa_mask);
    sigaction(SIGALRM, &action, NULL);
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    sigprocmask(SIG_UNBLOCK, &alarm, NULL);
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
        return errno;
    timer_owner = getpid();
    return 0;
}

int
clock_limit(double seconds)
{
    struct itimerspec times = { .it_interval = { .tv_nsec = 10000000 } };
    double first = seconds < LONGEST_TIMER ? seconds : LONGEST_TIMER;
    int error;

    if (seconds >= CLOCK_FOR_EVER && !watched)
        return 0;
    if ((error = make_timer()))
        return error;
    limit_end = clock_now() + seconds;
    if (watched && first > WATCH_INTERVAL) {
        first = WATCH_INTERVAL;
        times.it_interval = clock_timespec(WATCH_INTERVAL);
    }
    times.it_value = clock_timespec(first);
    if (times.it_value.tv_sec == 0 && times.it_value.tv_nsec == 0)
        times.it_value.tv_nsec = 1; /* 0 would disarm it */
    return timer_settime(timer, 0, &times, NULL) == 0 ? 0 : errno;
}

void
clock_unlimit(void)
{
    struct itimerspec never = { .it_value = { .tv_sec = 0 } };

    if (limit_end > 0 && timer_owner == getpid())
        timer_settime(timer, 0, &never, NULL);
    limit_end = 0;
}

bool
clock_expired(void)
{
    return limit_end > 0 && clock_now() >= limit_end;
}

double
clock_left(void)
{
    return limit_end > 0 ? limit_end - clock_now() : CLOCK_FOR_EVER;
}
