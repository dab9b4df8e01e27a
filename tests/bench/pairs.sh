# shellcheck shell=sh
# pairs.sh - for the measurements beside it: two commands, run in turns.
#
# To be sourced. MMT is the mmt that is measured.
#
# SPDX-License-Identifier: MIT

# pairs_begin - build the timer (pairs.c) in a new directory and go there; the
# directory is removed at the end. $mmt is then the path of mmt.
pairs_begin() {
    pairs_source=$(cd "$(dirname "$0")" && pwd)
    # shellcheck disable=SC2034 # for whoever sources this
    mmt=$(realpath "${MMT:-$pairs_source/../../mmt}")
    pairs_missed=0
    pairs_home=$(mktemp -d "${TMPDIR:-/tmp}/pairs.XXXXXX") || exit 1
    trap 'cd /; rm -rf "$pairs_home"' EXIT
    cd "$pairs_home" || exit 1
    "${CC:-cc}" -O2 -o pairs "$pairs_source/pairs.c" || exit 1
}

# pairs LABEL MOST COUNT PREPARE COMMAND... -- COMMAND... - print the medians of
# COUNT pairs, and remember it when the ratio is above MOST.
pairs() {
    pairs_label=$1
    pairs_most=$2
    shift 2
    pairs_result=$(./pairs "$@") || exit 1
    echo "$pairs_result" |
        awk -v label="$pairs_label" -v most="$pairs_most" '{
            printf "%-44s %8.3f ms %8.3f ms   ratio %.2f, at most %s%s\n",
                label, $1, $2, $3, most, ($3 > most) ? ": MISSED" : ""
            exit ($3 > most)
        }' || pairs_missed=$((pairs_missed + 1))
}

# pairs_end - the status of the whole: 1 where a ratio was missed.
pairs_end() {
    [ "$pairs_missed" -eq 0 ]
}
