/*
 * explain.h - outcomes -> sentences: what happened, why, and the cure.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_EXPLAIN_H
#define MMT_CLI_EXPLAIN_H

#include "memory/outcome.h"
#include "memory/stage.h"
#include "memory/step.h"

/*
 * The sentence for an outcome, to be freed: "SIGSEGV/SEGV_MAPERR at +0:
 * unmapped: by step 2, munmap". It stands behind file and step in a message.
 *
 * step  NULL: opening and mapping
 *
 * Returns NULL when there is no memory.
 */
char *explain(const struct outcome *outcome, const struct plan *plan,
              const struct step *step);

/* What made a page fault, as sentences have it: "past end of file". */
const char *cause_word(enum cause cause);

#endif
