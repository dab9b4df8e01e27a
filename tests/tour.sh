#!/bin/sh
# tour.sh - does a README or a man page tell the truth?
#
# usage: [MMT=PROGRAM] sh tests/tour.sh PAGE
#
# Runs the shell sessions of the page, in order and in one shell, in a temporary
# directory; shows each command with what it really prints; stops with status 1
# at the first that does not print what the page says.
#
# SPDX-License-Identifier: MIT

tour_tests=$(cd "$(dirname "$0")" && pwd) || exit 1
tour_page=${1:?which page?}
tour_mmt=${MMT:-$tour_tests/../mmt}
tour_mmt=$(cd "$(dirname "$tour_mmt")" && pwd)/${tour_mmt##*/}
tour_directory=$(mktemp -d) || exit 1
tour_status=0  # of the last command: what it leaves to "$?"
tour_count=0   # of the commands that were run
tour_section=  # a heading that is not shown yet
tour_verdict=1 # status of all

tour_end() {
    trap - EXIT
    cd /
    jobs -p >"$tour_directory/jobs"
    # shellcheck disable=SC2046 # one word for each process
    kill $(cat "$tour_directory/jobs") 2>/dev/null
    rm -rf "$tour_directory"
    exit "$tour_verdict"
}
trap tour_end EXIT
trap 'exit 1' HUP INT TERM

tour_heading() {
    tour_section=$1
}

# tour_step COMMAND OUTPUT - run the one, compare with the other.
tour_step() {
    if [ -n "$tour_section" ]; then
        printf '\n%s\n\n' "$tour_section"
        tour_section=
    fi
    printf '%s\n' "$1" | sed -e '1s/^/$ /' -e '2,$s/^/> /'
    (exit "$tour_status")
    eval "$1" </dev/null >"$tour_directory/real" 2>&1
    tour_status=$?
    # A last line without its newline looks the same on the page.
    printf '%s' "$2" >"$tour_directory/told"
    if [ -n "$(tail -c 1 "$tour_directory/real")" ]; then
        echo >>"$tour_directory/real"
    fi
    cat "$tour_directory/real"
    if ! cmp -s "$tour_directory/told" "$tour_directory/real"; then
        printf '\n%s: the page says (-), but it is (+):\n\n' "$tour_page" >&2
        diff -u "$tour_directory/told" "$tour_directory/real" | sed 1,2d >&2
        exit 1
    fi
    tour_count=$((tour_count + 1))
}

awk -f "$tour_tests/sessions.awk" "$tour_page" >"$tour_directory/script" ||
    exit 1
mkdir "$tour_directory/bin" "$tour_directory/here"
ln -s "$tour_mmt" "$tour_directory/bin/mmt"
PATH=$tour_directory/bin:$PATH
cd "$tour_directory/here" || exit 1
umask 022
# shellcheck disable=SC3045 # where there are core files, there is -c
ulimit -c 0 # a fault is part of the tour, its core file is not

# shellcheck source=/dev/null
. "$tour_directory/script"
printf '\n%s: %d commands, each does what the page says\n' "$tour_page" \
    "$tour_count"
tour_verdict=0
