#!/usr/bin/env bats
# calls.bats - steps that are one call of POSIX on the mapping: munmap,
# mprotect, msync, mlock, munlock, madvise, mmap.
#
# SPDX-License-Identifier: MIT

load helper
load steps

# calls NAME COMMAND... - its calls of that name, without those for the window,
# and each address as an offset from the first byte of the window.
calls() {
    local name=$1
    shift
    "$@" 2>&1 >/dev/null | awk -v name="$name" '
        function number(text, value, at) {
            value = 0
            for (at = 3; at <= length(text); at++) {
                value *= 16
                value += index("0123456789abcdef", substr(text, at, 1)) - 1
            }
            return value
        }
        / \/\* window \*\/$/ { next }
        /^mmap\(0x/ && !base {
            match($0, /0x[0-9a-f]+/)
            base = number(substr($0, RSTART, RLENGTH))
            if (name != "mmap")
                next
        }
        index($0, name "(") == 1 {
            match($0, /0x[0-9a-f]+/)
            print name "(+" number(substr($0, RSTART, RLENGTH)) - base \
                substr($0, RSTART + RLENGTH)
        }'
}

unaligned="the address is not a multiple of the page size, $PAGE_SIZE"
hole="a page of the range is not mapped"

# --- ranges: what OFF and LEN become in a call ---

@test "a call without OFF and LEN is on the whole mapping, from its page" {
    pages 3 p
    [ "$(calls msync mmt map -v p msync)" = \
        "msync(+0, $((3 * PAGE_SIZE)), MS_SYNC) = 0" ]
    [ "$(calls msync mmt map -v -o 5 -l 10 p msync)" = \
        "msync(+0, 15, MS_SYNC) = 0" ]
}

@test "an OFF that is written is passed as it is, a LEN too" {
    pages 3 p
    [ "$(calls msync mmt map -k -v p msync@1pg msync@1pg+1 msync@-1pg \
        msync@1 msync+0 msync@3pg+0)" = \
"msync(+$PAGE_SIZE, $((2 * PAGE_SIZE)), MS_SYNC) = 0
msync(+$PAGE_SIZE, 1, MS_SYNC) = 0
msync(+$((2 * PAGE_SIZE)), $PAGE_SIZE, MS_SYNC) = 0
msync(+1, $((3 * PAGE_SIZE - 1)), MS_SYNC) = -1 EINVAL
msync(+0, 0, MS_SYNC) = 0
msync(+$((3 * PAGE_SIZE)), 0, MS_SYNC) = 0" ]
    [ "$(calls msync mmt map -k -v -o 5 p msync@0)" = \
        "msync(+5, $((3 * PAGE_SIZE - 5)), MS_SYNC) = -1 EINVAL" ]
}

@test "a misaligned address is EINVAL for each call that says so" {
    pages 2 p
    local step
    for step in munmap@1 munmap@1+1pg msync@1 msync@1+1 mmap@1+1 \
        madvise@1=willneed; do
        fails "$FAILED" "mmt map: p: $step: (EINVAL): $unaligned" \
            mmt map p "$step"
    done
    # Some C libraries round the address, and the system says nothing.
    prints '' mmt map p mprotect@1+1=r expect=ok,EINVAL
    fails "$FAILED" "mmt map: p: munmap@0: (EINVAL): $unaligned" \
        mmt map -o 5 p munmap@0
}

@test "a call never leaves the window" {
    pages 2 p
    local step end=$((2 * PAGE_SIZE))
    for step in munmap@2pg+1 munmap+3pg munmap@1pg+2pg \
        mprotect@2pg+1=r mlock@0+3pg mmap@2pg+1pg madvise@2pg+1=normal \
        munlock@9pg msync@1pg+2pg; do
        fails "$FAILED" "mmt map: p: $step: outside the mapping: it ends at \
$end: map more with -l" mmt map p "$step"
    done
    fails "$FAILED" "mmt map: p: munmap@9223372036854775807+1: outside the \
mapping: it ends at $((end - 5)): map more with -l" \
        mmt map -o 5 p munmap@9223372036854775807+1
    fails "$FAILED" 'mmt map: p: munmap@-3pg: outside the mapping: it begins '\
'at 0' mmt map p munmap@-3pg
}

# --- munmap ---

@test "munmap takes whole pages, of a part of a page too" {
    pages 3 p
    local n=$PAGE_SIZE
    prints "0+$n r=ok
$n+$n r=SIGSEGV/SEGV_MAPERR
$((2 * n))+$n r=ok" mmt map p munmap@1pg+1 probe
    prints "0+$((3 * n)) r=SIGSEGV/SEGV_MAPERR" mmt map -o 0 p munmap probe
    prints "0+$((n - 5)) r=SIGSEGV/SEGV_MAPERR
$((n - 5))+$((2 * n)) r=ok" mmt map -o 5 p "munmap+6" probe
}

@test "munmap of nothing is EINVAL, of what is unmapped fine" {
    pages 2 p
    fails "$FAILED" 'mmt map: p: munmap+0: (EINVAL): the length is 0' \
        mmt map p munmap+0
    fails "$FAILED" 'mmt map: p: munmap@1pg+0: (EINVAL): the length is 0' \
        mmt map p munmap@1pg+0
    prints '' mmt map p munmap munmap munmap@1pg+1
}

@test "munmap: what was stored stays in the file" {
    hello
    prints '' mmt map -w f poke=J munmap
    [ "$(head -c 5 f)" = Jello ]
    prints 'Jello' mmt map -w f poke=J munmap mmap peek+5
}

@test "munmap: what was unmapped stays so where addresses are few" {
    need_plain_build
    file_of 1048576 p
    # For so long a line malloc() asks the system.
    { printf '# %300000d\n' 0 && echo probe; } >steps
    ulimit -v 100000
    prints '0+1048576 r=SIGSEGV/SEGV_MAPERR' mmt map p munmap - <steps
    cksum p >before
    run -"$DONE" mmt protect -p rw all p
    cksum p | cmp - before
}

# --- mprotect ---

@test "mprotect changes what can be done with the page" {
    hello
    prints 'J' mmt map -w f mprotect=r poke=x expect=SIGSEGV/SEGV_ACCERR \
        mprotect=rw poke=J mprotect=none peek+1 expect=SIGSEGV/SEGV_ACCERR \
        mprotect=r peek+1
    prints '' mmt map f mprotect=1 mprotect=0 mprotect=none mprotect=r
}

@test "mprotect: of a part of a page it is all of the page" {
    pages 2 p
    prints "0+$PAGE_SIZE w=SIGSEGV/SEGV_ACCERR
$PAGE_SIZE+$PAGE_SIZE w=ok" mmt map -w p mprotect+1=r probe=w
}

@test "mprotect to write needs a file that is open for writing, if shared" {
    hello
    fails "$FAILED" 'mmt map: f: mprotect=rw: (EACCES): the file is not open '\
'for w: open it with -O rw' mmt map f mprotect=rw
    prints 'J' mmt map -O rw f mprotect=rw poke=J peek+1
    prints 'K' mmt map -P f mprotect=rw poke=K peek+1
    [ "$(head -c 5 f)" = Jello ]
}

@test "mprotect of a hole is ENOMEM, and names no page that it did change" {
    pages 3 p
    fails "$FAILED" "mmt map: p: mprotect=none: (ENOMEM): $hole" \
        mmt map p munmap@1pg+1 mprotect=none
    # What comes before the hole is changed all the same.
    fails "$SEGV" "mmt map: p: peek+1: SIGSEGV/SEGV_ACCERR at +0: protection: \
the page is ---, a load needs r: by step 2, mprotect=none" \
        mmt map p munmap@1pg+1 mprotect=none expect=ENOMEM peek+1
    prints 'c' mmt map p munmap@1pg+1 mprotect=none expect=ENOMEM peek@2pg+1
}

@test "mprotect: a protection that no system knows is EINVAL" {
    hello
    fails "$FAILED" 'mmt map: f: mprotect=0x7f000000: (EINVAL)' \
        mmt map f mprotect=0x7f000000
    refuses "mmt map: mprotect=q: bad protection 'q': want letters of rwx, or \
none, or a number" mmt map f mprotect=q
    refuses "mmt map: mprotect wants a value: mprotect=PROT" mmt map f mprotect
    prints '' mmt map f mprotect+0=r
}

# --- msync ---

@test "msync takes its flags, by name and by number" {
    hello
    local flags
    for flags in sync async invalidate sync,invalidate async,invalidate; do
        prints '' mmt map -w f poke=J msync="$flags"
    done
    [ "$(head -c 1 f)" = J ]
    [ "$(calls msync mmt map -v f msync=async,invalidate)" = \
        "msync(+0, 20, MS_ASYNC|MS_INVALIDATE) = 0" ]
    [ "$(calls msync mmt map -v f msync=0)" = "msync(+0, 20, 0) = 0" ]
}

@test "msync: sync and async together, or an unknown flag, is EINVAL" {
    hello
    local why='want one of sync and async, and no unknown flag'
    fails "$FAILED" "mmt map: f: msync=sync,async: (EINVAL): $why" \
        mmt map f msync=sync,async
    fails "$FAILED" "mmt map: f: msync=0x40000000: (EINVAL): $why" \
        mmt map f msync=0x40000000
    fails "$FAILED" "mmt map: f: msync=0x40000001: (EINVAL): $why" \
        mmt map f msync=0x40000001
    refuses "mmt map: msync=snyc: bad flags 'snyc': want sync, async, \
invalidate, or a number" mmt map f msync=snyc
    refuses "mmt map: msync=: bad flags '': want sync, async, invalidate, or a \
number" mmt map f msync=
}

@test "msync of a hole is ENOMEM" {
    pages 3 p
    fails "$FAILED" "mmt map: p: msync: (ENOMEM): $hole" \
        mmt map p munmap@1pg+1 msync
    fails "$FAILED" "mmt map: p: msync=async: (ENOMEM): $hole" \
        mmt map p munmap msync=async
    prints '' mmt map p munmap@1pg+1 msync+1pg msync@2pg
}

@test "msync=invalidate of a locked page is EBUSY" {
    need_plain_build # sanitizers make mlock do nothing
    hello
    fails "$FAILED" 'mmt map: f: msync=invalidate: (EBUSY)' \
        mmt map f mlock msync=invalidate
    prints '' mmt map f mlock munlock msync=invalidate
}

# --- mlock, munlock, madvise ---

@test "mlock and munlock, of a hole ENOMEM" {
    need_plain_build # sanitizers make mlock do nothing
    pages 2 p
    prints '' mmt map p mlock munlock munlock mlock@1pg+1 munlock@1pg+1
    fails "$FAILED" "mmt map: p: mlock: (ENOMEM): $hole" mmt map p munmap mlock
    fails "$FAILED" "mmt map: p: munlock: (ENOMEM): $hole" \
        mmt map p munmap munlock
}

@test "mlock of pages that can't be loaded says so, not that of a limit" {
    need_plain_build # sanitizers make mlock do nothing
    local why='a page of the range has no access, or lies past the end of the '
    why+='file'
    hello
    fails "$FAILED" "mmt map: f: mlock: (ENOMEM): $why" mmt map -l 2pg f mlock
    fails "$FAILED" "mmt map: f: mlock@1pg+1: (ENOMEM): $why" \
        mmt map -l 2pg f mlock@0+1pg mlock@1pg+1
    fails "$FAILED" "mmt map: f: mlock: (ENOMEM): $why" \
        mmt map -p none f mlock
}

@test "mlock beyond the limit says where the limit is seen" {
    need_plain_build # sanitizers make mlock do nothing
    pages 8 p
    ulimit -l 1
    fails "$FAILED" 'mmt map: p: mlock: (ENOMEM): the limit on locked memory: '\
'see ulimit -l' unprivileged mmt map p mlock
}

@test "madvise is posix_madvise, with each advice" {
    pages 2 p
    local advice
    for advice in normal sequential random willneed dontneed; do
        prints 'a' mmt map p "madvise=$advice" peek+1
    done
    [ "$(calls posix_madvise mmt map -v p madvise@1pg=willneed)" = \
        "posix_madvise(+$PAGE_SIZE, $PAGE_SIZE, POSIX_MADV_WILLNEED) = 0" ]
    fails "$FAILED" 'mmt map: p: madvise=12345: (EINVAL)' \
        mmt map p madvise=12345
    fails "$FAILED" "mmt map: p: madvise=willneed: (ENOMEM): $hole" \
        mmt map p munmap madvise=willneed
    refuses "mmt map: madvise=x: bad advice 'x': want normal, sequential, \
random, willneed, dontneed, or a number" mmt map p madvise=x
}

@test "madvise=dontneed loses nothing that was stored" {
    hello
    prints 'J' mmt map -w f poke=J madvise=dontneed peek+1
    prints 'J' mmt map -P -w f poke=J madvise=dontneed peek+1
}

# --- mmap ---

@test "mmap maps as the mapping was: place, protection, sharing, file" {
    pages 3 p
    prints $'b\nX' mmt map -w p munmap mmap@1pg+1pg peek@1pg+1 poke@1pg=X \
        peek@1pg+1
    [ "$(tail -c +$((PAGE_SIZE + 1)) p | head -c 2)" = Xb ]
    prints 'b' mmt map -o 1pg p munmap mmap peek@1+1
    prints 'c' mmt map -o 5 p munmap@$((2 * PAGE_SIZE - 5)) \
        "mmap@$((2 * PAGE_SIZE - 5))" "peek@$((2 * PAGE_SIZE - 5))+1"
    local mapped="$((3 * PAGE_SIZE)), PROT_READ, MAP_SHARED|MAP_FIXED"
    [ "$(calls mmap mmt map -v p munmap mmap | sed 's/, [0-9]*, 0) = 0x.*//')" \
        = "mmap(+0, $mapped
mmap(+0, $mapped" ]
}

@test "mmap: its attributes, in any order" {
    pages 3 p
    prints 'c' mmt map p mmap+1pg=offset:2pg peek+1
    prints 'c' mmt map p mmap+1pg=private,rw,offset:2pg poke=X expect=ok \
        mmap+1pg=offset:2pg,shared,r peek+1
    [ "$(tail -c 1 p)" = c ]
    prints '' mmt map p mmap=none peek+1 expect=SIGSEGV/SEGV_ACCERR
    prints '' mmt map p mmap=0 peek+1 expect=SIGSEGV/SEGV_ACCERR
    hello
    prints 'Hello' mmt map p mmap+1pg=path:f peek+5
    prints 'Jello' mmt map p mmap+1pg=rw,private,path:f poke=J peek+5
    printf 'comma' >'a,b'
    prints 'comma' mmt map p mmap+1pg=path:a,b peek+5
    local attributes
    for attributes in '' 'r,' ,r q offset: offset:x offset:-1 path: shard; do
        observe mmt map p "mmap=$attributes"
        ended_with "$USAGE"
    done
}

@test "mmap over a hole, over a part, and twice" {
    pages 3 p
    local n=$PAGE_SIZE
    prints $'b\na' mmt map p munmap@1pg+1 mmap@1pg+1 peek@1pg+1 munmap mmap \
        mmap peek+1
    prints "0+$n r=ok w=SIGSEGV/SEGV_ACCERR
$n+$n r=ok w=ok
$((2 * n))+$n r=ok w=SIGSEGV/SEGV_ACCERR" \
        mmt map -O rw p mmap@1pg+1=rw probe=rw
}

@test "mmap: EACCES, EBADF, EINVAL, ENODEV, ENOENT" {
    hello
    fails "$FAILED" 'mmt map: f: mmap=rw: (EACCES): the file is not open for '\
'w: open it with -O rw' mmt map f mmap=rw
    fails "$FAILED" 'mmt map: f: mmap: (EBADF): the file is closed' \
        mmt map f close mmap
    fails "$FAILED" "mmt map: f: mmap=offset:1: (EINVAL): the offset is not a \
multiple of the page size, $PAGE_SIZE" mmt map f mmap=offset:1
    fails "$FAILED" 'mmt map: f: mmap+0: (EINVAL): the length is 0' \
        mmt map f mmap+0
    refuses "mmt map: mmap=path:: bad attribute 'path:': want path:PATH" \
        mmt map f mmap=path:
    fails "$FAILED" 'mmt map: f: mmap=path:/dev/null: (ENODEV)' \
        mmt map f mmap=path:/dev/null
    fails "$FAILED" 'mmt map: f: mmap=path:absent: (ENOENT)' \
        mmt map f mmap=path:absent
    mkfifo fifo
    fails "$FAILED" 'mmt map: f: mmap=path:fifo: (ENODEV)' \
        timeout 5 mmt map f mmap=path:fifo
    prints 'Hello' mmt map f mmap=path:absent expect=ENOENT peek+5
}

@test "mmap=path: faults and losses are told by the other file's size" {
    pages 2 p
    hello
    fails "$BUS" "mmt map: p: peek@1pg+1: SIGBUS/BUS_ADRERR at +$PAGE_SIZE: \
past end of file: it has 20 bytes" mmt map p mmap=path:f peek@1pg+1
    fails "$FAILED" "mmt map: p: poke@20=x: lost: 1 byte past the end of the \
file (20 bytes)" mmt map -w p mmap=path:f poke@20=x
    [ "$(size_of p)" -eq $((2 * PAGE_SIZE)) ]
}

@test "mmap beyond the end of the file is SIGBUS when touched, not before" {
    hello
    fails "$BUS" "mmt map: f: peek+1: SIGBUS/BUS_ADRERR at +0: past end of \
file: it has 20 bytes: extend it first, mmt extend -s $((2 * PAGE_SIZE + 1)) \
f" mmt map f mmap=offset:2pg peek+1
}

@test "mmap that is private keeps its stores to itself" {
    hello
    prints $'J\nH' mmt map -O rw f mmap=rw,private poke=J peek+1 mmap peek+1
    [ "$(head -c 1 f)" = H ]
}

@test "mmap on a file system of noexec is EPERM for x" {
    need_root
    mkdir d
    mount -t tmpfs -o noexec,size=64K tmpfs d 2>/dev/null ||
        skip 'may not mount a tmpfs here'
    echo "$PWD/d" >>.mounts
    printf 'x' >d/f
    fails "$FAILED" 'mmt map: d/f: mmap: (EPERM): the file system, or a '\
'policy of the system, allows no x' mmt map -p rx d/f
    fails "$FAILED" 'mmt map: d/f: mmap=rx: (EPERM): the file system, or a '\
'policy of the system, allows no x' mmt map d/f mmap=rx
    observe mmt map d/f mprotect=rx
    ended_with "$FAILED"
    same 'mmt map: d/f: mprotect=rx: (EACCES): the file system, or a policy '\
'of the system, allows no x' .err
}
