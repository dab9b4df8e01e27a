#!/bin/bash
# eio.sh - a disk that fails to write or to read, and what mmt says of it.
#
# usage: MMT=PATH tests/powercut/eio.sh
#
# Three files are synced at once on the disk of device.c, which refuses to
# write sectors that begin with POISON: only the file that has them is named,
# whatever the file system, and by whichever call it is flushed. Then a file
# is mapped whose second block begins with DAMAGE, which the disk does not read.
#
# Status 0: so it was; 1: it was not; 77: this can't be run here.
#
# SPDX-License-Identifier: MIT
set -u

here=$(cd "$(dirname "$0")" && pwd)
mmt=$(realpath "${MMT:-$here/../../mmt}")
failures=0

# shellcheck source=/dev/null
. "$here/disk.bash"

fail() {
    echo "eio: FAILED: $kind: $*" >&2
    failures=$((failures + 1))
}

# poisoned - a block that the disk refuses to write.
poisoned() {
    printf '%-4096s' POISON
}

# sound - one that it takes.
sound() {
    printf '%-4096s' sound
}

# expect CALL OPTION... - sync all three: only `bad` fails, in CALL.
expect() {
    local call=$1 status messages
    shift
    (cd "$disk_top" && sound | tee good1 >good2 && poisoned >bad)
    messages=$(cd "$disk_top" && "$mmt" sync "$@" good1 bad good2 2>&1)
    status=$?
    [ "$status" -eq 1 ] || fail "mmt sync $*: status $status, not 1"
    case $messages in
    *$'\n'*) fail "mmt sync $*: more than one message: $messages" ;;
    "mmt sync: bad: $call: "*" (EIO): what was written"*) ;;
    *) fail "mmt sync $*: $messages" ;;
    esac
}

# answers STATUS TEXT STEP - the step on `torn` ends so, and says so; TEXT is a
# pattern.
answers() {
    local status=$1 text=$2 said
    said=$(cd "$disk_top" && timeout 10 "$mmt" map torn "$3" 2>&1 >/dev/null)
    [ $? -eq "$status" ] || fail "mmt map torn $3: not status $status"
    # shellcheck disable=SC2053 # a pattern
    [[ $said == $text ]] || fail "mmt map torn $3: $said"
}

# cannot_read - a page that cannot be read is named, by a load and by a call.
cannot_read() {
    (cd "$disk_top" && { sound && printf '%-4096s' DAMAGE && sound; } >torn)
    sync "$disk_top/torn"
    umount "$disk_top" && disk_mount || return
    answers 0 "" peek+4096
    answers 0 "" pread@8192+4096
    answers $((128 + $(kill -l BUS))) \
        "mmt map: torn: peek: SIGBUS/* at +4096: I/O error: *" peek
    answers 1 "mmt map: torn: pread@4096+1: *(EIO)*" pread@4096+1
}

# campaign KIND - one file system; it is made anew for each call.
campaign() {
    local call
    kind=$1
    for call in fsync fdatasync msync; do
        if ! disk_make "$kind" 320 0; then
            echo "eio: $kind: skipped: it cannot be made and mounted here"
            disk_remove
            return
        fi
        # Else one request could hold blocks of several files.
        echo 2 >"/sys/block/${disk_loop##*/}/queue/nomerges"
        case $call in
        fsync) expect fsync ;;
        fdatasync) expect fdatasync -d ;;
        msync)
            expect msync -o 0
            cannot_read || fail "it cannot be mounted again"
            ;;
        esac
        disk_remove
    done
    echo "eio: $kind: fsync, fdatasync, msync, a load and pread"
}

disk_begin || exit 77
trap disk_end EXIT
for kind in ext4 xfs btrfs; do
    if command -v "mkfs.$kind" >/dev/null; then
        campaign "$kind"
    else
        echo "eio: $kind: skipped: there is no mkfs.$kind"
    fi
done
[ "$failures" -eq 0 ]
