#!/usr/bin/env bats
# exchange --compare: the ways of communication, measured here and now.
#
# SPDX-License-Identifier: MIT

load helper

ways="spinning mapping|sleeping mapping|pipe|FIFO|UNIX socket|message queue"
number='[0-9.]+(e[-+][0-9]+)?'

# measure - have the rows of a run of now, the same for all tests, in "rows".
measure() {
    # whole or not at all, since tests may run side by side
    if [ ! -e "$BATS_FILE_TMPDIR/rows" ]; then
        mmt exchange --compare -J >rows
        mv rows "$BATS_FILE_TMPDIR/rows"
    fi
    cp "$BATS_FILE_TMPDIR/rows" rows
}

# figure WAY BLOCK FIELD - the figure of that row in the objects of file "rows".
figure() {
    local row="\{\"way\":\"$1\",\"block\":$2,.*"
    sed -nE "s/^$row\"$3\":($number|null)[,}].*/\1/p" rows
}

# first_table ENVIRONMENT... - only the table of the smallest blocks: what
# follows finds nobody to read it.
first_table() {
    env "$@" mmt exchange --compare | sed 8q
}

@test "exchange --compare prints a table for each size of block" {
    run --separate-stderr -"$DONE" env LC_ALL=C mmt exchange --compare
    [ "$stderr" = "" ]
    [ "${#lines[@]}" -eq 24 ]
    for block in 4 4096 65536; do
        grep -qE "^$block BYTES +ROUND TRIP 99 OF 100 +THROUGHPUT$" \
            <<<"$output"
    done
    time='[0-9.]+ [num]?s'
    figures="(  +$time){2}  [#.]+ +[0-9.]+ [KMGT]iB/s  [#.]+"
    [ "$(grep -cE "^($ways|signal)($figures| +left out: .+)$" \
        <<<"$output")" -eq 21 ]
    # no blanks at the end, and room for all of it on a terminal
    run ! grep -E ' $|.{81}' <<<"$output"
}

@test "exchange --compare -J prints an object for each way and block" {
    measure
    [ "$(wc -l <rows)" -eq 21 ]
    figures="\"round_trip\":$number,\"round_trip_99\":$number"
    figures="$figures,\"throughput\":$number,\"why\":null"
    lack='"round_trip":null,"round_trip_99":null,"throughput":null'
    lack="$lack,\"why\":\"[^\"]+\""
    for block in 4 4096 65536; do
        [ "$(grep -cE "^\{\"way\":\"($ways|signal)\",\"block\":$block,\
($figures|$lack)\}$" rows)" -eq 7 ]
    done
    # what no system is without
    for way in pipe FIFO "UNIX socket"; do
        [ "$(grep -c "\"way\":\"$way\".*\"why\":null" rows)" -eq 3 ]
    done
}

@test "exchange --compare: a signal carries one integer, no larger block" {
    measure
    [ "$(figure signal 4 throughput)" != null ]
    [ "$(grep -c '"way":"signal".*"why":"a signal carries one integer"' \
        rows)" -eq 2 ]
}

@test "exchange --compare: no 99th percentile is below its median" {
    measure
    sed -nE "s/.*\"round_trip\":($number),\"round_trip_99\":($number),.*/\
\1 \3/p" rows >both
    awk '!($1 > 0 && $2 >= $1) { exit 1 }' both
    [ "$(wc -l <both)" -ge 9 ]
}

@test "exchange --compare on one processor leaves spinning out" {
    need taskset
    allowed=$(taskset -cp $$)
    allowed=${allowed##*[ ,-]}
    taskset -c "$allowed" mmt exchange --compare -J >rows
    why="the two processes have one processor only"
    [ "$(grep -c "\"way\":\"spinning.*\"throughput\":null,\"why\":\"$why\"" \
        rows)" -eq 3 ]
    [ "$(figure "sleeping mapping" 4 round_trip)" != null ]
}

@test "exchange --compare leaves out what the system refuses, with its reason" {
    TMPDIR=$PWD/absent mmt exchange --compare -J >rows
    [ "$(grep -c '"way":"FIFO".*"throughput":null,"why":".*(ENOENT)"' \
        rows)" -eq 3 ]
    [ "$(figure pipe 4 round_trip)" != null ]
}

@test "exchange --compare draws blocks where the locale has UTF-8" {
    unset LC_ALL LC_CTYPE LANG
    first_table LANG=C.UTF-8 | grep -q █
    first_table LC_ALL= LC_CTYPE=en_US.utf8 LANG=C | grep -q █
    first_table LC_ALL=C.UTF-8 LC_CTYPE=C LANG=C | grep -q █
    first_table LC_ALL=C LC_CTYPE=C.UTF-8 LANG=C.UTF-8 | grep -q '##'
    first_table LC_CTYPE=C LANG=C.UTF-8 | grep -q '##'
    first_table LC_ALL= | grep -q '##'
}

@test "exchange --compare: killed, it leaves no process and no name behind" {
    mkdir names
    for round in 1 2 3 4 5 6 7 8; do
        TMPDIR=$PWD/names start compare mmt exchange --compare
        eventually has_children compare.pid
        sleep "0.$round" # anywhere in the measurement
        children=$(children_of compare.pid)
        kill -KILL "$(cat compare.pid)"
        join compare $((128 + $(kill -l KILL)))
        for child in $children; do
            eventually gone "$child"
        done
        [ "$(ls names)" = "" ]
    done
}

@test "exchange --compare names the signal that killed its other process" {
    start compare mmt exchange --compare
    eventually children_killed
    join compare "$FAILED"
    run cat compare.err
    [ "${#lines[@]}" -eq 1 ]
    grep -qE "^mmt exchange: ($ways|signal): blocks of [0-9]+ bytes: SIGKILL:\
 the other process died$" compare.err
    [ "$(grep -c "left out: SIGKILL: the other process died" \
        compare.out)" -eq 1 ]
}

# missed - how many rows of the file "rows" there was no time for.
missed() {
    grep -c '"throughput":null,"why":"timeout"' rows
}

@test "exchange --compare -t: what there is no time for is left out" {
    run -"$TIMEOUT" --separate-stderr mmt exchange --compare -J -t 0
    [ "$stderr" = "mmt exchange: timeout: not all was measured within 0 s" ]
    printf '%s\n' "$output" >rows
    [ "$(missed)" -eq 19 ]
    [ "$(grep -c '"why":"a signal carries one integer"' rows)" -eq 2 ]
    run -"$TIMEOUT" --separate-stderr mmt exchange --compare -q -t 0
    [ "$stderr" = "" ]
    [ "$(grep -c ' left out: timeout$' <<<"$output")" -eq 19 ]
}

@test "exchange --compare -t: so is one whose other process does not answer" {
    start compare mmt exchange --compare -J -t 1
    eventually children_stopped
    join compare "$TIMEOUT"
    cp compare.out rows
    [ "$(missed)" -gt 0 ]
    [ "$(wc -l <rows)" -eq 21 ]
    [ "$(cat compare.err)" = \
        "mmt exchange: timeout: not all was measured within 1 s" ]
}

@test "exchange --compare ends with its reader" {
    set -o pipefail
    run -$((128 + $(kill -l PIPE))) first_table LC_ALL=C
    [ "${#lines[@]}" -eq 8 ]
}

@test "exchange --compare takes no operand, and nothing for steps or channels" {
    run --separate-stderr -"$USAGE" mmt exchange --compare file
    [ "$output" = "" ]
    run --separate-stderr -"$USAGE" mmt exchange -w --compare
    [ "${stderr%%$'\n'*}" = "mmt exchange: --compare goes without --write" ]
    run --separate-stderr -"$USAGE" mmt exchange -l 1M --compare
    [ "${stderr%%$'\n'*}" = "mmt exchange: --compare goes without --length" ]
    for action in "--send --compare" "--compare --send"; do
        # shellcheck disable=SC2086 # two words
        run --separate-stderr -"$USAGE" mmt exchange $action
        [ "${stderr%%$'\n'*}" = "mmt exchange: --compare goes without --send" ]
    done
}

children_of() {
    ps -o pid= --ppid "$(cat "$1")" || [ "$?" -eq 1 ] # there is none
}

has_children() {
    [ -n "$(children_of "$1")" ]
}

# Some of them only remove a name and are not missed.
children_killed() {
    [ ! -s compare.err ] || return 0
    children_of compare.pid | xargs kill -KILL || :
    return 1
}

# One that has ended just before it could be stopped is not meant.
children_stopped() {
    children_of compare.pid | xargs kill -STOP
}

# A process that nobody has waited for is gone all the same.
gone() {
    case $(ps -o stat= -p "$1") in
    "" | Z*) ;;
    *) return 1 ;;
    esac
}
