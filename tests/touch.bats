#!/usr/bin/env bats
# touch.bats - steps that touch the mapping by the processor: peek, dump, poke,
# fill, cmp, probe, call.
#
# SPDX-License-Identifier: MIT

# shellcheck disable=SC1003 # a backslash before a quote is one

load helper
load steps

# --- what all of them share ---

@test "a range: none, @OFF, +LEN, negative, in pages, zero, in hexadecimal" {
    hello
    prints 'Hello, mapped world\n' mmt map f peek
    prints 'world\n' mmt map f peek@14
    prints 'Hello' mmt map f peek+5
    prints 'mapped' mmt map f peek@7+6
    prints 'world' mmt map f peek@-6+5
    prints 'world\n' mmt map f peek@-6
    prints 'mapped' mmt map f peek@0x7+0x6
    prints 'mapped' mmt map f peek@007+06
    pages 3 p
    prints 'ccc' mmt map p peek@2pg+3
    prints 'bc' mmt map p "peek@$((2 * PAGE_SIZE - 1))+2"
    prints "$(head -c "$PAGE_SIZE" p)" mmt map p peek+1pg
}

@test "a zero length touches nothing, wherever it is inside" {
    hello
    prints '' mmt map f munmap dump+0 dump@5+0 dump@1pg+0 dump@-20+0 cmp= \
        poke= poke@1pg= fill+0=x probe+0
    fails "$FAILED" "mmt map: f: dump@$((PAGE_SIZE + 1))+0: outside the \
mapping: it ends at $PAGE_SIZE: map more with -l" \
        mmt map f "dump@$((PAGE_SIZE + 1))+0"
}

@test "every verb that touches is outside, not out of bounds, past the window" {
    hello
    local step
    for step in peek@1pg+1 dump@1pg+1 poke@1pg=x fill@1pg+1=x cmp@1pg=x \
        probe@1pg+1 call@1pg get@1pg set@1pg=1 add@1pg=1 cas@1pg=0:1 \
        wait@1pg=1 load@1pg+1=f save@1pg+1=g; do
        fails "$FAILED" "mmt map: f: $step: outside the mapping: it ends at \
$PAGE_SIZE: map more with -l" mmt map -w f "$step"
    done
    [ ! -e g ]
    [ "$(size_of f)" -eq 20 ]
}

@test "a range that makes no sense is refused, and nothing is touched" {
    hello
    local syntax='want a number such as 4096, 0x1000, 4K, 4KB or 2pg'
    refuses "mmt map: peek@: bad offset '': $syntax" mmt map -w f poke=x peek@
    refuses "mmt map: peek@5+: bad length '': $syntax" mmt map f peek@5+
    refuses "mmt map: peek+-1: bad length '-1': $syntax" mmt map f peek+-1
    refuses "mmt map: peek@--1: bad offset '--1': $syntax" mmt map f peek@--1
    refuses "mmt map: peek@1@2: bad offset '1@2': $syntax" mmt map f peek@1@2
    refuses "mmt map: peek@x+1: bad offset 'x': $syntax" mmt map f peek@x+1
    refuses "mmt map: peek+1@2: @OFF comes before +LEN" mmt map f peek+1@2
    refuses "mmt map: call takes no +LEN" mmt map f call+1
    refuses "mmt map: fsync takes no @OFF" mmt map f fsync@1
    refuses "mmt map: fsync takes no +LEN" mmt map f fsync+1
    refuses "mmt map: peek takes no value" mmt map f peek=x
    refuses "mmt map: poke wants a value: poke=TEXT" mmt map f poke
    [ "$(head -c 1 f)" = H ]
}

@test "TEXT takes its escapes, and no other" {
    truncate -s 16 f
    prints '\n\t\0\\\xff' mmt map -w f 'poke=\n\t\0\\\xFF' peek+5
    printf '\n\t\0\\\377' | cmp - <(head -c 5 f)
    prints 'a=b@c+d:e' mmt map -w f 'poke=a=b@c+d:e' peek+9
    prints '\012' mmt map -w f 'poke=\012' peek+3 # \0 is never octal
    prints 'Zo\xc3\xab' mmt map -w f 'poke=Zoë' peek+4
    local text
    for text in '\' '\q' 'a\' '\x' '\x1' '\xg0' '\x 1' '\N' '\e'; do
        refuses "mmt map: poke=$text: bad text '$text': want \\n \\t \\0 \\\\ \
or \\xHH after a \\" mmt map -w f "poke=$text"
    done
}

# --- peek and dump ---

@test "peek prints a TEXT that poke stores as it was, for every byte" {
    local byte
    for byte in {0..255}; do
        printf '%b' "\\0$(printf %o "$byte")"
    done >f
    [ "$(size_of f)" -eq 256 ]
    local text
    text=$(mmt map f peek)
    [ "$text" = "$(LC_ALL=C.UTF-8 mmt map f peek)" ]
    head -c 256 /dev/zero >copy
    prints '' mmt map -w copy "poke=$text"
    cmp f copy
}

@test "peek prints what lies before a bad page, then the newline" {
    pages 2 p
    fails "$SEGV" "mmt map: p: peek@1: SIGSEGV/SEGV_MAPERR at +1: unmapped: \
by step 1, munmap" mmt map -l 3 p munmap peek@1
    ends "$SEGV" 'aaa' "mmt map: p: peek@$((PAGE_SIZE - 3))+9: \
SIGSEGV/SEGV_MAPERR at +$PAGE_SIZE: unmapped: by step 1, munmap@1pg" \
        mmt map p munmap@1pg "peek@$((PAGE_SIZE - 3))+9"
}

@test "peek, cmp and poke of more than is moved at once" {
    file_of 200000 f
    prints "$(cat f)" mmt map f peek
    prints '' mmt map f - <<<"cmp=$(cat f)"
    head -c 200000 /dev/zero >g
    prints '' mmt map -w g - <<<"poke=$(cat f)"
    cmp f g
    printf '!' | dd of=g bs=1 seek=149999 conv=notrunc status=none
    observe mmt map g - <<<"cmp=$(cat f)"
    ended_with "$FAILED"
    sed 's/.*: differs/differs/' .err >told
    same "differs at +149999: has \"!$(tail -c +150001 f | head -c 59)\", not \
\"$(tail -c +150000 f | head -c 60)\"" told
}

@test "dump prints what hexdump -C prints" {
    need hexdump
    file_of 1000 f
    head -c 5000 /dev/zero >>f
    printf 'end' >>f
    mmt map f dump | cmp - <(hexdump -C f)
    mmt map f dump@0+16 | cmp - <(hexdump -C -n 16 f)
    mmt map f dump@5+100 | cmp - <(hexdump -C -s 5 -n 100 f)
    mmt map -o 2000 f dump | cmp - <(hexdump -C -s 2000 f)
    mmt map -o 2000 f dump@-3+3 | cmp - <(hexdump -C -s 6000 f)
    prints '' mmt map f dump+0
}

@test "dump counts its offsets in the file, past 4 GiB too" {
    need hexdump
    truncate -s 5G f
    printf 'end' >>f
    mmt map -o 5G f dump | cmp - <(hexdump -C -s 5G f)
    [ "$(mmt map -o 5G f dump | tail -n 1)" = 140000003 ]
}

@test "dump prints what hexdump -C prints, of any bytes from anywhere" {
    need hexdump
    local offset length
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
        { # bytes of every kind, and lines that repeat across the seams
            head -c $((RANDOM % 300)) /dev/urandom
            head -c $((RANDOM % 900)) /dev/zero
            yes 'fifteen letters' | head -c $((RANDOM % 5000))
            head -c $((RANDOM % 90 + 1)) /dev/urandom
        } >any
        offset=$((RANDOM % $(size_of any)))
        length=$((RANDOM % ($(size_of any) - offset) + 1))
        hexdump -C -s "$offset" -n "$length" any >wanted
        cmp wanted <(mmt map any "dump@$offset+$length")
        cmp wanted <(mmt map -o "$offset" any "dump+$length")
    done
}

@test "what xxd has made of the bytes goes back into the mapping" {
    need xxd
    hello
    mmt map f save | xxd | sed 's/4865/4a65/' >edited
    xxd -r edited | mmt map -w f load
    [ "$(cat f)" = 'Jello, mapped world' ]
}

@test "dump ends with its last line when it meets a bad page" {
    pages 2 p
    observe mmt map p munmap@1pg dump
    ended_with "$SEGV"
    same "mmt map: p: dump: SIGSEGV/SEGV_MAPERR at +$PAGE_SIZE: unmapped: by \
step 1, munmap@1pg" .err
    hexdump -C -n "$PAGE_SIZE" p | cmp - .out
}

# --- poke and fill ---

@test "poke stores its text, or as much of it as LEN says" {
    hello
    prints '' mmt map -w f poke@7=MAPPED poke@-1=! poke@0+1=JELLO
    [ "$(cat f)" = 'Jello, MAPPED world!' ]
    refuses "mmt map: cmp+3=ab: +LEN is more than the text has" \
        mmt map f cmp+3=ab
    refuses "mmt map: poke+3=ab: +LEN is more than the text has: use fill" \
        mmt map -w f poke+3=ab
}

@test "poke across a page, and up to the page that can't be stored to" {
    pages 3 p
    prints 'xyz' mmt map -w p "poke@$((PAGE_SIZE - 1))=xyz" \
        "peek@$((PAGE_SIZE - 1))+3"
    fails "$SEGV" "mmt map: p: poke@$((2 * PAGE_SIZE - 2))=1234: \
SIGSEGV/SEGV_ACCERR at +$((2 * PAGE_SIZE)): protection: the page is r--, a \
store needs w: by step 1, mprotect@2pg=r" \
        mmt map -w p mprotect@2pg=r "poke@$((2 * PAGE_SIZE - 2))=1234"
    [ "$(tail -c +$((2 * PAGE_SIZE - 1)) p | head -c 4)" = 12cc ]
}

@test "fill stores its text over and over, cut at the end" {
    hello
    prints '' mmt map -w f fill@0+7=abc fill@-3+3=z
    [ "$(cat f)" = 'abcabcamapped worzzz' ]
    prints '' mmt map -w f fill=ab
    [ "$(cat f)" = 'abababababababababab' ]
    pages 3 p
    prints '' mmt map -w p 'fill=\0xy'
    printf '\0xy%.0s' $(seq "$PAGE_SIZE") | cmp - p
    refuses "mmt map: fill wants a value that is not empty" mmt map -w f fill=
}

@test "fill with a text longer than what is to be filled, and than a page" {
    hello
    prints '' mmt map -w f fill@0+2=JELLY
    [ "$(head -c 5 f)" = JEllo ]
    local text
    text=$(head -c 9000 /dev/zero | tr '\0' x)y
    head -c 20000 /dev/zero >g
    mmt map -w g - <<<"fill=$text"
    [ "$(tr -d x <g)" = yy ]
}

@test "a store past the end of the file in its last page is lost" {
    hello
    local cure="extend it first, mmt extend -s"
    fails "$FAILED" "mmt map: f: poke@20=!: lost: 1 byte past the end of the \
file (20 bytes): $cure 21 f" mmt map -w f poke@20=!
    fails "$FAILED" "mmt map: f: poke@18=abcd: lost: 2 bytes past the end of \
the file (20 bytes): $cure 22 f" mmt map -w f poke@18=abcd
    fails "$FAILED" "mmt map: f: fill+1pg=x: lost: $((PAGE_SIZE - 20)) bytes \
past the end of the file (20 bytes): $cure $PAGE_SIZE f" mmt map -w f fill+1pg=x
    [ "$(cat f)" = xxxxxxxxxxxxxxxxxxxx ]
    fails "$FAILED" "mmt map: f: set@32=1: lost: 8 bytes past the end of the \
file (20 bytes): $cure 40 f" mmt map -w f set@32=1
}

@test "lost: the store is done, and seen in the mapping" {
    hello
    prints '!' mmt map -w f poke@20=! expect=lost peek@20+1
    [ "$(size_of f)" -eq 20 ]
    prints '' mmt map -w f poke@19=x expect=ok
}

@test "lost: in each of the files that a step stores to" {
    local file
    for file in a b c; do printf x >"$file"; done
    pages 4 p
    fails "$FAILED" "mmt map: p: fill=z: lost: $((3 * PAGE_SIZE - 3)) bytes \
past the end of the file (1 byte)" mmt map -w p mmap@0+1pg=path:a \
        mmap@1pg+1pg=path:b mmap@2pg+1pg=path:c fill=z
    [ "$(size_of c)" -eq 1 ]
    [ "$(cat a b c)" = zzz ]
}

@test "lost: by the smaller size just before and just after" {
    hello
    prints '' mmt map -w f ftruncate=4 poke@4=x expect=lost ftruncate=5 \
        poke@4=x expect=ok
    fails "$FAILED" "mmt map: f: poke@4=y: lost: 1 byte past the end of the \
file (4 bytes): extend it first, mmt extend -s 5 f" \
        mmt map -w f ftruncate=4 poke@4=y
}

@test "lost: not in a private mapping, nor on a device" {
    hello
    prints 'x' mmt map -P -w f poke@20=x peek@20+1
    prints 'x' mmt map -w -l 1pg /dev/zero poke@20=x peek@20+1
}

@test "lost: a fault outranks it" {
    hello
    fails "$BUS" "mmt map: f: fill=x: SIGBUS/BUS_ADRERR at +$PAGE_SIZE: past \
end of file: it has 20 bytes: extend it first, mmt extend -s \
$((PAGE_SIZE + 1)) f" mmt map -w -l 2pg f fill=x
}

@test "lost: the offsets count from -o, the cure in the file" {
    hello
    fails "$FAILED" "mmt map: f: poke@13=ab: lost: 2 bytes past the end of the \
file (20 bytes): extend it first, mmt extend -s 22 f" \
        mmt map -w -o 7 f poke@13=ab
}

# --- cmp ---

@test "cmp says where the first difference is, and what is there" {
    hello
    prints '' mmt map f cmp=Hello cmp@7=mapped cmp@-6=world 'cmp@-1=\n' cmp=
    fails "$FAILED" 'mmt map: f: cmp=Jello: differs at +0: has "Hello", '\
'not "Jello"' mmt map f cmp=Jello
    fails "$FAILED" 'mmt map: f: cmp@7=masked: differs at +9: has "mapped", '\
'not "masked"' mmt map f cmp@7=masked
    fails "$FAILED" 'mmt map: f: cmp@19=\0: differs at +19: has "\n", '\
'not "\0"' mmt map f 'cmp@19=\0'
    prints '' mmt map f cmp+4=Hellx
}

@test "cmp up to a bad page is the fault, before it the difference" {
    pages 2 p
    local at=$((PAGE_SIZE - 2))
    fails "$SEGV" "mmt map: p: cmp@$at=aabb: SIGSEGV/SEGV_MAPERR at \
+$PAGE_SIZE: unmapped: by step 1, munmap@1pg" \
        mmt map p munmap@1pg "cmp@$at=aabb"
}

# --- probe ---

@test "probe answers for r, w and x, a line for each run of alike pages" {
    pages 4 p
    local n=$PAGE_SIZE
    prints "0+$((4 * n)) r=ok" mmt map p probe
    prints "0+$((4 * n)) w=ok" mmt map -w p probe=w
    prints "0+$((4 * n)) r=ok w=SIGSEGV/SEGV_ACCERR x=SIGSEGV/SEGV_ACCERR" \
        mmt map p probe=wrx
    prints "0+$n r=ok w=ok
$n+$n r=SIGSEGV/SEGV_MAPERR w=SIGSEGV/SEGV_MAPERR
$((2 * n))+$n r=SIGSEGV/SEGV_ACCERR w=SIGSEGV/SEGV_ACCERR
$((3 * n))+$n r=ok w=SIGSEGV/SEGV_ACCERR" \
        mmt map -w p munmap@1pg+1 mprotect@2pg+1=none mprotect@3pg=r probe=rw
}

@test "probe past the end of the file is what a touch there gets" {
    hello
    prints "0+$PAGE_SIZE r=ok
$PAGE_SIZE+$PAGE_SIZE r=SIGBUS/BUS_ADRERR" mmt map -l 2pg f probe
    prints "0+$PAGE_SIZE x=ok
$PAGE_SIZE+$PAGE_SIZE x=SIGBUS/BUS_ADRERR" mmt map -p rx -l 2pg f probe=x
}

@test "probe counts from -o, whole pages but the first" {
    pages 3 p
    local n=$PAGE_SIZE
    prints "0+$((3 * n - 5)) r=ok" mmt map -o 5 p probe
    prints "0+$((n - 5)) r=ok
$((n - 5))+$n r=SIGSEGV/SEGV_MAPERR
$((2 * n - 5))+$n r=ok" mmt map -o 5 p "munmap@$((n - 5))+1" probe
    prints "0+$n r=ok" mmt map p probe@5+1
}

@test "probe changes no byte, and runs none" {
    local code='\xcd\x80\xcc\x0f\x0b'
    printf '%b' "$code" >f
    cp f before
    prints "0+$PAGE_SIZE r=ok w=ok x=ok" mmt map -p rwx f probe=rwx
    cmp f before
    touch -d 2001-01-01 f
    prints "0+$PAGE_SIZE r=ok x=ok" mmt map -p rx f probe=rx
    [ "$(stat -c %Y f)" -eq "$(date -d 2001-01-01 +%s)" ]
}

@test "probe=x measures a device and a closed file as well" {
    prints "0+$PAGE_SIZE r=ok x=SIGSEGV/SEGV_ACCERR" \
        mmt map -l 1 /dev/zero probe=rx
    prints "0+$PAGE_SIZE x=ok" mmt map -p rx -l 1 /dev/zero probe=x
    hello
    prints "0+$PAGE_SIZE x=SIGSEGV/SEGV_ACCERR
0+$PAGE_SIZE x=ok" mmt map -O r f close probe=x mprotect=rx probe=x
    prints "0+$PAGE_SIZE x=unknown" mmt map f close unlink probe=x
}

@test "probe takes letters of rwx and nothing else" {
    hello
    refuses "mmt map: probe=: bad access '': want letters of rwx" \
        mmt map f probe=
    refuses "mmt map: probe=rq: bad access 'rq': want letters of rwx" \
        mmt map f probe=rq
}

# --- call ---

# code BYTES - a file of this code, or skip where it is of another processor
code() {
    case $(uname -m) in
    x86_64 | i?86) printf '%b' "$1" >code ;;
    *) skip 'the code is of another processor' ;;
    esac
}

@test "call runs the bytes as a function and prints what it returns" {
    code '\0\xb8\x2a\0\0\0\xc3\xb8\xff\xff\xff\xff\xc3' # mov eax, 42; ret
    prints $'42\n-1' mmt map -p rx code call@1 call@7
    prints '42' mmt map -o 1 -p x code call
}

@test "call needs x" {
    code '\xc3'
    fails "$SEGV" "mmt map: code: call: SIGSEGV/SEGV_ACCERR at +0: protection: \
the page is r--, an execution needs x: map it with -p rx" mmt map code call
    fails "$SEGV" "mmt map: code: call: SIGSEGV/SEGV_MAPERR at +0: unmapped: \
by step 1, munmap" mmt map -p rx code munmap call
    fails "$BUS" "mmt map: code: call@1pg: SIGBUS/BUS_ADRERR at +$PAGE_SIZE: \
past end of file: it has 1 byte: extend it first, mmt extend -s \
$((PAGE_SIZE + 1)) code" mmt map -p rx -l 2pg code call@1pg
}

@test "call: faults of the code are caught, with their codes" {
    code '\x0f\x0b' # ud2
    fails "$ILL" "mmt map: code: call: SIGILL/ILL_ILLOPN at +0: unknown: the \
bytes are no code of this processor" mmt map -p rx code call
    code '\x31\xc9\x31\xd2\xf7\xf1\xc3' # xor ecx, ecx; xor edx, edx; div ecx
    fails "$FPE" "mmt map: code: call: SIGFPE/FPE_INTDIV at +4: unknown: the \
code divides by zero, or overflows" mmt map -p rx code call
    code '\xcc\xc3' # int3
    observe mmt map -p rx code call
    ended_with "$TRAP"
    code '\x31\xc0\xc6\0\x01\xc3' # xor eax, eax; mov byte [eax], 1
    fails "$SEGV" "mmt map: code: call: SIGSEGV/SEGV_MAPERR at +0: unknown: an \
address of the code's own choice" mmt map -p rx code call
}

@test "call: code that stores into the mapping faults where the page does" {
    code '\xe8\0\0\0\0\x58\xc6\x40\xfb\x90\x31\xc0\xc3'
    # call next; next: pop eax; mov byte [eax - 5], 0x90
    fails "$SEGV" "mmt map: code: call: SIGSEGV/SEGV_ACCERR at +0: unknown: an \
address of the code's own choice" mmt map -p rx code call
    prints '0' mmt map -p rwx code call
    [ "$(head -c 1 code | od -An -tx1)" = ' 90' ]
}

@test "call in an endless loop ends at the time limit" {
    code '\xeb\xfe' # jmp to itself
    fails "$TIMEOUT" 'mmt map: code: call: timeout after 0.1 seconds' \
        mmt map -p rx -t 0.1 code call
    run -1 pgrep -f "map -p rx -t 0.1 code call"
}

@test "call whose stack runs over is told by its signal" {
    code '\x50\xeb\xfd' # push eax, for ever
    observe mmt map -p rx code call
    ended_with "$SEGV"
    same "mmt map: code: call: SIGSEGV at +0: unknown: an address of the \
code's own choice" .err
}

@test "call: code that ends its process ends only the child" {
    code '\xbb\x07\0\0\0\xb8\x01\0\0\0\xcd\x80' # exit(7), the old way
    ends "$FAILED" $'\\xbb\n\\xbb' \
        'mmt map: code: call: exit:7: it ended with status 7' \
        mmt map -k -p rx code peek+1 call peek+1
    code '\x31\xdb\xb8\x01\0\0\0\xcd\x80' # exit(0): it returns nothing
    fails "$FAILED" 'mmt map: code: call: exit:0: it ended with status 0' \
        mmt map -p rx code call
    prints '' mmt map -p rx code call expect=exit:0
}

@test "call stores into what others see: the mapping is shared" {
    code '\xe8\0\0\0\0\x58\xc6\x40\xfb\x90\x31\xc0\xc3'
    prints $'0\n\\x90' mmt map -p rwx code call peek+1
    code '\xe8\0\0\0\0\x58\xc6\x40\xfb\x90\x31\xc0\xc3'
    prints $'0\n\\xe8' mmt map -P -p rwx code call peek+1
}
