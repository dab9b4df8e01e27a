#!/usr/bin/env bats
# sync: files made durable, by which calls, and what is said when one fails.
#
# What a power cut leaves is shown by tests/powercut/, which needs root.
#
# SPDX-License-Identifier: MIT

load helper

# calls - the calls of a trace in $stderr, without what differs from run to run.
calls() {
    sed -E '/: took [0-9.]+ ms$/d
        s/0x[0-9a-f]+/ADDRESS/g
        s/\|O_NONBLOCK\|O_NOCTTY\|O_CLOEXEC//
        s/^(fstat|fsync|fdatasync|close)\([0-9]+/\1(N/
        s/(MAP_SHARED), [0-9]+,/\1, N,/
        s/^(open.*) = [0-9]+$/\1 = N/' <<<"$stderr"
}

# needs_injection - strace can make calls fail, one file's alone.
needs_injection() {
    strace -qq -f -o /dev/null -e inject=fsync:error=EIO true 2>/dev/null ||
        skip "needs strace, and to be allowed to trace"
}

# injected PATH WHAT COMMAND... - run it with WHAT happening on PATH.
injected() {
    local path=$1 what=$2
    shift 2
    traced -qq -f -o /dev/null -P "$PWD/$path" -e "inject=$what" "$@"
}

@test "sync is silent, and changes neither bytes nor times" {
    echo hello >f
    touch -d 2001-01-01 f
    cp -p f before
    run --separate-stderr -"$DONE" mmt sync f
    [ "$output" = "" ]
    [ "$stderr" = "" ]
    cmp f before
    [ ! f -nt before ] && [ ! f -ot before ]
}

@test "sync flushes once, by fsync alone where that covers mappings" {
    [ "$(uname)" = Linux ] || skip "msync goes before fsync here"
    echo hello >f
    run --separate-stderr -"$DONE" mmt sync -v f
    [ "$(calls)" = 'open("f", O_RDONLY) = N
fstat(N, buffer) = 0
fsync(N) = 0
close(N) = 0' ]
    grep -qE '^f: took [0-9]+\.[0-9]{3} ms$' <<<"$stderr"
}

@test "sync -d flushes by fdatasync" {
    [ "$(uname)" = Linux ] || skip "msync goes before fdatasync here"
    echo hello >f
    run --separate-stderr -"$DONE" mmt sync -d -v f
    [ "$(calls)" = 'open("f", O_RDONLY) = N
fstat(N, buffer) = 0
fdatasync(N) = 0
close(N) = 0' ]
}

# |aaaa|aaaA|Aa..|   a = data, A = the range, . = past the end of the file
@test "sync -o -l flushes the pages of a range, by msync alone" {
    head -c $((2 * PAGE_SIZE + 2)) /dev/zero >f
    run --separate-stderr -"$DONE" \
        mmt sync -v -o $((2 * PAGE_SIZE - 1)) -l 2 f
    [ "$(calls)" = "open(\"f\", O_RDWR) = N
fstat(N, buffer) = 0
mmap(NULL, $((PAGE_SIZE + 1)), PROT_READ, MAP_SHARED, N, $PAGE_SIZE) = ADDRESS
msync(ADDRESS, $((PAGE_SIZE + 1)), MS_SYNC) = 0
munmap(ADDRESS, $((PAGE_SIZE + 1))) = 0
close(N) = 0" ]
}

@test "sync -o goes to the end of the file, and -l begins at its start" {
    head -c $((3 * PAGE_SIZE)) /dev/zero >f
    run --separate-stderr -"$DONE" mmt sync -v -o 1pg f
    grep -q "^msync(.*, $((2 * PAGE_SIZE)), MS_SYNC) = 0$" <<<"$stderr"
    run --separate-stderr -"$DONE" mmt sync -v -l 1pg f
    grep -q "^msync(.*, $PAGE_SIZE, MS_SYNC) = 0$" <<<"$stderr"
}

@test "sync -l may reach past the end of the file" {
    echo hello >f
    run --separate-stderr -"$DONE" mmt sync -v -o 2 -l 1T f
    grep -q '^msync(.*, 6, MS_SYNC) = 0$' <<<"$stderr"
}

@test "sync takes a range without bytes for done" {
    echo hello >f
    : >empty
    run --separate-stderr -"$DONE" mmt sync -v -o 6 f
    [ "$(calls)" = 'open("f", O_RDWR) = N
fstat(N, buffer) = 0
close(N) = 0' ]
    run -"$DONE" mmt sync -l 0 f
    run -"$DONE" mmt sync -l 1pg empty
}

@test "sync refuses a range that begins past the end" {
    echo hello >f
    run --separate-stderr -"$FAILED" mmt sync -o 7 f
    [ "$stderr" = "mmt sync: f: outside the file: the range begins at 7, the\
 file has 6 bytes" ]
    run --separate-stderr -"$FAILED" mmt sync -J -q -o 7 f
    grep -q '"outcome":"outside","errno":null' <<<"$output"
    [ "$stderr" = "" ]
}

@test "sync -a and -i call msync with their flag, and nothing else" {
    echo hello >f
    run --separate-stderr -"$DONE" mmt sync -v -a f
    grep -q '^msync(.*, 6, MS_ASYNC) = 0$' <<<"$stderr"
    run ! grep -q fsync <<<"$stderr"
    run --separate-stderr -"$DONE" mmt sync -v -i f
    grep -q '^msync(.*, 6, MS_INVALIDATE) = 0$' <<<"$stderr"
    run ! grep -q fsync <<<"$stderr"
    run --separate-stderr -"$DONE" mmt sync -v -a -i -o 1 -l 2 f
    grep -q '^msync(.*, 3, MS_ASYNC|MS_INVALIDATE) = 0$' <<<"$stderr"
}

@test "sync takes directories, and says why it can't map one" {
    mkdir d
    run -"$DONE" mmt sync d .
    run --separate-stderr -"$FAILED" mmt sync -o 0 d
    grep -qx "mmt sync: d: .* (EISDIR): msync needs a mapping of it, open for\
 reading and writing: leave out -o, -l, -a and -i" <<<"$stderr"
}

@test "sync takes files that may only be written, or only be read" {
    echo hello >wo
    echo hello >ro
    chmod 222 wo
    chmod 444 ro
    run --separate-stderr -"$DONE" unprivileged mmt sync -v wo ro
    [ "$(calls | grep open)" = 'open("wo", O_RDONLY) = -1 EACCES
open("wo", O_WRONLY) = N
open("ro", O_RDONLY) = N' ]
}

@test "sync says what a file takes that may be neither read nor written" {
    echo hello >f
    chmod 0 f
    run --separate-stderr -"$FAILED" unprivileged mmt sync f
    why='to flush it takes a right to read or to write it: chmod u+r, or be'
    grep -qx "mmt sync: f: .* (EACCES): $why its owner" <<<"$stderr"
}

@test "sync refuses a range of a file that can't be opened for both" {
    echo hello >ro
    chmod 444 ro
    run --separate-stderr -"$FAILED" unprivileged mmt sync -o 0 ro
    grep -qx 'mmt sync: ro: .* (EACCES): msync needs .*' <<<"$stderr"
}

@test "sync takes a running program, but no range of it" {
    cp "$(command -v sleep)" program
    start program ./program 100
    eventually running
    run -"$DONE" mmt sync program
    run --separate-stderr -"$FAILED" mmt sync -o 0 program
    kill "$(cat program.pid)"
    join program 143
    grep -qx 'mmt sync: program: .* (ETXTBSY): msync needs .*' <<<"$stderr"
}

running() {
    cmp -s "/proc/$(cat program.pid)/exe" program
}

@test "sync neither blocks on a FIFO nor takes it or a character device" {
    mkfifo p
    run --separate-stderr -"$FAILED" timeout 10 mmt sync p /dev/null
    [ "${#stderr_lines[@]}" -eq 2 ]
    why="it is of a kind that can't be flushed"
    grep -qx "mmt sync: p: fsync: .* (EINVAL): $why" <<<"${stderr_lines[0]}"
    grep -qx "mmt sync: /dev/null: fsync: .* (EINVAL): $why" \
        <<<"${stderr_lines[1]}"
    run --separate-stderr -"$FAILED" timeout 10 mmt sync -l 1 p /dev/null
    grep -qx 'mmt sync: p: mmap: .* (ENODEV): msync needs .*' \
        <<<"${stderr_lines[0]}"
}

@test "sync says of a socket what it is" {
    need python3
    python3 -c 'import socket
socket.socket(socket.AF_UNIX).bind("socket")'
    run --separate-stderr -"$FAILED" mmt sync socket
    why='a socket, or a device that is not there'
    grep -qx "mmt sync: socket: .* (ENXIO): $why" <<<"$stderr"
}

@test "sync takes block devices, whole or a range" {
    need_root
    need losetup
    truncate -s 1M image
    device=$(losetup -f --show image) || skip "there is no loop device"
    run --separate-stderr mmt sync -v "$device"
    whole=$status$stderr
    run --separate-stderr mmt sync -v -o 1pg "$device"
    losetup -d "$device"
    [ "$status" -eq "$DONE" ]
    grep -q "^msync(.*, $(((1 << 20) - PAGE_SIZE)), MS_SYNC) = 0$" <<<"$stderr"
    grep -q '^fsync([0-9]*) = 0$' <<<"$whole"
    [ "${whole:0:1}" -eq "$DONE" ]
}

@test "sync takes shared memory objects, which have no directory" {
    make_object echo hello
    run -"$DONE" mmt sync "shm:$object"
    run -"$DONE" mmt sync -o 0 "shm:$object"
    run --separate-stderr -"$FAILED" mmt sync --dir "shm:$object"
    rm "/dev/shm/$object"
    grep -qx "mmt sync: shm:$object: --dir: .* (ENOTSUP): a shared memory \
object has no directory" <<<"$stderr"
    run --separate-stderr -"$FAILED" mmt sync "shm:$object"
    grep -q "^mmt sync: shm:$object: .* (ENOENT)" <<<"$stderr"
}

@test "sync --dir flushes the directory after the file" {
    mkdir d
    echo hello >d/f
    run --separate-stderr -"$DONE" mmt sync --dir -v d/f
    [ "$(calls)" = 'open("d/f", O_RDONLY) = N
fstat(N, buffer) = 0
fsync(N) = 0
close(N) = 0
lstat("d/f", buffer) = 0
open("d", O_RDONLY) = N
fstat(N, buffer) = 0
fsync(N) = 0
close(N) = 0' ]
}

# directories FILE - those that sync --dir FILE flushes, sorted.
directories() {
    mmt sync --dir -J "$1" | grep -o '"directory":"[^"]*"' |
        cut -d '"' -f 4 | sort | tr '\n' ' '
}

@test "sync --dir finds the directory of every kind of name" {
    mkdir -p d/e
    echo hello >d/e/f
    [ "$(directories d/e/f)" = "d/e " ]
    [ "$(directories d//e//f)" = "d//e " ]
    [ "$(directories ./d)" = ". " ]
    [ "$(directories d/)" = ". " ]
    [ "$(directories .)" = "./.. " ]
    [ "$(directories d/..)" = "d/../.. " ]
    [ "$(directories /)" = "/ " ]
    [ "$(directories /dev/..)" = "/dev/../.. " ]
    [ "$(directories "$PWD/d/e/f")" = "$PWD/d/e " ]
}

@test "sync --dir follows symbolic links to their directories" {
    mkdir a b c
    echo hello >c/f
    ln -s ../c/f b/link
    ln -s "$PWD/b/link" a/link
    ln -s c through
    [ "$(directories b/link)" = "b b/../c " ]
    [ "$(directories a/link)" = "$PWD/b $PWD/b/../c a " ]
    [ "$(directories through/f)" = "through " ]
    [ "$(directories through/)" = ". " ]
}

@test "sync --dir pays once for a directory, however many files it names" {
    touch f1 f2 f3
    run --separate-stderr -"$DONE" mmt sync --dir -v f1 f2 f3
    [ "$(grep -c '^fsync' <<<"$stderr")" -eq 4 ]
    [ "$(grep -c '^open("."' <<<"$stderr")" -eq 1 ]
    run --separate-stderr -"$DONE" mmt sync --dir -J f1 f2 f3
    [ "$(grep -c '"directories":\[{"directory":".","outcome":"ok"' \
        <<<"$output")" -eq 3 ]
}

@test "sync names every file that fails, once, in the order of the operands" {
    names=()
    for number in {1..99}; do
        touch "there$number"
        names+=("there$number" "gone$number")
    done
    for jobs in 1 2 64 1000; do
        run --separate-stderr -"$FAILED" mmt sync -j "$jobs" "${names[@]}"
        diff <(sed -E 's/^mmt sync: (.*): open: .* \(ENOENT\)$/\1/' \
            <<<"$stderr") <(printf 'gone%d\n' {1..99})
    done
}

@test "sync -q says nothing, and fails all the same" {
    run --separate-stderr -"$FAILED" mmt sync -q gone
    [ "$output" = "" ]
    [ "$stderr" = "" ]
}

@test "sync shows each trace for itself, in the order of the operands" {
    for number in {1..50}; do echo >"f$number"; done
    run --separate-stderr -"$DONE" mmt sync -v f{1..50}
    [ "$(calls)" = "$(for number in {1..50}; do
        printf 'open("f%d", O_RDONLY) = N\n' "$number"
        printf 'fstat(N, buffer) = 0\nfsync(N) = 0\nclose(N) = 0\n'
    done)" ]
    [ "$(grep -o '^f[0-9]*: took' <<<"$stderr")" = \
        "$(printf 'f%d: took\n' {1..50})" ]
}

@test "sync -J prints an object for each file" {
    touch f
    run --separate-stderr -"$FAILED" mmt sync -J -j 1 f gone
    number='[0-9.e+-]+'
    call="\{\"call\":\"[a-z]+\",\"errno\":null,\"seconds\":$number\}"
    [ "${#lines[@]}" -eq 2 ]
    grep -qxE "\{\"command\":\"sync\",\"file\":\"f\",\"outcome\":\"ok\",\
\"errno\":null,\"call\":null,\"seconds\":$number,\
\"calls\":\[$call(,$call)*\],\"directories\":\[\]\}" <<<"${lines[0]}"
    grep -qxE "\{\"command\":\"sync\",\"file\":\"gone\",\"outcome\":\"ENOENT\",\
\"errno\":\"ENOENT\",\"call\":\"open\",\"seconds\":$number,\"calls\":\
\[\{\"call\":\"open\",\"errno\":\"ENOENT\",\"seconds\":$number\}\],\
\"directories\":\[\]\}" <<<"${lines[1]}"
}

@test "sync -J is valid for any name" {
    need jq
    name=$'\x01 "\\ \xff\n\xc3\xa9'
    touch -- "$name"
    mmt sync -J --dir -- "$name" >out
    jq -e '.file == "\\x01 \"\\ \\xff\\x0aé" and .outcome == "ok"' out
}

@test "sync fails when its objects can't be written" {
    [ -c /dev/full ] || skip "there is no /dev/full"
    touch f
    run --separate-stderr -"$FAILED" bash -c 'mmt sync -J f >/dev/full'
    grep -q '^mmt sync: standard output: .*(ENOSPC)' <<<"$stderr"
}

@test "sync makes no thread for one file" {
    needs_injection
    touch f
    run -"$DONE" traced -qq -f -o calls -e trace=clone,clone3,fork,vfork \
        mmt sync f
    [ ! -s calls ]
    run -"$DONE" traced -qq -f -o calls -e trace=clone,clone3,fork,vfork \
        mmt sync f f
    [ -s calls ]
}

@test "sync reports EIO of fsync, for the file that has it" {
    needs_injection
    touch f{1..20}
    run --separate-stderr -"$FAILED" injected f7 fsync:error=EIO \
        mmt sync f{1..20}
    [ "${#stderr_lines[@]}" -eq 1 ]
    grep -qx "mmt sync: f7: fsync: .* (EIO): what was written is not on the\
 disk and may be lost: write it again, syncing again proves nothing" \
        <<<"$stderr"
}

@test "sync reports EIO of fdatasync, msync and close" {
    needs_injection
    touch g
    echo hello >f
    run --separate-stderr -"$FAILED" injected f fdatasync:error=EIO \
        mmt sync -d g f
    grep -q '^mmt sync: f: fdatasync: .* (EIO)' <<<"$stderr"
    run --separate-stderr -"$FAILED" injected f close:error=EIO mmt sync g f
    grep -q '^mmt sync: f: close: .* (EIO)' <<<"$stderr"
    # msync has no descriptor that strace could go by.
    run --separate-stderr -"$FAILED" traced -qq -f -o /dev/null \
        -e inject=msync:error=EIO mmt sync -o 0 f
    grep -q '^mmt sync: f: msync: .* (EIO)' <<<"$stderr"
}

@test "sync --dir names each file whose directory fails" {
    needs_injection
    mkdir bad good
    touch bad/f good/f bad/g
    run --separate-stderr -"$FAILED" injected bad fsync:error=EIO \
        mmt sync --dir bad/f good/f bad/g
    [ "${#stderr_lines[@]}" -eq 2 ]
    grep -qx 'mmt sync: bad/f: directory bad: fsync: .* (EIO): .*' \
        <<<"${stderr_lines[0]}"
    grep -qx 'mmt sync: bad/g: directory bad: fsync: .* (EIO): .*' \
        <<<"${stderr_lines[1]}"
}

@test "sync --dir flushes no directory for a file that failed" {
    needs_injection
    mkdir d
    touch d/f
    run --separate-stderr -"$FAILED" injected d/f fsync:error=EIO \
        mmt sync --dir -v d/f
    run ! grep -q 'open("d",' <<<"$stderr"
}

@test "sync -J tells of a file at once, while messages keep their order" {
    needs_injection
    touch slow
    run --separate-stderr -"$FAILED" injected slow \
        fsync:error=EIO:delay_enter=300000 mmt sync -J slow gone
    [ "$(grep -o '"file":"[a-z]*"' <<<"$output")" = '"file":"gone"
"file":"slow"' ]
    grep -q '^mmt sync: slow: ' <<<"${stderr_lines[0]}"
    grep -q '^mmt sync: gone: ' <<<"${stderr_lines[1]}"
}

@test "sync -t ends with 124, and names what was not flushed in time" {
    needs_injection
    touch slow fast
    run --separate-stderr -"$TIMEOUT" injected slow fsync:delay_enter=1000000 \
        mmt sync -t 0.2 fast slow
    # strace may have a word to say after it.
    [ "${stderr_lines[0]}" = "mmt sync: slow: timeout: not flushed when the\
 time of -t was over" ]
}

@test "sync -t 0 begins nothing" {
    touch f g
    unbegun='"outcome":"timeout","errno":null,"call":null,"seconds":null,'
    unbegun+='"calls":[],"directories":[]'
    run --separate-stderr -"$TIMEOUT" mmt sync -J -t 0 f g
    [ "$output" = "$(printf '{"command":"sync","file":"%s",%s}\n' \
        f "$unbegun" g "$unbegun")" ]
    [ "${#stderr_lines[@]}" -eq 2 ]
    run -"$DONE" mmt sync -t 100 f g
}

@test "sync does with few descriptors, whatever -j says" {
    touch f{1..100}
    (
        ulimit -n 12
        run --separate-stderr -"$DONE" mmt sync -j 100 f{1..100}
        [ "$stderr" = "" ]
    )
}

@test "sync does without threads that are not to be had" {
    needs_injection
    touch f{1..10}
    run --separate-stderr -"$DONE" traced -qq -f -o /dev/null \
        -e inject=clone,clone3:error=EAGAIN mmt sync f{1..10}
    [ "$stderr" = "" ]
}

@test "sync flushes in slices where progress is shown, and takes it away" {
    need bc
    truncate -s 40M f
    run --separate-stderr -"$DONE" mmt sync --progress f
    [ "$output" = "" ]
    grep -q $'^\rf: 0 bytes of 40.0 MiB' <<<"$stderr"
    [ "${stderr: -4}" = $'\r\e[K' ]
    run --separate-stderr -"$DONE" mmt sync --progress -v f
    [ "$(grep -c '^msync' <<<"$stderr")" -ge 2 ]
    [ "$(sed -nE 's/^msync\(.*, ([0-9]+), MS_SYNC\) = 0$/\1/p' <<<"$stderr" |
        paste -sd + | bc)" -eq $((40 << 20)) ]
    [ "$(grep -c '^fsync' <<<"$stderr")" -eq 1 ]
}

@test "sync needs no slices where a file cannot be mapped, but for a range" {
    [ "$(uname)" = Linux ] || skip "a mapping that fails is a failure here"
    needs_injection # of mmap, which is mmap2 where words have 32 bits
    truncate -s 40M f
    run --separate-stderr -"$DONE" injected f '/^mmap2?$:error=ENODEV' \
        mmt sync --progress -v f
    [ "$(calls | tail -n 2)" = $'fsync(N) = 0\nclose(N) = 0' ]
    run --separate-stderr -"$FAILED" injected f '/^mmap2?$:error=ENODEV' \
        mmt sync --progress -o 0 f
    grep -q 'mmt sync: f: mmap: .* (ENODEV): msync needs' <<<"$stderr"
}

@test "sync shows no progress without a terminal, nor with --no-progress" {
    truncate -s 40M f
    run --separate-stderr -"$DONE" mmt sync f
    [ "$stderr" = "" ]
    run --separate-stderr -"$DONE" mmt sync --progress --no-progress f
    [ "$stderr" = "" ]
}

@test "sync --progress counts a range by its own bytes" {
    truncate -s 40M f
    run --separate-stderr -"$DONE" mmt sync --progress -o 10M -l 20M f
    grep -q $'^\rf: 0 bytes of 20.0 MiB' <<<"$stderr"
}

@test "sync maps a range piece by piece where addresses are few" {
    need bc
    need_plain_build
    truncate -s 1G f
    (
        ulimit -v 400000
        run --separate-stderr -"$DONE" mmt sync -v -o 0 f
        [ "$(sed -nE 's/^msync\(.*, ([0-9]+), MS_SYNC\) = 0$/\1/p' \
            <<<"$stderr" | paste -sd + | bc)" -eq $((1 << 30)) ]
    )
}

@test "sync refuses a command line that makes no sense" {
    touch f
    run --separate-stderr -"$USAGE" mmt sync
    [ "${stderr_lines[0]}" = "mmt sync: which file?" ]
    run --separate-stderr -"$USAGE" mmt sync -d -o 1 f
    [ "${stderr_lines[0]}" = "mmt sync: -d flushes by fdatasync, -o, -l, -a and\
 -i by msync: which is it to be?" ]
    run --separate-stderr -"$USAGE" mmt sync -j 0 f
    [ "${stderr_lines[0]}" = "mmt sync: bad number of jobs '0': want 1 or\
 more" ]
    run --separate-stderr -"$USAGE" mmt sync -t soon f
    [ "${stderr_lines[0]}" = "mmt sync: bad timeout 'soon': want seconds, such\
 as 1.5" ]
    run --separate-stderr -"$USAGE" mmt sync -o 4X f
    grep -q "^mmt sync: bad offset '4X': want a number" <<<"${stderr_lines[0]}"
    run --separate-stderr -"$USAGE" mmt sync -l 9223372036854775808 f
    grep -q "^mmt sync: bad length '9223372036854775808'" \
        <<<"${stderr_lines[0]}"
}
