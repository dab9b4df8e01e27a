/*
 * expect.h - the words for outcomes, and lists of them that a step may have.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_CLI_EXPECT_H
#define MMT_CLI_EXPECT_H

#include "cli/command.h"
#include "memory/outcome.h"
#include "memory/probe.h"

#include <stdbool.h>
#include <stddef.h>

/* Room for the longest word of an outcome. */
enum { OUTCOME_WORD = 48 };

/*
 * Write the word that `expect` takes for an outcome: "ok", "EINVAL",
 * "SIGSEGV/SEGV_MAPERR", "lost", "exit:3" ...
 */
char *outcome_word(char word[OUTCOME_WORD], const struct outcome *outcome);

/*
 * The same for what a page answers: "ok", "mapped", "SIGBUS/BUS_ADRERR",
 * "EACCES", "unknown"; NULL for what was not asked.
 */
const char *answer_word(char word[OUTCOME_WORD], const struct answer *answer);

/* The plain words at `index`, from 0 on, "ok" the first; NULL at the end. */
const char *outcome_listed(size_t index);

/* The status that mmt ends with when this is the first failure. */
enum status outcome_status(const struct outcome *outcome);

/*
 * True when every word of `list`, parted by commas, can be an outcome; else
 * what is wrong is written to `problem`.
 */
bool expect_check(const char *list, char *problem, size_t size);

/* True when a word of `list` accepts the outcome. */
bool expect_accepts(const char *list, const struct outcome *outcome);

#endif
