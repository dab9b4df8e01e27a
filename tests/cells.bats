#!/usr/bin/env bats
# cells.bats - integers in the mapping: get, set, add, cas, wait.
#
# SPDX-License-Identifier: MIT

load helper
load steps

zeros() {
    head -c "${1:-$PAGE_SIZE}" /dev/zero >f
}

# bytes FILE - as hexadecimal digits
bytes() {
    od -An -v -tx1 "$1" | tr -d ' \n'
}

@test "set and get: LEN 1, 2, 4 and 8, which is what it is without" {
    zeros 32
    prints $'-2\n-2\n-2\n-2\n-2' mmt map -w f set=-2 set@8+1=-2 set@10+2=-2 \
        set@12+4=-2 set@16+8=-2 get get@8+1 get@10+2 get@12+4 get@16+8
    prints $'-2\n0\n0' mmt map f get+8 get@9+1 get@24
}

@test "an integer is native: what another program stores, mmt gets" {
    zeros 16
    printf '\1\2\3\4\5\6\7\10' >f
    [ "$(mmt map f get)" -eq "$(od -An -td8 f)" ]
    [ "$(mmt map f get+4)" -eq "$(od -An -td4 -N 4 f)" ]
    [ "$(mmt map f get+2)" -eq "$(od -An -td2 -N 2 f)" ]
    [ "$(mmt map f get@3+1)" -eq 4 ]
}

@test "a narrow integer leaves its neighbours alone" {
    local at
    for at in 0 1 2 3 4 5 6 7; do
        printf 'aaaaaaaa' >f
        prints '97' mmt map -w f "get@$at+1" "set@$at+1=98"
        printf 'aaaaaaaa' | tr a b | head -c "$((at + 1))" | tail -c 1 |
            cmp - <(tail -c "+$((at + 1))" f | head -c 1)
        [ "$(tr -d b <f)" = aaaaaaa ]
    done
    printf 'aaaaaaaa' >f
    prints '-1' mmt map -w f set@2+2=-1 get@2+2
    [ "$(bytes f)" = 6161ffff61616161 ]
}

@test "numbers are those of the shell: at both ends, and not one more" {
    zeros 16
    prints $'9223372036854775807\n-9223372036854775808' \
        mmt map -w f set=9223372036854775807 get set=-9223372036854775808 get
    prints $'-128\n127' mmt map -w f set+1=-128 get+1 set+1=127 get+1
    prints '16' mmt map -w f set=0x10 get
    prints '10' mmt map -w f set=010 get
    local number
    for number in 9223372036854775808 -9223372036854775809 '' x 1x 1.5 +1 1K \
        ' 1' '1 ' -- 99999999999999999999; do
        refuses "mmt map: set=$number: bad number '$number': want a signed \
integer of 64 bits at most" mmt map -w f "set=$number"
    done
    for number in 128 -129; do
        refuses "mmt map: set+1=$number: bad number '$number': want one that \
fits +LEN, signed" mmt map -w f "set+1=$number"
    done
    refuses "mmt map: set+4=2147483648: bad number '2147483648': want one that \
fits +LEN, signed" mmt map -w f set+4=2147483648
}

@test "add prints the new value; sums wrap in each size" {
    zeros 16
    prints $'1\n11\n9' mmt map -w f add=1 add=10 add=-2
    prints '-9223372036854775808' mmt map -w f set=9223372036854775807 add=1
    prints '9223372036854775807' mmt map -w f add=-1
    prints '-2147483648' mmt map -w f set+4=2147483647 add+4=1
    prints '-32768' mmt map -w f set+2=32767 add+2=1
    prints '-128' mmt map -w f set+1=127 add+1=1
    prints '0' mmt map f get@8
}

@test "cas stores the new value only over the old one" {
    zeros 16
    prints '7' mmt map -w f cas=0:7 get
    fails "$FAILED" 'mmt map: f: cas=0:8: differs: it is 7, not 0' \
        mmt map -w f cas=0:8
    prints '7' mmt map f get
    prints '-3' mmt map -w f set=-1 cas=-1:-3 get
    prints '5' mmt map -w f set@1+1=-1 cas@1+1=-1:5 get@1+1
    local value
    for value in 7 '' 7: x:1; do
        observe mmt map -w f "cas=$value"
        ended_with "$USAGE"
    done
}

@test "cells out of line, or of no size, are EINVAL" {
    zeros 64
    local step
    for step in get@1 get@4 get@2+4 get@1+2 set@1=1 add@7+4=1 cas@1=0:1 \
        wait@4=0; do
        fails "$FAILED" "mmt map: f: $step: (EINVAL): the integer is not at a \
multiple of its size" mmt map -w f "$step"
    done
    for step in get+3 get+0 get+5 get+16 set+3=1 wait+7=0; do
        fails "$FAILED" "mmt map: f: $step: (EINVAL): an integer has 1, 2, 4 \
or 8 bytes" mmt map -w f "$step"
    done
}

@test "cells count from -o, and from the end" {
    zeros 64
    prints '5' mmt map -w -o 8 f set@8=5 get@8
    prints '5' mmt map f get@16
    fails "$FAILED" 'mmt map: f: get: (EINVAL): the integer is not at a '\
'multiple of its size' mmt map -o 4 f get
    prints '9' mmt map -w f set@-8=9 get@56
}

@test "cells fault as bytes do" {
    zeros 64
    fails "$SEGV" "mmt map: f: add=1: SIGSEGV/SEGV_ACCERR at +0: protection: \
the page is r--, a store needs w: map it with -w" mmt map f add=1
    fails "$SEGV" "mmt map: f: cas=0:1: SIGSEGV/SEGV_ACCERR at +0: protection: \
the page is r--, a store needs w: map it with -w" mmt map f cas=0:1
    fails "$SEGV" "mmt map: f: get@8: SIGSEGV/SEGV_MAPERR at +8: unmapped: by \
step 1, munmap" mmt map f munmap get@8
    fails "$SEGV" "mmt map: f: wait=1: SIGSEGV/SEGV_MAPERR at +0: unmapped: by \
step 1, munmap" mmt map f munmap wait=1
    fails "$BUS" "mmt map: f: get@1pg: SIGBUS/BUS_ADRERR at +$PAGE_SIZE: past \
end of file: it has 64 bytes: extend it first, mmt extend -s \
$((PAGE_SIZE + 1)) f" mmt map -l 2pg f get@1pg
}

@test "cells past the end of the file are lost, and add says its sum" {
    zeros 4
    ends "$FAILED" '3' "mmt map: f: add=3: lost: 4 bytes past the end of the \
file (4 bytes): extend it first, mmt extend -s 8 f" mmt map -w f add=3
    prints '0' mmt map f get@8
    fails "$FAILED" "mmt map: f: cas@8=0:1: lost: 8 bytes past the end of the \
file (4 bytes): extend it first, mmt extend -s 16 f" mmt map -w f cas@8=0:1
    fails "$FAILED" 'mmt map: f: cas@16=5:1: differs: it is 0, not 5' \
        mmt map -w f cas@16=5:1
}

@test "get and wait work on a page that is read-only" {
    zeros 16
    prints '0' mmt map f get wait=0 wait=-5..
}

# --- wait ---

@test "wait ends when the integer is N, and with N.. when it is N or more" {
    zeros 16
    prints '' mmt map -t 5 f wait=0 wait=0.. wait=-9223372036854775808..
    fails "$TIMEOUT" 'mmt map: f: wait=1..: timeout: it is 0 after 0.05 '\
'seconds' mmt map -t 0.05 f wait=1..
    fails "$TIMEOUT" 'mmt map: f: wait@8+1=3: timeout: it is 5 after 0.05 '\
'seconds' mmt map -t 0.05 -w f set@8+1=5 wait@8+1=3
    local value
    for value in '' .. 1. 1... x.. 128; do
        observe mmt map -t 1 f "wait+1=$value"
        ended_with "$USAGE"
    done
}

@test "wait sees what another process stores" {
    zeros 16
    start wait mmt map -t 5 f peek+1 wait=42 get
    start set mmt map -w f sleep=0.1 set=42
    join wait "$DONE"
    join set "$DONE"
    same $'\\0\n42' wait.out
}

@test "wait: the file is cut short meanwhile" {
    zeros 16
    start wait mmt map -t 5 f 'sh=: >ready' wait=42
    eventually [ -e ready ]
    : >f
    join wait "$BUS"
    same "mmt map: f: wait=42: SIGBUS/BUS_ADRERR at +0: past end of file: it \
has 0 bytes and had 16 when mapped" wait.err
}

@test "wait answers soon" {
    # Two processes hand a number to and fro; each answer takes a wait.
    zeros 16
    local turn steps=() others=()
    for turn in $(seq 1 2 199); do
        steps+=("a:set=$turn" "a:wait=$((turn + 1))")
        others+=("wait=$turn" "set=$((turn + 1))")
    done
    start other mmt map -t 5 -w f "${others[@]}"
    local began=${EPOCHREALTIME/[.,]/}
    prints '' mmt exchange -t 5 -w f "${steps[@]}"
    local took=$((${EPOCHREALTIME/[.,]/} - began))
    join other "$DONE"
    echo "200 answers took $took us"
    [ "$took" -lt 1000000 ]
}

# naps - "WHEN SECONDS" of each sleep that strace wrote into trace: when it
# began, counted from the first, and how long it was to last.
naps() {
    local when='^([0-9.]+) ' time='\{tv_sec=([0-9]+), tv_nsec=([0-9]+)\}'
    sed -nE -e "s/${when}poll\(.*, ([0-9]+)\).*/\1 0 \2000000/p" \
        -e "s/${when}[a-z0-9_]*nanosleep[^{]*$time.*/\1 \2 \3/p" trace | awk '
            NR == 1 { began = $1 }
            { print $1 - began, $2 + $3 / 1e9 }'
}

@test "wait looks every millisecond in its first second, then every 10" {
    zeros 16
    run -"$TIMEOUT" traced -ttt -o trace \
        -e trace='/^(poll|clock_nanosleep.*|nanosleep)$' mmt map -t 2 f wait=1
    naps >slept
    awk '{ count++ }
        $1 < 0.9 && $2 >= 0.001 || $2 >= 0.01 { print "too long: " $0; bad = 1 }
        $1 > 1 { late++ }
        END {
            print count " naps, " late " of them after a second"
            exit bad || late < 10 || late > 125
        }' slept
}

@test "wait costs little of a processor" {
    zeros 16
    local user system rest
    TIMEFORMAT='%U %S'
    read -r user system rest < <(
        { time mmt map -t 2 f wait=1 2>.err || :; } 2>&1
    )
    echo "$user $system $rest"
    [ "${user/./}" -le 40 ] # thousandths of a second, of 2 s, start included
    [ "${system/./}" -le 40 ]
}
