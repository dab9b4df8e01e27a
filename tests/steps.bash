# shellcheck shell=bash
# steps.bash - what the tests of steps share: files to map, and commands whose
# output, messages and status are compared whole.
#
# The prose of strerror() differs from system to system, so only the names in
# parentheses count: a message is expected as "mmt map: f: munmap: (EINVAL)".
#
# SPDX-License-Identifier: MIT

ILL=$((128 + $(kill -l ILL)))
TRAP=$((128 + $(kill -l TRAP)))
FPE=$((128 + $(kill -l FPE)))
: "$ILL" "$TRAP" "$FPE"

# |Hello, mapped world.........|   20 bytes, then zeros to the end of the page
hello() {
    printf 'Hello, mapped world\n' >f
}

# pages COUNT NAME - pages of a, b, c, ...
pages() {
    local letter
    for letter in $(printf 'a b c d e f g h' | cut -c 1-$((2 * $1))); do
        head -c "$PAGE_SIZE" /dev/zero | tr '\0' "$letter"
    done >"$2"
}

# same TEXT FILE - the file has these lines; none where TEXT is empty.
same() {
    diff -u <(printf '%s' "${1:+$1$'\n'}") "$2"
}

# observe COMMAND... - run it; .out, .err and $found are how it went.
observe() {
    found=0
    "$@" >.out 2>.raw || found=$?
    sed "s/[A-Z][A-Za-z ,'-]* (\(E[A-Z0-9]*\))/(\1)/" .raw >.err
}

# ended_with STATUS COMMAND...
ended_with() {
    [ "$found" -eq "$1" ] || {
        echo "status $found, not $1: ${*:2}"
        cat .err
        return 1
    }
}

# ends STATUS OUTPUT MESSAGES COMMAND... - all three are exactly so.
ends() {
    local status=$1 expected=$2 messages=$3
    shift 3
    observe "$@"
    same "$messages" .err
    same "$expected" .out
    ended_with "$status" "$@"
}

# prints OUTPUT COMMAND... - it succeeds, and says nothing.
prints() {
    local expected=$1
    shift
    ends 0 "$expected" '' "$@"
}

# fails STATUS MESSAGES COMMAND... - it prints nothing.
fails() {
    local status=$1 messages=$2
    shift 2
    ends "$status" '' "$messages" "$@"
}

# refuses MESSAGE COMMAND... - it makes no sense: a message, a line of usage.
refuses() {
    local message=$1
    shift
    observe "$@"
    ended_with "$USAGE" "$@"
    same "$message" <(head -n 1 .err)
    [ "$(sed -n 2p .err | cut -c 1-11)" = 'usage: mmt ' ]
    [ "$(wc -l <.err)" -eq 2 ]
    [ ! -s .out ]
}
