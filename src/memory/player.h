/*
 * player.h - the process of a role: gets steps, does them, answers.
 *
 * Steps go to it, and outcomes come back, through a socket, one at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_PLAYER_H
#define MMT_MEMORY_PLAYER_H

#include "memory/outcome.h"
#include "memory/stage.h"
#include "memory/step.h"

/* Where steps are done, and what is called around each. */
struct scene {
    struct stage *stage;
    /*
     * Called in the process that does the step, before and after it; end
     * returns 0, or why what the step printed can't be written.
     */
    void (*begin)(void *context, const struct step *step);
    int (*end)(void *context, const struct step *step,
               const struct outcome *outcome);
    void *context;
};

/* Do a step in this process, after what is called before it. */
struct outcome player_perform(const struct scene *scene,
                              const struct step *step);

/*
 * Do step after step as the process of `role`, until whoever sends them hangs
 * up; then end the process.
 */
void player_play(const struct scene *scene, const char *role, int socket);

/*
 * Send a step to a player, and receive how it ended.
 *
 * Returns 0 or an errno value; when it is not 0, the player has ended, but for
 * ETIMEDOUT when a limit (memory/clock.h) runs out before it takes the step.
 */
int player_send(int socket, const struct step *step);
int player_hear(int socket, struct outcome *outcome);

#endif
