#!/bin/sh
# extend.sh - mmt extend beside fallocate and truncate, in one run.
#
# usage: [MMT=PATH] sh tests/bench/extend.sh
#
# Prints for each comparison what mmt took, what the other took, and the ratio;
# medians of pairs. A static mmt is measured too, where build/ has one.
#
# SPDX-License-Identifier: MIT
set -u

# shellcheck source=tests/bench/pairs.sh
. "$(dirname "$0")/pairs.sh"
pairs_begin

# measure LABEL MMT MOST-FOR-TRUNCATE - all comparisons for one build of mmt.
measure() {
    pairs "$1 extend -a -s 1G | fallocate -l 1G" 1.2 101 'rm -f f' \
        "$2" extend -a -s 1G f -- fallocate -l 1G f
    pairs "$1 extend -s 4K | truncate -s 4K" "$3" 1001 ': >f' \
        "$2" extend -s 4K f -- truncate -s 4K f
}

measure mmt "$mmt" 1.0
static=$(dirname "$mmt")/build/mmt-static
[ ! -x "$static" ] || measure mmt-static "$static" 1.0
pairs_end
