#!/usr/bin/env bats
# proofs.bats - what a channel promises, held by more than examples.
#
# Takes longer than the tests of channel.bats: `make check-channel` runs it.
#
# SPDX-License-Identifier: MIT

load ../helper

# told COMMAND... - run it; what it prints is shown, also where all is well.
told() {
    "$@" >printed 2>&1 || {
        cat printed
        return 1
    }
    sed 's/^/# /' printed >&3
}

# Some kernels lay out addresses so that ThreadSanitizer finds no room.
runs_sanitized() {
    echo 'int main(void) { return 0; }' >empty.c
    "${CC:-cc}" -fsanitize=thread -o empty empty.c && "$@" ./empty
}

@test "channel: every run of its model ends well, and mistakes are found" {
    need spin
    need "${CC:-cc}"
    told sh "$ROOT/tests/channel/model.sh"
}

@test "channel: ThreadSanitizer finds no race in the ring" {
    local fixed=()
    if ! runs_sanitized 2>/dev/null; then
        fixed=(setarch "$(uname -m)" -R)
        runs_sanitized "${fixed[@]}" 2>/dev/null || skip "needs ThreadSanitizer"
    fi
    flags=-fsanitize=thread compile threads channel/threads.c \
        ../src/memory/ring.c ../src/memory/clock.c
    "${fixed[@]}" ./threads
}

# Which ends are killed, and when, follows from the seed.
@test "channel: 1 GiB arrives whole, whoever is killed, 200 times" {
    compile kill channel/kill.c
    told env KILLS=200 BYTES=1073741824 ./kill
}

@test "channel: so it does through a small ring, again and again" {
    compile kill channel/kill.c
    told env KILLS=200 BYTES=20000000 CAPACITY=5001 LONGEST=3000 ./kill
}
