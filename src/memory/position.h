/*
 * position.h - where in its input and output a transfer goes on.
 *
 * Errors as in channel.h. Bytes of input and output are numbered by what the
 * channel has counted, so that a successor finds the byte after the last one
 * that was moved.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_POSITION_H
#define MMT_MEMORY_POSITION_H

#include "memory/channel.h"

#include <stdbool.h>
#include <stdint.h>

/* Where the input stands now; -1 when it can't seek. */
int64_t position_input(void);

/*
 * Sender: move an input that can seek to the first byte not yet sent; ESTALE
 * when it ends before that.
 */
int position_resume_input(struct channel *channel);

/* Whether an earlier receiver may have written bytes of this transfer. */
int position_has_output(struct channel *channel, bool *has_output);

/* Receiver, before the first byte: remember where the output begins. */
int position_begin_output(struct channel *channel);

/*
 * Receiver: go on in the output of the one before. What that had written and
 * not yet counted is written again at the same place, or counted now where
 * writing appends. ESTALE when the output was emptied, cut or grown since.
 * Another output is begun anew.
 */
int position_resume_output(struct channel *channel);

#endif
