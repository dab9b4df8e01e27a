/*
 * sink.h - where the results of a step go while it runs.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MMT_MEMORY_SINK_H
#define MMT_MEMORY_SINK_H

#include "memory/probe.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sink {
    /*
     * Bytes of the mapping or of the file, in parts; `offset` is that of the
     * first of them in the file. False: they can't be written.
     */
    bool (*bytes)(struct sink *sink, off_t offset, const unsigned char *bytes,
                  size_t length);
    /* An integer. */
    void (*number)(struct sink *sink, int64_t number);
    /* A run of pages that answered alike. False: can't be written. */
    bool (*pages)(struct sink *sink, const struct probe_run *run);
    /* Write out what is held back: something else may write or block. */
    void (*flush)(struct sink *sink);
};

#endif
