#!/usr/bin/env bats
# extend.bats - files grow, all or nothing.
#
# SPDX-License-Identifier: MIT

# shellcheck disable=SC2030,SC2031 # each test is a shell of its own

load helper

# Errno values differ from system to system; ask this one's headers.
errno_of() {
    printf '#include <errno.h>\n%s\n' "$1" | "${CC:-cc}" -E -P - | tail -n 1
}

# with_injection - build the library that lets calls fail, and preload it into
# the mmt commands that follow. See faults/inject.c for its variables.
with_injection() {
    need cc
    cc -shared -fPIC -o inject.so "$ROOT/tests/faults/inject.c" -ldl ||
        skip "the library for injection does not build here"
    preload=$PWD/inject.so
    case $MMT in
    *sanitized*) # its own library has to be the first
        preload="$(cc -print-file-name=libasan.so) $preload"
        export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
        ;;
    esac
    # Ignored by a static program, and by one of another word size.
    case $(INJECT_posix_fallocate="1:$(errno_of EIO)" injected \
        mmt extend -a -s 1 injected 2>&1) in
    'mmt extend: injected: posix_fallocate: '*) ;;
    *) skip "libraries cannot be preloaded here" ;;
    esac
}

injected() {
    LD_PRELOAD=$preload "$@"
}

# small_disk DIRECTORY TYPE BYTES - a file system of that type in a file.
small_disk() {
    need_root
    need "mkfs.$2"
    head -c 0 >"$1.image"
    mmt extend -s "$3" "$1.image"
    # mkfs.xfs makes small ones only for those who test with them.
    TEST_DIR=. TEST_DEV=. QA_CHECK_FS=. "mkfs.$2" -q "$1.image" \
        >/dev/null 2>&1 || skip "mkfs.$2 refuses $3 bytes"
    mkdir "$1"
    mount -o loop "$1.image" "$1" 2>/dev/null ||
        skip "may not mount a $2 here"
    echo "$PWD/$1" >>.mounts
}

# told [TEXT] - $output or TEXT, with the names of errors alone: what
# strerror(3) says differs from one C library to the next.
told() {
    printf '%s\n' "${1-$output}" | sed 's/: [^:]* (\(E[A-Z0-9]*\))/: \1/'
}

# tracing COMMAND... - run it; its messages, descriptors as D, go into trace.
tracing() {
    "$@" 2>trace.raw
    sed -E 's/\([0-9]+,/(D,/; s/\([0-9]+\)/(D)/; s/(^open.*= )[0-9]+$/\1D/' \
        trace.raw >trace
}

blocks_of() {
    stat -c %b "$1"
}

mode_of() {
    stat -c %a "$1"
}

# --- sizes ---

@test "extend -s grows a file, and what it had stays" {
    printf hello >f
    run -"$DONE" mmt extend -s 2pg f
    [ "$output" = "" ]
    [ "$(size_of f)" -eq $((2 * PAGE_SIZE)) ]
    cmp f <(printf hello && head -c $((2 * PAGE_SIZE - 5)) /dev/zero)
}

# sized FROM SIZE TO - extend -s SIZE makes TO of a file of FROM bytes.
sized() {
    file_of "$1" f
    mmt extend --shrink -s "$2" f
    [ "$(size_of f)" -eq "$3" ]
}

@test "extend -s takes what truncate takes" {
    sized 5 10 10
    sized 5 +10 15
    sized 15 -10 5
    sized 5 -10 0
    sized 15 '<10' 10
    sized 5 '<10' 5
    sized 5 '>10' 10
    sized 15 '>10' 15
    sized 25 /10 20
    sized 20 /10 20
    sized 25 %10 30
    sized 30 %10 30
    sized 0 %10 0
}

@test "extend takes units, and a zero before a number means nothing" {
    sized 0 1K 1024
    sized 0 1KiB 1024
    sized 0 1kB 1000
    sized 0 +0x10 16
    sized 0 010 10
    sized 0 %1pg 0
    sized 1 %1pg "$PAGE_SIZE"
}

@test "extend --at-least grows what is smaller and leaves the rest" {
    file_of 5 small
    file_of 15 large
    mmt extend --at-least 10 small large
    [ "$(size_of small)" -eq 10 ]
    [ "$(size_of large)" -eq 15 ]
}

@test "extend --at-most cuts what is larger, with --shrink only" {
    file_of 5 small
    file_of 15 large
    run -"$FAILED" mmt extend --at-most 10 small large
    [ "$(told)" = "mmt extend: large: ECANCELED:\
 from 15 to 10 would cut 5 bytes: allow it with --shrink" ]
    [ "$(size_of large)" -eq 15 ]
    mmt extend --at-most 10 --shrink small large
    [ "$(size_of small)" -eq 5 ]
    [ "$(size_of large)" -eq 10 ]
}

@test "extend -r takes the size of a file, or starts from it" {
    file_of 100 model
    file_of 5 f
    mmt extend -r model f
    [ "$(size_of f)" -eq 100 ]
    mmt extend -r model -s +11 f
    [ "$(size_of f)" -eq 111 ]
    mmt extend -r model --at-least 300 f
    [ "$(size_of f)" -eq 300 ]
}

@test "extend -r takes the size of a shared memory object and of a disk" {
    name_object
    mmt extend -s 123 "shm:$object"
    mmt extend -r "shm:$object" f
    [ "$(size_of f)" -eq 123 ]
    need_root
    mmt extend -s 65536 image
    device=$(losetup --find --show image) || skip "needs a loop device"
    mmt extend -r "$device" f || status=$?
    losetup --detach "$device"
    [ "${status:-0}" -eq 0 ]
    [ "$(size_of f)" -eq 65536 ]
}

@test "extend -r of what has no size touches nothing" {
    mkfifo pipe
    mkdir dir
    run -"$FAILED" mmt extend -r pipe f
    [ "$(told)" = "mmt extend: pipe: EINVAL:\
 it has no size to go by" ]
    run -"$FAILED" mmt extend -r dir f
    run -"$FAILED" mmt extend -r /dev/null f
    run -"$FAILED" mmt extend -r none f
    [ "$(told)" = "mmt extend: none: the file of --reference: ENOENT" ]
    [ ! -e f ]
}

@test "extend -s and -r together must not both be a size" {
    file_of 10 model
    run -"$USAGE" mmt extend -r model -s 5 f
    [ "${lines[0]}" = "mmt extend: -s and -r both say the size:\
 with -r, -s takes + - < > / %" ]
    run -"$USAGE" mmt extend -s 5 --at-least 7 f
    [ "${lines[0]}" = "mmt extend: --size and --at-least both say the size:\
 give one of them" ]
    [ ! -e f ]
}

@test "the last of a repeated size wins" {
    mmt extend -s 5 -s 7 f
    [ "$(size_of f)" -eq 7 ]
}

@test "a size that makes no sense is refused and quoted" {
    for size in 16e 9223372036854775808 +16E '' + -- '<' 4x 1.5 '+ 5' ' 5' 5b \
        1Kb %0 /0 0x 99999999999999999999999 '+-5' '<>5'; do
        run -"$USAGE" mmt extend "--size=$size" f
        [ "${lines[0]}" != "${lines[0]#mmt extend: bad size \'$size\': }" ]
    done
    for size in +5 '<5' -5 x; do
        run -"$USAGE" mmt extend --at-least "$size" f
        [ "${lines[0]}" = "mmt extend: bad size '$size': want a number such\
 as 4096, 0x1000, 4K, 4KB or 2pg" ]
    done
    run -"$USAGE" mmt extend -s +1Kb f
    [ "${lines[0]}" = "mmt extend: bad size '+1Kb': did you mean 1KB?" ]
    run -"$USAGE" mmt extend -s %0 f
    [ "${lines[0]}" = "mmt extend: bad size '%0': there is no multiple of 0 to\
 round to" ]
    [ ! -e f ]
}

@test "a sum that no file can have is EFBIG, and nothing is touched" {
    file_of 5 f
    run -"$FAILED" mmt extend -s +9223372036854775803 f
    [ "$(told)" = "mmt extend: f: EFBIG:\
 no file can have that many bytes" ]
    [ "$(size_of f)" -eq 5 ]
}

@test "a command line that asks for nothing is refused" {
    run -"$USAGE" mmt extend f
    [ "${lines[0]}" = "mmt extend: what size? give -s, --at-least, --at-most,\
 -r, or -a alone" ]
    run -"$USAGE" mmt extend -c --shrink f
    run -"$USAGE" mmt extend -s 5
    [ "${lines[0]}" = "mmt extend: which file?" ]
    run -"$USAGE" mmt extend -s 5 --by hand f
    [ "${lines[0]}" = "mmt extend: bad way 'hand': want path or descriptor" ]
    run -"$USAGE" mmt extend -s 5 -t soon f
    [ "${lines[0]}" = "mmt extend: bad timeout 'soon': want seconds,\
 such as 1.5" ]
    run -"$USAGE" mmt extend -s 5 --alocate f
    [ "${lines[0]}" = "mmt extend: no such option: --alocate:\
 did you mean --allocate?" ]
    [ ! -e f ]
}

@test "sizes reach to the end of off_t" {
    small_tmpfs disk 64k
    mmt extend -s 9223372036854775807 disk/f
    [ "$(stat -c %s disk/f)" = 9223372036854775807 ]
    run -"$FAILED" mmt extend -s +1 disk/f
    [ "$(told)" = "mmt extend: disk/f: EFBIG:\
 no file can have that many bytes" ]
    run -"$FAILED" mmt extend -s %4K disk/f
    mmt extend --shrink -s /4K disk/f
    [ "$(stat -c %s disk/f)" = 9223372036854771712 ]
}

@test "a shrink never happens without --shrink" {
    file_of 3 small
    for size in 5 -15 /30 '<5'; do
        file_of 20 f
        run -"$FAILED" mmt extend "-s$size" f
        cmp f <(file_of 20 /dev/stdout)
    done
    run -"$FAILED" mmt extend -r small f
    [ "$(told)" = "mmt extend: f: ECANCELED:\
 from 20 to 3 would cut 17 bytes: allow it with --shrink" ]
    run -"$FAILED" mmt extend -a -s 19 f
    [ "$(told)" = "mmt extend: f: ECANCELED:\
 from 20 to 19 would cut 1 byte: allow it with --shrink" ]
    [ "$(size_of f)" -eq 20 ]
    mmt extend -a --shrink -s 19 f
    cmp f <(file_of 19 /dev/stdout)
}

# --- files ---

@test "extend makes a file that is missing, with the mode of the umask" {
    (umask 027 && mmt extend -s 10 new)
    [ "$(size_of new)" -eq 10 ]
    [ "$(mode_of new)" = 640 ]
    (umask 777 && mmt extend -s 10 sealed)
    [ "$(mode_of sealed)" = 0 ]
    mmt extend -a made
    [ "$(size_of made)" -eq 0 ]
}

@test "extend -c leaves out a file that is missing" {
    file_of 5 f
    ln -s nowhere dangling
    run -"$DONE" mmt extend -c -s 10 none f
    [ "$output" = "" ]
    [ ! -e none ]
    [ "$(size_of f)" -eq 10 ]
    run -"$DONE" mmt extend -n -c -s 10 none
    [ "$output" = "none: no such file, none to be made" ]
}

@test "extend does each file by itself" {
    file_of 20 large
    mkdir dir
    run -"$FAILED" mmt extend -s 10 a large b dir c
    [ "$(told)" = "mmt extend: large: ECANCELED: from 20\
 to 10 would cut 10 bytes: allow it with --shrink
mmt extend: dir: EISDIR: name a file in it" ]
    [ "$(size_of a)$(size_of b)$(size_of c)" = 101010 ]
    [ "$(size_of large)" -eq 20 ]
}

@test "extend takes operands and options in any order" {
    mmt extend a -s5 b -- -c
    [ "$(size_of a)$(size_of b)$(size_of ./-c)" = 555 ]
}

@test "extend --by path calls truncate, by descriptor ftruncate" {
    file_of 5 f
    tracing mmt extend -v --by path -s 7 f
    [ "$(cat trace)" = 'stat("f", buffer) = 0
open("f", O_WRONLY|O_NONBLOCK|O_NOCTTY|O_CLOEXEC) = D
fstat(D, buffer) = 0
fstatvfs(D, buffer) = 0
fstat(D, buffer) = 0
stat("f", buffer) = 0
truncate("f", 7) = 0
fstat(D, buffer) = 0
close(D) = 0
f: 5 -> 7 bytes' ]
    tracing mmt extend -v --by descriptor -s 9 f
    [ "$(cat trace)" = 'stat("f", buffer) = 0
open("f", O_WRONLY|O_NONBLOCK|O_NOCTTY|O_CLOEXEC) = D
fstat(D, buffer) = 0
fstatvfs(D, buffer) = 0
fstat(D, buffer) = 0
ftruncate(D, 9) = 0
fstat(D, buffer) = 0
close(D) = 0
f: 7 -> 9 bytes' ]
}

@test "extend -v shows how a new file is made" {
    tracing mmt extend -v -a -s 2pg new
    [ "$(cat trace)" = "stat(\"new\", buffer) = -1 ENOENT
lstat(\"new\", buffer) = -1 ENOENT
access(\".\", W_OK|X_OK) = 0
statvfs(\".\", buffer) = 0
open(\"new\", O_RDWR|O_CREAT|O_EXCL|O_NONBLOCK|O_NOCTTY|O_CLOEXEC, 0666) = D
fstat(D, buffer) = 0
fstat(D, buffer) = 0
ftruncate(D, $((2 * PAGE_SIZE))) = 0
fstat(D, buffer) = 0
posix_fallocate(D, 0, $((2 * PAGE_SIZE))) = 0
close(D) = 0
new: 0 -> $((2 * PAGE_SIZE)) bytes" ]
}

@test "extend leaves a file of the right size as it is" {
    file_of 10 f
    touch -d 2001-01-01 f
    mmt extend -s 10 f
    [ "$(stat -c %Y f)" = "$(date -d 2001-01-01 +%s)" ]
}

@test "extend works on shared memory objects" {
    name_object
    shm=shm:$object
    mmt extend -a -s 1pg "$shm"
    run -"$DONE" mmt map "$shm" peek+2
    [ "$output" = '\0\0' ]
    run -"$FAILED" mmt extend --by path -s 2pg "$shm"
    rm "/dev/shm/$object"
    [ "$(told)" = "mmt extend: $shm: truncate: ENOTSUP: a shared memory object\
 has no path: leave out --by" ]
    run -"$DONE" mmt extend -n -s 2pg "$shm"
    [ "$output" = "$shm: 0 -> $((2 * PAGE_SIZE)) bytes, new file;\
 free space not known" ]
    [ ! -e "/dev/shm/$object" ]
    run -"$FAILED" mmt extend -s 5 shm: shm:a/b
    [ "$(told)" = "mmt extend: shm:: shm_open: EINVAL:\
 want shm:NAME, without a slash in NAME
mmt extend: shm:a/b: shm_open: EINVAL:\
 want shm:NAME, without a slash in NAME" ]
    mmt extend -s 5 ./shm:
    [ "$(size_of ./shm:)" -eq 5 ]
}

@test "extend refuses what has no size to set, without opening it" {
    mkfifo pipe
    mkdir dir
    need python3
    python3 -c 'import socket
socket.socket(socket.AF_UNIX).bind("socket")'
    run -"$FAILED" mmt extend -s 10 pipe dir socket /dev/null
    [ "$(told)" = "mmt extend: pipe: EINVAL:\
 a FIFO has no size: name a regular file
mmt extend: dir: EISDIR: name a file in it
mmt extend: socket: EINVAL:\
 a socket has no size: name a regular file
mmt extend: /dev/null: EINVAL:\
 the size of a device cannot be set: name a regular file" ]
}

@test "extend follows a symbolic link, but not one that leads nowhere" {
    file_of 5 f
    ln -s f link
    ln -s nowhere dangling
    ln -s circle circle
    mmt extend -s 10 link
    [ "$(size_of f)" -eq 10 ]
    run -"$FAILED" mmt extend -s 10 dangling circle
    [ "$(told)" = "mmt extend: dangling: stat: ENOENT: a symbolic link that\
 leads nowhere: make what it names, or remove it
mmt extend: circle: stat: ELOOP:\
 its symbolic links lead in a circle: see ls -l" ]
    [ ! -e nowhere ]
}

@test "extend names what is wrong with a path" {
    file_of 5 f
    run -"$FAILED" mmt extend -s 10 none/f f/g new/
    [ "$(told)" = "mmt extend: none/f: access: ENOENT: a directory of its path\
 is missing: mkdir -p it
mmt extend: f/g: stat: ENOTDIR:\
 a part of its path is no directory
mmt extend: new/: access: ENOENT:\
 a directory of its path is missing: mkdir -p it" ]
}

@test "extend says who may write" {
    file_of 5 f
    mkdir closed
    file_of 5 closed/f
    chmod 444 f
    run -"$FAILED" unprivileged mmt extend -s 10 f
    [ "$(told)" = "mmt extend: f: open: EACCES:\
 no right to write there: chmod +w, or be its owner" ]
    chmod 555 closed
    run -"$FAILED" unprivileged mmt extend -s 10 closed/new
    [ "$(told)" = "mmt extend: closed/new: access: EACCES:\
 no right to write there: chmod +w, or be its owner" ]
    chmod 666 closed
    run -"$FAILED" unprivileged mmt extend -s 10 closed/f
    [ "$(told)" = "mmt extend: closed/f: stat: EACCES:\
 a directory of its path needs chmod +x" ]
    chmod 755 closed
    [ "$(size_of f)$(size_of closed/f)" = 55 ]
}

@test "extend needs no right to read" {
    file_of 5 f
    chmod 200 f
    unprivileged mmt extend -a -s 10 f
    [ "$(stat -c %s f)" -eq 10 ]
}

@test "extend refuses a program that runs" {
    cp "$(command -v sleep)" nap
    start nap ./nap 60
    eventually grep -q nap "/proc/$(cat nap.pid)/comm"
    size=$(size_of nap)
    run -"$FAILED" mmt extend -s +1 nap
    [ "$(told)" = "mmt extend: nap: open: ETXTBSY:\
 a running program: end it, or extend a copy" ]
    [ "$(size_of nap)" = "$size" ]
}

@test "extend refuses immutable and append-only files" {
    need_root
    need chattr
    file_of 5 "it's"
    for attribute in i a; do
        chattr "+$attribute" "it's" || skip "no such attributes here"
        run -"$FAILED" mmt extend -s 10 "it's"
        chattr "-$attribute" "it's"
        [ "$(told)" = "mmt extend: it's: open: EPERM: immutable or\
 append-only: see lsattr, then chattr -ia 'it'\\''s'" ]
        [ "$(size_of "it's")" -eq 5 ]
    done
}

@test "extend makes no file in an immutable directory" {
    need_root
    need chattr
    mkdir closed
    chattr +i closed || skip "no such attributes here"
    run -"$FAILED" mmt extend -s 10 closed/new
    chattr -i closed
    [ "$(told)" = "mmt extend: closed/new: access: EPERM: its directory is\
 immutable: see lsattr -d, then chattr -i" ]
}

@test "extend is not taken in by a file that keeps its size" {
    need_root
    [ -f /proc/version ] || skip "needs /proc"
    for way in path:truncate descriptor:ftruncate; do
        run -"$FAILED" mmt extend --by "${way%:*}" -s 9 /proc/version
        [ "$(told)" = "mmt extend: /proc/version: ${way#*:}: EINVAL: still 0\
 bytes: the size of this file cannot be set" ]
    done
}

@test "extend says where no file can be made" {
    need_root
    [ -d /proc/self ] || skip "needs /proc"
    run -"$FAILED" mmt extend -s 10 /proc/new
    [ "$(told)" = "mmt extend: /proc/new: open: ENOENT: gone by now, or no\
 file can be made there: name another" ]
}

@test "extend refuses a read-only file system" {
    small_tmpfs disk 64k
    file_of 5 disk/f
    mount -o remount,ro disk
    run -"$FAILED" mmt extend -s 10 disk/f disk/new
    [ "$(told)" = "mmt extend: disk/f: open: EROFS:\
 its file system is read-only: remount it to write
mmt extend: disk/new: access: EROFS:\
 its file system is read-only: remount it to write" ]
}

@test "extend answers a limit of the shell with EFBIG, and touches nothing" {
    local call option
    file_of 5 f
    file_of 9000 large
    ulimit -f 8
    for option in --allocate --dry-run --by=path; do
        call=ftruncate
        [ "$option" != --by=path ] || call=truncate
        run -"$FAILED" mmt extend "$option" -s 8193 f new
        [ "$(told)" = "mmt extend: f: $call: EFBIG:\
 larger than its file system or ulimit -f allows
mmt extend: new: $call: EFBIG:\
 larger than its file system or ulimit -f allows" ]
        [ "$(size_of f)" -eq 5 ]
        [ ! -e new ]
    done
    # No room is known of what has no directory, and the limit is all the same.
    name_object
    run -"$FAILED" mmt extend -n -s 8193 "shm:$object"
    [ "$(told)" = "mmt extend: shm:$object: ftruncate: EFBIG:\
 larger than its file system or ulimit -f allows" ]
    mmt extend -s 8192 f new
    mmt extend -s 9000 large # what is that large already may stay so
    mmt extend --shrink -s 8999 large
    [ "$(size_of f) $(size_of new) $(size_of large)" = "8192 8192 8999" ]
}

@test "a name cannot forge a line" {
    mkdir $'a\nb'
    run -"$FAILED" mmt extend -s 5 $'a\nb'
    [ "$(told)" = "mmt extend: a\\x0ab: EISDIR:\
 name a file in it" ]
    run -"$DONE" mmt extend -n -s 5 $'c\nd'
    [ "${output%%:*}" = "c\\x0ad" ]
}

@test "extend -q says nothing about failures" {
    mkdir dir
    run -"$FAILED" mmt extend -q -s 5 dir f
    [ "$output" = "" ]
    [ "$(size_of f)" -eq 5 ]
}

# --- allocation ---

# filled_up DIRECTORY TYPE BYTES - a file system with the 1 MiB file f, made
# with $ALLOCATE, and not one block left.
filled_up() {
    if [ "$2" = tmpfs ]; then
        small_tmpfs "$1" "$3"
    else
        small_disk "$1" "$2" "$3"
    fi
    mmt extend $ALLOCATE -s 1M "$1/f"
    fill "$1"
}

# fill DIRECTORY - use up every block, so that a new one cannot be had.
fill() {
    local count
    for count in 1 2 3 4; do
        cat /dev/zero >"$1/filler$count" 2>/dev/null || :
    done
    sync "$1"
}

# stores_reach DIRECTORY - every page of f can be stored to.
stores_reach() {
    mmt map -w "$1/f" fill=x msync
    cmp "$1/f" <(head -c 1M /dev/zero | tr '\0' x)
    mmt map -w "$1/f" fill=y msync
}

# stores_fault DIRECTORY - a store to a hole of f has no block to go to.
stores_fault() {
    run -"$BUS" mmt map -w "$1/f" fill=x
    # The last blocks of a file system may still go to the first pages.
    [ "${output/+[0-9]*: no/+N: no}" = "mmt map: $1/f: fill=x:\
 SIGBUS/BUS_ADRERR at +N: no space: a hole, and no free block: allocate first,\
 mmt extend -a $1/f" ]
}

@test "after -a stores reach a tmpfs that was filled up since" {
    ALLOCATE=-a filled_up disk tmpfs 3M
    stores_reach disk
}

@test "without -a stores fault on a tmpfs that was filled up since" {
    ALLOCATE='' filled_up disk tmpfs 3M
    stores_fault disk
}

@test "after -a stores reach an ext4 that was filled up since" {
    ALLOCATE=-a filled_up disk ext4 16M
    stores_reach disk
}

@test "without -a stores fault on an ext4 that was filled up since" {
    ALLOCATE='' filled_up disk ext4 16M
    stores_fault disk
}

@test "after -a stores reach an xfs that was filled up since" {
    ALLOCATE=-a filled_up disk xfs 64M
    stores_reach disk
}

@test "without -a stores fault on an xfs that was filled up since" {
    ALLOCATE='' filled_up disk xfs 64M
    stores_fault disk
}

@test "extend -a fills old holes, and alone leaves the size" {
    mmt extend -s 1M f
    [ "$(blocks_of f)" -eq 0 ]
    mmt extend -a f
    [ "$(blocks_of f)" -ge 2048 ]
    [ "$(size_of f)" -eq 1048576 ]
}

@test "extend -a changes no byte" {
    file_of 100000 f
    cp f before
    mmt extend -a -s 200000 f
    cmp <(head -c 100000 f) before
    cmp <(tail -c 100000 f) <(head -c 100000 /dev/zero)
}

@test "extend -a refuses at once what cannot fit, with both figures" {
    small_tmpfs disk 64k
    file_of 5 disk/f
    pages=$((65536 / PAGE_SIZE))
    run -"$FAILED" mmt extend -a -s 1M disk/f disk/new
    [ "$(told)" = "mmt extend: disk/f: posix_fallocate: ENOSPC: needs\
 $((1048576 - PAGE_SIZE)) bytes,\
 $((65536 - PAGE_SIZE)) are free: make room, or leave holes without -a
mmt extend: disk/new: posix_fallocate: ENOSPC: needs\
 1048576 bytes, $((65536 - PAGE_SIZE)) are free: make room, or leave holes\
 without -a" ]
    [ "$(blocks_of disk/f)" -eq $((PAGE_SIZE / 512)) ]
    [ "$(size_of disk/f)" -eq 5 ]
    [ ! -e disk/new ]
    [ "$pages" -gt 1 ]
}

@test "extend -a counts the blocks that a file has" {
    small_tmpfs disk 64k
    head -c 49152 /dev/zero >disk/f
    mmt extend -a -s 65536 disk/f
    [ "$(blocks_of disk/f)" -eq 128 ]
    run -"$FAILED" mmt extend -a -s +1 disk/f
    [ "$(told)" = "mmt extend: disk/f: posix_fallocate: ENOSPC: needs\
 $PAGE_SIZE bytes, 0 are free: make room, or leave holes\
 without -a" ]
    mmt extend -s +1 disk/f
    [ "$(size_of disk/f)" -eq 65537 ]
}

@test "extend -a does not refuse where a file system tells no size" {
    small_tmpfs disk 0
    mmt extend -a -s 1M disk/f
    [ "$(blocks_of disk/f)" -eq 2048 ]
    run -"$DONE" mmt extend -n -a -s 2M disk/f
    [ "$output" = "disk/f: 1048576 -> 2097152 bytes;\
 $((1048576 / PAGE_SIZE)) blocks of $PAGE_SIZE needed, free space not known" ]
}

@test "extend -a counts as free what this user may have" {
    small_disk disk ext4 64M
    need setpriv
    cp "$MMT" disk/mmt
    chmod 777 disk
    sync disk
    cd disk
    theirs=$(($(stat -f -c %a*%S .)))
    roots=$(($(stat -f -c %f*%S .)))
    [ "$theirs" -lt "$roots" ]
    run -"$FAILED" setpriv --reuid 65534 --regid 65534 --clear-groups \
        ./mmt extend -a -s $((theirs + 65536)) f
    # A build for coverage complains too: its counters are not theirs.
    [ "$(told | grep ^mmt)" = "mmt extend: f: posix_fallocate: ENOSPC: needs\
 $((theirs + 65536)) bytes, $theirs are free: make room, or leave holes\
 without -a" ]
    mmt extend -a -s $((theirs + 65536)) f
}

@test "a file system that promised too much: the old size is put back" {
    small_disk disk ext4 64M
    file_of 5 disk/f
    sync disk
    # Some of these blocks ext4 keeps to itself, but not as few as 16.
    free=$(($(stat -f -c %f*%S disk) - 65536))
    run -"$FAILED" mmt extend -a -s "$free" disk/f disk/new
    [ "$(told)" = "mmt extend: disk/f: posix_fallocate: ENOSPC: 5 bytes again:\
 make room, or leave holes without -a
mmt extend: disk/new: posix_fallocate: ENOSPC:\
 removed again: make room, or leave holes without -a" ]
    [ "$(cat disk/f)" = abcde ]
    [ ! -e disk/new ]
    [ "$(($(stat -f -c %f*%S disk)))" -ge "$free" ]
}

@test "a quota that cannot be seen before: the old size is put back" {
    small_disk disk btrfs 128M
    need btrfs
    btrfs quota enable disk && btrfs subvolume create disk/sub >/dev/null &&
        btrfs qgroup limit 20M disk/sub || skip "no quotas here"
    cd disk/sub
    file_of 5 f
    run -"$FAILED" mmt extend -a -s 50M f new
    [ "$(told)" = "mmt extend: f: posix_fallocate: EDQUOT: 5 bytes again: the\
 quota of its owner: make room, or leave holes without -a
mmt extend: new: posix_fallocate: EDQUOT: removed again: the\
 quota of its owner: make room, or leave holes without -a" ]
    [ "$(cat f)" = abcde ]
    [ "$(echo *)" = f ]
}

# --- all or nothing ---

# Two slices: the second fails, or is when something happens.
TWO_SLICES=128M

@test "extend -a puts the old size back when an allocation fails" {
    with_injection
    for name in ENOSPC:'make room, or leave holes without -a' \
        EDQUOT:'the quota of its owner: make room, or leave holes without -a' \
        EFBIG:'larger than its file system or ulimit -f allows' \
        EOPNOTSUPP:'its file system cannot allocate: leave out -a' EIO:; do
        error=$(errno_of "${name%%:*}")
        cure=${name#*:}
        file_of 5 f
        INJECT_posix_fallocate=2:$error run -"$FAILED" injected \
            mmt extend -a -s "$TWO_SLICES" f
        [ "${output#*)}" = ": 5 bytes again${cure:+: $cure}" ]
        [ "$(cat f)" = abcde ]
        INJECT_posix_fallocate=2:$error run -"$FAILED" injected \
            mmt extend -a -s "$TWO_SLICES" new
        [ "${output#*)}" = ": removed again${cure:+: $cure}" ]
        [ ! -e new ]
    done
}

@test "a signal puts the old size back and then kills mmt" {
    with_injection
    for signal in INT TERM HUP QUIT; do
        is_ignored "$signal" && continue
        file_of 5 f
        INJECT_posix_fallocate="2:0:kill -$signal \$PPID" \
            run -$((128 + $(kill -l "$signal"))) injected \
            mmt extend -a -s "$TWO_SLICES" f new
        [ "$output" = "mmt extend: f: SIG$signal: 5 bytes again" ]
        [ "$(cat f)" = abcde ]
        [ ! -e new ]
        INJECT_posix_fallocate="1:0:kill -$signal \$PPID" \
            run -$((128 + $(kill -l "$signal"))) injected \
            mmt extend -a -s "$TWO_SLICES" new f
        [ "$output" = "mmt extend: new: SIG$signal: removed again" ]
        [ ! -e new ]
        [ "$(cat f)" = abcde ]
    done
}

@test "a trace that nobody reads any more puts the old size back" {
    with_injection
    file_of 5 f
    mkfifo trace
    start reader sh -c 'sed /posix_fallocate/q trace; : >gone'
    INJECT_posix_fallocate='2:0:until [ -e gone ]; do sleep 0.01; done' \
        run -$((128 + $(kill -l PIPE))) injected \
        sh -c "mmt extend -v -a -s $TWO_SLICES f 2>trace"
    [ "$output" = "" ]
    [ "$(cat f)" = abcde ]
}

@test "a signal that was ignored stays ignored" {
    with_injection
    (
        trap '' HUP
        INJECT_posix_fallocate="2:0:kill -HUP \$PPID" injected \
            mmt extend -a -s "$TWO_SLICES" f
    )
    [ "$(size_of f)" -eq 134217728 ]
}

@test "mmt that was stopped and continued goes on" {
    with_injection
    INJECT_posix_fallocate=2:$(errno_of EINTR) injected \
        mmt extend -a -s "$TWO_SLICES" f
    [ "$(blocks_of f)" -ge 262144 ]
}

@test "a time limit puts the old size back, and later files are not begun" {
    with_injection
    file_of 5 f
    INJECT_posix_fallocate="2:0:sleep 0.2" run -"$TIMEOUT" injected \
        mmt extend -t .1 -a -s "$TWO_SLICES" f new
    [ "$output" = "mmt extend: f: timeout: not done within .1 s: 5 bytes again
mmt extend: new: timeout: not done within .1 s: not begun" ]
    [ "$(cat f)" = abcde ]
    [ ! -e new ]
}

@test "a time limit of nothing touches nothing, a long one is no harm" {
    file_of 5 f
    run -"$TIMEOUT" mmt extend -t 0 -s 10 f
    [ "$output" = "mmt extend: f: timeout: not done within 0 s: not begun" ]
    [ "$(size_of f)" -eq 5 ]
    mmt extend -t 100000000 -a -s 10 f
    [ "$(size_of f)" -eq 10 ]
}

@test "what another process appended is never cut" {
    with_injection
    file_of 5 f
    INJECT_posix_fallocate="2:$(errno_of ENOSPC):printf more >>f" \
        run -"$FAILED" injected mmt extend -a -s "$TWO_SLICES" f
    [ "$(told)" = "mmt extend: f: posix_fallocate: ENOSPC: left: another\
 process has changed its size: make room, or leave\
 holes without -a" ]
    [ "$(size_of f)" -eq $((134217728 + 4)) ]
    [ "$(tail -c 4 f)" = more ]
    INJECT_posix_fallocate="2:$(errno_of ENOSPC):printf more >>new" \
        run -"$FAILED" injected mmt extend -a -s "$TWO_SLICES" new
    [ "$(told)" = "mmt extend: new: posix_fallocate: ENOSPC: left: another\
 process has changed its size: make room, or leave\
 holes without -a" ]
    [ "$(tail -c 4 new)" = more ]
}

@test "a name that another file has by now is not removed" {
    with_injection
    INJECT_posix_fallocate="2:$(errno_of ENOSPC):mv f g && echo other >f" \
        run -"$FAILED" injected mmt extend -a -s "$TWO_SLICES" f
    [ "$(told)" = "mmt extend: f: posix_fallocate: ENOSPC: 0 bytes again: make\
 room, or leave holes without -a" ]
    [ "$(cat f)" = other ]
    [ "$(size_of g)" -eq 0 ]
}

@test "a second name of a file that was made is left" {
    with_injection
    INJECT_posix_fallocate="2:$(errno_of ENOSPC):ln f g" \
        run -"$FAILED" injected mmt extend -a -s "$TWO_SLICES" f
    [ "$(told)" = "mmt extend: f: posix_fallocate: ENOSPC: removed again: make\
 room, or leave holes without -a" ]
    [ ! -e f ]
    [ "$(size_of g)" -eq 0 ]
}

@test "extend cuts nothing that was appended since it looked" {
    with_injection
    for option in --shrink -a --no-progress; do
        file_of 5 f
        INJECT_fstatvfs="1:0:printf appended >>f" run -"$FAILED" injected \
            mmt extend "$option" -s 9 f
        [ "$(told)" = "mmt extend: f: ftruncate: EAGAIN: left: another\
 process has changed its size: try again" ]
        [ "$(cat f)" = abcdeappended ]
    done
}

@test "extend --by path does not touch a file that took the name" {
    with_injection
    file_of 5 f
    INJECT_fstatvfs="1:0:mv f g && echo other >f" run -"$FAILED" injected \
        mmt extend --by path --shrink -s 2 f
    [ "$(told)" = "mmt extend: f: truncate: ESTALE:\
 still 5 bytes: the name is another file by now: try again" ]
    [ "$(cat f)" = other ]
    [ "$(cat g)" = abcde ]
}

@test "extend -a allocates before it cuts" {
    with_injection
    file_of 5 f
    INJECT_posix_fallocate=1:$(errno_of ENOSPC) run -"$FAILED" injected \
        mmt extend -a --shrink -s 2 f
    [ "$(told)" = "mmt extend: f: posix_fallocate: ENOSPC: still 5 bytes: make\
 room, or leave holes without -a" ]
    [ "$(cat f)" = abcde ]
}

@test "a size that cannot be put back is told" {
    with_injection
    file_of 5 f
    INJECT_posix_fallocate=2:$(errno_of ENOSPC) \
        INJECT_ftruncate=2:$(errno_of EIO) run -"$FAILED" injected \
        mmt extend -a -s "$TWO_SLICES" f
    [ "$(told)" = "mmt extend: f: posix_fallocate: ENOSPC: left: it cannot be\
 put back (EIO): make room, or leave holes\
 without -a" ]
}

@test "putting back goes on after an interruption" {
    with_injection
    file_of 5 f
    INJECT_posix_fallocate=2:$(errno_of ENOSPC) \
        INJECT_ftruncate=2:$(errno_of EINTR) run -"$FAILED" injected \
        mmt extend -a -s "$TWO_SLICES" f
    [ "$(cat f)" = abcde ]
}

@test "a failing close puts the old size back, but for bytes that were cut" {
    with_injection
    file_of 5 f
    error=$(errno_of EIO)
    INJECT_close=1:$error run -"$FAILED" injected mmt extend -s 9 new f
    [ "$(told)" = "mmt extend: new: close: EIO: removed again" ]
    [ ! -e new ]
    [ "$(size_of f)" -eq 9 ]
    INJECT_close=1:$error run -"$FAILED" injected mmt extend -s 12 f
    [ "$(told)" = "mmt extend: f: close: EIO: 9 bytes again" ]
    [ "$(size_of f)" -eq 9 ]
    INJECT_close="1:$error:mv f g && echo other >f" run -"$FAILED" injected \
        mmt extend -s 12 f
    [ "$(told)" = "mmt extend: f: close: EIO: left: it cannot be put back\
 (ENOENT)" ]
    [ "$(cat f)" = other ]
    INJECT_close=1:$error run -"$FAILED" injected mmt extend --shrink -s 5 g
    [ "$(told)" = "mmt extend: g: close: EIO: now 5 bytes" ]
    [ "$(cat g)" = abcde ]
}

@test "a size that was set though the call failed is put back" {
    with_injection
    file_of 5 f
    for error in EINTR EIO; do
        INJECT_ftruncate="1:$(errno_of $error):mmt extend -s 9 f" \
            run -"$FAILED" injected mmt extend -s 9 f
        [ "$(told)" = "mmt extend: f: ftruncate: $error: 5 bytes again" ]
        [ "$(cat f)" = abcde ]
    done
}

@test "a size that was set though it can't be asked for is put back" {
    with_injection
    file_of 5 f
    error=$(errno_of EIO)
    INJECT_fstat=1:$error run injected mmt extend -s 9 f
    [ "$(told)" = "mmt extend: f: open: EIO" ] ||
        skip "calls of fstat cannot be intercepted here"
    INJECT_fstat=3:$error run -"$FAILED" injected mmt extend -s 9 f
    [ "$(told)" = "mmt extend: f: fstat: EIO: 5 bytes again" ]
    [ "$(cat f)" = abcde ]
    for call in 1:open 3:fstat; do
        INJECT_fstat=${call%:*}:$error run -"$FAILED" injected \
            mmt extend -s 9 new
        like "mmt extend: new: ${call#*:}: EIO*" "$(told)"
        [ ! -e new ]
    done
    for interrupted in 2:"still 5" 3:"now 2"; do
        INJECT_fstat=${interrupted%:*}:$(errno_of EINTR) run -"$FAILED" \
            injected mmt extend --shrink -s 2 f
        [ "$(told)" = "mmt extend: f: fstat: EINTR: ${interrupted#*:} bytes" ]
    done
    [ "$(cat f)" = ab ]
}

@test "a file that another process has just made is left to it" {
    with_injection
    INJECT_statvfs="1:0:echo other >new" run -"$FAILED" injected \
        mmt extend -s 10 new
    [ "$(told)" = "mmt extend: new: open: EEXIST:\
 another process has just made it: try again" ]
    [ "$(cat new)" = other ]
}

@test "after SIGKILL the same command finishes the work" {
    with_injection
    file_of 5 f
    INJECT_posix_fallocate="2:0:kill -KILL \$PPID" \
        run -$((128 + $(kill -l KILL))) injected \
        mmt extend -a --at-least "$TWO_SLICES" f
    [ "$(blocks_of f)" -lt 262144 ]
    mmt extend -a --at-least "$TWO_SLICES" f
    [ "$(size_of f)" -eq 134217728 ]
    [ "$(blocks_of f)" -ge 262144 ]
    [ "$(head -c 5 f)" = abcde ]
}

# --- what is told ---

@test "extend -n prints what would be done, and does nothing" {
    small_tmpfs disk 64k
    file_of 5 disk/f
    free=$((65536 / PAGE_SIZE - 1))
    run -"$DONE" mmt extend -n -s 2pg disk/f disk/new
    [ "$output" = "disk/f: 5 -> $((2 * PAGE_SIZE)) bytes;\
 0 blocks of $PAGE_SIZE needed, $free free
disk/new: 0 -> $((2 * PAGE_SIZE)) bytes, new file;\
 0 blocks of $PAGE_SIZE needed, $free free" ]
    run -"$DONE" mmt extend -n -a -s 2pg disk/f
    [ "$output" = "disk/f: 5 -> $((2 * PAGE_SIZE)) bytes;\
 1 block of $PAGE_SIZE needed, $free free" ]
    run -"$DONE" mmt extend -n -a --shrink -s 2 disk/f
    [ "$output" = "disk/f: 5 -> 2 bytes;\
 0 blocks of $PAGE_SIZE needed, $free free" ]
    [ "$(cat disk/f)" = abcde ]
    [ ! -e disk/new ]
}

@test "extend -n fails where the real run would" {
    small_tmpfs disk 64k
    file_of 5 disk/f
    mkdir disk/dir
    run -"$FAILED" --separate-stderr mmt extend -n -a -s 1M disk/f disk/dir
    [ "$output" = "" ]
    [ "$(told "$stderr")" = "mmt extend: disk/f: posix_fallocate: ENOSPC:\
 needs $((1048576 - PAGE_SIZE)) bytes, $((65536 - PAGE_SIZE)) are\
 free: make room, or leave holes without -a
mmt extend: disk/dir: EISDIR: name a file in it" ]
    run -"$FAILED" mmt extend -n -s 2 disk/f
    run -"$FAILED" mmt extend -n -s 2 none/f
    [ "$(told)" = "mmt extend: none/f: access: ENOENT: a directory of its path\
 is missing: mkdir -p it" ]
}

@test "extend -J prints an object for each file" {
    need jq
    small_tmpfs disk 64k
    file_of 5 disk/f
    mkdir disk/dir
    mmt extend -J -q -a -s 2pg disk/f disk/new disk/dir >objects || :
    free=$((65536 / PAGE_SIZE - 1))
    [ "$(cat objects)" = '{"command":"extend","file":"disk/f","outcome":"ok",'\
'"errno":null,"signal":null,"call":null,"old_size":5,'\
'"new_size":'$((2 * PAGE_SIZE))',"done":true,"created":false,'\
'"allocated":true,"block_size":'"$PAGE_SIZE"',"needed_blocks":1,'\
'"free_blocks":'"$free"'}
{"command":"extend","file":"disk/new","outcome":"ok",'\
'"errno":null,"signal":null,"call":null,"old_size":0,'\
'"new_size":'$((2 * PAGE_SIZE))',"done":true,"created":true,'\
'"allocated":true,"block_size":'"$PAGE_SIZE"',"needed_blocks":2,'\
'"free_blocks":'$((free - 1))'}
{"command":"extend","file":"disk/dir","outcome":"EISDIR",'\
'"errno":"EISDIR","signal":null,"call":null,"old_size":null,'\
'"new_size":null,"done":false,"created":false,'\
'"allocated":false,"block_size":null,"needed_blocks":null,'\
'"free_blocks":null}' ]
    [ "$(jq -r .outcome objects | tr '\n' ' ')" = "ok ok EISDIR " ]
}

@test "extend -J names every way to fail" {
    need jq
    file_of 5 f
    outcome() {
        mmt extend -q -J "$@" | jq -r '[.outcome, .errno] | @tsv'
    }
    [ "$(outcome -s 2 f)" = $'ECANCELED\tECANCELED' ]
    [ "$(outcome -t 0 -s 9 f)" = $'timeout\t' ]
    [ "$(outcome -n -s 9 f)" = $'ok\t' ]
    [ "$(outcome -c -s 9 none)" = $'ok\t' ]
    [ "$(mmt extend -J -s 9 $'\xff"\n' | jq -r .file)" = '\xff"\x0a' ]
    with_injection
    [ "$(INJECT_posix_fallocate="1:0:kill -TERM \$PPID" injected \
        mmt extend -J -a -s 9 f 2>/dev/null |
        jq -r '[.outcome, .errno, .signal] | @tsv')" = $'SIGTERM\t\tSIGTERM' ]
}

@test "extend -n that cannot print fails" {
    file_of 5 f
    [ -c /dev/full ] || skip "needs /dev/full"
    run -"$FAILED" --separate-stderr bash -c 'mmt extend -n -s 9 f >/dev/full'
    [ "$(told "$stderr")" = "mmt extend: standard output: ENOSPC" ]
}

# --- progress ---

@test "progress shows bytes of bytes, rate and time left, and is erased" {
    run -"$DONE" --separate-stderr mmt extend --progress -a -s 64M f
    shown=${stderr%%,*}
    [ "$shown" = $'\rf: 64.0 MiB of 64.0 MiB' ]
    grep -qE ', [0-9.]+ [KMGT]iB/s, 0 s left' <<<"$stderr"
    [ "${stderr: -4}" = $'\r\e[K' ]
}

@test "progress is not shown unless on a terminal, nor for short work" {
    run -"$DONE" mmt extend -a -s 1M f
    [ "$output" = "" ]
    need script
    TERM=xterm script -qec "mmt extend -a -s 2M f" /dev/null </dev/null >shown
    [ "$(size_of shown)" -eq 0 ]
    [ "$(size_of f)" -eq 2097152 ]
    with_injection
    export preload
    cat >slowly <<'END'
LD_PRELOAD=$preload INJECT_posix_fallocate='2:0:sleep 1.1' \
    mmt extend -a -s 192M "$@" f
END
    TERM=xterm script -qec "sh slowly" /dev/null </dev/null >shown
    [ "$(cut -d , -f 1 shown)" = $'\rf: 128.0 MiB of 192.0 MiB' ]
    [ "$(tail -c 4 shown)" = $'\r\e[K' ]
    mmt extend --shrink -s 5 f
    TERM=xterm script -qec "sh slowly --no-progress" /dev/null </dev/null \
        >shown
    [ "$(size_of shown)" -eq 0 ]
}

@test "progress knows how long it is to years" {
    need strace
    need_plain_build
    strace -qq -o /dev/null -e inject=fallocate:retval=0 true 2>/dev/null ||
        skip "may not trace here"
    small_tmpfs disk 0 # which tells no size, so nothing is too much
    run -"$TIMEOUT" --separate-stderr strace -qq -o /dev/null \
        -e inject=fallocate:retval=0 \
        mmt extend --progress -t .5 -a -s 7E disk/f
    grep -qE ' of 7\.0 EiB, [0-9.]+ [GTP]iB/s, days left' <<<"$stderr"
    [ "${stderr##*$'\e[K'}" = "mmt extend: disk/f: timeout: not done within\
 .5 s: removed again" ]
}

@test "progress names a file by its end when the name is long" {
    name=$(printf '%040d' 7)$'\x01'
    run -"$DONE" --separate-stderr mmt extend --progress -a -s 1 "$name"
    [ "${stderr%%,*}" = $'\r...00000000000000000000000000007\\x01: 1 bytes of\
 1 bytes' ] || [ "${stderr:0:5}" = $'\r...0' ]
    name=$(printf 'é%.0s' {1..40})a
    run -"$DONE" --separate-stderr mmt extend --progress -a -s 1 "$name"
    [ "${stderr%%:*}" = $'\r...'"$(printf 'é%.0s' {1..14})a" ]
}
