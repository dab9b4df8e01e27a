#!/usr/bin/env bats
# channel.bats - exchange --send, --recv, --state: a pipe that survives.
#
# The kills stand in channel/, with what proves more and takes longer.
#
# SPDX-License-Identifier: MIT

load helper

# The status of a process that SIGPIPE killed.
PIPE=$((128 + $(kill -l PIPE)))

# Where in a channel file is what; see FILE LAYOUT in mmt-exchange(1).
ORDER=8 VERSION=12 WORD_SIZE=16 CAPACITY=24 MADE=32 PHASE=36 FRESH=64
WRITTEN=128 READ=192 REACHED=200
DATA=4096

# No test can hang: the last of a repeated option wins.
send() {
    mmt exchange --send -t 30 "$@"
}

recv() {
    mmt exchange --recv -t 30 "$@"
}

state() {
    mmt exchange --state "$@"
}

# bytes_of COUNT NAME - a file of bytes that repeat nowhere near.
bytes_of() {
    awk 'BEGIN { for (;;) print n++ }' | head -c "$1" >"$2"
}

# state_is PATTERN - of the channel ch.
state_is() {
    state ch 2>/dev/null | grep -q -- "$1"
}

# patch OFFSET BYTES - store bytes, as printf writes them, in ch.
patch() {
    # shellcheck disable=SC2059 # the bytes are its format
    printf "$2" | dd of=ch bs=1 seek="$1" conv=notrunc status=none
}

# As start, but without the descriptor that keeps a sender alive.
begin() {
    start "$@" 4>&-
}

# A sender that lives until descriptor 4 is closed.
start_sender() {
    mkfifo pipe
    begin sender sh -c 'exec mmt exchange --send "$@" ch <pipe' sh "$@"
    exec 4>pipe
    eventually state_is "sender $(cat sender.pid)"
}

# Kill a started command, and wait until it is gone.
slay() {
    kill -KILL "$(cat "$1.pid")"
    join "$1" $((128 + $(kill -l KILL)))
}

# --- a transfer ---

@test "channel: what is sent is received, through a ring much smaller" {
    bytes_of 3000001 input
    begin sender mmt exchange --send -l 1pg ch <input
    recv -l 1pg ch >output 2>messages
    join sender "$DONE"
    cmp input output
    [ "$(cat messages sender.err)" = "" ]
    [ "$(size_of ch)" -eq $((DATA + PAGE_SIZE)) ]
}

@test "channel: the receiver may come first" {
    bytes_of 300000 input
    begin receiver mmt exchange --recv ch
    eventually state_is "receiver $(cat receiver.pid); open"
    send ch <input
    join receiver "$DONE"
    cmp input receiver.out
}

@test "channel: a sender whose bytes fit the ring need not wait" {
    echo hello | send ch
    [ "$(state ch)" = "ch: 1048576 bytes; in 6, out 0, waiting 6;\
 sender none, receiver none; finished" ]
    run -"$DONE" recv ch
    [ "$output" = "hello" ]
    state_is 'in 6, out 6, waiting 0; sender none, receiver none; finished'
}

@test "channel: no bytes at all are a transfer too" {
    send ch </dev/null
    run -"$DONE" recv -t 5 ch
    [ "$output" = "" ]
}

@test "channel: a finished one can be sent through again" {
    for word in one two three; do
        echo "$word" | send ch
        [ "$(recv ch)" = "$word" ]
    done
}

@test "channel: the file is for its owner alone, and has every block" {
    (umask 0 && echo x | send -l 64K ch)
    [ "$(stat -c '%a %s' ch)" = "600 $((DATA + 65536))" ]
    [ "$(($(stat -c '%b * %B' ch)))" -ge $((DATA + 65536)) ]
    (umask 0277 && echo x | send -l 64K other)
    [ "$(stat -c '%a' other)" = "400" ]
}

@test "channel: shm:NAME is a shared memory object" {
    name_object
    name=shm:$object
    echo hello | send "$name"
    run -"$DONE" recv --unlink "$name"
    [ "$output" = "hello" ]
    run -"$FAILED" --separate-stderr state "$name"
    like "mmt exchange: $name: shm_open: *(ENOENT)" "$stderr"
}

@test "channel: a number of odd bytes as capacity" {
    bytes_of 100000 input
    begin sender mmt exchange --send -l $((PAGE_SIZE + 7)) ch <input
    recv -l $((PAGE_SIZE + 7)) ch >output
    join sender "$DONE"
    cmp input output
}

@test "channel: a capacity beyond 32 bits" {
    need_wide_addresses
    [ "$(df -Pk . | awk 'NR == 2 { print ($4 > 8388608) }')" -eq 1 ] ||
        skip "needs 8 GiB of disk"
    [ "$(stat -f -c %T .)" != tmpfs ] || skip "would take 5 GiB of memory"
    echo hello | send -l 5G ch
    [ "$(state ch)" = "ch: 5368709120 bytes; in 6, out 0, waiting 6;\
 sender none, receiver none; finished" ]
    [ "$(size_of ch)" -eq $((DATA + 5368709120)) ]
    [ "$(recv --unlink ch)" = "hello" ]
}

@test "channel: an input that comes slowly arrives at once" {
    start_sender
    begin receiver mmt exchange --recv ch
    echo one >&4
    eventually grep -qx one receiver.out
    echo two >&4
    eventually grep -qx two receiver.out
    exec 4>&-
    join sender "$DONE"
    join receiver "$DONE"
}

# --- one of each ---

@test "channel: a second sender is told the process of the first" {
    start_sender
    run -"$FAILED" --separate-stderr send ch </dev/null
    [ "$stderr" = "mmt exchange: ch: process $(cat sender.pid) is its sender\
 already" ]
    [ "$output" = "" ]
}

@test "channel: a second receiver is told the process of the first" {
    begin receiver mmt exchange --recv ch
    eventually state_is "receiver $(cat receiver.pid)"
    run -"$FAILED" --separate-stderr recv ch
    [ "$stderr" = "mmt exchange: ch: process $(cat receiver.pid) is its\
 receiver already" ]
}

@test "channel: it can't be its own input or output" {
    echo x | send ch
    cp ch before
    # shellcheck disable=SC2094 # that is what is tried
    run -"$FAILED" --separate-stderr send ch <ch
    [ "$stderr" = "mmt exchange: ch: it is standard input as well" ]
    run -"$FAILED" --separate-stderr sh -c 'mmt exchange --recv ch >>ch'
    [ "$stderr" = "mmt exchange: ch: it is standard output as well" ]
    cmp ch before
}

# --- waiting ---

@test "channel -t: a receiver waits so long for a sender" {
    run -"$TIMEOUT" --separate-stderr recv -t 0.1 ch
    [ "$stderr" = "mmt exchange: ch: no sender for 0.1 s: in 0, out 0,\
 waiting 0" ]
}

@test "channel -t: a sender waits so long for a receiver" {
    bytes_of 100000 input
    run -"$TIMEOUT" --separate-stderr send -l 1pg -t 0.1 ch <input
    [ "$stderr" = "mmt exchange: ch: no receiver for 0.1 s: in $PAGE_SIZE,\
 out 0, waiting $PAGE_SIZE" ]
}

@test "channel -t: an end that is there is waited for" {
    start_sender
    begin receiver mmt exchange --recv -t 0.1 ch
    eventually state_is "receiver $(cat receiver.pid)"
    sleep 0.5 # several times the limit: it must not run out
    echo late >&4
    exec 4>&-
    join receiver "$DONE"
    [ "$(cat receiver.out)" = "late" ]
}

@test "channel: an end that waits costs little of a processor" {
    need_plain_build
    local user system rest
    TIMEFORMAT='%U %S'
    read -r user system rest < <(
        { time mmt exchange --recv -t 3 ch 2>told || :; } 2>&1
    )
    echo "$user $system $rest"
    # Thousandths of a second, of 3 s, start included.
    [ $((10#${user/./} + 10#${system/./})) -le 30 ]
}

# --- death ---

@test "channel: a receiver tells when the sender has died" {
    start_sender
    echo hello >&4
    begin receiver mmt exchange --recv ch
    eventually grep -qx hello receiver.out
    pid=$(cat sender.pid)
    slay sender
    join receiver "$FAILED"
    [ "$(cat receiver.err)" = "mmt exchange: ch: the sender, process $pid, is\
 gone: in 6, out 6, waiting 0: go on with --resume" ]
}

@test "channel: a sender tells when the receiver has died" {
    begin receiver mmt exchange --recv ch
    eventually state_is "receiver $(cat receiver.pid)"
    pid=$(cat receiver.pid)
    start_sender
    slay receiver
    join sender "$FAILED"
    [ "$(cat sender.err)" = "mmt exchange: ch: the receiver, process $pid, is\
 gone: in 0, out 0, waiting 0: go on with --resume" ]
}

@test "channel --wait: an end waits for a successor" {
    start_sender --wait
    begin first mmt exchange --recv ch
    echo one >&4
    eventually grep -qx one first.out
    slay first
    echo two >&4
    begin second mmt exchange --recv --resume ch
    eventually grep -qx two second.out
    exec 4>&-
    join sender "$DONE"
    join second "$DONE"
    [ "$(cat second.out)" = "two" ]
}

@test "channel --wait -t: but not for ever" {
    start_sender
    begin receiver mmt exchange --recv --wait -t 0.2 ch
    eventually state_is "receiver $(cat receiver.pid)"
    slay sender
    join receiver "$TIMEOUT"
    [ "$(cat receiver.err)" = "mmt exchange: ch: no sender for 0.2 s: in 0,\
 out 0, waiting 0" ]
}

# --- going on ---

# A transfer of 100000 bytes whose receiver was killed after the first 10000.
half_received() {
    bytes_of 100000 input
    mkfifo out
    begin sender mmt exchange --send --wait -l 200000 ch <input
    eventually state_is 'in 100000'
    join sender "$DONE"
    begin receiver sh -c 'exec mmt exchange --recv ch >out'
    head -c 10000 <out >output
    join receiver "$PIPE"
}

@test "channel: an unfinished transfer is not begun anew" {
    bytes_of 100000 input
    run -"$TIMEOUT" send -t 0 -l 1pg ch <input
    cp ch before
    numbers="in $PAGE_SIZE, out 0, waiting $PAGE_SIZE"
    for end in send recv; do
        run -"$FAILED" --separate-stderr "$end" ch <input
        [ "$stderr" = "mmt exchange: ch: an unfinished transfer: $numbers:\
 go on with --resume, or remove it" ]
        [ "$output" = "" ]
    done
    [ "$(state ch)" = "ch: $PAGE_SIZE bytes; $numbers; sender none, receiver\
 none; open" ]
}

@test "channel: one that waits for its receiver is not begun anew" {
    echo hello | send ch
    run -"$FAILED" --separate-stderr send ch </dev/null
    [ "$stderr" = "mmt exchange: ch: the transfer before has not been received:\
 in 6, out 0, waiting 6: receive it first, or remove it" ]
    [ "$(recv ch)" = "hello" ]
}

@test "channel --resume: a sender goes on at the right byte of a file" {
    bytes_of 100000 input
    { head -c 10000 && mmt exchange --send -t 0 -l 1pg ch; } \
        <input >skipped || [ $? -eq "$TIMEOUT" ]
    begin receiver mmt exchange --recv --resume ch
    eventually state_is "out $PAGE_SIZE"
    send --resume ch <input
    join receiver "$DONE"
    tail -c +10001 input | cmp - receiver.out
}

@test "channel --resume: a pipe begins at the first byte not yet sent" {
    bytes_of 100000 input
    run -"$TIMEOUT" send -t 0 -l 1pg ch < <(cat input)
    sent=$(state -J ch | sed 's/.*"in":\([0-9]*\).*/\1/')
    [ "$sent" = "$PAGE_SIZE" ]
    begin receiver mmt exchange --recv --resume ch
    tail -c "+$((sent + 1))" input | send --resume ch
    join receiver "$DONE"
    cmp input receiver.out
}

@test "channel --resume: an input that is too short is another one" {
    bytes_of 100000 input
    run -"$TIMEOUT" send -t 0 -l 1pg ch <input
    echo short >input
    run -"$FAILED" --separate-stderr send --resume ch <input
    [ "$stderr" = "mmt exchange: ch: standard input has 6 bytes, and\
 $PAGE_SIZE were sent: it is another, or was cut" ]
}

@test "channel --resume: a finished transfer has nothing left to send" {
    echo hello >input
    send ch <input
    run -"$DONE" send --resume ch <input
    [ "$(recv ch)" = "hello" ]
    run -"$DONE" send --resume ch <input
    run -"$DONE" recv --resume ch
    [ "$output" = "" ]
    echo more >>input
    run -"$FAILED" --separate-stderr send --resume ch <input
    [ "$stderr" = "mmt exchange: ch: the transfer is finished, with 6 bytes,\
 and standard input has more: begin a new one without --resume" ]
}

@test "channel --resume: a closed reader ends recv, and another goes on" {
    half_received
    eventually state_is 'sender none, receiver none; finished'
    out=$(state -J ch | sed 's/.*"out":\([0-9]*\).*/\1/')
    [ "$out" -ge 10000 ]
    run -"$FAILED" recv ch
    recv --resume ch | cmp - <(tail -c "+$((out + 1))" input)
}

# A receiver that was stopped when it had written 40960 of 100000 bytes: the
# channel has a record of its output.
stopped() {
    bytes_of 100000 input
    send -l 200000 ch <input
    run -"$FAILED" --separate-stderr bash -c \
        'ulimit -f 40; mmt exchange --recv ch >>output'
    [ "${stderr##*: }" = "File too large (EFBIG)" ]
    had=$(size_of output)
    [ "$had" -eq 40960 ]
    state_is "out $had, .* receiver none; finished"
}

@test "channel --resume: an output that appends gets each byte once" {
    stopped
    recv --resume ch >>output
    cmp input output
}

@test "channel --resume: an output written at its position, too" {
    stopped
    recv --resume ch 1<>output
    cmp input output
}

@test "channel --resume: bytes written and not yet counted are not doubled" {
    stopped
    # As one that was killed leaves it: it may have written up to there.
    patch "$REACHED" '\0\0\1\0'
    tail -c "+$((had + 1))" input | head -c 100 >>output
    recv --resume ch >>output
    cmp input output
}

@test "channel --resume: an output emptied, cut or grown is not touched" {
    stopped
    cp ch before
    run -"$FAILED" --separate-stderr sh -c \
        'mmt exchange --recv --resume ch >output'
    [ "$stderr" = "mmt exchange: ch: standard output has 0 bytes, not $had: it\
 was emptied or cut since" ]
    [ "$(size_of output)" -eq 0 ]
    head -c $((had - 1)) input >output
    run -"$FAILED" sh -c 'mmt exchange --recv --resume ch >>output'
    [ "$(size_of output)" -eq $((had - 1)) ]
    { cat input && echo others; } >output
    run -"$FAILED" --separate-stderr sh -c \
        'mmt exchange --recv --resume ch >>output'
    [ "$stderr" = "mmt exchange: ch: standard output has 100007 bytes, not\
 $had: it was grown by others since" ]
    [ "$(size_of output)" -eq 100007 ]
    { head -c "$had" input && echo; } >output
    run -"$FAILED" sh -c 'mmt exchange --recv --resume ch >>output'
    run -"$FAILED" sh -c 'mmt exchange --recv --resume ch 1<>output'
    [ "$(size_of output)" -eq $((had + 1)) ]
    head -c "$had" input >output
    cmp ch before
    recv --resume ch >>output
    cmp input output
}

@test "channel --resume: another output gets what is left" {
    stopped
    recv --resume ch >rest
    cat output rest | cmp - input
}

# --- the end ---

@test "channel --unlink: the receiver removes it at the end" {
    echo hello | send ch
    [ "$(recv --unlink ch)" = "hello" ]
    [ ! -e ch ]
}

@test "channel --unlink: the sender waits until all has arrived" {
    begin sender mmt exchange --send --unlink ch <<<hello
    eventually state_is "sender $(cat sender.pid), receiver none; finished"
    [ -e ch ]
    [ "$(recv ch)" = "hello" ]
    join sender "$DONE"
    [ ! -e ch ]
}

@test "channel --unlink: both may ask for it" {
    for turn in 1 2 3 4 5; do
        begin sender mmt exchange --send --unlink ch <<<"$turn"
        [ "$(recv --unlink ch)" = "$turn" ]
        join sender "$DONE"
        [ ! -e ch ]
    done
}

@test "channel: who waits in one that is removed is told" {
    begin receiver mmt exchange --recv ch
    eventually state_is "receiver $(cat receiver.pid)"
    rm ch
    join receiver "$FAILED"
    [ "$(cat receiver.err)" = "mmt exchange: ch: it was removed meanwhile" ]
}

@test "channel: an output that can't be written is a failure" {
    echo hello | send ch
    run -"$FAILED" --separate-stderr sh -c 'mmt exchange --recv ch >/dev/full'
    [ "$stderr" = "mmt exchange: standard output: No space left on device\
 (ENOSPC)" ]
    [ "$(recv --resume ch)" = "hello" ]
}

@test "channel: an input that can't be read is a failure" {
    run -"$FAILED" --separate-stderr send ch </
    [ "$stderr" = "mmt exchange: standard input: Is a directory (EISDIR)" ]
    run -"$FAILED" --separate-stderr sh -c 'mmt exchange --send ch <&-'
    [ "$stderr" = "mmt exchange: standard input: Bad file descriptor (EBADF)" ]
}

@test "channel: no message is written into it where stderr is closed" {
    run -"$TIMEOUT" sh -c 'mmt exchange --recv -t 0 ch 2>&-'
    send ch <<<hello
    [ "$(recv ch)" = "hello" ]
}

# --- the file ---

# refused TEXT - by every end; not a byte of ch is changed.
refused() {
    local end status
    cp ch before
    touch -d 2001-01-01 ch
    for end in send recv state; do
        status=0
        "$end" ch <input >printed 2>told || status=$?
        [ "$status" -eq "$FAILED" ]
        [ "$(cat told)" = "mmt exchange: ch: $1" ]
        [ ! -s printed ]
    done
    cmp ch before
    [ "$(stat -c %Y ch)" = "$(date -d 2001-01-01 +%s)" ]
}

@test "channel: a file that is none is left alone" {
    echo x >input
    echo precious >ch
    refused "not a channel"
    bytes_of 100000 ch
    refused "not a channel"
}

@test "channel: what is no file is none" {
    mkfifo ch
    for end in send recv state; do
        run -"$FAILED" --separate-stderr "$end" ch </dev/null
        [ "$stderr" = "mmt exchange: ch: not a channel" ]
    done
}

# patched FLAW OFFSET BYTES... - a sound channel with these BYTES at OFFSET in
# its header, and at as many more as are given, is refused.
patched() {
    local flaw=$1
    shift
    cp whole ch
    while [ "$#" -gt 0 ]; do
        patch "$1" "$2"
        shift 2
    done
    refused "$flaw"
}

@test "channel: one that is cut or from elsewhere is left alone" {
    echo x >input
    send ch <input
    cp ch whole
    truncate -s $((DATA + 1000)) ch
    refused "truncated: the file ends before the ring does"
    truncate -s 100 ch
    refused "truncated: the file ends before the ring does"
    patched "made by another version of mmt" "$VERSION" '\377'
    patched "made by an mmt of another word size" "$WORD_SIZE" '\7'
    patched "made on a machine of another byte order" "$ORDER" '\4\1\2\3'
}

@test "channel: one that is damaged is left alone" {
    local flaw='damaged: its header makes no sense'
    local none='\0\0\0\0\0\0\0\0' all='\377\377\377\377\377\377\377\377'
    echo x >input
    send ch <input
    cp ch whole
    patched "$flaw" "$CAPACITY" "$none"
    patched "$flaw" "$CAPACITY" "$all"
    patched "$flaw" "$CAPACITY" '\0\20\0' # 4 KiB, not 1 MiB
    cp whole ch
    echo "grown by others" >>ch
    refused "$flaw"
    patched "$flaw" "$PHASE" '\11'
    patched "$flaw" "$READ" '\3'
    patched "$flaw" "$WRITTEN" '\0\0\0\377'
    patched "$flaw" "$WRITTEN" "$all" "$READ" "$all"
}

@test "channel --resume: positions that no file has are damage" {
    stopped
    cp ch whole
    # The largest number of bytes, read from and written to the last position.
    patch $((WRITTEN + 8)) '\0\0\0\0\0\0\0\100'
    run -"$FAILED" --separate-stderr send --resume ch <input
    [ "$stderr" = "mmt exchange: ch: damaged: its header makes no sense" ]
    cp whole ch
    patch "$REACHED" '\377\377\377\377\377\377\377\177'
    patch "$PHASE" '\2'
    run -"$FAILED" --separate-stderr sh -c \
        'mmt exchange --recv --resume ch >>output'
    [ "$stderr" = "mmt exchange: ch: damaged: its header makes no sense" ]
    [ "$(size_of output)" -eq "$had" ]
}

# field OFFSET TYPE - a number in ch, of a type of od's.
field() {
    od -An -t "$2" -j "$1" -N "${2#?}" ch | tr -d ' '
}

@test "channel: the file is laid out as mmt-exchange(1) says" {
    echo hello | send -l 64K ch
    [ "$(head -c 8 ch)" = "mmt ring" ]
    [ "$(field "$ORDER" x4)" = 01020304 ]
    [ "$(field "$VERSION" u4)" = 1 ]
    [ "$(field "$CAPACITY" u8)" = 65536 ]
    [ "$(field "$MADE" u4)" = 2 ]
    [ "$(field "$PHASE" u4)" = 1 ]
    [ "$(field "$WRITTEN" u8)" = 6 ]
    [ "$(field 136 d8)" = -1 ]
    [ "$(field "$READ" u8)" = 0 ]
    [ "$(mmt map ch "peek@$DATA+5")" = "hello" ]
    echo before >output
    recv ch >>output
    [ "$(field "$PHASE" u4)" = 2 ]
    [ "$(field "$READ" u8)" = 6 ]
    [ "$(field "$REACHED" u8)" = 6 ]
    [ "$(field 256 u4)" = 1 ]
    [ "$(field 264 u8) $(field 272 u8)" = "$(stat -c '%d %i' output)" ]
    [ "$(field 280 d8) $(field 288 d8)" = "7 7" ]
    send ch <output
    [ "$(field 136 d8)" = 0 ]
}

@test "channel: an empty file, and one half made, are made anew" {
    : >ch
    run -"$FAILED" --separate-stderr state ch
    [ "$stderr" = "mmt exchange: ch: not a channel" ]
    echo one | send ch
    [ "$(recv ch)" = "one" ]
    patch "$MADE" '\1'
    run -"$FAILED" --separate-stderr state ch
    [ "$stderr" = "mmt exchange: ch: not ready: its maker is at work, or died:\
 --send or --recv makes it anew" ]
    echo two | send -l 1pg ch
    [ "$(recv ch)" = "two" ]
    [ "$(size_of ch)" -eq $((DATA + PAGE_SIZE)) ]
    patch "$MADE" '\1'
    truncate -s $((DATA + 1)) ch
    run -"$DONE" send ch <<<three
    [ "$(recv ch)" = "three" ]
}

@test "channel: one cut while in use is reported as such" {
    bytes_of 100000 input
    start_sender
    begin receiver mmt exchange --recv ch
    eventually state_is "receiver $(cat receiver.pid)"
    truncate -s 0 ch
    join receiver "$FAILED"
    join sender "$FAILED"
    [ "$(cat receiver.err)" = "mmt exchange: ch: cut short while in use" ]
    [ "$(cat sender.err)" = "mmt exchange: ch: cut short while in use" ]
}

@test "channel: one cut while bytes stream through it, too" {
    for size in 0 100 "$DATA" $((DATA + 1000)); do
        begin sender mmt exchange --send -l 64K ch </dev/zero
        begin receiver sh -c 'exec mmt exchange --recv -l 64K ch >/dev/null'
        eventually state_is 'out [1-9]'
        truncate -s "$size" ch
        join receiver "$FAILED"
        join sender "$FAILED"
        [ "$(cat receiver.err)" = "mmt exchange: ch: cut short while in use" ]
        [ "$(cat sender.err)" = "mmt exchange: ch: cut short while in use" ]
        rm ch
    done
}

@test "channel: one that changes under an end's feet is damaged" {
    start_sender
    begin receiver mmt exchange --recv ch
    eventually state_is "receiver $(cat receiver.pid)"
    patch "$READ" '\1'
    join receiver "$FAILED"
    [ "$(cat receiver.err)" = \
        "mmt exchange: ch: damaged: its header makes no sense" ]
}

@test "channel: no header makes an end touch what is not its own" {
    bytes_of 20000 input
    run -"$TIMEOUT" send -t 0 -l 2pg ch <input
    cp ch whole
    RANDOM=$((${SEED:-1}))
    for turn in $(seq 50); do
        cp whole ch
        patch $((RANDOM % 576)) "\\$(printf %o $((RANDOM % 256)))"
        patch $((RANDOM % 576)) "\\$(printf %o $((RANDOM % 256)))"
        for end in recv send; do
            status=0
            timeout 20 mmt exchange --"$end" --resume -t 0 ch \
                <input >output 2>/dev/null || status=$?
            [ "$status" -le 1 ] || [ "$status" -eq "$TIMEOUT" ] || {
                echo "turn $turn: --$end ended with $status"
                return 1
            }
        done
    done
}

@test "channel: nothing that becomes of a header makes a running end fault" {
    RANDOM=${SEED:-1}
    for turn in $(seq 12); do
        begin sender timeout 20 mmt exchange --send -l 64K ch </dev/zero
        begin receiver sh -c 'exec timeout 20 mmt exchange --recv -l 64K ch \
            >/dev/null'
        eventually state_is 'out [1-9]'
        until ended sender || ended receiver; do
            patch $((RANDOM % 576)) "\\$(printf %o $((RANDOM % 256)))"
        done
        join sender "$FAILED"
        join receiver "$FAILED"
        rm ch
    done
}

@test "channel: ends of two C libraries meet without their semaphores" {
    bytes_of 3000000 input
    begin receiver mmt exchange --recv ch
    eventually state_is "receiver $(cat receiver.pid)"
    # Its sem_t looks otherwise: the receiver is of another C library.
    patch "$FRESH" '\1'
    send ch <input
    join receiver "$DONE"
    cmp input receiver.out
}

@test "channel -l: another capacity than it has is refused" {
    echo x | send ch
    run -"$FAILED" --separate-stderr recv -l 8192 ch
    [ "$stderr" = "mmt exchange: ch: it holds 1048576 bytes, not 8192: leave -l\
 away, or remove it" ]
}

@test "channel -l: a page is the least" {
    run -"$USAGE" --separate-stderr send -l 100 ch
    [ "${stderr%%$'\n'*}" = "mmt exchange: bad length 100: a channel holds a\
 page, $PAGE_SIZE bytes, or more" ]
    [ ! -e ch ]
}

@test "channel: a full disk is told before a byte is moved" {
    small_tmpfs full 64K
    run -"$FAILED" --separate-stderr send full/ch <<<hello
    like 'mmt exchange: full/ch: posix_fallocate: *(ENOSPC): make a smaller '\
'channel with -l' "$stderr"
    [ ! -e full/ch ]
    : >full/empty
    run -"$FAILED" send full/empty <<<hello
    [ "$(size_of full/empty)" -eq 0 ]
}

@test "channel: more than can be mapped is an error" {
    run -"$FAILED" --separate-stderr send -l 7E ch <<<hello
    [ ! -e ch ]
}

# --- what it says ---

@test "channel --state: the ends, as text and as JSON" {
    start_sender
    begin receiver mmt exchange --recv ch
    eventually state_is "receiver $(cat receiver.pid)"
    echo hello >&4
    eventually state_is "out 6"
    sender=$(cat sender.pid) receiver=$(cat receiver.pid)
    [ "$(state ch)" = "ch: 1048576 bytes; in 6, out 6, waiting 0;\
 sender $sender, receiver $receiver; open" ]
    [ "$(state -J ch)" = '{"channel":"ch","capacity":1048576,"in":6,"out":6,'\
'"waiting":0,"sender":'"$sender"',"receiver":'"$receiver"',"state":"open",'\
'"outcome":"ok","errno":null}' ]
}

@test "channel --state: it needs no more than to read, and makes nothing" {
    run -"$FAILED" --separate-stderr state ch
    [ "$stderr" = "mmt exchange: ch: open: No such file or directory (ENOENT)" ]
    [ ! -e ch ]
    run -"$FAILED" --separate-stderr state -J ch
    [ "$output" = \
        '{"channel":"ch","bytes":0,"outcome":"ENOENT","errno":"ENOENT"}' ]
    echo x | send ch
    chmod 400 ch
    run -"$DONE" unprivileged mmt exchange --state ch
}

@test "channel --state: it disturbs nothing" {
    bytes_of 30000000 input
    begin sender mmt exchange --send -l 1pg ch <input
    begin receiver mmt exchange --recv -l 1pg ch
    looks=0
    while kill -0 "$(cat receiver.pid)" 2>/dev/null; do
        state ch >/dev/null 2>&1 && looks=$((looks + 1))
    done
    join sender "$DONE"
    join receiver "$DONE"
    cmp input receiver.out
    [ "$looks" -gt 0 ]
}

@test "channel --send -J: how it ended" {
    run -"$DONE" send -J ch <<<hello
    [ "$output" = '{"channel":"ch","bytes":6,"outcome":"ok","errno":null}' ]
    run -"$FAILED" --separate-stderr send -J ch <<<hello
    [ "$output" = \
        '{"channel":"ch","bytes":0,"outcome":"EEXIST","errno":"EEXIST"}' ]
}

@test "channel --recv -J: standard output is for the bytes" {
    run -"$USAGE" --separate-stderr recv -J ch
    [ "${stderr%%$'\n'*}" = "mmt exchange: --recv writes the bytes to standard\
 output: -J can't too" ]
    [ ! -e ch ]
}

@test "channel: one action on one channel, without options for steps" {
    run -"$USAGE" --separate-stderr mmt exchange --send --recv ch
    [ "${stderr%%$'\n'*}" = "mmt exchange: --send, --recv or --state: one at a\
 time" ]
    run -"$USAGE" --separate-stderr send ch other
    [ "${stderr%%$'\n'*}" = "mmt exchange: one channel at a time: what is\
 'other'?" ]
    run -"$USAGE" --separate-stderr send
    [ "${stderr%%$'\n'*}" = "mmt exchange: which channel?" ]
    run -"$USAGE" --separate-stderr send -w ch
    [ "${stderr%%$'\n'*}" = "mmt exchange: a channel has no --write" ]
    run -"$USAGE" --separate-stderr mmt exchange --resume ch get
    [ "${stderr%%$'\n'*}" = "mmt exchange: --resume is for --send and --recv" ]
    [ ! -e ch ]
}

@test "channel --state: options that change something make no sense" {
    for option in --resume --wait --unlink -l1M; do
        run -"$USAGE" --separate-stderr state "$option" ch
        [ "${stderr%%$'\n'*}" = "mmt exchange: --state only looks: it takes no\
 --length, --resume, --wait or --unlink" ]
    done
}

@test "channel --state: a limit holds, and there is no progress to show" {
    echo x | send ch
    for option in '-t 0' --progress --no-progress; do
        # shellcheck disable=SC2086 # some are two words
        run -"$DONE" --separate-stderr state $option ch
        [ "$output" = "ch: 1048576 bytes; in 2, out 0, waiting 2;\
 sender none, receiver none; finished" ]
        [ "$stderr" = "" ]
    done
}

@test "channel --progress: bytes, rate and how full the ring is" {
    bytes_of 1000000 input
    begin sender mmt exchange --send --progress -l 64K ch <input
    recv -l 64K ch >output
    join sender "$DONE"
    tr '\r' '\n' <sender.err | grep -Eq \
        '^ch, [0-9]+% full: [0-9.]+ (bytes|[KM]iB)'
}

@test "channel -q: only the status" {
    run -"$FAILED" --separate-stderr state -q ch
    [ "$stderr" = "" ]
}

@test "channel -v: the locks, as C writes them" {
    run -"$DONE" --separate-stderr send -v ch <<<hello
    echo "$stderr" | grep -qx \
        'fcntl([0-9]*, F_SETLK, {F_WRLCK, SEEK_SET, 1, 1}) = 0'
    echo "$stderr" | grep -qx 'read(0, 0x[0-9a-f]*, 262144) = 6'
}

# --- ends that are killed ---

@test "channel: no byte is lost or doubled by kills at random moments" {
    compile kill channel/kill.c
    KILLS=40 BYTES=50000000 ./kill
    KILLS=15 BYTES=1000000 CAPACITY=5001 LONGEST=3000 ./kill
}
