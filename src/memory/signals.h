/*
 * signals.h - how this process was started to treat its signals.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_SIGNALS_H
#define MMT_MEMORY_SIGNALS_H

#include <stdbool.h>

/*
 * Remember what is ignored and blocked. Then ignore SIGXFSZ, so that a limit
 * of the file size is EFBIG, which can be reported, and let SIGCHLD be: where
 * it is ignored the system keeps no child's status. To be called once, first.
 */
void signals_begin(void);

/* True when the process was started to ignore SIGHUP, as by nohup(1). */
bool signals_outlive_hangup(void);

/* Set all again as it was found: for a program that takes this one's place. */
void signals_restore(void);

#endif
