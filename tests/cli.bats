#!/usr/bin/env bats
# cli.bats - the command line: options in all forms, numbers, messages, the
# trace, JSON, and output that can't be written.
#
# SPDX-License-Identifier: MIT

# shellcheck disable=SC2016 # it is for the sh of a step to expand

load helper
load steps

# --- options ---

@test "options: short and long, with their values in every form" {
    hello
    local form
    for form in -o7 '-o 7' --offset=7 '--offset 7'; do
        # shellcheck disable=SC2086 # a form of two words
        prints 'mapped' mmt map $form f peek+6
    done
    prints 'map' mmt map -o7 -l3 f peek
    prints 'J' mmt map --write --private f poke=J peek+1
    prints 'Hello' mmt map --prot=r --length=5 f peek
}

@test "options: anywhere, and in clusters, the last with a value" {
    hello
    prints 'J' mmt map f -w poke=J peek+1
    prints 'K' mmt map f poke=K peek+1 -wP
    prints 'Ke' mmt map -Pwl2 f poke=K peek
    prints 'Ke' mmt map -Pwl 2 f poke=K peek
    prints 'ap' mmt map f peek -kPo 8 -l2
    [ "$(cat f)" = 'Jello, mapped world' ]
}

@test "options: the last of a repeated one wins" {
    hello
    prints 'He' mmt map -l 5 --length=2 f peek
    prints 'mapped' mmt map -o 1 -o 2 -o 7 f peek+6
    prints '' mmt map -p w -w -p none f peek expect=SIGSEGV
}

@test "options: -- ends them, so that a file may begin with -" {
    hello
    mv f ./-w
    prints 'Hello' mmt map -- -w peek+5
    prints 'Hello' mmt map ./-w peek+5
    prints 'Hello' mmt map -l 5 -- -w peek
    refuses 'mmt map: -x: no such step: '"'mmt help steps' lists them" \
        mmt map -- -w -x
    hello
    mv f ./-
    prints 'Hello' mmt map - peek+5
    prints 'Hello' mmt map -- - - <<<'peek+5'
}

@test "options: an empty value is a value" {
    hello
    local wanted='want a number such as 4096, 0x1000, 4K, 4KB or 2pg'
    refuses "mmt map: bad offset '': $wanted" mmt map --offset= f
    refuses "mmt map: bad offset '': $wanted" mmt map -o '' f
    refuses "mmt map: bad offset '-1': $wanted" mmt map -o -1 f
    refuses "mmt map: bad offset '--': $wanted" mmt map -o -- f
}

@test "options: what there is none of, a value too few, a value too many" {
    hello
    refuses 'mmt map: no such option: --lenght: did you mean --length?' \
        mmt map --lenght=5 f
    refuses 'mmt map: no such option: --x' mmt map --x f
    refuses 'mmt map: no such option: -Z' mmt map -wZ f
    refuses 'mmt map: no such option: --len: did you mean --length?' \
        mmt map --len=5 f # no abbreviations
    refuses "mmt map: --write takes no value: what is 'x'?" \
        mmt map --write=x f
    refuses 'mmt map: --offset wants a value: --offset=OFF' mmt map f --offset
    refuses 'mmt map: -o wants a value: -o OFF' mmt map f -o
    refuses "mmt map: -w takes no value: what is 'x'?" mmt map -kw=x f
    refuses 'mmt map: no such option: -=' mmt map -=x f
    refuses 'mmt map: no such option: -\xc3' mmt map -ë f
}

@test "a command line that makes no sense touches nothing" {
    hello
    cp f before
    local words
    for words in 'poke=x nonsense' 'poke=x peek@x' 'poke=x -Z' \
        'poke=x expect=nothing' 'ftruncate=0 save=' 'sh=>made --bogus' \
        'poke=x sleep=' 'poke=x -o x'; do
        # shellcheck disable=SC2086 # several words
        observe mmt map -w f $words
        ended_with "$USAGE"
    done
    cmp f before
    [ ! -e made ]
}

@test "the nearest command or option is offered" {
    hello
    observe mmt mpa f
    ended_with "$USAGE"
    [ "$(head -n 1 .err)" = 'mmt: no such command: mpa: did you mean map?' ]
    refuses "mmt: no such command: '': 'mmt help' lists them" mmt ''
    refuses 'mmt: no such command: peek: it is a step: mmt map FILE peek' \
        mmt peek f
    refuses 'mmt: no such option: --versoin: did you mean --version?' \
        mmt --versoin
    refuses 'mmt map: no such option: --Offset: did you mean --offset?' \
        mmt map --Offset 1 f
    refuses 'mmt map: no such option: -write: did you mean --write?' \
        mmt map -write f
}

@test "the nearest step is offered" {
    hello
    refuses 'mmt map: pek: no such step: did you mean peek?' mmt map f pek
    refuses 'mmt map: PEEK: no such step: did you mean peek?' mmt map f PEEK
    refuses 'mmt map: mumnap@0+1: no such step: did you mean munmap?' \
        mmt map f mumnap@0+1
    refuses 'mmt map: xyzzy: no such step: '"'mmt help steps' lists them" \
        mmt map f xyzzy
    refuses "mmt map: quit: no such step: 'mmt help steps' lists them" \
        mmt map f quit # half of "wait" is not near
    refuses "mmt map: =x: no such step: 'mmt help steps' lists them" \
        mmt map f =x
    refuses "mmt map: '': no such step: 'mmt help steps' lists them" \
        mmt map f ''
}

@test "the nearest outcome or signal is offered" {
    hello
    refuses "mmt map: no such outcome: 'einval': did you mean EINVAL?" \
        mmt map f expect=einval
    refuses "mmt map: no such outcome: 'SEGV': did you mean SIGSEGV?" \
        mmt map f peek expect=SEGV
    refuses "mmt map: no such outcome: 'exit': did you mean exit:N?" \
        mmt map f sh=: expect=exit
    refuses "mmt map: no such outcome: 'SIGSEGV/MAPERR': did you mean \
SIGSEGV/SEGV_MAPERR?" mmt map f peek expect=SIGSEGV/MAPERR
    refuses "mmt map: raise=TREM: bad signal 'TREM': did you mean TERM?" \
        mmt map f raise=TREM
}

@test "words in the wrong order are found out" {
    hello
    refuses "mmt map: FILE comes before the steps: 'peek@0+5' is one, what is \
'f'?" mmt map peek@0+5 f
    refuses "mmt exchange: FILE comes before the steps: 'child:peek' is one, \
what is 'f'?" mmt exchange child:peek f
    refuses 'mmt map: peke: no such step: did you mean peek?' \
        mmt map f peek peke
    cp f peek # it may be a file all the same
    prints 'Hello' mmt map peek peek@0+5
}

@test "an option without its dashes is found out" {
    hello
    refuses 'mmt exchange: which steps? did you mean --send?' \
        mmt exchange send ch
    refuses 'mmt exchange: which steps? did you mean --compare?' \
        mmt exchange compare
    cp f state # it may be a file all the same
    prints 'Hello' mmt exchange state peek+5
    prints 'Hello' mmt exchange state - <<<'peek+5'
    refuses 'mmt exchange: peke: no such step: did you mean peek?' \
        mmt exchange state peek peke
}

@test "two steps in one word are found out" {
    hello
    refuses "mmt map: peek@0+2 expect=ok: one step at a time: what is \
'expect=ok'?" mmt map f 'peek@0+2 expect=ok'
    refuses "mmt map: poke J: one step at a time: what is 'J'?" \
        mmt map f 'poke J'
    refuses "mmt exchange: a:peek 0 5: one step at a time: what is '0 5'?" \
        mmt exchange f 'a:peek 0 5'
    refuses 'mmt map: peek : no such step: did you mean peek?' mmt map f 'peek '
    prints 'a b' mmt map f 'sh=echo a b'
    fails "$FAILED" "mmt map: f: line 1: peek+1 munmap: one step at a time: \
what is 'munmap'?" mmt map f - <<<'peek+1 munmap'
}

@test "an empty name can be seen" {
    fails "$FAILED" "mmt map: '': open: (ENOENT)" mmt map ''
    fails "$FAILED" "mmt sync: '': open: (ENOENT)" mmt sync ''
    fails "$FAILED" "mmt exchange: '': open: (ENOENT)" mmt exchange --state ''
    fails "$FAILED" "mmt extend: '': open: (ENOENT): gone by now, or no file \
can be made there: name another" mmt extend -s 1 ''
}

@test "the nearest suffix is offered" {
    hello
    refuses "mmt map: bad offset '4Kb': did you mean 4KB?" mmt map -o 4Kb f
    refuses "mmt map: bad length '0x4mib': did you mean 0x4MiB?" \
        mmt map -l 0x4mib f
    refuses "mmt map: bad length '2PG': did you mean 2pg?" mmt map -l 2PG f
    refuses "mmt map: peek@-1pgs: bad offset '-1pgs': did you mean -1pg?" \
        mmt map f peek@-1pgs
    refuses "mmt map: bad length '4B': want a number such as 4096, 0x1000, 4K, \
4KB or 2pg" mmt map -l 4B f
    refuses "mmt map: bad length '1e3': want a number such as 4096, 0x1000, \
4K, 4KB or 2pg" mmt map -l 1e3 f
}

@test "a mistake is answered with the line of usage that it is about" {
    hello
    refuses 'mmt exchange: which steps?' mmt exchange f
    grep -qFx 'usage: mmt exchange [OPTION...] FILE [ROLE:]STEP...' .err
    refuses 'mmt exchange: which channel?' mmt exchange --send
    grep -qFx \
        'usage: mmt exchange --send|--recv|--state [OPTION...] CHANNEL' .err
    refuses "mmt exchange: --compare takes no file: what is 'f'?" \
        mmt exchange --compare f
    grep -qFx 'usage: mmt exchange --compare' .err
    refuses 'mmt: no such option: -v' mmt -v map f
    grep -qFx 'usage: mmt COMMAND [OPTION...] FILE [STEP...]' .err
}

# --- numbers ---

@test "numbers: decimal and hexadecimal; a leading zero means nothing" {
    head -c 100 /dev/zero >f
    local number
    for number in 16 0x10 0X10 016 0000000016 0x0010; do
        prints '' mmt map -w f "ftruncate=$number"
        [ "$(size_of f)" -eq 16 ]
    done
    prints '' mmt map -w f ftruncate=0xAbC
    [ "$(size_of f)" -eq 2748 ]
    prints '' mmt map -w f ftruncate=0x1e # hexadecimal, not an exabyte
    [ "$(size_of f)" -eq 30 ]
}

@test "numbers: suffixes of 1024, of 1000, and the page" {
    need_wide_addresses
    : >f
    local case
    for case in 1K:1024 1k:1024 2KiB:2048 1kiB:1024 1KB:1000 1kB:1000 \
        3M:3145728 3m:3145728 1MiB:1048576 2MB:2000000 1mB:1000000 \
        1G:1073741824 1GB:1000000000 1T:1099511627776 1TB:1000000000000 \
        "1pg:$PAGE_SIZE" "0x2pg:$((2 * PAGE_SIZE))" 0x1K:1024 0E:0; do
        prints '' mmt map --no-map -O rw f "ftruncate=${case%:*}"
        [ "$(stat -c %s f)" = "${case#*:}" ]
    done
}

@test "numbers: what does not fit is an error, never wrapped, never cut" {
    hello
    local number too_large='too large: the most is 9223372036854775807'
    for number in 16e 16E 8E 8EiB 9223372036854775808 18446744073709551616 \
        0x8000000000000000 0x10000000000000000 9223372036854775807K \
        10EB 36893488147419103233 99999999999999999999999999999999; do
        refuses "mmt map: ftruncate=$number: bad size '$number': $too_large" \
            mmt map -w f "ftruncate=$number"
        refuses "mmt map: bad length '$number': $too_large" \
            mmt map -l "$number" f
    done
    [ "$(size_of f)" -eq 20 ]
    observe mmt map -l 9223372036854775807 f # this one fits
    ended_with "$FAILED"
    observe mmt map -l 7E f
    ended_with "$FAILED"
}

@test "numbers: what is none is an error that quotes the word" {
    hello
    local number
    for number in '' x 1x 1.5 9.3EB 1e3 +1 ' 1' '1 ' 1KK 1Kb 1KIB 1Ki 1B 1PG g \
        0x 0xg pg K -K 1,000 ١ $'1\n'; do
        observe mmt map -l "$number" f
        ended_with "$USAGE"
        grep -qF "mmt map: bad length '${number/$'\n'/\\x0a}': " .err
    done
}

# --- messages ---

@test "a message: command, file, step, reason with its errno, cure" {
    : >f
    run -"$FAILED" --separate-stderr mmt map f
    [ "$output" = '' ]
    like "mmt map: f: mmap: * (EINVAL): the file is empty: extend it first, \
mmt extend -s $PAGE_SIZE f" "$stderr"
}

@test "messages: one line each, control characters and bad bytes escaped" {
    printf 'x' >$'a\tb\x7f\xc3'
    fails "$FAILED" 'mmt map: a\x09b\x7f\xc3: cmp=\x1b]\n: differs at +0: '\
'has "x\0\0", not "\x1b]\n"' mmt map $'a\tb\x7f\xc3' $'cmp=\x1b]\\n'
    observe mmt map $'a\tb\x7f\xc3' $'no\nstep'
    grep -qF 'mmt map: no\x0astep: no such step' .err
    observe mmt $'ma\np'
    grep -qF 'mmt: no such command: ma\x0ap' .err
    observe mmt map -l $'\xff' f
    grep -qF "mmt map: bad length '\\xff': want" .err
}

@test "messages: a step is shown as typed, cut after 60 characters" {
    hello
    local long
    long=cmp=$(printf '%100s' '' | tr ' ' x)
    observe mmt map f "$long"
    [ "$(sed 's/: differs.*//' .err)" = "mmt map: f: ${long:0:60}..." ]
    long=cmp=$(printf '%56s' '' | tr ' ' x)
    observe mmt map f "$long"
    [ "$(sed 's/: differs.*//' .err)" = "mmt map: f: $long" ]
    long=cmp=$(printf 'ë%.0s' $(seq 100))
    observe mmt map f "$long"
    [ "$(sed 's/: differs.*//' .err)" = \
        "mmt map: f: cmp=$(printf 'ë%.0s' $(seq 56))..." ]
}

@test "messages: a step that makes no sense is cut like any other" {
    hello
    local long
    long="child:poke=$(printf '%200s' '' | tr ' ' x)"
    refuses "mmt map: ${long:0:60}...: roles are for mmt exchange" \
        mmt map f "$long"
    long="poke+300=$(printf '%200s' '' | tr ' ' x)"
    refuses "mmt map: ${long:0:60}...: +LEN is more than the text has: use \
fill" mmt map f "$long"
    fails "$FAILED" "mmt map: f: line 1: ${long:0:60}...: +LEN is more than \
the text has: use fill" mmt map f - <<<"$long"
}

@test "messages come after what was printed before them" {
    hello
    run mmt map f peek+1 cmp=x
    [ "${lines[0]}" = H ]
    [ "${lines[1]}" = 'mmt map: f: cmp=x: differs at +0: has "H", not "x"' ]
}

@test "-q says nothing about failures: only the status" {
    hello
    fails "$SEGV" '' mmt map -q f poke=x
    fails "$FAILED" '' mmt map --quiet absent
    ends "$FAILED" 'H' '' mmt map -q f peek+1 cmp=x
    fails "$FAILED" '' mmt exchange -q f cmp=x
    fails "$TIMEOUT" '' mmt map -q -t 0.01 f sleep=1
}

# --- statuses ---

@test "--raise: mmt dies of the real signal" {
    hello
    # Only a shell that sees a signal's death says so.
    run -"$SEGV" bash -c 'mmt map --raise f poke=x; exit $?'
    like '*Segmentation fault*' "$output"
    run -"$SEGV" bash -c 'mmt map --raise f munmap call; exit $?'
    like '*Segmentation fault*' "$output"
    run -1 like '*call*SIGSEGV*' "$output"
    run -"$SEGV" bash -c 'mmt map f poke=x; exit $?'
    run -1 like '*Segmentation fault*' "$output"
    run -"$BUS" mmt map --raise -l 2pg f peek@1pg+1
    run -"$SEGV" mmt map --raise f peek+5 munmap peek
    [ "$output" = Hello ]
}

@test "--raise: a signal that was blocked kills all the same" {
    hello
    env --block-signal=SEGV true 2>/dev/null || skip 'env blocks no signals'
    local step
    for step in peek call; do
        fails "$SEGV" '' env --block-signal=SEGV mmt map --raise f munmap \
            "$step"
    done
}

@test "--raise: what the kernel touches is EFAULT all the same" {
    hello
    fails "$FAILED" 'mmt map: f: save=out: (EFAULT) at +0: unmapped: by step '\
'1, munmap' mmt map --raise f munmap save=out
}

@test "output that can't be written is a failure" {
    hello
    local words
    for words in 'map f peek' 'map f dump' 'map f probe' 'map -J f munmap' \
        'map -v f peek' 'map --time f peek munmap' \
        'help' '--version' 'map --help' 'map f' 'exchange f a:peek' \
        'exchange f parent:dump' 'exchange -J f a:munmap'; do
        run -"$FAILED" sh -c "mmt $words >/dev/full"
        like '*(ENOSPC)' "$output"
    done
}

@test "why output can't be written is told, though a failure was told first" {
    hello
    run sh -c 'mmt map f peek poke=x >/dev/full'
    # Some C libraries write the first line at once: then poke is not done.
    [ "$status" -eq "$SEGV" ] || [ "$status" -eq "$FAILED" ]
    like '*mmt map: standard output: *(ENOSPC)' "$output"
    run -"$FAILED" sh -c 'echo peek | mmt map -v f - munmap@1 >&-'
    like '*mmt map: standard output: *(EBADF)' "$output"
}

@test "a trace and a time that can't be written are a failure" {
    hello
    local words
    for words in 'map -v f munmap' 'map --time f munmap' 'protect -v r f' \
        'extend -v -s 30 f' 'sync -v f' 'exchange -v f a:munmap' \
        'exchange --time f a:munmap'; do
        run -"$FAILED" sh -c "mmt $words 2>/dev/full"
        run -"$FAILED" sh -c "mmt $words 2>&-"
    done
    run -"$SEGV" sh -c 'mmt map -v f poke=x 2>/dev/full'
    run -"$DONE" sh -c 'mmt map f munmap 2>/dev/full' # nothing was to be said
}

@test "output into a pipe that nobody reads ends mmt as any filter" {
    file_of 1000000 f
    { mmt map f peek 2>.err || echo $? >status; } | head -c 1 >/dev/null
    [ "$(cat status)" -eq $((128 + $(kill -l PIPE))) ]
    [ ! -s .err ]
    (
        trap '' PIPE
        { mmt map f peek 2>.err || echo $? >status; } | head -c 1 >/dev/null
    )
    [ "$(cat status)" -eq "$FAILED" ]
    grep -q '(EPIPE)$' .err
}

@test "standard streams that are closed are no place for files" {
    hello
    cp f before
    run -"$FAILED" sh -c 'mmt map -w f peek >&-'
    like 'mmt map: standard output: * (EBADF)' "$output"
    run -"$FAILED" sh -c 'mmt map -w f load <&-'
    like 'mmt map: f: load: * (EBADF)' "$output"
    run -"$FAILED" sh -c 'mmt map -w f cmp=x 2>&- >&- <&-'
    cmp f before
}

# --- the trace ---

# trace COMMAND... - its trace, with 0xN for addresses and D for descriptors
trace() {
    "$@" 2>&1 >/dev/null | sed 's/0x[0-9a-f]\{4,\}/0xN/g
        s/= [0-9]* *$/= N/
        s/^\([a-z_]*(\)[0-9]\{1,2\}\([,)]\)/\1D\2/
        s/, [0-9]\{1,2\}, \(-*[0-9]*) = 0xN\)/, D, \1/'
}

@test "-v shows each step and each call, mmt's own window marked" {
    hello
    trace mmt map -v f munmap+0 munmap >shown || :
    grep -v window shown >others
    same 'open("f", O_RDONLY|O_NONBLOCK|O_NOCTTY|O_CLOEXEC) = N
fstat(D, buffer) = N
mmap(0xN, 20, PROT_READ, MAP_SHARED|MAP_FIXED, D, 0) = 0xN
+ munmap+0
munmap(0xN, 0) = -1 EINVAL
mmt map: f: munmap+0: Invalid argument (EINVAL): the length is 0
close(D) = N' others
    grep window shown >own
    run -1 grep -vE '^(mmap|munmap)\(.* /\* window \*/$' own
    grep -q '^mmap(NULL, [0-9]*, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, ' own
    [ "$(wc -l <own)" -ge 3 ]
}

@test "-v shows how a call failed: -1 and the name of the error" {
    hello
    mmt map -v -k f mmap@1 munmap@1 2>&1 | grep ' = .* E' |
        sed 's/0x[0-9a-f]*/0xN/; s/, [0-9]*, 1)/, D, 1)/' >shown
    same 'mmap(0xN, 19, PROT_READ, MAP_SHARED|MAP_FIXED, D, 1) = -1 EINVAL
munmap(0xN, 19) = -1 EINVAL' shown
    mmt map -v shm:absent 2>&1 | grep '^shm_open' >shown || :
    same 'shm_open("/absent", O_RDONLY, 0) = -1 ENOENT' shown
}

@test "-v shows each call as C writes it" {
    pages 2 p
    trace mmt map -k -v -w p mprotect+1pg=none 'mprotect=3' msync=async \
        msync=invalidate mlock munlock madvise=random ftruncate=1pg \
        truncate=2pg fallocate+1pg pread+1 pwrite=x fsync fdatasync \
        mmap@1pg=none,private 'mmap=path:absent' unlink close |
        grep -v 'window\|fstat' | sed "s/\b$PAGE_SIZE\b/P/g; \
            s/\b$((2 * PAGE_SIZE))\b/2P/g" >shown
    same 'open("p", O_RDWR|O_NONBLOCK|O_NOCTTY|O_CLOEXEC) = N
mmap(0xN, 2P, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_FIXED, D, 0) = 0xN
+ mprotect+1pg=none
mprotect(0xN, P, PROT_NONE) = N
+ mprotect=3
mprotect(0xN, 2P, PROT_READ|PROT_WRITE) = N
+ msync=async
msync(0xN, 2P, MS_ASYNC) = N
+ msync=invalidate
msync(0xN, 2P, MS_INVALIDATE) = N
+ mlock
mlock(0xN, 2P) = N
+ munlock
munlock(0xN, 2P) = N
+ madvise=random
posix_madvise(0xN, 2P, POSIX_MADV_RANDOM) = N
+ ftruncate=1pg
ftruncate(D, P) = N
+ truncate=2pg
truncate("p", 2P) = N
+ fallocate+1pg
posix_fallocate(D, 0, P) = N
+ pread+1
pread(D, buffer, 1, 0) = N
+ pwrite=x
pwrite(D, buffer, 1, 0) = N
+ fsync
fsync(D) = N
+ fdatasync
fdatasync(D) = N
+ mmap@1pg=none,private
mmap(0xN, P, PROT_NONE, MAP_PRIVATE|MAP_FIXED, D, P) = 0xN
+ mmap=path:absent
open("absent", O_RDWR|O_NONBLOCK|O_NOCTTY|O_CLOEXEC) = -1 ENOENT
mmt map: p: mmap=path:absent: No such file or directory (ENOENT)
+ unlink
unlink("p") = N
+ close
close(D) = N' shown
}

@test "-v goes to stderr, and -q leaves it" {
    hello
    observe mmt map -v f peek+1
    same 'H' .out
    observe mmt map -qv f cmp=x
    grep -qx '+ cmp=x' .err
    run -1 grep -q '^mmt map' .err
}

# --- JSON ---

# json FILTER - of the objects in .out, in one line each
json() {
    need jq
    jq -c "$1" .out
}

@test "-J prints an object for each step, silent ones too" {
    hello
    observe mmt map -J -k -w f peek+5 poke=J munmap+0 get probe expect=ok \
        munmap 'peek@3+1' expect=SIGSEGV
    ended_with "$FAILED"
    same '["map","f",1,null,"peek+5","peek","ok"]
["map","f",2,null,"poke=J","poke","ok"]
["map","f",3,null,"munmap+0","munmap","EINVAL"]
["map","f",4,null,"get","get","ok"]
["map","f",5,null,"probe","probe","ok"]
["map","f",6,null,"expect=ok","expect","ok"]
["map","f",7,null,"munmap","munmap","ok"]
["map","f",8,null,"peek@3+1","peek","SIGSEGV/SEGV_MAPERR"]
["map","f",9,null,"expect=SIGSEGV","expect","ok"]' \
        <(json '[.command, .file, .step, .role, .text, .verb, .outcome]')
    same '"Hello"' <(json 'select(.step == 1) | .data')
    same '["EINVAL",null,null,null]' \
        <(json 'select(.step == 3) | [.errno, .signal, .code, .offset]')
    same '[null,"SIGSEGV","SEGV_MAPERR",3]' \
        <(json 'select(.step == 8) | [.errno, .signal, .code, .offset]')
    same "[{\"offset\":0,\"length\":$PAGE_SIZE,\"r\":\"ok\",\"w\":null,\
\"x\":null}]" <(json 'select(.step == 5) | .pages')
}

@test "-J: the outcome is a word that expect takes" {
    hello
    observe mmt map -J -k -t 0.05 -w f cmp=x peek@1pg+1 sleep=1 'sh=exit 3' \
        poke@20=x mprotect=none peek munmap peek 'sh=kill -TERM $$' munmap+0
    same '"differs"
"outside"
"timeout"
"exit:3"
"lost"
"ok"
"SIGSEGV/SEGV_ACCERR"
"ok"
"SIGSEGV/SEGV_MAPERR"
"SIGTERM"
"EINVAL"' <(json .outcome)
    local steps=('cmp=x' peek@1pg+1 'sleep=1' 'sh=exit 3' 'poke@20=x'
        'mprotect=none' peek munmap peek 'sh=kill -TERM $$' munmap+0)
    local expected=() index=0 word
    for word in $(json .outcome | tr -d '"'); do
        expected+=("${steps[index]}" "expect=$word")
        index=$((index + 1))
    done
    prints '' mmt map -t 0.05 -w f "${expected[@]}"
}

@test "-J is valid for any bytes, in files, names, steps and messages" {
    need jq
    local byte name=$'n\t"\\\xff\xc3\x7f\xed\xa0\x80'
    for byte in {0..255}; do
        printf '%b' "\\0$(printf %o "$byte")"
    done >"$name"
    observe mmt map -J -k -w "$name" peek dump pread $'cmp=\xff"\x01' \
        $'sh=echo \xfe "\\" >/dev/null; exit 1' $'mmap=path:\x01\xff"'
    [ "$(jq -r .verb .out | tr '\n' ' ')" = 'peek dump pread cmp sh mmap ' ]
    [ "$(jq -r 'select(.verb == "peek").data' .out)" = \
        "$(mmt map "$name" peek)" ]
    # JSON is UTF-8, whatever the bytes were.
    iconv -f UTF-8 -t UTF-8 .out >/dev/null
}

@test "-J: opening and mapping that failed is an object of step 0" {
    observe mmt map -J absent peek
    local fields='[.file, .step, .verb, .outcome]'
    same '["absent",0,"open","ENOENT"]' <(json "$fields")
    : >empty
    observe mmt map -J empty peek
    same '["empty",0,"mmap","EINVAL"]' <(json "$fields")
}

@test "-J: an object comes as soon as its step is done" {
    hello
    need jq
    coproc json_io { mmt map -J f peek+1 sleep=5 3>&-; }
    local pid=$json_io_PID line
    read -r -t 3 line <&"${json_io[0]}"
    kill "$pid"
    [ "$(jq -r .data <<<"$line")" = H ]
}

@test "-J: nothing else is written to stdout" {
    hello
    refuses 'mmt map: save=-: standard output holds the JSON: save to a file' \
        mmt map -J f save=-
    refuses 'mmt map: save: standard output holds the JSON: save to a file' \
        mmt map -J f save
    observe mmt map -J f 'sh=echo hi'
    same 'hi' .err
    same '"sh"' <(json .verb)
}

@test "-J: numbers that a step prints are numbers" {
    head -c 64 /dev/zero >f
    observe mmt map -J -w f set=9223372036854775807 get add@8=-5
    [ "$(sed -n 's/.*"value":\([-0-9]*\),.*/\1/p' .out)" = \
        $'9223372036854775807\n-5' ]
}
