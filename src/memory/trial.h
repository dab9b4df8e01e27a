/*
 * trial.h - what a protection allows, found out on a copy.
 *
 * Whether the system grants a protection is asked of the mapping itself. What
 * it then allows is tried on a private copy of the first page, so that the
 * file and its times stay as they are.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_TRIAL_H
#define MMT_MEMORY_TRIAL_H

#include "memory/outcome.h"
#include "memory/probe.h"
#include "memory/stage.h"

struct trial {
    int protection;         /* PROT_*, as asked for */
    struct outcome refusal; /* OUTCOME_OK: granted, and `answers` tell */
    struct answer answers[PROBE_KINDS];
};

/* Try the protection that a stage, on which no step was run, is mapped with. */
struct trial trial_as_mapped(const struct stage *stage);

/* Map the stage anew, then mprotect(2) to `protection`, and try that. */
struct trial trial_changed(const struct stage *stage, int protection);

#endif
