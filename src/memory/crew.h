/*
 * crew.h - roles: processes that take turns on one window.
 *
 * Every role but mmt itself is a child, forked at its first step, so that it
 * inherits the mapping. It gets its steps and answers with outcomes through a
 * socket, one step at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_CREW_H
#define MMT_MEMORY_CREW_H

#include "memory/outcome.h"
#include "memory/player.h"
#include "memory/step.h"
#include "memory/waiting.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Characters of a role's name, and the most roles there can be. */
enum { ROLE_LENGTH = 31, ROLES = 64 };

struct role {
    char name[ROLE_LENGTH + 1];
    bool is_child;          /* else it is mmt itself */
    pid_t process;          /* of a child; 0: none yet, or no more */
    int socket;             /* to a child; -1: none */
    bool dead;              /* it ended before it was told to */
    struct step *step;      /* in which it is; NULL: idle */
    struct step *queue;     /* those that come after it */
    double began;           /* that step, on CLOCK_MONOTONIC */
    struct waiting waiting; /* of mmt itself */
    bool has_outcome;       /* the step is over, `outcome` to be fetched */
    bool ended;             /* scene.end was called for it */
    struct outcome outcome;
};

struct crew {
    struct scene scene;
    struct role roles[ROLES];
    size_t count;
};

/* How a step ended. */
struct finish {
    const char *role;  /* its name */
    struct step *step; /* the caller's again; NULL: none was under way */
    struct outcome outcome;
    bool is_unsaid; /* scene.end was not called: nobody was there to do it */
};

/*
 * Give a step to its role (NULL or "parent": mmt itself), which does it after
 * those that it was given before. The crew keeps the step until crew_finish()
 * gives it back. Steps begin and end in crew_finish() alone.
 *
 * Returns 0, or EAGAIN when there are ROLES roles already.
 */
int crew_add(struct crew *crew, struct step *step);

/* How long crew_finish() goes on. */
enum until {
    UNTIL_FREE, /* until nobody is in a step that holds up the others */
    UNTIL_IDLE, /* until all steps are done */
};

/*
 * Go on with the steps: one at a time, but for those that wait.
 *
 * Returns true with `*finish` set each time that a step has ended, and false
 * when the crew has come as far as `until` says.
 */
bool crew_finish(struct crew *crew, enum until until, struct finish *finish);

/* True while a step is under way or still to be done. */
bool crew_is_busy(const struct crew *crew);

/*
 * Sleep until crew_finish() may have something to tell, or until `descriptor`
 * can be read, which is true.
 */
bool crew_sleep(const struct crew *crew, int descriptor);

/*
 * End the processes, one after the other.
 *
 * Returns true with `*finish` set, its step NULL, for one that was found dead
 * of a signal; false when all are gone.
 */
bool crew_dismiss(struct crew *crew, struct finish *finish);

/* End all processes at once, whatever they are doing. Safe twice. */
void crew_end(struct crew *crew);

#endif
