#!/usr/bin/env bats
# files.bats - steps that are calls on the file beside the mapping: truncate,
# ftruncate, fallocate, pread, pwrite, fsync, fdatasync, close, unlink.
#
# SPDX-License-Identifier: MIT

load helper
load steps

not_writable='the file is not open for w: open it with -O rw'

# --- truncate and ftruncate ---

@test "ftruncate and truncate grow and cut the file under the mapping" {
    local call
    for call in ftruncate truncate; do
        hello
        prints 'H\0' mmt map -w f "$call=1" peek+2
        [ "$(cat f)" = H ]
        prints '\0' mmt map -w f "$call=1K" peek@1023+1
        [ "$(size_of f)" -eq 1024 ]
        prints '' mmt map -w f "$call=2pg" "$call=0"
        [ ! -s f ]
    done
}

@test "what a cut takes away is zero when the file grows again" {
    hello
    prints 'Hell\0\0' mmt map -w f poke@25=x expect=lost ftruncate=4 \
        ftruncate=1pg peek+6
    prints '\0' mmt map f peek@25+1
}

@test "truncate goes by path, so it works on what is open for reading" {
    hello
    prints '' mmt map f truncate=5
    [ "$(cat f)" = Hello ]
    fails "$FAILED" "mmt map: f: ftruncate=3: (EINVAL): $not_writable" \
        mmt map f ftruncate=3
    prints '' mmt map -O rw f ftruncate=3
    [ "$(cat f)" = Hel ]
}

@test "truncate and ftruncate: a negative size is EINVAL" {
    hello
    local size
    for size in -1 -9223372036854775807 -8E; do
        fails "$FAILED" "mmt map: f: truncate=$size: (EINVAL): the size is \
negative" mmt map f "truncate=$size"
        fails "$FAILED" "mmt map: f: ftruncate=$size: (EINVAL): the size is \
negative" mmt map -w f "ftruncate=$size"
    done
    [ "$(size_of f)" -eq 20 ]
}

@test "steps that go by name, or by a descriptor, of what did not open" {
    local step name
    for step in truncate=1 unlink; do
        fails "$FAILED" "mmt map: absent: $step: (ENOENT)" \
            mmt map absent expect=ENOENT "$step"
    done
    for name in absent shm:absent; do
        for step in pread pread@1+1 pwrite=x fallocate@-1 ftruncate=1; do
            fails "$FAILED" "mmt map: $name: $step: (EBADF): the file is \
closed" mmt map "$name" expect=ENOENT "$step"
        done
        fails "$FAILED" "mmt map: $name: peek@-1: outside the mapping: it \
begins at 0" mmt map "$name" expect=ENOENT peek@-1
    done
    hello
    chmod 200 f
    prints '' unprivileged mmt map f expect=EACCES peek expect=outside
    chmod 666 f
    prints '' mmt map -l 7E f expect=ENOMEM truncate=5
    [ "$(cat f)" = Hello ]
}

@test "truncate and ftruncate: EACCES, EFBIG, EISDIR, ENOENT, ENOTSUP" {
    hello
    chmod 444 f
    fails "$FAILED" 'mmt map: f: truncate=1: (EACCES)' \
        unprivileged mmt map f truncate=1
    chmod 644 f
    fails "$FAILED" 'mmt map: f: truncate=1: (ENOENT)' \
        mmt map f unlink truncate=1
    hello
    (
        ulimit -f 1
        fails "$FAILED" 'mmt map: f: ftruncate=1M: (EFBIG): the limit of '\
'ulimit -f or of the file system' mmt map -w f ftruncate=1M
        fails "$FAILED" 'mmt map: f: truncate=1M: (EFBIG): the limit of '\
'ulimit -f or of the file system' mmt map f truncate=1M
    )
    [ "$(size_of f)" -eq 20 ]
    mkdir d
    fails "$FAILED" 'mmt map: d: truncate=1: (EISDIR): it is a directory: '\
'want a file' mmt map --no-map d truncate=1
    make_object printf Hello
    fails "$FAILED" "mmt map: shm:$object: truncate=1: (ENOTSUP): a shared \
memory object has no path: use ftruncate" mmt map -w "shm:$object" truncate=1
    prints '' mmt map -w "shm:$object" ftruncate=1
    [ "$(cat "/dev/shm/$object")" = H ]
}

@test "a size that makes no sense is refused, and nothing is cut" {
    hello
    local size
    for size in '' x 1x 16e 8E 9223372036854775808 -9E 18446744073709551616 \
        1.5 1KK 0x; do
        observe mmt map -w f "ftruncate=$size"
        ended_with "$USAGE"
        grep -q "^mmt map: ftruncate=$size: bad size '$size': " .err
    done
    [ "$(size_of f)" -eq 20 ]
}

# --- fallocate ---

@test "fallocate gives the range of the file its blocks, and grows it" {
    truncate -s 100K f
    prints '' mmt map -w f fallocate
    [ "$(size_of f)" -eq 102400 ]
    [ "$(stat -c %b f)" -ge 200 ]
    prints '' mmt map -w f fallocate@100K+50K
    [ "$(size_of f)" -eq 153600 ]
    prints '' mmt map -w f fallocate@-1+2
    [ "$(size_of f)" -eq 153601 ]
}

@test "fallocate: EBADF, EFBIG, EINVAL, ENODEV, ENOSPC" {
    hello
    fails "$FAILED" "mmt map: f: fallocate: (EBADF): $not_writable" \
        mmt map f fallocate
    fails "$FAILED" 'mmt map: f: fallocate+0: (EINVAL): the length is 0' \
        mmt map -w f fallocate+0
    fails "$FAILED" 'mmt map: f: fallocate@20: (EINVAL): the length is 0' \
        mmt map -w f fallocate@20
    fails "$FAILED" 'mmt map: f: fallocate@-21+1: (EINVAL): the offset is '\
'before the first byte' \
        mmt map -w f fallocate@-21+1
    fails "$FAILED" 'mmt map: f: fallocate@1+9223372036854775807: (EFBIG): '\
'the limit of ulimit -f or of the file system' \
        mmt map -w f fallocate@1+9223372036854775807
    observe mmt map -w -l 1 /dev/zero fallocate+1
    ended_with "$FAILED"
    small_tmpfs full 64K
    truncate -s 10 full/f
    fails "$FAILED" 'mmt map: full/f: fallocate+1M: (ENOSPC)' \
        mmt map -w full/f fallocate+1M
}

# --- pread and pwrite ---

@test "pread prints as peek does, OFF and LEN counted in the file" {
    hello
    prints 'Hello, mapped world\n' mmt map f pread
    prints $'mapped\nworld\nHello' mmt map f pread@7+6 pread@-6+5 pread+5
    prints 'mapped' mmt map -o 5 -l 1 f pread@7+6
    prints $'\\n\nx' mmt map -w f pread@19+100 'poke=x' pread+1
    file_of 200000 g
    prints "$(cat g)" mmt map g pread
    prints "$(tail -c 100000 g)" mmt map -l 1 g pread@-100000
}

@test "pread at and past the end prints an empty line" {
    hello
    local step
    for step in pread@20 pread@100+5 pread+0; do
        [ "$(mmt map f "$step" | od -An -c | tr -d ' ')" = '\n' ]
    done
}

@test "pread and pwrite reach what is not mapped any more, and the other way" {
    hello
    prints $'Hello\nJ' mmt map -w f munmap pread+5 pwrite=J pread+1
    prints 'K' mmt map -w f pwrite=K peek+1
    prints 'L' mmt map -w f poke=L pread+1
    prints 'L' mmt map -P -w f poke=M pread+1
}

@test "pread: EBADF, EINVAL, EISDIR" {
    hello
    fails "$FAILED" 'mmt map: f: pread@-21+1: (EINVAL): the offset is before '\
'the first byte' mmt map f pread@-21+1
    fails "$FAILED" 'mmt map: f: pread: (EBADF): the file is not open for r: '\
'open it with -O rw' mmt map --no-map -O w f pread
    fails "$FAILED" 'mmt map: f: pread+1: (EBADF): the file is closed' \
        mmt map f close pread+1
    mkdir d
    fails "$FAILED" 'mmt map: d: pread+1: (EISDIR): it is a directory: want a '\
'file' mmt map --no-map d pread+1
}

@test "pwrite writes its text, past the end too" {
    hello
    prints '' mmt map -w f pwrite@7=MAPPED pwrite=J
    [ "$(cat f)" = 'Jello, MAPPED world' ]
    prints '' mmt map -w f pwrite@-1=! 'pwrite@22=\0x' pwrite=
    printf 'Jello, MAPPED world!\0\0\0x' | cmp - f
    prints '' mmt map -w f pwrite+2=12345
    [ "$(head -c 3 f)" = 12l ]
    refuses "mmt map: pwrite+3=ab: +LEN is more than the text has" \
        mmt map -w f pwrite+3=ab
}

@test "pwrite: EBADF, EFBIG, EINVAL, ENOSPC" {
    hello
    fails "$FAILED" "mmt map: f: pwrite=x: (EBADF): $not_writable" \
        mmt map f pwrite=x
    fails "$FAILED" 'mmt map: f: pwrite@-21=x: (EINVAL): the offset is '\
'before the first byte' \
        mmt map -w f pwrite@-21=x
    (
        ulimit -f 1
        fails "$FAILED" 'mmt map: f: pwrite@1M=x: (EFBIG): the limit of '\
'ulimit -f or of the file system' mmt map -w f pwrite@1M=x
    )
    [ "$(size_of f)" -eq 20 ]
    small_tmpfs full 64K
    head -c 64K /dev/zero >full/f
    fails "$FAILED" 'mmt map: full/f: pwrite@64K=x: (ENOSPC)' \
        mmt map -w full/f pwrite@64K=x
}

# --- fsync, fdatasync, close, unlink ---

@test "fsync and fdatasync flush the file; closed it is EBADF" {
    hello
    prints '' mmt map f fsync fdatasync
    prints '' mmt map -w f poke=J fsync
    local step
    for step in fsync fdatasync close ftruncate=1 fallocate+1 pwrite=x; do
        fails "$FAILED" "mmt map: f: $step: (EBADF): the file is closed" \
            mmt map -w f close "$step"
    done
}

@test "close leaves the mapping, and what is loaded then is not the file" {
    hello
    printf 'secret' >other
    prints 'Jello' mmt map -w f close poke=J peek+5
    fails "$FAILED" 'mmt map: f: ftruncate=0: (EBADF): the file is closed' \
        mmt map -w f close load@0+2=other ftruncate=0
    [ "$(cat other)" = secret ]
    [ "$(cat f)" = 'sello, mapped world' ]
}

@test "close: whether a store is lost is told by the name, or not at all" {
    hello
    fails "$FAILED" 'mmt map: f: poke@20=x: lost: 1 byte past the end of the '\
'file (20 bytes): extend it first, mmt extend -s 21 f' \
        mmt map -w f close poke@20=x
    prints '' mmt map -w f close unlink poke@20=x
    hello
    prints '' mmt map -w f close 'sh=mv f g; : >f' poke@20=x
}

@test "unlink removes the name, and nothing else" {
    hello
    prints 'Jello' mmt map -w f unlink poke=J peek+5
    [ ! -e f ]
    hello
    fails "$FAILED" 'mmt map: f: unlink: (ENOENT)' mmt map f unlink unlink
    mkdir d
    observe mmt map --no-map d unlink expect=EISDIR,EPERM
    ended_with "$DONE"
    mkdir locked
    cp /dev/null locked/f
    chmod 555 locked
    fails "$FAILED" 'mmt map: locked/f: unlink: (EACCES)' \
        unprivileged mmt map -l 1 locked/f unlink
    chmod 755 locked # for those who are to remove it
    make_object printf Hello
    prints 'Hello' mmt map "shm:$object" unlink peek
    [ ! -e "/dev/shm/$object" ]
}
