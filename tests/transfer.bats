#!/usr/bin/env bats
# transfer.bats - load and save: bytes between the mapping and files, by the
# kernel.
#
# SPDX-License-Identifier: MIT

load helper
load steps

zeros() {
    head -c "${1:-$((2 * PAGE_SIZE))}" /dev/zero >f
}

# --- load ---

@test "load reads from a path, from - and without a value from stdin" {
    printf 'in' >in
    for step in load@1=in load@1=- load@1; do
        zeros 8
        mmt map -w f "$step" <in
        printf '\0in\0\0\0\0\0' | cmp - f
    done
}

@test "load: less than the range leaves the rest as it was" {
    hello
    prints '' mmt map -w f load@7+6 < <(printf MAP)
    [ "$(cat f)" = 'Hello, MAPped world' ]
    prints '' mmt map -w f load@7 </dev/null
    [ "$(cat f)" = 'Hello, MAPped world' ]
}

@test "load with LEN reads no more than LEN, wherever it comes from" {
    file_of 100 in
    zeros 100
    prints 'abcd\0' mmt map -w f load+4=in peek+5
    (mmt map -w f load+4 && cat) <in >rest
    cmp rest <(tail -c 96 in)
    tail -c +5 in | { mmt map -w f load@0+0 load+3 && cat; } >rest
    cmp rest <(tail -c 93 in)
}

@test "load without LEN: input left over at the end is outside" {
    file_of 100 in
    zeros 8
    fails "$FAILED" 'mmt map: f: load=in: outside the mapping: the input goes '\
'on where it ends, at 8: map more with -l' mmt map -w f load=in
    cmp f <(head -c 8 in)
    zeros 8
    fails "$FAILED" 'mmt map: f: load@6: outside the mapping: the input goes '\
'on where it ends, at 8: map more with -l' mmt map -w f load@6 < <(printf abc)
    prints '\0ab' mmt map -w f load@6 peek@5+3 < <(printf ab)
    prints '' mmt map -w f load@8+0=in
}

@test "load: several take turns on stdin" {
    zeros 16
    printf 'onetwo' | mmt map -w f load@0+3 load@8+3
    printf 'one\0\0\0\0\0two\0\0\0\0\0' | cmp - f
}

@test "load past the end of the file is lost" {
    hello
    fails "$FAILED" 'mmt map: f: load@18+4=in: lost: 2 bytes past the end of '\
'the file (20 bytes): extend it first, mmt extend -s 22 f' \
        mmt map -w f 'sh=printf abcd >in' load@18+4=in
    [ "$(cat f)" = 'Hello, mapped worlab' ]
}

@test "load into a bad page is EFAULT, and what lies before it is loaded" {
    zeros
    file_of $((2 * PAGE_SIZE)) in
    fails "$FAILED" "mmt map: f: load=in: (EFAULT) at +$PAGE_SIZE: unmapped: \
by step 1, munmap@1pg" mmt map -w f munmap@1pg load=in
    cmp <(head -c "$PAGE_SIZE" f) <(head -c "$PAGE_SIZE" in)
    tail -c "$PAGE_SIZE" f | tr -d '\0' | cmp - /dev/null
    fails "$FAILED" "mmt map: f: load=in: (EFAULT) at +0: protection: the page \
is r--, a store needs w: map it with -w" mmt map f load=in
    fails "$FAILED" "mmt map: f: load@100+1pg=in: (EFAULT) at +$PAGE_SIZE: \
protection: the page is r--, a store needs w: by step 1, mprotect@1pg=r" \
        mmt map -w f mprotect@1pg=r load@100+1pg=in
    fails "$FAILED" "mmt map: f: load@1pg=in: (EFAULT) at +$PAGE_SIZE: past \
end of file: it has 20 bytes and had $((2 * PAGE_SIZE)) when mapped" \
        mmt map -w f ftruncate=20 load@1pg=in
}

@test "load into a bad page from a pipe moves what lies before it" {
    zeros
    file_of $((2 * PAGE_SIZE)) in
    fails "$FAILED" "mmt map: f: load@100: (EFAULT) at +$PAGE_SIZE: unmapped: \
by step 1, munmap@1pg" mmt map -w f munmap@1pg load@100 < <(cat in)
    cmp <(tail -c +101 f | head -c $((PAGE_SIZE - 100))) \
        <(head -c $((PAGE_SIZE - 100)) in)
}

@test "load: EACCES, EISDIR, ENOENT, and stdin that is closed" {
    zeros
    mkdir d
    fails "$FAILED" 'mmt map: f: load=d: (EISDIR)' mmt map -w f load=d
    fails "$FAILED" 'mmt map: f: load=absent: (ENOENT)' mmt map -w f load=absent
    fails "$FAILED" 'mmt map: f: load=shm:mmt-test-absent: (ENOENT)' \
        mmt map -w f load=shm:mmt-test-absent
    : >in
    chmod 0 in
    fails "$FAILED" 'mmt map: f: load=in: (EACCES)' \
        unprivileged mmt map -w f load=in
    fails "$FAILED" 'mmt map: f: load: (EBADF)' mmt map -w f load <&-
    refuses 'mmt map: load wants a value that is not empty' mmt map -w f load=
}

@test "load=FIFO waits for data, until the time limit" {
    zeros 8
    mkfifo fifo
    fails "$TIMEOUT" 'mmt map: f: load=fifo: timeout after 0.1 seconds' \
        mmt map -w -t 0.1 f load=fifo
    start data sh -c 'sleep 0.05; printf data >fifo'
    prints 'data\0' mmt map -w -t 5 f load=fifo peek+5
    join data "$DONE"
    fails "$TIMEOUT" 'mmt map: f: load: timeout after 0.1 seconds' \
        mmt map -w -t 0.1 f load < <(sleep 1)
}

@test "load and save of a FIFO pass every byte, in pieces" {
    file_of 300000 in
    zeros 300000
    mkfifo fifo
    start save mmt map -t 9 in save=fifo
    prints '' mmt map -t 9 -w f load=fifo
    join save "$DONE"
    cmp in f
}

# --- save ---

@test "save to a FIFO that nobody reads, and to a socket, is ENXIO" {
    need python3
    hello
    mkfifo fifo
    python3 -c 'import socket
socket.socket(socket.AF_UNIX).bind("socket")'
    fails "$FAILED" 'mmt map: f: save=fifo: (ENXIO): nobody reads the FIFO' \
        mmt map f save=fifo
    fails "$FAILED" 'mmt map: f: save=socket: (ENXIO)' mmt map f save=socket
}

@test "save writes to a path, to - and without a value to stdout" {
    file_of 300000 f
    mmt map f save | cmp - f
    mmt map f save=- | cmp - f
    prints '' mmt map f save=out
    cmp f out
    prints '' mmt map f save@26+26=out
    cmp out <(head -c 26 f)
    mmt map -o 5 f save@-3 | cmp - <(tail -c 3 f)
    [ "$(mmt map f peek+1 save@1+2 peek@3+1 | tr -d '\n')" = abcd ]
}

@test "save creates or empties its path as > does" {
    hello
    umask 027
    prints '' mmt map f save@0+5=new
    [ "$(stat -c %a new)" = 640 ]
    [ "$(cat new)" = Hello ]
    file_of 100 old
    chmod 604 old
    prints '' mmt map f save@0+5=old
    [ "$(cat old)" = Hello ]
    [ "$(stat -c %a old)" = 604 ]
    prints '' mmt map f save+0=old
    [ ! -s old ]
    ln -s target link
    prints '' mmt map f save=link
    cmp f target
}

@test "save appends where stdout does" {
    hello
    printf 'first ' >out
    mmt map f save+5 >>out
    [ "$(cat out)" = 'first Hello' ]
}

@test "save to the mapped file itself is refused, and empties nothing" {
    hello
    ln f other
    ln -s f link
    local name
    for name in f ./f other link; do
        fails "$FAILED" "mmt map: f: save=$name: (EINVAL): it is the mapped \
file itself: save to another one" mmt map f "save=$name"
    done
    fails "$FAILED" "mmt map: f: save=f: (EINVAL): it is the mapped file \
itself: save to another one" mmt map f munmap save=f
    run -"$FAILED" sh -c 'mmt map f save >>f'
    [ "$(cat f)" = 'Hello, mapped world' ]
}

@test "save to the mapped file is refused where opening it makes it another" {
    need_root
    mkdir lower upper work merged
    file_of 20 lower/f
    ln lower/f lower/second # without, an overlay keeps its number
    mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work overlay \
        merged 2>/dev/null || skip 'may not mount an overlay here'
    echo "$PWD/merged" >>.mounts
    fails "$FAILED" 'mmt map: merged/f: save=merged/f: (EINVAL): it is the '\
'mapped file itself: save to another one' mmt map -l 5 merged/f save=merged/f
    [ "$(size_of merged/f)" -eq 20 ]
}

@test "save from a bad page is EFAULT, and what lies before it is saved" {
    pages 2 p
    fails "$FAILED" "mmt map: p: save=out: (EFAULT) at +$PAGE_SIZE: unmapped: \
by step 1, munmap@1pg" mmt map p munmap@1pg save=out
    cmp out <(head -c "$PAGE_SIZE" p)
    fails "$FAILED" "mmt map: p: save@100=out: (EFAULT) at +$PAGE_SIZE: \
protection: the page is ---, a load needs r: by step 1, mprotect@1pg=none" \
        mmt map p mprotect@1pg=none save@100=out
    cmp out <(head -c $((PAGE_SIZE - 100)) p)
    mmt map p munmap@1pg save@100 2>.err | cmp - out # a pipe
    fails "$FAILED" "mmt map: p: save@1pg=out: (EFAULT) at +$PAGE_SIZE: past \
end of file: it has 20 bytes and had $((2 * PAGE_SIZE)) when mapped" \
        mmt map -w p ftruncate=20 save@1pg=out
    [ ! -s out ]
}

@test "save: EACCES, EISDIR, ENOENT, ENOSPC, EFBIG" {
    pages 2 p
    mkdir d
    fails "$FAILED" 'mmt map: p: save=d: (EISDIR)' mmt map p save=d
    fails "$FAILED" 'mmt map: p: save=d/e/f: (ENOENT)' mmt map p save=d/e/f
    fails "$FAILED" 'mmt map: p: save=/dev/full: (ENOSPC)' \
        mmt map p save=/dev/full
    run -"$FAILED" sh -c 'mmt map p save 2>&1 >/dev/full'
    like 'mmt map: p: save: * (ENOSPC)' "$output"
    : >out
    chmod 0 out
    fails "$FAILED" 'mmt map: p: save=out: (EACCES)' \
        unprivileged mmt map p save=out
    (
        ulimit -f 1
        fails "$FAILED" 'mmt map: p: save=new: (EFBIG)' mmt map p save=new
    )
    [ "$(size_of new)" -ge 512 ]
    refuses 'mmt map: save wants a value that is not empty' mmt map p save=
}

@test "save to a shared memory object" {
    hello
    name_object
    prints '' mmt map f "save=shm:$object"
    prints 'Hello, mapped world\n' mmt map "shm:$object" peek
}

@test "save to a pipe that nobody reads ends mmt as it ends any filter" {
    file_of 4M f
    { mmt map f save 2>.err; echo $? >status; } | head -c 1 >/dev/null || :
    [ "$(cat status)" -eq $((128 + $(kill -l PIPE))) ]
    [ ! -s .err ]
    (
        trap '' PIPE
        { mmt map f save 2>.err; echo $? >status; } | head -c 1 >/dev/null || :
    )
    [ "$(cat status)" -eq "$FAILED" ]
    grep -q '(EPIPE)$' .err
}
