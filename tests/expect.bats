#!/usr/bin/env bats
# expect.bats - outcomes: what a step has come to, and what accepts it.
#
# SPDX-License-Identifier: MIT

load helper
load steps

@test "expect accepts each word for an outcome, silently" {
    hello
    prints 'H' mmt map -w f expect=ok peek+1 expect=ok \
        munmap+0 expect=EINVAL \
        poke@20=x expect=lost \
        cmp=x expect=differs \
        peek@1pg+1 expect=outside \
        'sh=exit 7' expect=exit:7 \
        mprotect=r poke=x expect=SIGSEGV \
        poke=x expect=SIGSEGV/SEGV_ACCERR
    prints '' mmt map -t 0.01 f sleep=1 expect=timeout
    prints '' mmt exchange f child:raise=KILL expect=SIGKILL
}

@test "expect accepts any of several" {
    hello
    prints '' mmt map f expect=ok,EINVAL munmap+0 expect=ok,EINVAL \
        munmap+0 expect=SIGBUS,lost,EINVAL cmp=H expect=exit:1,ok
}

@test "expect: a signal's name accepts any code, a code only that" {
    hello
    prints '' mmt map f poke=x expect=SIGSEGV munmap poke=x expect=SIGSEGV \
        poke=x expect=SIGSEGV/SEGV_MAPERR
    ends "$FAILED" '' "mmt map: f: poke=x: expected SIGSEGV/SEGV_MAPERR, got \
SIGSEGV/SEGV_ACCERR at +0: protection: the page is r--, a store needs w: map \
it with -w" mmt map f poke=x expect=SIGSEGV/SEGV_MAPERR
}

@test "expect: names of one errno are the same" {
    hello
    prints '' mmt map f -k 'sh=exit 0' expect=ok
    make_object printf x
    prints '' mmt map -w "shm:$object" truncate=1 expect=ENOTSUP \
        truncate=1 expect=EOPNOTSUPP
}

@test "a wrong outcome is status 1, prints both, and ends the run" {
    hello
    ends "$FAILED" 'H' 'mmt map: f: peek+1: expected EINVAL, got ok' \
        mmt map f peek+1 expect=EINVAL peek+2
    ends "$FAILED" $'H\nHe' 'mmt map: f: peek+1: expected EINVAL, got ok' \
        mmt map -k f peek+1 expect=EINVAL peek+2
    fails "$FAILED" "mmt map: f: peek@0+1: expected SIGBUS, got \
SIGSEGV/SEGV_MAPERR at +0: unmapped: by step 1, munmap" \
        mmt map f munmap peek@0+1 expect=SIGBUS
    fails "$FAILED" 'mmt map: f: munmap+0: expected ok, got (EINVAL): the '\
'length is 0' mmt map f munmap+0 expect=ok
    fails "$FAILED" 'mmt map: f: sh=exit 3: expected exit:4,lost, got exit:3: '\
'it ended with status 3' mmt map f 'sh=exit 3' expect=exit:4,lost
}

@test "a wrong outcome in JSON: both are there too" {
    need jq
    hello
    observe mmt map -q -k -J f munmap peek@0+1 expect=SIGBUS,ok munmap \
        expect=EINVAL
    ended_with "$FAILED"
    [ "$(jq -r 'select(.verb == "expect") | .outcome, .message' .out)" = \
"differs
expected SIGBUS,ok, got SIGSEGV/SEGV_MAPERR at +0: unmapped: by step 1, munmap
differs
expected EINVAL, got ok" ]
}

@test "expect: the status of a fault that was expected is 0" {
    hello
    prints '' mmt map f poke=x expect=SIGSEGV
    prints '' mmt map -t 0.01 f pause expect=timeout
}

@test "expect: several judge the same step" {
    hello
    prints '' mmt map f munmap+0 expect=EINVAL expect=EINVAL,ok
    fails "$FAILED" 'mmt map: f: munmap+0: expected ok, got (EINVAL): the '\
'length is 0' mmt map f munmap+0 expect=EINVAL expect=ok
}

@test "expect counts as a step in the numbers" {
    hello
    fails "$SEGV" 'mmt map: f: peek+1: SIGSEGV/SEGV_MAPERR at +0: unmapped: '\
'by step 3, munmap' mmt map f cmp=H expect=ok munmap expect=ok peek+1
}

@test "expect: a word that is no outcome is refused, before anything is done" {
    hello
    refuses "mmt map: no such outcome: 'EINVALL': did you mean EINVAL?" \
        mmt map -w f poke=x expect=EINVALL
    refuses "mmt map: no such outcome: 'loost': did you mean lost?" \
        mmt map -w f poke=x expect=loost
    local word want='want ok, an errno or signal name, lost, differs, outside, '
    want+='timeout or exit:N'
    for word in '' exit: exit:256 exit:-1 exit:x SEGV 11 SIGSEGV/ \
        SIGSEGV/FPE_INTDIV; do
        observe mmt map -w f poke=x "expect=$word"
        ended_with "$USAGE"
        grep -q "^mmt map: no such outcome: '$word'" .err
    done
    refuses "mmt map: no such outcome: '': $want" mmt map -w f poke=x expect=
    refuses "mmt map: no such outcome: '': $want" mmt map -w f poke=x expect=ok,
    refuses "mmt map: expect wants a value: expect=OUTCOME,..." \
        mmt map f expect
    [ "$(head -c 1 f)" = H ]
}

@test "expect: exit:N is a number" {
    hello
    prints '' mmt map f 'sh=exit 3' expect=exit:03 \
        'sh=exit 255' expect=exit:0xff
    prints '' mmt map f 'sh=:' expect=ok
}

# --- failures on standard input ---

@test "stdin: a failure is told at once, and an expect takes it back" {
    hello
    ends "$DONE" 'H' 'mmt map: f: munmap+0: (EINVAL): the length is 0' \
        mmt map f - <<'END'
munmap+0
expect=EINVAL
peek+1
END
}

@test "stdin: anything but an expect ends the run, -k goes on" {
    hello
    local steps=$'munmap+0\npeek+1\npeek+2'
    local told='mmt map: f: munmap+0: (EINVAL): the length is 0'
    ends "$FAILED" '' "$told" mmt map f - <<<"$steps"
    ends "$FAILED" $'H\nHe' "$told" mmt map -k f - <<<"$steps"
    ends "$FAILED" '' "$told" mmt map f - <<<'munmap+0'
}

@test "stdin: an expect that does not accept it is a failure of its own" {
    hello
    fails "$FAILED" 'mmt map: f: poke=x: SIGSEGV/SEGV_ACCERR at +0: '\
'protection: the page is r--, a store needs w: map it with -w
mmt map: f: poke=x: expected SIGBUS, got SIGSEGV/SEGV_ACCERR at +0: '\
'protection: the page is r--, a store needs w: map it with -w' \
        mmt map f - <<<$'poke=x\nexpect=SIGBUS\npeek+1'
    fails "$FAILED" 'mmt map: f: cmp=H: expected EIO, got ok' \
        mmt map f - <<<$'cmp=H\nexpect=EIO\npeek+1'
}

@test "stdin: an expect as the first line judges what came before -" {
    hello
    prints '' mmt map f - <<<'expect=ok'
    ends "$DONE" '' "mmt map: absent: open: (ENOENT): make it first, mmt \
extend -s $PAGE_SIZE absent" mmt map absent - <<<'expect=ENOENT'
    ends "$DONE" '' 'mmt map: f: munmap+0: (EINVAL): the length is 0' \
        mmt map f munmap+0 - <<<'expect=EINVAL'
}

@test "stdin: comments and blank lines come between a step and its expect" {
    hello
    ends "$DONE" '' 'mmt map: f: munmap+0: (EINVAL): the length is 0' \
        mmt map f - <<<$'munmap+0\n\n  # why not?\n expect=EINVAL'
}
