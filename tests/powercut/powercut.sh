#!/bin/bash
# powercut.sh - cuts the power after mmt sync, and looks for what it promised.
#
# usage: MMT=PATH tests/powercut/powercut.sh [SEED [CUTS]]
#
# On ext4, xfs and btrfs, on a loop device on the disk of device.c: change files
# at random, sync them, cut the power, let the file system recover by mounting
# it, and compare every byte, size and name that was ever synced. CUTS a file
# system (default: 102), all choices from SEED, which is printed. Two controls
# without mmt sync have to lose data, else the cut is none.
#
# Status 0: nothing was lost; 1: something was; 77: this can't be run here.
#
# SPDX-License-Identifier: MIT
set -u

here=$(cd "$(dirname "$0")" && pwd)
seed=${1:-$(date +%s)}
cuts=${2:-102}
mmt=$(realpath "${MMT:-$here/../../mmt}")
cc=${CC:-cc}
failures=0

# shellcheck source=/dev/null
. "$here/disk.bash"

fail() {
    echo "powercut: FAILED: $*" >&2
    failures=$((failures + 1))
}

# keep FILE... - remember what has to be there after a cut: bytes, size, name.
keep() {
    (cd "$disk_top" && cp -a --parents -- "$@" "$work/kept")
    local name
    for name; do # what a symbolic link leads to was synced through it
        [ ! -L "$disk_top/$name" ] ||
            (cd "$disk_top" && cp -a --parents -- \
                "${name%/*}/$(readlink "$disk_top/$name")" "$work/kept")
    done
}

# scribble HOW NUMBER - change files; $words is what is to be synced then. The
# files stay mapped until release.
scribble() {
    exec {output}< <(cd "$disk_top" &&
        exec "$work/scribble" "$1" "$((seed + $2))")
    scribbling=$!
    read -r words <&"$output" || fail "$kind: cut $2: scribble $1"
    exec {output}<&-
}

release() {
    kill "$scribbling"
    wait "$scribbling"
}

# changed - the names of what was kept and is there no more as it was.
changed() {
    (
        cd "$work/kept" || exit
        find . ! -type d -print | while read -r name; do
            if [ -L "$name" ]; then
                [ "$(readlink "$name")" = \
                    "$(readlink "$disk_top/$name" 2>&1)" ] || echo "$name"
            else
                cmp -s -- "$name" "$disk_top/$name" || echo "$name"
            fi
        done
    )
}

# lose HOW... - a control: files are changed, HOW is run on them; is it lost?
lose() {
    local words
    scribble change 0
    # shellcheck disable=SC2086 # words without blanks
    (cd "$disk_top" && "$@" $words) && keep $words
    release
    cut_power 6
    if [ -z "$(changed)" ]; then
        fail "$kind: control '$*' lost nothing: the cut proves nothing"
    fi
    # What is there now is what counts from here on.
    # shellcheck disable=SC2086
    sync_words 6 $words
    # shellcheck disable=SC2086
    keep $words
}

# cut_power NUMBER - the power is gone for a moment; what is on the disk has to
# be a file system still, and nobody must write elsewhere in its place.
cut_power() {
    power_cut && return
    fail "$kind: cut $1, seed $seed: the file system cannot be mounted"
    exit 1
}

# check_kept NUMBER - after a cut: all is there that was ever synced.
check_kept() {
    local lost
    lost=$(changed | tr '\n' ' ')
    [ -z "$lost" ] || fail "$kind: cut $1, seed $seed: lost $lost"
}

# sync_words NUMBER WORD... - mmt sync, as scribble says.
sync_words() {
    local number=$1
    shift
    (cd "$disk_top" && "$mmt" sync "$@" 2>"$work/messages") ||
        fail "$kind: cut $number: mmt sync $*: $(cat "$work/messages")"
}

# cut_files HOW NUMBER - a round of whole files: HOW is a word of scribble.
cut_files() {
    local words
    scribble "$1" "$2"
    # shellcheck disable=SC2086
    sync_words "$2" $words
    while [[ $words == -* ]]; do
        words=${words#* }
    done
    # shellcheck disable=SC2086
    keep $words
    release
    cut_power "$2"
    check_kept "$2"
}

# cut_range NUMBER - a round of a range; what is beside it may be old or new.
cut_range() {
    local words offset length
    scribble range "$1"
    # shellcheck disable=SC2086
    sync_words "$1" $words
    keep big
    release
    read -r _ offset _ length _ <<<"$words"
    cut_power "$1"
    cmp -s -i "$offset" -n "$length" "$work/kept/big" "$disk_top/big" ||
        fail "$kind: cut $1, seed $seed: lost bytes of $words"
    rm "$work/kept/big"
    check_kept "$1"
}

# campaign KIND - all cuts of a file system, up to the first that fails: what
# comes after it would only say so again.
campaign() {
    local number before=$failures
    kind=$1
    rm -rf "$work/kept"
    mkdir "$work/kept"
    if ! disk_make "$kind" 320 0; then
        echo "powercut: $kind: skipped: it cannot be made and mounted here"
        disk_remove
        return
    fi
    (cd "$disk_top" && "$work/scribble" begin)
    sync_words 0 --dir a b big huge
    for ((number = 1; number <= 6 && failures == before; number++)); do
        cut_files files "$number" # so that the controls have what to lose
    done
    ((failures > before)) || lose true
    ((failures > before)) || lose "$work/scribble" half
    for ((; number <= cuts && failures == before; number++)); do
        if ((number % 3 == 0)); then
            cut_range "$number"
        elif ((number % 20 == 1)); then
            cut_files slices "$number"
        else
            cut_files files "$number"
        fi
    done
    disk_remove
    if ((failures == before)); then
        echo "powercut: $kind: $cuts cuts and 2 controls: as it should be"
    fi
}

disk_begin || exit 77
trap disk_end EXIT
"$cc" -O2 -D_GNU_SOURCE -o "$work/scribble" "$here/scribble.c" || exit 1

echo "powercut: seed $seed"
for kind in ext4 xfs btrfs; do
    if command -v "mkfs.$kind" >/dev/null; then
        campaign "$kind"
    else
        echo "powercut: $kind: skipped: there is no mkfs.$kind"
    fi
done
[ "$failures" -eq 0 ]
