/*
 * crew.c - roles: processes that take turns on one window.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/crew.h"

#include "memory/child.h"
#include "memory/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How much longer than its time limit a child may take to say so. */
#define GRACE 1.0

static const struct role *
end_of_roles(const struct crew *crew)
{
    return crew->roles + crew->count;
}

static struct role *
find_role(struct crew *crew, const char *name)
{
    struct role *role;

    if (!name)
        name = "parent";
    for (role = crew->roles; role < end_of_roles(crew); role++)
        if (strcmp(role->name, name) == 0)
            return role;
    if (crew->count == ROLES)
        return NULL;
    crew->count++;
    *role =
        (struct role) { .is_child = strcmp(name, "parent") != 0, .socket = -1 };
    strncpy(role->name, name, ROLE_LENGTH);
    return role;
}

/* What the child of a role must not keep open: the ends of other roles. */
static void
close_others(const struct crew *crew)
{
    const struct role *role;

    for (role = crew->roles; role < end_of_roles(crew); role++)
        if (role->socket >= 0)
            close(role->socket);
}

static int
make_process(struct crew *crew, struct role *role)
{
    int ends[2], error;
    pid_t child;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        return errno;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    crew->scene.stage->sink->flush(crew->scene.stage->sink);
    if ((error = child_fork(&child))) {
        close(ends[0]);
        close(ends[1]);
        return error;
    }
    if (child == 0) {
        close(ends[0]);
        close_others(crew);
        player_play(&crew->scene, role->name, ends[1]);
    }
    close(ends[1]);
    role->process = child;
    role->socket = ends[0];
    return 0;
}

static void
settle(struct role *role, struct outcome outcome, bool ended)
{
    role->outcome = outcome;
    role->has_outcome = true;
    role->ended = ended;
}

/* Hang up, if the child has not, and find out how it ended. */
static struct outcome
bury(struct role *role)
{
    struct outcome outcome;

    shutdown(role->socket, SHUT_RDWR);
    close(role->socket);
    role->socket = -1;
    outcome = child_wait(role->process);
    role->process = 0;
    role->dead = true;
    if (outcome.kind == OUTCOME_KILLED)
        outcome.kind = OUTCOME_DIED;
    else if (outcome.kind == OUTCOME_OK)
        outcome.kind = OUTCOME_EXIT;
    return outcome;
}

/*
 * A child that says nothing long after its limit, or takes nothing, is stopped
 * or hangs.
 */
static void
end_overdue(const struct crew *crew, struct role *role)
{
    double limit = crew->scene.stage->timeout;

    if (!crew->scene.stage->has_timeout ||
        clock_now() < role->began + limit + GRACE)
        return;
    kill(role->process, SIGKILL);
    bury(role);
    settle(role, (struct outcome) { .kind = OUTCOME_TIMEOUT, .seconds = limit },
           false);
}

/* Send the step to the child; ETIMEDOUT when it is overdue by then. */
static int
send_step(const struct crew *crew, const struct role *role)
{
    const struct stage *stage = crew->scene.stage;
    int error = 0;

    if (stage->has_timeout)
        error = clock_limit(stage->timeout + GRACE);
    if (!error)
        error = player_send(role->socket, role->step);
    clock_unlimit();
    return error;
}

static void
start_in_child(struct crew *crew, struct role *role)
{
    struct outcome outcome;
    int error = 0;

    if (role->dead) {
        settle(role, outcome_because(ESRCH, REASON_DEAD_ROLE), false);
        return;
    }
    if (!role->process)
        error = make_process(crew, role);
    if (error) {
        settle(role, outcome_of(error), false);
        return;
    }
    error = send_step(crew, role);
    if (error == ETIMEDOUT) {
        end_overdue(crew, role);
    } else if (error) {
        outcome = bury(role);
        settle(role, error == EPIPE ? outcome : outcome_of(error), false);
    }
}

/* Begin the first step of the role's queue. */
static void
start(struct crew *crew, struct role *role)
{
    struct step *step = role->queue;
    struct outcome outcome;

    role->queue = step->next;
    step->next = NULL;
    role->step = step;
    role->began = clock_now();
    if (role->is_child) {
        start_in_child(crew, role);
    } else if (step->verb->waits != WAITS_NOT) {
        crew->scene.begin(crew->scene.context, step);
        crew->scene.stage->sink->flush(crew->scene.stage->sink);
        role->waiting = waiting_begin(step);
    } else {
        outcome = player_perform(&crew->scene, step);
        crew->scene.end(crew->scene.context, step, &outcome);
        settle(role, outcome, true);
    }
}

/* The step that mmt itself waited in is over. */
static void
end_own(struct crew *crew, struct role *own, struct outcome outcome)
{
    own->waiting = WAITING_NONE;
    crew->scene.end(crew->scene.context, own->step, &outcome);
    settle(own, outcome, true);
}

/* Look at the step that mmt itself waits in; true: it is over. */
static bool
look_at_own(struct crew *crew, struct role *own)
{
    struct outcome outcome;

    if (!waiting_look(&own->waiting, crew->scene.stage, &outcome))
        return false;
    end_own(crew, own, outcome);
    return true;
}

static void
hear_from_child(struct role *role)
{
    struct outcome outcome;

    if (player_hear(role->socket, &outcome) == 0)
        settle(role, outcome, true);
    else
        settle(role, bury(role), false);
}

/* mmt itself, when it is in a step that waits. */
static const struct role *
find_waiting(const struct crew *crew)
{
    const struct role *role;

    for (role = crew->roles; role < end_of_roles(crew); role++)
        if (role->waiting.step)
            return role;
    return NULL;
}

/* Seconds after which somebody has to be looked at again; -1: never. */
static double
patience_of(const struct crew *crew)
{
    const struct role *own = find_waiting(crew);

    if (own)
        return waiting_pause(&own->waiting, crew->scene.stage);
    return crew->scene.stage->has_timeout ? 0.05 : -1;
}

/* poll(2), for seconds: what is finer than its milliseconds is slept before. */
static int
poll_for(struct pollfd *watched, nfds_t count, double seconds)
{
    if (seconds < 0)
        return poll(watched, count, -1);
    if (seconds < 0.001) {
        clock_nap(seconds);
        seconds = 0;
    }
    return poll(watched, count, seconds < 1 ? (int)(seconds * 1000) : 1000);
}

/* Look at all who are in a step; sleep at most `patience` seconds. */
static void
look_around(struct crew *crew, double patience)
{
    struct pollfd sockets[ROLES];
    struct role *polled[ROLES], *role, *own = NULL;
    nfds_t count = 0, index;

    for (role = crew->roles; role < end_of_roles(crew); role++) {
        if (role->waiting.step)
            own = role;
        if (!role->is_child || !role->step || role->has_outcome)
            continue;
        polled[count] = role;
        sockets[count] =
            (struct pollfd) { .fd = role->socket, .events = POLLIN };
        count++;
    }
    if (own && !count && patience > 0) {
        end_own(crew, own, waiting_finish(&own->waiting, crew->scene.stage));
        return;
    }
    if (own && look_at_own(crew, own))
        patience = 0;
    if (!count || poll_for(sockets, count, patience) < 0)
        return; /* EINTR: looked at again soon */
    for (index = 0; index < count; index++) {
        if (sockets[index].revents)
            hear_from_child(polled[index]);
        else
            end_overdue(crew, polled[index]);
    }
}

bool
crew_sleep(const struct crew *crew, int descriptor)
{
    struct pollfd watched[ROLES + 1] = { { .fd = descriptor,
                                           .events = POLLIN } };
    const struct role *role;
    nfds_t count = 1;

    for (role = crew->roles; role < end_of_roles(crew); role++)
        if (role->is_child && role->step)
            watched[count++] =
                (struct pollfd) { .fd = role->socket, .events = POLLIN };
    return poll_for(watched, count, patience_of(crew)) > 0 &&
           watched[0].revents;
}

static struct role *
find_finished(struct crew *crew)
{
    struct role *role;

    for (role = crew->roles; role < end_of_roles(crew); role++)
        if (role->has_outcome)
            return role;
    return NULL;
}

/* True while a role is in a step that holds up the others. */
static bool
is_held_up(const struct crew *crew)
{
    const struct role *role;

    for (role = crew->roles; role < end_of_roles(crew); role++)
        if (role->step && role->step->verb->waits == WAITS_NOT)
            return true;
    return false;
}

bool
crew_is_busy(const struct crew *crew)
{
    const struct role *role;

    for (role = crew->roles; role < end_of_roles(crew); role++)
        if (role->step || role->queue)
            return true;
    return false;
}

/* Begin what can begin: one step at a time, but for those that wait. */
static void
start_next(struct crew *crew)
{
    struct role *role;

    for (role = crew->roles; role < end_of_roles(crew); role++)
        if (!role->step && role->queue && !is_held_up(crew))
            start(crew, role);
}

static struct finish
take(struct role *role)
{
    struct finish finish = { .role = role->name,
                             .step = role->step,
                             .outcome = role->outcome,
                             .is_unsaid = !role->ended };

    role->step = NULL;
    role->has_outcome = false;
    return finish;
}

bool
crew_finish(struct crew *crew, enum until until, struct finish *finish)
{
    struct role *role;
    bool looked = false;

    while (!(role = find_finished(crew))) {
        start_next(crew);
        if (find_finished(crew))
            continue;
        if (!crew_is_busy(crew))
            return false;
        if (until == UNTIL_FREE && !is_held_up(crew)) {
            if (looked)
                return false;
            look_around(crew, 0);
        } else {
            look_around(crew, patience_of(crew));
        }
        looked = true;
    }
    *finish = take(role);
    return true;
}

int
crew_add(struct crew *crew, struct step *step)
{
    struct role *role = find_role(crew, step->role);
    struct step **end;

    if (!role)
        return EAGAIN;
    for (end = &role->queue; *end; end = &(*end)->next)
        continue;
    step->next = NULL;
    *end = step;
    return 0;
}

bool
crew_dismiss(struct crew *crew, struct finish *finish)
{
    struct role *role;

    for (role = crew->roles; role < end_of_roles(crew); role++) {
        struct outcome outcome;

        if (!role->process)
            continue;
        kill(role->process, SIGCONT); /* or a stopped one never ends */
        outcome = bury(role);
        if (outcome.signal == 0)
            continue;
        *finish = (struct finish) { .role = role->name, .outcome = outcome };
        return true;
    }
    return false;
}

void
crew_end(struct crew *crew)
{
    struct role *role;

    for (role = crew->roles; role < end_of_roles(crew); role++) {
        if (!role->process)
            continue;
        kill(role->process, SIGHUP);
        kill(role->process, SIGCONT); /* or a stopped one never hears it */
        bury(role);
    }
}
