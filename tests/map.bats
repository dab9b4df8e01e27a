#!/usr/bin/env bats
# map.bats - mapping a file: the options, the window, faults and their causes.
#
# SPDX-License-Identifier: MIT

# shellcheck disable=SC2016 # it is for the sh of a step to expand

load helper
load steps

@test "map without a failure says nothing but what the steps print" {
    hello
    prints '' mmt map f munmap
    prints 'Hello' mmt map f peek@0+5
}

@test "map leaves the file alone when nothing is stored" {
    hello
    touch -d 2001-01-01 f
    mmt map -w f peek probe munmap >out
    [ "$(stat -c %Y f)" -eq "$(date -d 2001-01-01 +%s)" ]
}

# --- where it starts, and how long it is ---

@test "map -o starts at any byte, from which steps count" {
    hello
    prints 'mapped' mmt map -o 7 f peek@0+6
    prints 'world\n' mmt map --offset=14 f peek
    prints '\n' mmt map -o 7 f peek@-1
    pages 3 p
    prints 'bccc' mmt map -o $((2 * PAGE_SIZE - 1)) p peek+4
}

@test "map -o 0, one page, and beyond with -l" {
    pages 2 p
    prints 'aa' mmt map -o 0 p peek@0+2
    prints 'bb' mmt map -o 1pg p peek@0+2
    prints "0+$((2 * PAGE_SIZE)) r=SIGBUS/BUS_ADRERR" \
        mmt map -o 5pg -l 2pg p probe
}

@test "map -l: what is there is the page to its end" {
    hello
    prints 'Hello' mmt map -l 5 f peek
    prints 'Hello, mapped' mmt map -l 5 f peek@0+13
    fails "$FAILED" "mmt map: f: peek+1pg: outside the mapping: it ends at \
$((PAGE_SIZE - 1)): map more with -l" mmt map -o 1 -l 5 f peek+1pg
}

@test "map: the last byte of the last page is inside, the next is not" {
    hello
    prints '\0' mmt map f "peek@$((PAGE_SIZE - 1))+1"
    prints '' mmt map f cmp@1pg=
    fails "$FAILED" "mmt map: f: peek@1pg+1: outside the mapping: it ends at \
$PAGE_SIZE: map more with -l" mmt map f peek@1pg+1
    fails "$FAILED" 'mmt map: f: peek@-21+1: outside the mapping: it begins '\
'at 0' \
        mmt map f peek@-21+1
    fails "$FAILED" 'mmt map: f: peek@21: outside the mapping: it ends at 20: '\
'map more with -l' mmt map f peek@21
}

@test "map: offsets and lengths at the end of off_t are outside, not wrapped" {
    hello
    local end=$PAGE_SIZE step
    for step in peek@9223372036854775807+1 peek@1+9223372036854775807 \
        munmap@1pg+9223372036854775807 munmap@9223372036854775807+1; do
        fails "$FAILED" "mmt map: f: $step: outside the mapping: it ends at \
$end: map more with -l" mmt map f "$step"
    done
    for step in peek@-9223372036854775807+1 msync@-9223372036854775807 \
        peek@-9223372036854775808 munmap@-9223372036854775808; do
        fails "$FAILED" "mmt map: f: $step: outside the mapping: it begins at \
0" mmt map f "$step"
    done
}

@test "map: an offset or length that the address space has no room for" {
    hello
    fails "$FAILED" "mmt map: f: mmap: (ENOMEM): more than the address space \
has room for: map less with -l" mmt map -l 9223372036854775807 f
    fails "$FAILED" "mmt map: f: mmap: (ENOMEM): more than the address space \
has room for: map less with -l" mmt map -l 7E f
    need_wide_addresses # else the call has no room for such an offset
    fails "$FAILED" 'mmt map: f: mmap: (EOVERFLOW): it would end past the '\
'largest offset of a file' mmt map -o 9223372036854775807 -l 1 f
    local page=$((0x7fffffffffffffff / PAGE_SIZE * PAGE_SIZE))
    fails "$FAILED" "mmt map: f: mmap=offset:$page: (EOVERFLOW): it would end \
past the largest offset of a file" mmt map f "mmap=offset:$page"
    # Devices would map what no offset counts; steps count it nevertheless.
    fails "$FAILED" 'mmt map: /dev/zero: mmap: (EOVERFLOW): it would end past '\
'the largest offset of a file' \
        mmt map -o "$page" -l 2pg /dev/zero dump@1pg+1
    fails "$FAILED" 'mmt map: f: mmap: (EOVERFLOW): it would end past the '\
'largest offset of a file' mmt map --no-map -o "$page" -l 2pg f mmap@1pg
}

@test "map of a file that has bytes and no size is EINVAL, with its cure" {
    grep -q . /proc/version 2>/dev/null || skip 'needs the /proc of Linux'
    fails "$FAILED" 'mmt map: /proc/version: mmap: (EINVAL): it can be read, '\
'but its size is 0, as in /proc: map a copy' mmt map /proc/version
    cat /proc/version >copy
    prints "$(cat copy)\\n" mmt map copy peek
}

@test "map of an empty file is EINVAL, with the cure, and -l its other one" {
    : >'an empty one'
    fails "$FAILED" "mmt map: an empty one: mmap: (EINVAL): the file is empty: \
extend it first, mmt extend -s $PAGE_SIZE 'an empty one'" \
        mmt map 'an empty one'
    prints '' mmt map -l 1 'an empty one' munmap
    hello
    fails "$FAILED" "mmt map: f: mmap: (EINVAL): the offset is at or past the \
end of the file: say how many bytes with -l" mmt map -o 20 f
    fails "$FAILED" "mmt map: f: mmap: (EINVAL): the length is 0" \
        mmt map -l 0 f
}

# --- protection and sharing ---

@test "map -p takes letters in any order, none, and a number" {
    hello
    local prot
    for prot in rw wr rwr 3 0x3 03; do
        prints 'J' mmt map -p "$prot" f poke=J peek+1
    done
    for prot in none 0; do
        fails "$SEGV" "mmt map: f: peek: SIGSEGV/SEGV_ACCERR at +0: \
protection: the page is ---, a load needs r: map it with -p r" \
            mmt map -p "$prot" f peek
    done
    refuses "mmt map: bad protection 'rq': want letters of rwx, or none, or a \
number" mmt map -p rq f
    refuses "mmt map: bad protection '': want letters of rwx, or none, or a \
number" mmt map -p '' f
}

@test "map: the last of -w, -p, -P and -l wins" {
    hello
    prints 'J' mmt map -p r -w f poke=J peek+1
    fails "$SEGV" "mmt map: f: poke=x: SIGSEGV/SEGV_ACCERR at +0: protection: \
the page is r--, a store needs w: map it with -w" mmt map -w -p r f poke=x
    prints 'Je' mmt map -l 5 -l 2 f peek
}

@test "map -w stores into the file, map -P into a copy" {
    hello
    prints 'Jello' mmt map -w -P f poke=J peek+5
    [ "$(head -c 5 f)" = Hello ]
    prints 'Jello' mmt map -w f poke=J peek+5
    [ "$(head -c 5 f)" = Jello ]
}

@test "map -P -w works on a file that may not be written" {
    hello
    chmod 444 f
    prints 'J' unprivileged mmt map -P -w f poke=J peek+1
    fails "$FAILED" "mmt map: f: open: (EACCES)" \
        unprivileged mmt map -w f poke=J
}

@test "map -O opens as told" {
    hello
    prints '' mmt map -O rw f pwrite@0=J
    [ "$(head -c 5 f)" = Jello ]
    prints '' mmt map -O ra f pwrite@0=end
    [ "$(tail -c 3 f)" = end ]
    fails "$FAILED" "mmt map: f: mmap: (EACCES): the file is not open for r: \
open it with -O rw" mmt map -O w f
    fails "$FAILED" "mmt map: f: mmap: (EACCES): the file is not open for w: \
open it with -O rw" mmt map -w -O r f
    refuses "mmt map: bad open mode 'rq': want letters of rwa" mmt map -O rq f
    refuses "mmt map: bad open mode '': want letters of rwa" mmt map -O '' f
}

# --- the flags word, the address, the words as they are ---

@test "map --flags passes the word as it is" {
    hello
    prints 'Hello' mmt map --flags shared f peek+5
    prints 'Jello' mmt map -w --flags=private f poke=J peek+5
    prints 'Hello' mmt map --flags 1 f peek+5
    fails "$FAILED" "mmt map: f: mmap: (EINVAL): the flags say neither shared \
nor private" mmt map --flags 0 f
    refuses "mmt map: bad flags 'shard': want shared, private, fixed or a \
number, parted by commas" mmt map --flags shard f
    refuses "mmt map: bad flags '': want shared, private, fixed or a number, \
parted by commas" mmt map --flags '' f
}

@test "map --flags private is judged as private: nothing is lost" {
    hello
    prints 'x' mmt map -w --flags private f poke@30=x peek@30+1
    [ "$(size_of f)" -eq 20 ]
}

# address_of COMMAND... - the address that its first mmap of the file got
address_of() {
    "$@" 2>&1 | sed -n '/MAP_SHARED/s/^mmap(.*) = \(0x[0-9a-f]*\)$/\1/p'
}

@test "map --address is where the mapping comes to lie, with fixed" {
    need_wide_addresses
    hello
    local free=0x200000000000
    [ "$PAGE_SIZE" -le 65536 ]
    local fixed=(--flags 'shared,fixed' --address "$free")
    [ "$(address_of mmt map -v "${fixed[@]}" f)" = $free ]
    prints 'Hello' mmt map --flags shared,fixed --address $free f peek+5
    [ "$(address_of mmt map -v --address $free f)" = $free ] # a hint, and free
}

@test "map --flags fixed at an address that is no page's is EINVAL" {
    need_wide_addresses
    hello
    fails "$FAILED" "mmt map: f: mmap: (EINVAL): the address is not a multiple \
of the page size, $PAGE_SIZE" \
        mmt map --flags shared,fixed --address 0x200000000001 f
    prints 'Hello' mmt map --address 0x200000000001 f peek+5
}

@test "map --flags fixed on pages of mmt's own is refused" {
    hello
    need_plain_build
    # Where some page of mmt's lies is seen from a shell that it starts.
    local own
    own=$(mmt map f 'sh=cut -d - -f 1 /proc/$PPID/maps | tail -n 2 | head -n 1')
    [ -n "$own" ] || skip 'needs /proc/PID/maps'
    fails "$FAILED" "mmt map: f: mmap: (EPERM): address 0 is C's null pointer: \
choose another with --address" mmt map --flags shared,fixed f
    # The same program without randomised addresses lies where it lay.
    need setarch
    own=$(setarch -R mmt map f \
        'sh=grep "\[stack\]" /proc/$PPID/maps | cut -d - -f 1')
    fails "$FAILED" "mmt map: f: mmap: (EEXIST): pages there are mmt's own: \
choose another address" \
        setarch -R mmt map --flags shared,fixed --address "0x$own" f
}

@test "map --flags fixed maps more pages than are looked at one by one" {
    need_wide_addresses
    hello
    mmt extend -s 65537pg f
    prints 'Hello' mmt map --flags shared,fixed --address 0x200000000000 f \
        peek@0+5
}

@test "map --flags fixed over the whole address space is refused or fails" {
    hello
    observe mmt map --flags shared,fixed --address 0x10000 -l 127T f
    ended_with "$FAILED"
}

@test "map --address takes any uintptr_t and no more" {
    hello
    refuses "mmt map: bad address '18446744073709551616': want a number, \
0x... or decimal" mmt map --address 18446744073709551616 f
    refuses "mmt map: bad address '-1': want a number, 0x... or decimal" \
        mmt map --address -1 f
    need_wide_addresses
    observe mmt map --address 18446744073709551615 f peek+1
    ended_with "$DONE"
}

@test "map --exact passes offset and length as they are" {
    pages 2 p
    fails "$FAILED" "mmt map: p: mmap: (EINVAL): the offset is not a multiple \
of the page size, $PAGE_SIZE" mmt map --exact -o 1 p
    fails "$FAILED" "mmt map: p: mmap: (EINVAL): the length is 0" \
        mmt map --exact -l 0 p
    prints 'bbbbb' mmt map --exact -o 1pg -l 5 p peek
    mmt map -v --exact -o 1pg -l 5 p 2>&1 |
        grep "^mmap(0x[0-9a-f]*, 5, PROT_READ, .*, $PAGE_SIZE) = 0x"
}

@test "map --no-map opens only: the steps do the mapping" {
    pages 2 p
    fails "$SEGV" "mmt map: p: peek+1: SIGSEGV/SEGV_MAPERR at +0: unmapped: \
never mapped" mmt map --no-map p peek+1
    prints 'bb' mmt map --no-map p mmap@1pg+1pg peek@1pg+2
    fails "$SEGV" "mmt map: p: peek+1: SIGSEGV/SEGV_MAPERR at +0: unmapped: \
never mapped" mmt map --no-map p mmap@1pg+1pg peek+1
    : >empty
    fails "$FAILED" "mmt map: empty: mmap: outside the mapping: it ends at 0: \
map more with -l" mmt map --no-map empty mmap
    prints '' mmt map --no-map -O rw empty ftruncate=1
    [ "$(size_of empty)" -eq 1 ]
}

# --- what the file is ---

@test "map of a file that can't be opened names the errno" {
    fails "$FAILED" "mmt map: absent: open: (ENOENT): make it first, mmt \
extend -s $PAGE_SIZE absent" mmt map absent
    hello
    fails "$FAILED" "mmt map: f/g: open: (ENOTDIR)" mmt map f/g
    fails "$FAILED" "mmt map: '': open: (ENOENT)" mmt map ''
    fails "$FAILED" "mmt map: d/e: open: (ENOENT): a directory of its path is \
missing: mkdir -p it" mmt map d/e
    ln -s nowhere link
    fails "$FAILED" "mmt map: link: open: (ENOENT): a symbolic link that leads \
nowhere: make what it names, or remove it" mmt map link
    fails "$FAILED" "mmt map: $PWD/e: open: (ENOENT): make it first, mmt \
extend -s $PAGE_SIZE $PWD/e" mmt map "$PWD/e"
    ln -s loop loop
    fails "$FAILED" "mmt map: loop: open: (ELOOP)" mmt map loop
    long=$(printf '%300s' '' | tr ' ' n)
    fails "$FAILED" "mmt map: $long: open: (ENAMETOOLONG)" mmt map "$long"
    chmod 0 f
    fails "$FAILED" "mmt map: f: open: (EACCES)" unprivileged mmt map f
}

@test "map of a directory, a FIFO and a device says what is wrong" {
    mkdir d
    fails "$FAILED" "mmt map: d: mmap: (ENODEV): it is a directory: want a \
file" mmt map -l 1 d
    fails "$FAILED" "mmt map: d: open: (EISDIR): it is a directory: want a \
file" mmt map -w d
    mkfifo p
    fails "$FAILED" "mmt map: p: mmap: (ENODEV): a FIFO can't be mapped: want \
a file" timeout 5 mmt map -l 1 p
    fails "$FAILED" "mmt map: p: mmap: (ENODEV): a FIFO can't be mapped: want \
a file" timeout 5 mmt map -w -l 1 p
    fails "$FAILED" "mmt map: /dev/null: mmap: (ENODEV): this kind of file \
can't be mapped" mmt map -l 1 /dev/null
}

@test "map: a character device has no end, so -l must be given" {
    fails "$FAILED" "mmt map: /dev/zero: mmap: (EINVAL): it has no end: say \
how many bytes with -l" mmt map /dev/zero
    prints 'x\0' mmt map -w -l 2pg /dev/zero poke@1pg=x peek@1pg+2
}

@test "map: a block device has the size that lseek finds" {
    need_root
    need losetup
    head -c 1M /dev/zero >image
    device=$(losetup --show -f image 2>/dev/null) || skip 'no loop devices'
    observe mmt map -w "$device" poke@-1=x peek@-2+2 peek@1M+1
    mmt map -o 1M -l 1pg "$device" peek+1 2>past || [ $? -eq "$BUS" ]
    losetup -d "$device"
    same '\0x' .out
    same "mmt map: $device: peek@1M+1: outside the mapping: it ends at \
1048576: map more with -l" .err
    [ "$(tail -c 1 image)" = x ]
    # No cure: a device can't be extended.
    same "mmt map: $device: peek+1: SIGBUS/BUS_ADRERR at +0: past end of file: \
it has 1048576 bytes" past
}

@test "map shm:NAME is the shared memory object, ./shm:NAME a file" {
    name_object
    name=shm:$object
    printf file >"./$name"
    prints 'file' mmt map "./$name" peek
    fails "$FAILED" "mmt map: $name: shm_open: (ENOENT): make it first, mmt \
extend -s $PAGE_SIZE $name" mmt map "$name"
    local want='shm_open: (EINVAL): want shm:NAME, without a slash in NAME'
    fails "$FAILED" "mmt map: shm:: $want" mmt map shm:
    fails "$FAILED" "mmt map: shm:a/b: $want" mmt map shm:a/b
    fails "$FAILED" "mmt sync: shm:: $want" mmt sync shm:
    fails "$FAILED" "mmt sync: shm:a/b: $want" mmt sync shm:a/b
    fails "$FAILED" "mmt exchange: shm:: $want" \
        mmt exchange --state shm:
}

@test "map shm:NAME maps, stores, grows, and is unlinked" {
    make_object printf Hello
    prints 'J\0' mmt map -w "shm:$object" poke=J ftruncate=1 peek+2 unlink
    [ ! -e "/dev/shm/$object" ]
}

@test "map: a name is escaped in messages, and quoted for the shell in cures" {
    fails "$FAILED" "mmt map: a\\x0ab: open: (ENOENT): make it first, mmt \
extend -s $PAGE_SIZE \$'a\\x0ab'" mmt map $'a\nb'
    fails "$FAILED" "mmt map: it's: open: (ENOENT): make it first, mmt extend \
-s $PAGE_SIZE 'it'\\''s'" mmt map "it's"
    fails "$FAILED" "mmt map: \\xff\\x1b[1m: open: (ENOENT): make it first, \
mmt extend -s $PAGE_SIZE \$'\\xff\\x1b[1m'" mmt map $'\xff\x1b[1m'
    fails "$FAILED" "mmt map: Zoë: open: (ENOENT): make it first, mmt extend \
-s $PAGE_SIZE 'Zoë'" mmt map 'Zoë'
}

@test "map: the cure does what it says, whatever the name" {
    local name
    for name in plain 'two words' "it's" -k $'a\nb' $'\xff\\'"'\$HOME" '~' '*' \
        $'\x01f' shm; do
        observe mmt map -- "$name"
        ended_with "$FAILED"
        eval "$(sed 's/.*make it first, //' .err)"
        [ "$(size_of ./"$name")" -eq "$PAGE_SIZE" ]
        prints '' mmt map -- "$name" cmp='\0'
        rm -- "$name"
    done
}

# --- the first step that fails ---

@test "map ends at the first step that fails, and -k goes on" {
    hello
    ends "$FAILED" 'H' 'mmt map: f: cmp=x: differs at +0: has "H", not "x"' \
        mmt map f peek+1 cmp=x peek+2
    ends "$FAILED" $'H\nHe' \
        'mmt map: f: cmp=x: differs at +0: has "H", not "x"' \
        mmt map -k f peek+1 cmp=x peek+2
}

@test "map -k: the status is that of the first failure" {
    hello
    observe mmt map -k f cmp=x poke=x sleep=0
    ended_with "$FAILED"
    observe mmt map -k f poke=x cmp=x
    ended_with "$SEGV"
    observe mmt map -k -t 0.01 f sleep=1 poke=x cmp=x
    ended_with "$TIMEOUT"
    [ "$(wc -l <.err)" -eq 3 ]
}

@test "map -k goes on with what it has, and is EINVAL all the same" {
    : >f
    ends "$FAILED" 'x' "mmt map: f: mmap: (EINVAL): the file is empty: extend \
it first, mmt extend -s $PAGE_SIZE f" mmt map -k -w f ftruncate=1pg mmap@0+1 \
        poke=x peek@0+1
    ends "$FAILED" '' "mmt map: absent: open: (ENOENT): make it first, mmt \
extend -s $PAGE_SIZE absent
mmt map: absent: peek: outside the mapping: it ends at 0: map more with -l
mmt map: absent: fsync: (EBADF): the file is closed" \
        mmt map -k absent peek fsync
    fails "$FAILED" "mmt map: absent: open: (ENOENT): make it first, mmt \
extend -s $PAGE_SIZE absent" mmt map absent peek fsync
}

@test "map: expect before the first step judges opening and mapping" {
    hello
    prints 'H' mmt map f expect=ok peek+1
    prints '' mmt map absent expect=ENOENT
    : >empty
    prints '' mmt map empty expect=ENODEV,EINVAL
    ends "$FAILED" '' "mmt map: absent: open: expected ok, got (ENOENT): make \
it first, mmt extend -s $PAGE_SIZE absent" mmt map absent expect=ok
    ends "$FAILED" '' 'mmt map: f: mmap: expected EINVAL, got ok' \
        mmt map f expect=EINVAL peek
}

# --- the causes of a fault ---

@test "cause: unmapped by munmap of all pages" {
    hello
    fails "$SEGV" "mmt map: f: peek@0+1: SIGSEGV/SEGV_MAPERR at +0: unmapped: \
by step 1, munmap" mmt map f munmap peek@0+1
    fails "$SEGV" "mmt map: f: poke@3=x: SIGSEGV/SEGV_MAPERR at +3: unmapped: \
by step 2, munmap@0+20" mmt map -w f cmp= munmap@0+20 poke@3=x
}

@test "cause: unmapped, the first, the middle and the last page" {
    pages 3 p
    local at
    for at in 0 1 2; do
        ends "$SEGV" "$(head -c "$((at * PAGE_SIZE))" p)" "mmt map: p: peek: \
SIGSEGV/SEGV_MAPERR at +$((at * PAGE_SIZE)): unmapped: by step 1, \
munmap@${at}pg+1" mmt map p "munmap@${at}pg+1" peek
    done
    prints $'a\nc' mmt map p munmap@1pg+1pg peek+1 peek@2pg+1
}

@test "cause: unmapped, the step that did it last is named" {
    pages 3 p
    fails "$SEGV" "mmt map: p: peek@1pg+1: SIGSEGV/SEGV_MAPERR at \
+$PAGE_SIZE: unmapped: by step 2, munmap@1pg+1" \
        mmt map p munmap@0+1 munmap@1pg+1 peek@1pg+1
    fails "$SEGV" "mmt map: p: peek@1pg+1: SIGSEGV/SEGV_MAPERR at \
+$PAGE_SIZE: unmapped: by step 4, munmap" \
        mmt map p munmap@1pg+1 mmap@1pg+1 munmap@0+1 munmap peek@1pg+1
}

@test "cause: unmapped, offsets count as OFF does with -o" {
    pages 3 p
    fails "$SEGV" "mmt map: p: peek@0+1: SIGSEGV/SEGV_MAPERR at +0: unmapped: \
by step 1, munmap" mmt map -o 10 -l 1pg p munmap peek@0+1
    ends "$SEGV" "$(head -c $((PAGE_SIZE - 10)) p)" "mmt map: p: peek: \
SIGSEGV/SEGV_MAPERR at +$((PAGE_SIZE - 10)): unmapped: by step 1, \
munmap@$((PAGE_SIZE - 10))+1" \
        mmt map -o 10 p "munmap@$((PAGE_SIZE - 10))+1" peek
}

@test "cause: protection, of a page that is none" {
    hello
    fails "$SEGV" "mmt map: f: peek+1: SIGSEGV/SEGV_ACCERR at +0: protection: \
the page is ---, a load needs r: map it with -p r" mmt map -p none f peek+1
    fails "$SEGV" "mmt map: f: peek+1: SIGSEGV/SEGV_ACCERR at +0: protection: \
the page is ---, a load needs r: by step 1, mprotect=none" \
        mmt map f mprotect=none peek+1
}

@test "cause: protection, a store to a page that is read-only" {
    pages 2 p
    fails "$SEGV" "mmt map: p: poke=J: SIGSEGV/SEGV_ACCERR at +0: protection: \
the page is r--, a store needs w: map it with -w" mmt map p poke=J
    fails "$SEGV" "mmt map: p: fill=xy: SIGSEGV/SEGV_ACCERR at +$PAGE_SIZE: \
protection: the page is r--, a store needs w: by step 1, mprotect@1pg=r" \
        mmt map -w p mprotect@1pg=r fill=xy
    [ "$(head -c 2 p)" = xy ]
    [ "$(tail -c +$((PAGE_SIZE)) p | head -c 2)" = yb ]
    fails "$SEGV" "mmt map: p: set=1: SIGSEGV/SEGV_ACCERR at +0: protection: \
the page is r--, a store needs w: map it with -w" mmt map p set=1
}

@test "cause: past the end, a short file mapped with -l" {
    hello
    fails "$BUS" "mmt map: f: peek@1pg+1: SIGBUS/BUS_ADRERR at +$PAGE_SIZE: \
past end of file: it has 20 bytes: extend it first, mmt extend -s \
$((PAGE_SIZE + 1)) f" mmt map -l 2pg f peek@1pg+1
    fails "$BUS" "mmt map: f: poke@1pg=x: SIGBUS/BUS_ADRERR at +$PAGE_SIZE: \
past end of file: it has 20 bytes: extend it first, mmt extend -s \
$((PAGE_SIZE + 1)) f" mmt map -w -l 2pg f poke@1pg=x
}

@test "cause: past the end, an empty file mapped with -l" {
    : >empty
    fails "$BUS" "mmt map: empty: peek@5+1: SIGBUS/BUS_ADRERR at +5: past end \
of file: it has 0 bytes: extend it first, mmt extend -s 6 empty" \
        mmt map -l 1pg empty peek@5+1
}

@test "cause: past the end, the offset counts from -o, the cure in the file" {
    hello
    fails "$BUS" "mmt map: f: peek: SIGBUS/BUS_ADRERR at +0: past end of file: \
it has 20 bytes: extend it first, mmt extend -s $((PAGE_SIZE + 8)) f" \
        mmt map -o $((PAGE_SIZE + 7)) -l 4 f peek
}

@test "cause: past the end, truncated while it is mapped" {
    local size=$((2 * PAGE_SIZE)) step
    for step in ftruncate=20 truncate=20 'sh=head -c 20 p >q; cat q >p'; do
        pages 2 p
        fails "$BUS" "mmt map: p: peek@1pg+1: SIGBUS/BUS_ADRERR at \
+$PAGE_SIZE: past end of file: it has 20 bytes and had $size when mapped" \
            mmt map -w p "$step" peek@1pg+1
    done
    pages 2 p
    prints '' mmt map -w p ftruncate=20 'peek@1pg+1' expect=SIGBUS \
        ftruncate=2pg 'cmp@1pg=\0'
}

@test "cause: past the end, truncated by another process while mapped" {
    pages 2 p
    coproc map { mmt map p - 2>.err 3>&-; }
    local pid=$map_PID line found=0
    echo 'peek@1pg+1' >&"${map[1]}"
    read -r -t 5 line <&"${map[0]}"
    [ "$line" = b ]
    : >p
    echo 'peek@1pg+1' >&"${map[1]}"
    eval "exec ${map[1]}>&-" # no expect comes that could take it back
    wait "$pid" || found=$?
    [ "$found" -eq "$BUS" ]
    same "mmt map: p: peek@1pg+1: SIGBUS/BUS_ADRERR at +$PAGE_SIZE: past end \
of file: it has 0 bytes and had $((2 * PAGE_SIZE)) when mapped" .err
}

@test "cause: past the end, by the path when the descriptor is closed" {
    hello
    fails "$BUS" "mmt map: f: peek@1pg+1: SIGBUS/BUS_ADRERR at +$PAGE_SIZE: \
past end of file: it has 20 bytes: extend it first, mmt extend -s \
$((PAGE_SIZE + 1)) f" mmt map -l 2pg f close peek@1pg+1
    fails "$BUS" "mmt map: f: peek@1pg+1: SIGBUS/BUS_ADRERR at +$PAGE_SIZE: \
unknown: the system gives no reason" mmt map -l 2pg f close unlink peek@1pg+1
}

@test "cause: no space, a hole on a full file system, store and load" {
    small_tmpfs full 64K
    truncate -s 1M full/f
    fails "$BUS" "mmt map: full/f: fill=x: SIGBUS/BUS_ADRERR at +65536: no \
space: a hole, and no free block: allocate first, mmt extend -a full/f" \
        mmt map -w full/f fill=x
    observe mmt map full/f peek@512K+1
    ended_with "$BUS"
    same "mmt map: full/f: peek@512K+1: SIGBUS/BUS_ADRERR at +524288: no \
space: a hole, and no free block: allocate first, mmt extend -a full/f" .err
}

@test "cause: no space comes after past the end" {
    small_tmpfs full 64K
    head -c 64K /dev/zero >full/f
    fails "$BUS" "mmt map: full/f: poke@64K=x: SIGBUS/BUS_ADRERR at +65536: \
past end of file: it has 65536 bytes: extend it first, mmt extend -s 65537 \
full/f" mmt map -w -l 65K full/f poke@64K=x
}

@test "an mmap over the hole makes it accessible again" {
    pages 3 p
    prints $'b\nbc' mmt map p munmap@1pg+1pg peek@1pg+1 expect=SIGSEGV \
        mmap@1pg+1pg peek@1pg+1 "peek@$((2 * PAGE_SIZE - 1))+2"
}

@test "a hole stays a hole whatever the run allocates" {
    head -c 64M /dev/zero >f
    local step line
    line=$(head -c 100000 /dev/zero | tr '\0' x)
    {
        echo 'munmap@1pg+40M'
        for step in 1 2 3 4 5 6 7 8; do
            echo "sh=: $line"
            echo "poke@50M=$line"
            echo "save@50M+1M=saved"
        done
        echo 'mmap@50M=path:saved,private'
        echo 'expect=ENOENT'
        echo 'call@1pg'
        echo 'expect=SIGSEGV/SEGV_MAPERR'
        echo 'probe@1pg+40M=rwx'
    } | observe mmt map -k -w f -
    tail -n 1 .out >last
    same "$PAGE_SIZE+$((40 << 20)) r=SIGSEGV/SEGV_MAPERR \
w=SIGSEGV/SEGV_MAPERR x=SIGSEGV/SEGV_MAPERR" last
}

@test "map maps a terabyte at once" {
    need_wide_addresses
    need_plain_build
    truncate -s 1T big || skip 'no sparse file of 1T here'
    prints $'\\0\nx' timeout 10 mmt map -w big peek@512G+1 poke@-1=x peek@-1
}
