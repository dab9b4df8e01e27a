#!/usr/bin/env bash
# steps.bash - runs steps made of nonsense and edge cases, for a while.
#
# usage: MMT=PROGRAM bash tests/fuzz/steps.bash [SECONDS [SEED]]
#
# Whatever the words are, mmt ends in time with one of its statuses, no
# sanitizer has anything to say, a message is one line without control
# characters, JSON is JSON, and a run in which nothing was to be stored leaves
# the file as it was, byte for byte. SEED is printed; it repeats a run.
#
# Status 0: all that was so; 1: it was not, once.
#
# SPDX-License-Identifier: MIT

seconds=${1:-30}
seed=${2:-$((RANDOM * 32768 + RANDOM))}
root=$(cd "$(dirname "$0")/../.." && pwd)
mmt=${MMT:-$root/mmt}
case $mmt in
/*) ;;
*) mmt=$PWD/$mmt ;;
esac
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit 1
RANDOM=$((seed % 32768))
ulimit -c 0
ulimit -f 65536 # KiB: fallocate+1T must not fill the disk
export LC_ALL=C

# Each of these sets $word, so that none needs a process of its own.

any() {
    word=${!#}
    local which=$((RANDOM % $# + 1))
    word=${!which}
}

number() {
    any 0 1 2 3 4 7 8 16 20 4094 4095 4096 4097 8192 12288 1pg 2pg 3pg 1K 0x10 \
        1KB "$RANDOM" "$RANDOM" 7E 8E 1T 0x7fffffffffffffff \
        9223372036854775808 99999999999999999999 '' x 1x 0x -1 '1 ' @ +
}

integer() {
    any 0 1 -1 127 128 -129 32768 0x7fffffff 9223372036854775807 \
        -9223372036854775808 9223372036854775808 '' x
}

protection() {
    any r w x rw rx rwx none 0 1 2 3 7 99 -1 '' q
}

text() {
    any a abc '' 'two words' '\n\t\0\\x' '\x41\xff' '\x4' '\a' "\\" $'\xff\x01' \
        "${long:0:4097}" "$long"
}

attributes() {
    local list=
    while ((RANDOM % 3)); do
        any r w rw none shared private shared offset:1pg offset:1 offset:7E \
            '' q
        list+=$word,
    done
    any path:other path:file path:absent path:/dev/zero path:/dev/null path:. \
        shared r
    word=$list$word
}

# A verb and its value, "" for none.
verb() {
    local verb
    any peek dump probe probe= get munmap msync msync= mlock munlock mmap \
        mmap= call load load= save save= poke= fill= cmp= set= add= cas= wait= \
        mprotect= madvise= truncate= ftruncate= fallocate pread pwrite= fsync \
        fdatasync close sleep= fork sh= expect= peek poke= munmap mmap= \
        mprotect= expect= "${long:0:99}" ''
    verb=$word
    case $verb in
    probe=) any r w x rwx '' q ;;
    msync=) any sync async invalidate sync,async 0 99 '' ;;
    mmap=) attributes ;;
    load=) any other /dev/zero /dev/null . absent file '' ;;
    save=) any out /dev/null /dev/full . file absent/x '' ;;
    poke= | fill= | cmp= | pwrite=) text ;;
    set= | add=) integer ;;
    cas=) integer && local old=$word && integer && word=$old:$word ;;
    wait=) integer && ((RANDOM % 2)) && word+=.. ;;
    mprotect=) protection ;;
    madvise=) any normal random willneed dontneed 4 99 x ;;
    truncate= | ftruncate=) any 0 1 20 4096 -1 100000 7E x ;;
    sleep=) any 0 0.001 x '' ;;
    sh=) any : 'exit 3' 'echo x' 'echo x >&2' -e 'kill -9 $$' ;;
    expect=) any ok EINVAL ENOMEM EFAULT EACCES SIGSEGV SIGBUS \
        SIGSEGV/SEGV_MAPERR lost differs outside timeout exit:3 ok,lost \
        EFOO '' ;;
    *) word= ;;
    esac
    name=${verb%=}
    value=
    [ "$verb" = "$name" ] || value="=$word"
}

step() {
    local role=
    if [ "$command" = exchange ] && ((RANDOM % 2)); then
        any a: b: parent: a-b: "${long:0:99}:" 'x y:' :
        role=$word
    fi
    verb
    [ "$name" != expect ] || ((RANDOM % 20 == 0)) || role=
    word=$role$name
    case $name in
    fsync | fdatasync | close | sleep | fork | sh | expect | *truncate)
        ((RANDOM % 50 == 0)) || {
            word+=$value
            return
        }
        ;;
    esac
    local sofar=$word
    if ((RANDOM % 3)); then
        number
        ((RANDOM % 5)) || word=-$word
        sofar+=@$word
    fi
    if ((RANDOM % 2)); then
        number
        sofar+=+$word
    fi
    word=$sofar$value
}

# Options of the run in $options.
choose_options() {
    options=(-t 0.05)
    ((RANDOM % 2)) && options+=(-k)
    ((RANDOM % 2)) && options+=(-w)
    ((RANDOM % 6 == 0)) && options+=(-P)
    ((RANDOM % 4 == 0)) && options+=(-J)
    ((RANDOM % 9 == 0)) && options+=(--exact)
    ((RANDOM % 9 == 0)) && options+=(--no-map)
    ((RANDOM % 9 == 0)) && number && options+=(-o "$word")
    ((RANDOM % 3 == 0)) && number && options+=(-l "$word")
    ((RANDOM % 9 == 0)) && protection && options+=(-p "$word")
    ((RANDOM % 20 == 0)) && any r w rw a rwa x && options+=(-O "$word")
    ((RANDOM % 20 == 0)) && any shared private shared,fixed 0 99 -1 &&
        options+=(--flags "$word")
    ((RANDOM % 20 == 0)) && any 0 1 0x10000000 0x400000 0xffffffffffffffff &&
        options+=(--address "$word")
}

# What breaks the rules, and how to have it again.
flaw() {
    {
        echo "flaw: $1 (seed $seed, run $runs, status $status)"
        printf '%q ' mmt "$command" "${options[@]}" "${words[@]}" file
        printf '%q ' "${steps[@]}"
        echo
        head -c 4000 messages
    } | cut -c 1-2000
    exit 1
}

judge() {
    case $status in
    0 | 1 | 2 | 124 | 129 | 13[0-9] | 14[0-9]) ;;
    *) flaw 'not a status of mmt' ;;
    esac
    grep -q 'Sanitizer\|runtime error' messages && flaw 'a sanitizer complains'
    LC_ALL=C grep -q '[[:cntrl:]]' messages && flaw 'a control character'
    [ "$status" -ne 1 ] || [ -s messages ] || flaw 'a failure without a word'
    grep -qv '^mmt\|^usage: \|^       mmt\|^x$\|^sh: ' messages &&
        flaw 'a line that is no message'
    if $has_jq && [[ ${options[*]} = *-J* ]] &&
        ! jq . <answers >/dev/null 2>&1; then
        flaw 'no JSON'
    fi
    [ "$status" -eq 2 ] || ! $stores || return 0
    cmp -s file before || flaw 'the file has changed'
}

has_jq=false
command -v jq >/dev/null && has_jq=true
printf -v long '%070000d' 0
head -c 9000 /dev/zero | tr '\0' o >other
runs=0
echo "seed $seed"
end=$((SECONDS + seconds))
while [ "$SECONDS" -lt "$end" ]; do
    any 0 1 20 4095 4096 4097 16384
    head -c "$word" /dev/zero | tr '\0' f >file
    cp file before
    any map map exchange protect
    command=$word
    words=()
    [ "$command" != protect ] || { protection && words+=("$word"); }
    choose_options
    steps=()
    stores=false
    for ((count = RANDOM % 7; count >= 0; count--)); do
        step
        steps+=("$word")
        case $name in
        poke | fill | set | add | cas | call | load | save | pwrite | \
            *truncate | fallocate | unlink) stores=true ;;
        esac
    done
    status=0
    if ((RANDOM % 4)); then
        timeout -k 1 20 "$mmt" "$command" "${options[@]}" -- "${words[@]}" \
            file "${steps[@]}" >answers 2>messages </dev/null || status=$?
    else
        printf '%s\n' "${steps[@]}" | timeout -k 1 20 "$mmt" "$command" \
            "${options[@]}" -- "${words[@]}" file - >answers 2>messages ||
            status=$?
    fi
    runs=$((runs + 1))
    judge
done
echo "$runs runs, no flaw"
