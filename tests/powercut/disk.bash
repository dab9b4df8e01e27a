# disk.bash - a file system on the disk of device.c, for root.
#
# Sourced. $work is a directory of the run's own, $disk_top the file system.
#
# SPDX-License-Identifier: MIT

# skipped REASON - say why this can't be run here.
skipped() {
    echo "${0##*/}: skipped: $1"
    return 1
}

# disk_begin - make $work and the device; false, with the reason, if it can't.
disk_begin() {
    local tool source
    source=$(dirname "${BASH_SOURCE[0]}")/device.c
    [ "$(id -u)" -eq 0 ] || skipped "needs root" || return
    [ -c /dev/fuse ] || skipped "there is no /dev/fuse" || return
    [ -e /dev/loop-control ] || skipped "there are no loop devices" || return
    for tool in losetup mkfs.ext4 fusermount3 pkg-config; do
        command -v "$tool" >/dev/null || skipped "there is no $tool" || return
    done
    pkg-config --exists fuse3 || skipped "there is no libfuse3" || return
    work=$(mktemp -d "${TMPDIR:-/tmp}/powercut.XXXXXX") || return
    disk_top=$work/top
    disk_loop=
    mkdir "$disk_top" "$work/device"
    # shellcheck disable=SC2046 # several words are meant
    ${CC:-cc} -O2 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -o "$work/disk" \
        "$source" $(pkg-config --cflags --libs fuse3)
}

# disk_mount - mount what is on the disk; nothing is committed by the clock.
disk_mount() {
    case $disk_kind in
    ext4) mount -t ext4 -o noatime,commit=300 "$disk_loop" "$disk_top" ;;
    xfs) mount -t xfs -o noatime "$disk_loop" "$disk_top" ;;
    btrfs) mount -t btrfs -o noatime,commit=300 "$disk_loop" "$disk_top" ;;
    esac
}

# disk_make KIND MEBIBYTES FLUSH_MILLISECONDS - a new file system, mounted;
# false where that fails.
disk_make() {
    disk_kind=$1
    "$work/disk" "$work/device" "$2" "$3"
    case $disk_kind in
    ext4)
        mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0 \
            "$work/device/disk"
        ;;
    xfs) mkfs.xfs -q -f "$work/device/disk" ;;
    btrfs) mkfs.btrfs -q -f "$work/device/disk" >/dev/null ;;
    esac
    disk_loop=$(losetup -f --show "$work/device/disk")
    disk_mount
}

# power_cut - what was not flushed is gone; then the power is back. False where
# what is left cannot be mounted.
power_cut() {
    echo off >"$work/device/control"
    umount "$disk_top"
    echo on >"$work/device/control"
    disk_mount
}

# disk_remove - unmount it, and stop the device. Safe when there is none.
disk_remove() {
    ! mountpoint -q "$disk_top" || umount "$disk_top"
    [ -z "$disk_loop" ] || losetup -d "$disk_loop"
    disk_loop=
    ! mountpoint -q "$work/device" || fusermount3 -u "$work/device"
}

disk_end() {
    disk_remove
    rm -rf "$work"
}
