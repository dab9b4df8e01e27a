#!/usr/bin/env bats
# waits.bats - steps of the process itself: sleep, pause, raise, fork, sh; and
# the time limit of every step.
#
# SPDX-License-Identifier: MIT

# shellcheck disable=SC2016 # it is for the sh of a step to expand

load helper
load steps

# lasts LEAST MOST COMMAND... - it takes so many milliseconds
lasts() {
    local least=$1 most=$2 began took
    shift 2
    began=$(us)
    "$@"
    took=$((($(us) - began) / 1000))
    echo "$took ms"
    [ "$took" -ge "$least" ] && [ "$took" -lt "$most" ]
}

# --- sleep ---

@test "sleep sleeps, fractions too" {
    hello
    lasts 100 1000 prints 'H' mmt map f sleep=0.1 peek+1
    lasts 100 1000 prints '' mmt map f sleep=.05 sleep=.05
    lasts 0 1000 prints '' mmt map f sleep=0 sleep=0.000000001 sleep=00
}

@test "sleep: what is no time is refused" {
    hello
    local time
    for time in '' . 1. -1 +1 1s 1e3 0x1 inf nan ' 1' 1,5; do
        refuses "mmt map: sleep=$time: bad time '$time': want seconds, such as \
1.5" mmt map f "sleep=$time"
    done
    prints '' mmt map -t 0.01 f sleep=315360000000000 expect=timeout
    refuses "mmt map: sleep=99999999999999999999: bad time \
'99999999999999999999': want seconds, such as 1.5" \
        mmt map f sleep=99999999999999999999
}

# --- pause ---

# pausing NAME - the started mmt, which has printed, is in a pause: SIGUSR1 is
# blocked but while sigtimedwait(2) takes it.
pausing() {
    local blocked
    [ -s "$1.out" ] || return 1
    blocked=$(sed -n 's/^SigBlk:[^0-9a-f]*//p' "/proc/$(cat "$1.pid")/status")
    [ $((0x$blocked >> ($(kill -l USR1) - 1) & 1)) -eq 0 ]
}

@test "pause goes on at SIGUSR1, SIGINT or SIGTERM" {
    hello
    [ -e /proc/self/status ] || skip 'needs /proc/PID/status'
    local signal
    for signal in USR1 INT TERM; do
        start "$signal" mmt map f peek+1 pause peek+1
        eventually pausing "$signal"
        kill -s "$signal" "$(cat "$signal.pid")"
        join "$signal" "$DONE"
        same $'H\nH' "$signal.out"
        same '' "$signal.err"
    done
}

@test "pause: a SIGUSR1 sent before is not lost, and is worth one pause" {
    hello
    prints 'H' mmt map -t 5 f 'sh=kill -USR1 $PPID' pause peek+1
    fails "$TIMEOUT" 'mmt map: f: pause: timeout after 0.1 seconds' \
        mmt map -t 0.1 f 'sh=kill -USR1 $PPID' pause pause
}

@test "SIGINT and SIGTERM before and after a pause end mmt" {
    hello
    run -$((128 + $(kill -l TERM))) mmt map f 'sh=kill -TERM $PPID' pause
    run -$((128 + $(kill -l TERM))) \
        mmt map f 'sh=kill -USR1 $PPID' pause 'sh=kill -TERM $PPID' sleep=3
}

# --- raise ---

@test "raise kills as a signal does, whatever mmt does with it else" {
    hello
    local signal
    for signal in SEGV BUS TERM INT USR1 KILL ABRT XFSZ ALRM PIPE HUP; do
        run -$((128 + $(kill -l "$signal"))) mmt map f "raise=$signal"
        run -$((128 + $(kill -l "$signal"))) \
            mmt map -t 5 f "raise=SIG$signal"
    done
    run -$((128 + $(kill -l TERM))) mmt map f "raise=$(kill -l TERM)"
}

@test "raise of a signal that does nothing goes on" {
    hello
    prints 'H' mmt map f raise=CHLD raise=URG raise=CONT peek+1
}

@test "raise: what the steps printed before is not lost" {
    hello
    run -$((128 + $(kill -l KILL))) mmt map f peek+1 raise=KILL
    [ "$output" = H ]
}

@test "raise: what is no signal is refused" {
    hello
    local signal
    for signal in '' X 0 -1 99999; do
        refuses "mmt map: raise=$signal: bad signal '$signal': want a name \
like TERM, or the number of a signal" mmt map f "raise=$signal"
    done
    refuses "mmt map: raise=SIGX: bad signal 'SIGX': did you mean SIGXCPU?" \
        mmt map f raise=SIGX
    refuses "mmt map: raise=sigterm: bad signal 'sigterm': did you mean \
SIGTERM?" mmt map f raise=sigterm
}

# --- sh ---

@test "-t: a call that took longer than its limit is looked at afterwards" {
    hello
    prints 'H' mmt map -t 0 f peek+1 msync expect=timeout
    fails "$TIMEOUT" 'mmt map: f: fsync: timeout after 0 seconds' \
        mmt map -t 0 f fsync
}

@test "-t: pread of what has no end in sight" {
    need_wide_addresses
    : >f
    mmt extend -s 256G f 2>/dev/null || skip 'files are not that large here'
    mmt map -t 0.1 f pread >/dev/null 2>.raw || found=$?
    [ "$found" -eq "$TIMEOUT" ]
    same 'mmt map: f: pread: timeout after 0.1 seconds' .raw
}

@test "-t: load that can't know whether its input goes on" {
    hello
    mkfifo pipe
    exec 7<>pipe
    cat f >&7
    fails "$TIMEOUT" 'mmt map: f: load: timeout after 0.1 seconds' \
        mmt map -t 0.1 -w f load <&7
    # Also where somebody has set the pipe not to wait.
    cat f >&7
    dd iflag=nonblock count=0 status=none <&7
    fails "$TIMEOUT" 'mmt map: f: load: timeout after 0.1 seconds' \
        mmt map -t 0.1 -w f load <&7
    exec 7>&-
}

@test "sh runs its command, in order with what the steps print" {
    hello
    prints $'H\nhi\nJ' mmt map -w f peek+1 'sh=echo hi' poke=J peek+1
    prints $'a  b' mmt map f 'sh=echo "a  b"'
    prints '' mmt map f sh=
}

@test "sh: a command that begins with - or + is no option" {
    hello
    mkdir bin
    printf '#!/bin/sh\necho "called $0"\n' >bin/-e
    chmod +x bin/-e
    cp bin/-e bin/+x
    PATH=$PWD/bin:$PATH prints "called $PWD/bin/-e" mmt map f sh=-e
    PATH=$PWD/bin:$PATH prints "called $PWD/bin/+x" mmt map f sh=+x
}

@test "sh: a status other than 0 is a failed step" {
    hello
    fails "$FAILED" 'mmt map: f: sh=exit 7: exit:7: it ended with status 7' \
        mmt map f 'sh=exit 7'
    observe mmt map f 'sh=/nonexistent 2>/dev/null'
    ended_with "$FAILED"
    fails $((128 + $(kill -l TERM))) 'mmt map: f: sh=kill -TERM $$: SIGTERM: '\
'it was killed' mmt map f 'sh=kill -TERM $$'
}

@test "sh: its PPID is the process that holds the mapping" {
    hello
    start map mmt map f 'sh=echo $PPID >pid' 'sh=: >ready' pause
    eventually [ -e ready ]
    [ "$(cat pid)" = "$(cat map.pid)" ]
    kill -USR1 "$(cat map.pid)"
    join map "$DONE"
}

@test "sh: what it does with the file is seen in the mapping" {
    hello
    prints 'Jello' mmt map f 'sh=printf J | dd of=f conv=notrunc 2>/dev/null' \
        peek+5
    prints 'Kello' mmt map -w f poke=K 'sh=head -c 5 f; echo'
}

@test "sh: it gets the signals, the files and the limits of its user" {
    hello
    # The shell closes its end of the pipe while ls looks.
    prints '' mmt map f 'sh=ls -l /proc/$$/fd 2>/dev/null | grep "/f$"' \
        expect=exit:1
    # SIGXFSZ, which mmt ignores, kills what it starts; a build for coverage
    # writes files of its own, below the limit.
    run sh -c 'ulimit -f 1000
        exec mmt map f "sh=head -c 600000 /dev/zero >big; echo \$?" 2>.err'
    [ "$output" -eq $((128 + $(kill -l XFSZ))) ]
    prints '' mmt map f 'sh=kill -USR1 $$' expect=SIGUSR1
}

@test "sh: a signal that mmt was started to ignore is ignored" {
    hello
    local signal command
    for signal in HUP XFSZ INT USR1; do
        command="kill -$signal \$\$; echo alive"
        (
            trap '' "$signal"
            prints 'alive' mmt map f "sh=$command"
            prints 'alive' mmt exchange f "a:sh=$command"
        )
    done
}

@test "sh: its command may ask at the terminal, whatever its input is" {
    script --version 2>/dev/null | grep -q util-linux ||
        skip 'needs script of util-linux'
    hello
    echo secret | script -qec "mmt map -t 10 f \
        'sh=read word </dev/tty; echo \"got \$word\"' </dev/null" /dev/null \
        >shown
    grep -q 'got secret' shown
}

# at_terminal SCRIPT - begin a script of bash, with jobs, at a terminal of its
# own; what is written to typed is typed there.
at_terminal() {
    script --version 2>/dev/null | grep -q util-linux ||
        skip 'needs script of util-linux'
    env --default-signal=INT true 2>/dev/null || skip 'needs env of GNU'
    mkfifo typed
    printf 'set -m\n%s\n' "$1" >at_terminal
    # What is started in the background ignores SIGINT.
    start terminal env --default-signal=INT \
        script -qefc 'bash at_terminal' /dev/null <>typed
}

@test "sh: at a terminal, too, the time limit ends what its command started" {
    hello
    at_terminal "mmt map -t 0.2 f 'sh=sleep 60 & echo \$! >it.pid; wait'"
    join terminal "$TIMEOUT"
    eventually ended it
}

@test "sh: Ctrl-C ends its command, what that has started, and mmt" {
    hello
    at_terminal "mmt map -k f \
        'sh=sleep 60 & echo \$! >it.pid; echo >ready; wait' save=late"
    eventually test -e ready
    printf '\003' >typed
    join terminal $((128 + $(kill -l INT)))
    eventually ended it
    [ ! -e late ]
}

@test "sh: a Ctrl-C that its command catches doesn't end mmt" {
    hello
    at_terminal "mmt map f 'sh=trap \"echo >caught\" INT; echo >ready
        until test -e caught; do sleep 0.01; done; true' save=late"
    eventually test -e ready
    printf '\003' >typed
    join terminal "$DONE"
    cmp f late
}

@test "sh: a pager that mmt writes to has the terminal meanwhile" {
    hello
    at_terminal "mmt map f 'sh=echo >ready
            until test -e set; do sleep 0.01; done' save=late |
        { until test -e ready; do sleep 0.01; done
            stty sane </dev/tty; echo >set; cat; }"
    join terminal "$DONE"
    cmp f late
}

@test "sh: Ctrl-Z stops its command and mmt, and fg goes on with both" {
    hello
    at_terminal "mmt map f 'sh=echo >ready; read word; echo \"\$word\" >got' \
        save=late; echo \$? >stopped; jobs -s >job; fg"
    eventually test -e ready
    printf '\032' >typed
    eventually test -s job
    [ "$(cat stopped)" -eq $((128 + $(kill -l TSTP))) ]
    echo secret >typed
    join terminal "$DONE"
    same secret got
    cmp f late
}

@test "sh: one that asks in the background is stopped, and answered after fg" {
    hello
    at_terminal "mmt map f 'sh=read word </dev/tty; echo \"\$word\" >got' &
        until [ -n \"\$(jobs -s)\" ]; do sleep 0.05; done; fg"
    echo secret >typed
    join terminal "$DONE"
    same secret got
}

@test "sh: the terminal is the shell's again after a SIGKILL of mmt" {
    hello
    # It is given back before what the command has started is ended.
    at_terminal "sh -c 'mmt map f \"sh=echo \\\$\\\$ >it.pid
            echo \\\$PPID >pid; exec cat\"
        while kill -0 \$(cat it.pid); do sleep 0.01; done; echo >next
        read word; echo \$word >got'"
    eventually test -s pid
    kill -KILL "$(cat pid)"
    eventually test -e next
    echo secret >typed
    join terminal "$DONE"
    same secret got
}

@test "sh: what its command ends with is known where SIGCHLD is ignored" {
    env --ignore-signal=CHLD true 2>/dev/null || skip 'needs env of GNU'
    hello
    prints '' env --ignore-signal=CHLD mmt map f sh=true
    fails "$FAILED" 'mmt map: f: sh=exit 3: exit:3: it ended with status 3' \
        env --ignore-signal=CHLD mmt map f 'sh=exit 3'
}

# --- fork ---

@test "fork needs a role and does nothing but exist" {
    hello
    fails "$FAILED" 'mmt map: f: fork: (EINVAL): fork needs a role: '\
'child:fork' mmt map f fork
    prints '' mmt exchange f child:fork
    prints $'child: H' mmt exchange f child:fork child:peek+1
}

# --- the time limit ---

@test "-t limits each step: sleep, pause, wait, sh, load from a FIFO" {
    head -c 64 /dev/zero >f
    mkfifo fifo
    local step
    for step in sleep=5 pause 'sh=sleep 5' load=fifo save=fifo; do
        lasts 100 1000 fails "$TIMEOUT" \
            "mmt map: f: $step: timeout after 0.1 seconds" \
            mmt map -w -t 0.1 f "$step"
    done
    lasts 100 1000 fails "$TIMEOUT" \
        'mmt map: f: wait=1: timeout: it is 0 after 0.1 seconds' \
        mmt map -t 0.1 f wait=1
    lasts 100 1000 fails "$TIMEOUT" \
        'mmt map: f: sh=cat fifo; echo: timeout after 0.1 seconds' \
        mmt map -t 0.1 f 'sh=cat fifo; echo'
    : <>fifo # the shell was ended, and not what it had started
}

@test "-t is for each step, not for all" {
    hello
    prints 'H' mmt map -t 0.2 f sleep=0.1 sleep=0.1 sleep=0.1 peek+1
}

@test "-t with expect=timeout goes on, and with -k" {
    hello
    prints 'H' mmt map -t 0.05 f sleep=5 expect=timeout peek+1
    ends "$TIMEOUT" 'H' 'mmt map: f: sleep=5: timeout after 0.05 seconds' \
        mmt map -k -t 0.05 f sleep=5 peek+1
    fails "$TIMEOUT" 'mmt map: f: sleep=5: timeout after 1 second' \
        mmt map -t 1 f sleep=5
}

@test "-t: the command that sh ran is gone" {
    hello
    fails "$TIMEOUT" 'mmt map: f: sh=echo $$ >pid; exec sleep 7: timeout '\
'after 0.1 seconds' mmt map -t 0.1 f 'sh=echo $$ >pid; exec sleep 7'
    run -1 kill -0 "$(cat pid)"
}

@test "-t: what is no time is refused" {
    hello
    local time
    for time in '' x -1 1s 1e9; do
        refuses "mmt map: bad timeout '$time': want seconds, such as 1.5" \
            mmt map -t "$time" f
    done
}

@test "--time tells each step's time and page faults on stderr" {
    hello
    observe mmt map --time f peek+1 sleep=0.01
    ended_with "$DONE"
    same 'H' .out
    [ "$(sed 's/[0-9][0-9.]*/N/g' .err)" = \
        'peek+N: N s, N page faults, N of them with a read
sleep=N: N s, N page faults, N of them with a read' ]
    [ "$(sed -n 's/sleep=0.01: \(0\.[0-9]*\) s.*/\1/p' .err | tr -d .)" \
        -ge 10000 ]
}
