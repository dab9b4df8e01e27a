#!/usr/bin/env bats
# input.bats - steps from standard input: lines, a dialogue, 10,000 of them.
#
# SPDX-License-Identifier: MIT

# shellcheck disable=SC2016 # it is for the sh of a step to expand

load helper
load steps

@test "- reads steps, a line each; blanks and comments are skipped" {
    hello
    prints $'Hello\nmapped' mmt map f - \
        <<<$'# greet\n\npeek+5\n   \t\n\t  # and again\n  peek@7+6\t '
    prints $'Hello\nworld' mmt map f - <<<$'peek+5\r\npeek@-6+5\r'
}

@test "- : the last line needs no newline, and no line is fine" {
    hello
    prints 'Hello' mmt map f - < <(printf 'peek+5')
    prints '' mmt map f - </dev/null
    prints '' mmt map f - < <(printf '\n\n#')
}

@test "- stands among other steps, and again it finds the end" {
    hello
    prints $'H\ne\nl' mmt map f peek+1 - peek@2+1 <<<'peek@1+1'
    prints $'e\nl' mmt map f - - peek@2+1 - <<<'peek@1+1'
}

@test "- : input that can't be read is a failed step, not the end of it" {
    need jq
    hello
    ends "$FAILED" 'H' 'mmt map: f: -: (EBADF)' mmt map f peek+1 - peek+2 <&-
    ends "$FAILED" 'H' 'mmt map: f: -: (EISDIR)' mmt map -k f - peek+1 </
    [ "$(mmt map -q -J f - </ | jq -c '[.verb, .text, .outcome]')" = \
        '[null,"-","EISDIR"]' ]
}

@test "- : steps are numbered on from those before" {
    hello
    fails "$SEGV" 'mmt map: f: peek+1: SIGSEGV/SEGV_MAPERR at +0: unmapped: '\
'by step 3, munmap' mmt map f cmp=H - <<<$'cmp=H\nmunmap\npeek+1'
}

@test "a line that makes no sense is a failed step, named by its number" {
    hello
    ends "$FAILED" 'H' 'mmt map: f: line 4: munnmap: no such step: did you '\
'mean munmap?' mmt map f - <<<$'peek+1\n\n# x\nmunnmap\npeek+2'
    ends "$FAILED" $'H\nHe' 'mmt map: f: line 2: peek@x: bad offset '"'x'"': '\
'want a number such as 4096, 0x1000, 4K, 4KB or 2pg' \
        mmt map -k f - <<<$'peek+1\npeek@x\npeek+2'
    fails "$FAILED" 'mmt map: f: line 1: child:peek: roles are for mmt '\
'exchange' mmt map f - <<<'child:peek'
    fails "$FAILED" 'mmt map: f: line 1: -: no such step: '"'mmt help steps'"\
' lists them' mmt map f - <<<'-'
}

@test "a line that makes no sense: no expect accepts it, nor judges another" {
    hello
    fails "$FAILED" 'mmt map: f: line 1: munnmap: no such step: did you mean '\
'munmap?' mmt map f - <<<$'munnmap\nexpect=EINVAL'
    ends "$FAILED" $'H\nHe' 'mmt map: f: line 2: munnmap: no such step: did '\
'you mean munmap?
mmt map: f: line 2: expected ok,EINVAL, got munnmap: no such step: did you '\
'mean munmap?' mmt map -k f - <<<$'peek+1\nmunnmap\nexpect=ok,EINVAL\npeek+2'
    head -c 8 /dev/zero >f
    fails "$FAILED" 'mmt exchange: f: line 2: a:gett: no such step: did you '\
'mean get?
mmt exchange: f: line 2: expected ok, got a:gett: no such step: did you mean '\
'get?' mmt exchange -k -w f - <<<$'a:wait=1\na:gett\nexpect=ok\nb:set=1'
}

@test "a line that makes no sense has a JSON object, so that nobody waits" {
    need jq
    hello
    observe mmt map -k -J f - <<<$'peek+1\n munnmap \nexpect=ok\npeek+1'
    ended_with "$FAILED"
    [ "$(jq -c '[.step, .text, .verb, .outcome, .errno]' .out)" = \
        '[1,"peek+1","peek","ok",null]
[2,"munnmap",null,"EINVAL","EINVAL"]
[3,"expect=ok","expect","differs",null]
[4,"peek+1","peek","ok",null]' ]
    [ "$(jq -r .message .out)" = 'null
munnmap: no such step: did you mean munmap?
expected ok, got munnmap: no such step: did you mean munmap?
null' ]
}

@test "a line with a byte of zeros is not cut there, but refused" {
    hello
    fails "$FAILED" 'mmt map: f: line 2: peek+1: a byte of zeros goes as \0' \
        mmt map f - < <(printf '# \0\npeek+1\0+2\npeek')
    fails "$FAILED" 'mmt map: f: line 1: : a byte of zeros goes as \0' \
        mmt map f - < <(printf '\0\n')
}

@test "a line of a megabyte, and one with every kind of byte" {
    head -c 1000000 /dev/zero >f
    {
        printf 'poke='
        head -c 1000000 /dev/zero | tr '\0' x
        echo
    } | mmt map -w f -
    [ "$(tr -d x <f | wc -c)" -eq 0 ]
    hello
    fails "$FAILED" 'mmt map: f: line 1: \xff\x01: no such step: '\
"'mmt help steps' lists them" mmt map f - <<<$'\xff\x01'
}

@test "while steps come from stdin, it is not for load or sh" {
    hello
    local why='standard input holds the steps: load from a file'
    refuses "mmt map: load=-: $why" mmt map f load=- -
    refuses "mmt map: load: $why" mmt map f - load
    fails "$FAILED" "mmt map: f: line 1: load: $why" \
        mmt map f - <<<$'load\npeek+1'
    prints $'1\nH' mmt map f - <<<$'sh=cat; echo $?1 | tail -c 2\npeek+1'
    prints 'x' mmt map f sh=cat <<<'x'
}

# --- a shell that talks to it ---

# ask STEP - what the coprocess mmt_io prints for it, as $answer.
ask() {
    echo "$1" >&"${mmt_io[1]}"
    read -r -t 5 answer <&"${mmt_io[0]}"
}

# hang_up - end its input, and keep its status in $found.
hang_up() {
    local input=${mmt_io[1]}
    found=0
    exec {input}>&-
    wait "$1" || found=$?
}

@test "a coproc holds a mapping, answers each line and sees the file change" {
    hello
    coproc mmt_io { mmt map -w f - 2>.err 3>&-; }
    local pid=$mmt_io_PID
    ask 'peek+5' && [ "$answer" = Hello ]
    echo 'poke=J' >&"${mmt_io[1]}"
    ask 'peek+5' && [ "$answer" = Jello ]
    [ "$(head -c 5 f)" = Jello ]
    printf 'C' | dd of=f conv=notrunc status=none
    ask 'peek+5' && [ "$answer" = Cello ]
    ask 'sh=echo $PPID'
    [ -d "/proc/$answer" ] || kill -0 "$answer"
    hang_up "$pid"
    [ "$found" -eq 0 ]
    [ ! -s .err ]
}

@test "a coproc is told of a failure at once, and can take it back" {
    hello
    coproc mmt_io { mmt map f - 2>&1 3>&-; }
    local pid=$mmt_io_PID
    ask 'poke=x'
    [ "$answer" = 'mmt map: f: poke=x: SIGSEGV/SEGV_ACCERR at +0: protection: '\
'the page is r--, a store needs w: map it with -w' ]
    echo 'expect=SIGSEGV' >&"${mmt_io[1]}"
    ask 'peek+1' && [ "$answer" = H ]
    hang_up "$pid"
    [ "$found" -eq 0 ]
}

@test "a coproc of exchange: roles answer, and one that waits holds up nobody" {
    head -c 64 /dev/zero >f
    coproc mmt_io { mmt exchange -w f - 2>&1 3>&-; }
    local pid=$mmt_io_PID
    ask 'a:get' && [ "$answer" = 'a: 0' ]
    echo 'a:wait=2' >&"${mmt_io[1]}"
    echo 'a:get' >&"${mmt_io[1]}"
    ask 'b:get@8' && [ "$answer" = 'b: 0' ]
    ask 'parent:add=2' && [ "$answer" = 'parent: 2' ]
    read -r -t 5 answer <&"${mmt_io[0]}" # nobody has asked: a goes on
    [ "$answer" = 'a: 2' ]
    hang_up "$pid"
    [ "$found" -eq 0 ]
}

@test "the last line may fail after the end, whoever waits and with -k" {
    hello
    local step options
    for options in '' -k; do
        for step in sleep=9 child:sleep=9 child:pause child:wait=1; do
            run -"$TIMEOUT" --separate-stderr sh -c \
                "echo $step | mmt exchange $options -t 0.01 f -"
            like "mmt exchange: f: $step: timeout*" "$stderr"
            run -"$TIMEOUT" sh -c \
                "mmt exchange $options -q -t 0.01 f $step - </dev/null"
        done
    done
    prints '' mmt exchange -t 0.01 f - < <(printf 'sleep=9\nexpect=timeout\n')
    fails "$FAILED" 'mmt exchange: f: a:cmp=J: differs at +0: has "H", not '\
'"J"' mmt exchange f - <<<$'a:sleep=0.1\na:cmp=J'
}

@test "10,000 steps from stdin, all of them told" {
    hello
    yes peek+1 | head -n 10000 | mmt map f - >out
    [ "$(uniq -c <out | tr -s ' ')" = ' 10000 H' ]
}
