#!/bin/sh
# channel.sh - feeds the header of a channel with nonsense, for a while.
#
# usage: [MMT=PROGRAM] [CLANG=clang] sh tests/fuzz/channel.sh [SECONDS [SEED]]
#
# Begins with the header of a real channel, since few random bytes get beyond
# its first eight. What breaks it is left in build/.
#
# Status 0: nothing breaks it; 1: something does; 77: this can't be run here.
#
# SPDX-License-Identifier: MIT

seconds=${1:-30}
seed=${2:-0} # of libFuzzer: 0 has it choose
root=$(cd "$(dirname "$0")/../.." && pwd)
mmt=${MMT:-$root/mmt}
clang=${CLANG:-clang}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# build SOURCE... - a program that libFuzzer drives.
build() {
    "$clang" -std=c11 -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 \
        -I"$root/src" -O1 -g -fsanitize=fuzzer,address,undefined \
        -fno-sanitize-recover=all -o "$work/fuzz" "$@" -lrt -lpthread
}

cat >"$work/empty.c" <<'END'
int LLVMFuzzerTestOneInput(const unsigned char *input, unsigned long length);
int LLVMFuzzerTestOneInput(const unsigned char *input, unsigned long length)
{
    return input && length ? 0 : 0;
}
END
if ! build "$work/empty.c" 2>"$work/messages"; then
    echo "fuzz: needs clang with libFuzzer (Debian: libclang-rt-dev):" >&2
    cat "$work/messages" >&2
    exit 77
fi

build "$root/tests/fuzz/channel.c" "$root/src/memory/ring.c" \
    "$root/src/memory/clock.c" || exit 1
mkdir "$work/corpus"
echo hello | "$mmt" exchange --send -l 4096 "$work/channel" || exit 1
head -c 576 "$work/channel" >"$work/corpus/header"

mkdir -p "$root/build"
"$work/fuzz" -max_total_time="$seconds" -seed="$seed" \
    -artifact_prefix="$root/build/" -timeout=10 -max_len=8192 \
    -print_final_stats=1 "$work/corpus" >"$work/log" 2>&1
status=$?
if [ "$status" -ne 0 ]; then
    tail -n 60 "$work/log"
    exit 1
fi
sed -n 's/^stat::number_of_executed_units: *\(.*\)/\1 headers, no flaw/p' \
    "$work/log"
