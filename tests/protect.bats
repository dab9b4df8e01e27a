#!/usr/bin/env bats
# protect.bats - changing the protection of a mapping, and steps on it.
#
# SPDX-License-Identifier: MIT

load helper
load steps

@test "protect maps, changes the protection, and runs the steps" {
    hello
    prints 'H' mmt protect rw f poke=J expect=ok poke=H peek+1
    prints '' mmt protect none f peek+1 expect=SIGSEGV/SEGV_ACCERR
    prints '' mmt protect r f poke@0=x expect=SIGSEGV/SEGV_ACCERR
    prints "0+$PAGE_SIZE r=ok w=SIGSEGV/SEGV_ACCERR x=ok" \
        mmt protect rx f probe=rwx
}

@test "protect takes the protection as -p does: letters, none, a number" {
    hello
    local prot
    for prot in rw wr 3 0x3; do
        prints 'J' mmt protect "$prot" f poke=J peek+1
    done
    for prot in none 0; do
        fails "$SEGV" "mmt protect: f: peek+1: SIGSEGV/SEGV_ACCERR at +0: \
protection: the page is ---, a load needs r: as protect was asked to make it" \
            mmt protect "$prot" f peek+1
    done
    for prot in q rq '' NONE; do
        observe mmt protect "$prot" f peek
        ended_with "$USAGE"
        grep -q "^mmt protect: bad protection '$prot': want letters of rwx" .err
    done
}

@test "protect opens for -p and for its protection together" {
    hello
    prints 'J' mmt protect rw f poke=J peek+1
    prints '' mmt protect -w r f poke=x expect=SIGSEGV
    chmod 444 f
    fails "$FAILED" 'mmt protect: f: open: (EACCES)' \
        unprivileged mmt protect rw f peek
    prints 'J' unprivileged mmt protect r f peek+1
    prints 'K' unprivileged mmt protect -P rw f poke=K peek+1
    fails "$FAILED" 'mmt protect: f: mprotect: (EACCES): the file is not open '\
'for w: open it with -O rw' mmt protect -O r rw f peek
}

@test "protect: the cause of a fault is what protect was asked for" {
    hello
    fails "$SEGV" 'mmt protect: f: poke=x: SIGSEGV/SEGV_ACCERR at +0: '\
'protection: the page is r--, a store needs w: as protect was asked to make '\
'it' mmt protect -w r f poke=x
    fails "$SEGV" 'mmt protect: f: poke=x: SIGSEGV/SEGV_ACCERR at +0: '\
'protection: the page is r--, a store needs w: by step 1, mprotect=r' \
        mmt protect rw f mprotect=r poke=x
    prints 'J' mmt protect r -w f mprotect=rw poke=J peek+1
}

@test "protect: expect before the first step judges mprotect too" {
    hello
    prints '' mmt protect -O r rw f expect=EACCES
    prints 'H' mmt protect r f expect=ok peek+1
    fails "$FAILED" 'mmt protect: f: mprotect: expected EINVAL, got ok' \
        mmt protect r f expect=EINVAL peek
    prints '' mmt protect 0x7f000000 f expect=EINVAL
    prints '' mmt protect r absent expect=ENOENT
}

@test "protect is on the whole mapping, wherever it starts" {
    pages 3 p
    prints "0+$((2 * PAGE_SIZE - 5)) r=SIGSEGV/SEGV_ACCERR" \
        mmt protect -o $((PAGE_SIZE + 5)) none p probe
    prints $'b\na' mmt protect --no-map none p mmap@1pg=r peek@1pg+1 \
        mmap=r peek+1
}

@test "protect: its operands" {
    hello
    refuses 'mmt protect: which protection?' mmt protect
    refuses 'mmt protect: which file?' mmt protect r
    refuses "mmt protect: bad protection 'f': want letters of rwx, or none, or \
a number, or all: it comes before FILE" mmt protect f r peek
    refuses "mmt protect: bad protection 'q': want letters of rwx, or none, or \
a number, or all" mmt protect q f
    refuses "mmt protect: bad protection 'f': want letters of rwx, or none, or \
a number, or all: it comes before FILE" mmt protect -w f
    prints 'H' mmt protect -- r f peek+1
    prints 'H' mmt protect r f peek+1 -P
}

@test "protect of an empty file is EINVAL, with the cure" {
    : >empty
    fails "$FAILED" "mmt protect: empty: mmap: (EINVAL): the file is empty: \
extend it first, mmt extend -s $PAGE_SIZE empty" mmt protect r empty peek
}

@test "protect -J names the command, and the call that failed" {
    need jq
    hello
    observe mmt protect -J -O r rw f peek
    ended_with "$FAILED"
    [ "$(jq -r '[.command, .verb, .outcome, .step] | @csv' .out)" = \
        '"protect","mprotect","EACCES",0' ]
}
