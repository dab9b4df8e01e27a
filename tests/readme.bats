#!/usr/bin/env bats
# readme.bats - what README shows of a terminal is what a terminal shows.
#
# SPDX-License-Identifier: MIT

load helper

# The blocks "```text" of README: commands and what they print.
told() {
    awk '/^```text/ { inside = 1; next } /^```/ { inside = 0 } inside' \
        "$ROOT/README.md"
}

# Run each command of the blocks in a terminal of 80 columns.
shown() {
    told | sed -n 's/^\$ //p' | while IFS= read -r command; do
        printf '$ %s\n' "$command"
        env -u COLUMNS LC_ALL=C.UTF-8 TERM=xterm script -qec \
            "stty cols 80 -onlcr; $command" /dev/null </dev/null
    done
}

# Some processors keep what can only be executed from being read.
without_execute_only() {
    grep -v '^--x '
}

@test "README shows what mmt shows on a terminal" {
    need_pages_of 4096
    script --version 2>/dev/null | grep -q util-linux ||
        skip "needs script of util-linux"
    [ -n "$(told)" ]
    diff <(told | without_execute_only) <(shown | without_execute_only)
}
