# shellcheck shell=bash
# helper.bash - what every test file loads.
#
# A test runs in an empty directory of its own, with the mmt under test first
# on PATH. MMT names it; by default it is the one in the repository's root.
#
# SPDX-License-Identifier: MIT

bats_require_minimum_version 1.5.0

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
MMT=${MMT:-$ROOT/mmt}
case $MMT in
/*) ;;
*) MMT=$ROOT/$MMT ;;
esac

PAGE_SIZE=$(getconf PAGESIZE)

# The statuses of mmt, for `run -"$FAILED" mmt ...`.
DONE=0
FAILED=1
USAGE=2
TIMEOUT=124
SEGV=$((128 + $(kill -l SEGV)))
BUS=$((128 + $(kill -l BUS)))

# Tests need some of these, and nothing they start does.
export ROOT MMT PAGE_SIZE
export LC_ALL=C
unset NO_COLOR COLUMNS
: "$DONE" "$FAILED" "$USAGE" "$TIMEOUT" "$SEGV" "$BUS"

setup() {
    begin_test
}

teardown() {
    end_test
}

# A file with a setup or a teardown of its own begins and ends with these.
begin_test() {
    cd "$BATS_TEST_TMPDIR" || return 1
    mkdir .bin
    ln -s "$MMT" .bin/mmt
    PATH=$BATS_TEST_TMPDIR/.bin:$PATH
    ulimit -c 0 # a fault is what is tested, its core file is not
}

end_test() {
    cd "$BATS_TEST_TMPDIR" || return 1
    end_started
    unmount_all
    remove_objects
}

# like PATTERN TEXT - the text is as the pattern of the shell says. A [[ ]] that
# fails in the middle of a test goes unnoticed in the bash of macOS, and takes
# "*(" for more than a star.
like() {
    # shellcheck disable=SC2254 # a pattern is meant
    case $2 in
    $1) ;;
    *) return 1 ;;
    esac
}

# --- files ---

# file_of BYTES NAME - a file of the letters a to z, over and over.
file_of() {
    yes abcdefghijklmnopqrstuvwxyz | tr -d '\n' | head -c "$1" >"$2"
}

size_of() {
    wc -c <"$1" | tr -d ' '
}

# small_tmpfs DIRECTORY SIZE - mount a file system that is soon full.
small_tmpfs() {
    need_root
    mkdir -p "$1"
    mount -t tmpfs -o "size=$2" tmpfs "$1" 2>/dev/null ||
        skip "may not mount a tmpfs here"
    echo "$PWD/$1" >>.mounts
}

unmount_all() {
    local mounted
    [ -e .mounts ] || return 0
    while read -r mounted; do
        umount "$mounted" || umount -l "$mounted"
    done <.mounts
}

# name_object - $object names a shared memory object of this test alone, which
# does not outlive it.
name_object() {
    object=mmt-test-$BASHPID-$RANDOM
    echo "$object" >>.objects
}

# make_object COMMAND... - make it, of what COMMAND prints.
make_object() {
    [ -w /dev/shm ] || skip "needs shared memory objects that are in /dev/shm"
    name_object
    "$@" >"/dev/shm/$object"
}

remove_objects() {
    local name
    [ -e .objects ] || return 0
    while read -r name; do
        rm -f "/dev/shm/$name"
    done <.objects
}

# --- what a test needs, or is skipped with the reason ---

need() {
    command -v "$1" >/dev/null || skip "needs $1"
}

need_root() {
    [ "$(id -u)" -eq 0 ] || skip "needs root"
}

need_pages_of() {
    [ "$PAGE_SIZE" -eq "$1" ] || skip "needs pages of $1 bytes, not $PAGE_SIZE"
}

# For files and mappings of terabytes.
need_wide_addresses() {
    mmt map --address 0x100000000 -l 1 /dev/zero peek >/dev/null 2>&1 ||
        skip "needs addresses of more than 32 bits"
}

# A sanitizer takes terabytes of addresses and watches the heap.
need_plain_build() {
    case $MMT in
    *sanitized*) skip "needs a build without sanitizers" ;;
    esac
}

# unprivileged COMMAND... - run it as one whom file modes bind, unlike root.
unprivileged() {
    if [ "$(id -u)" -eq 0 ]; then
        need setpriv
        setpriv --bounding-set=-all "$@"
    else
        "$@"
    fi
}

# traced OPTION... COMMAND... - run it under strace. A sanitizer looks for leaks
# by tracing the process itself, so not then.
traced() {
    need strace
    ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace "$@"
}

# --- processes ---

# Whoever runs in the background ignores SIGINT and SIGQUIT, and mmt with it.
is_ignored() {
    local ignored
    ignored=$(sed -n 's/^SigIgn:[^0-9a-f]*//p' /proc/self/status)
    [ $((0x${ignored:-0} >> ($(kill -l "$1") - 1) & 1)) -eq 1 ]
}

# start NAME COMMAND... - run it in the background, its output in NAME.out and
# NAME.err, its input that of start. What still runs at the end is killed.
start() {
    local name=$1
    shift
    # bats waits for whoever holds descriptor 3.
    "$@" <&0 >"$name.out" 2>"$name.err" 3>&- &
    echo "$!" >"$name.pid"
}

ended() {
    ! kill -0 "$(cat "$1.pid")" 2>/dev/null
}

# join NAME STATUS - wait for a started command and check how it ended.
join() {
    local status=0
    eventually ended "$1"
    wait "$(cat "$1.pid")" || status=$?
    rm "$1.pid"
    [ "$status" -eq "$2" ]
}

# us - microseconds since the epoch
us() {
    echo "${EPOCHREALTIME/[.,]/}"
}

# eventually COMMAND... - succeed as soon as COMMAND does; give up after 20 s,
# which a busy machine may take for what else is done at once.
eventually() {
    local deadline=$((SECONDS + 20))
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.05
    done
}

end_started() {
    local file
    for file in *.pid; do
        [ -e "$file" ] || continue
        kill -KILL "$(cat "$file")" 2>/dev/null || :
        wait "$(cat "$file")" 2>/dev/null || :
    done
}

# --- programs ---

# compile PROGRAM SOURCE... - build what a test needs, with the flags in $flags;
# the sources are named from tests/.
compile() {
    local program=$1 word sources=()
    shift
    need "${CC:-cc}"
    for word; do
        sources+=("$ROOT/tests/$word")
    done
    # shellcheck disable=SC2086 # words are meant
    "${CC:-cc}" -std=c11 -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 \
        -I"$ROOT/src" -O2 -g ${flags:-} -o "$program" "${sources[@]}" \
        -lrt -lpthread
}

# --- pages ---

# replay PAGE - run the sessions of a README or a man page; fail at the first
# that does not print what the page says.
replay() {
    sh "$ROOT/tests/tour.sh" "$1"
}
