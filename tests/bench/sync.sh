#!/bin/bash
# sync.sh - mmt sync beside the sync of coreutils, in one run.
#
# usage: MMT=PATH tests/bench/sync.sh [PAIRS]
#
# On ext4, on a disk (tests/powercut/device.c) whose flush takes 2 ms. Each
# pair makes the same data dirty twice, and flushes it once with either; the
# order alternates. What is printed are medians of PAIRS pairs (default: 7).
#
# Status 0: both ratios are as promised, or, as it says, this can't be run here;
# 1: one is not.
#
# SPDX-License-Identifier: MIT
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@" # also when run by sh
set -u

here=$(cd "$(dirname "$0")" && pwd)
mmt=$(realpath "${MMT:-$here/../../mmt}")
pairs=${1:-7}
failures=0

# shellcheck source=/dev/null
. "$here/../powercut/disk.bash"

# timed COMMAND... - run it, and print how long it took, in microseconds.
timed() {
    local began=${EPOCHREALTIME/./}
    "$@" || echo "sync.sh: failed: $1 $2" >&2
    echo $((${EPOCHREALTIME/./} - began))
}

# median NUMBER... - the middle one.
median() {
    printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"
}

# compare NAME LEAST DIRTY - time both, after DIRTY each; LEAST is the ratio.
# The commands stand in the arrays `ours` and `theirs`.
compare() {
    local pair ours_took=() theirs_took=() our their
    for ((pair = 0; pair < pairs; pair++)); do
        if ((pair % 2)); then
            "$3" && ours_took+=("$(timed "${ours[@]}")")
            "$3" && theirs_took+=("$(timed "${theirs[@]}")")
        else
            "$3" && theirs_took+=("$(timed "${theirs[@]}")")
            "$3" && ours_took+=("$(timed "${ours[@]}")")
        fi
    done
    our=$(median "${ours_took[@]}")
    their=$(median "${theirs_took[@]}")
    awk -v name="$1" -v least="$2" -v our="$our" -v their="$their" 'BEGIN {
        printf "%-42s mmt %9.2f ms   sync %9.2f ms   %6.1f x (>= %d)\n",
            name, our / 1000, their / 1000, their / our, least
        exit their / our < least
    }' || failures=$((failures + 1))
}

write_small() {
    head -c 16384 /dev/urandom | tee "${small[@]}" >/dev/null
}

write_big() {
    dd if=/dev/zero of=big bs=1M count=512 conv=notrunc status=none
}

disk_begin || exit 0
trap 'cd /; disk_end' EXIT
disk_make ext4 1024 2 || exit
cd "$disk_top" || exit

mapfile -t small < <(printf 'f%03d\n' {1..200})
write_small && sync "${small[@]}"
ours=("$mmt" sync "${small[@]}") theirs=(sync "${small[@]}")
compare "200 files of 16 KiB" 10 write_small

write_big && sync big
ours=("$mmt" sync -o 256M -l 4K big) theirs=(sync big)
compare "4 KiB of a file with 512 MiB dirty" 20 write_big

[ "$failures" -eq 0 ]
