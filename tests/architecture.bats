#!/usr/bin/env bats
# architecture.bats - the rules of this house, held by a machine.
#
# Each test lists what breaks its rule; the list must be empty.
#
# SPDX-License-Identifier: MIT

# shellcheck disable=SC2046 # no name in src/ has a blank

load helper

# The variables that may change while mmt runs, each with its reason.
writable() {
    sort <<'END'
child.c children
child.c handlers_installed
child.c patience
clock.c limit_end
clock.c timer
clock.c timer_owner
clock.c watched
complain.c command_name
complain.c in_colour
complain.c quiet
fault.c innermost
fault.c installed
fault.c let_kill
interrupt.c caught
parallel.c left_behind
report.c comma_due
report.c first_error
signals.c found
signals.c found_blocked
terminal.c borrower
terminal.c terminal
trace.c role_name
witness.c failed_call
witness.c failed_error
witness.c for_window
witness.c told_all
witness.c told_context
witness.c told_here
END
}

setup() {
    cd "$ROOT" || return 1
}

sources() {
    find src -name '*.[ch]' | LC_ALL=C sort
}

# code FILE... - "FILE:LINE: CODE" without comments and what strings hold.
code() {
    awk '
        FNR == 1 { in_comment = 0 }
        {
            line = $0
            gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
            if (line !~ /^# *include/)
                gsub(/\047([^\047\\]|\\.)\047/, "0", line)
            text = ""
            while (line != "") {
                if (in_comment) {
                    if (!(at = index(line, "*/")))
                        break
                    line = substr(line, at + 2)
                    in_comment = 0
                } else if (at = index(line, "/*")) {
                    text = text substr(line, 1, at - 1) " "
                    line = substr(line, at + 2)
                    in_comment = 1
                } else {
                    text = text line
                    line = ""
                }
            }
            if (text ~ /[^ ]/)
                print FILENAME ":" FNR ": " text
        }' "$@"
}

# uses WORDS FILE... - where the code has one of the words, "a|b".
uses() {
    local words=$1
    shift
    code "$@" | grep -E "[^[:alnum:]_.>]($words)([^[:alnum:]_]|\$)"
}

# calls NAMES FILE... - where the code calls one of the functions, "a|b".
calls() {
    local names=$1
    shift
    code "$@" | grep -E "[^[:alnum:]_.>]($names) *\("
}

# includes FILE... - "FILE HEADER" for each header of ours.
includes() {
    awk -F '"' '/^#include "/ { print FILENAME, $2 }' "$@"
}

# none FUNCTION - it finds nothing; else show what.
none() {
    run "$@"
    echo "$output"
    [ "$output" = "" ]
}

@test "the searches of this file find what is there" {
    code src/main.c | grep -q 'return (int)status;'
    uses stderr src/cli/complain.c
    calls report_flush src/main.c
    includes src/main.c | grep -q 'commands.h$'
}

# --- rooms ---

upward_includes() {
    includes $(sources) | awk '
        $1 ~ /^src\/memory\// { allowed = "^memory/" }
        $1 ~ /^src\/cli\// { allowed = "^(cli|memory)/" }
        $1 ~ /^src\/commands\// { allowed = "^(cli/|memory/|commands[.]h$)" }
        $1 ~ /^src\/[^\/]*$/ { allowed = "^(cli/|commands[.]h$)" }
        $2 !~ allowed'
}

@test "includes point downward only, and no command includes another" {
    none upward_includes
}

late_headers() {
    local source header
    for source in $(sources | grep 'c$'); do
        header=${source#src/}
        header=${header%.c}.h
        [ -e "src/$header" ] || continue
        [ "$(grep -m 1 '^#include' "$source")" = "#include \"$header\"" ] ||
            echo "$source"
    done
}

@test "a source includes its own header first" {
    none late_headers
}

@test "one file writes to standard error" {
    none uses 'stderr|perror' $(sources | grep -vx src/cli/complain.c)
}

# Bytes of the file go out by write(2), and so does what a shell prints.
writers() {
    {
        uses 'stdout|STDOUT_FILENO' $(sources)
        calls 'v?printf|puts|putchar' $(sources)
    } | grep -v '^src/cli/report.c:' |
        grep -vE '^src/memory/(transfer|shell|channel).c:.*STDOUT_FILENO'
}

@test "one file writes to standard output" {
    none writers
}

@test "nothing but main ends the process" {
    none calls 'exit|_Exit|quick_exit|abort|errx?|die|assert' $(sources)
}

@test "cli opens and maps nothing" {
    none calls 'open|openat|creat|fopen|shm_open|mmap|munmap' src/cli/*.c
}

@test "memory prints and parses nothing" {
    none calls '[vfsd]*n?printf|f?puts|fwrite|strto[a-z]*|ato[a-z]*|sscanf' \
        src/memory/*.c
}

writable_found() {
    local object
    (
        cd "$BATS_TEST_TMPDIR" || exit 1
        find "$ROOT/src" -name '*.c' -print0 >sources
        # Position independent code keeps constant tables with the variables.
        xargs -0 "${CC:-cc}" -std=c11 -D_POSIX_C_SOURCE=200809L \
            -D_FILE_OFFSET_BITS=64 -I"$ROOT/src" -fno-pic -c <sources || exit 1
        for object in *.o; do
            # A variable of a function is NAME.3 to gcc, FUNCTION.NAME to clang.
            nm "$object" |
                sed -n "s/.* [bBdDC] //p" |
                sed "s/[.][0-9]*$//; s/.*[.]//; s/^/${object%o}c /"
        done
    ) | sort -u
}

@test "the variables that can change are those listed above" {
    need nm
    diff <(writable) <(writable_found)
}

# --- files ---

same_names() {
    find src -name '*.c' | sed 's:.*/::' | sort | uniq -d
}

@test "no two sources have one name" {
    none same_names
}

vague_names() {
    find src | grep -E '/(util|utils|common|misc|core|helper|helpers)(\.|/|$)'
}

@test "a name of a file says what is in it" {
    none vague_names
}

listed() {
    sed -n 's/^ *\(src\/[a-z_\/]*\.[ch]\).*/\1/p' Makefile
}

@test "the Makefile lists exactly what is in src/, sorted" {
    diff <(listed | grep 'c$') <(sources | grep 'c$')
    diff <(listed | grep 'h$') <(sources | grep 'h$')
}

missing_of_trio() {
    local name file
    for name in $(sources | sed -n 's:^src/commands/\(.*\)\.c$:\1:p'); do
        for file in "man/mmt-$name.1" "tests/$name.bats"; do
            [ -e "$file" ] || echo "$file"
        done
        grep -q "&${name}_command," src/commands.c || echo "src/commands.c"
    done
}

@test "a command is a source, a man page, tests and a row in the table" {
    none missing_of_trio
}

on_top() {
    git ls-files | cut -d / -f 1 | grep -v '^\.' | sort -u
}

@test "the top level is src, man, tests, Makefile, README.md, LICENSE" {
    need git
    git rev-parse --git-dir >/dev/null 2>&1 || skip "not a git checkout"
    [ "$(on_top | tr '\n' ' ')" = \
        "LICENSE Makefile README.md man src tests " ]
}

# --- lines ---

unmarked() {
    grep -L 'SPDX-License-Identifier: MIT$' $(sources) Makefile .ci/run \
        tests/run tests/*.* man/*
}

@test "every file names its licence" {
    none unmarked
}

nameless() {
    local source
    for source in $(sources); do
        sed -n 2p "$source" | grep -q "^ \* ${source##*/} - .*[.:,a-z]\$" ||
            echo "$source"
    done
}

@test "a source begins with its name and what it is for" {
    none nameless
}

unguarded() {
    local header guard
    for header in $(sources | grep 'h$'); do
        guard=$(echo "MMT_${header#src/}" | tr 'a-z/.' 'A-Z__')
        grep -q "^#ifndef $guard\$" "$header" || echo "$header"
    done
}

@test "a header is guarded by its path" {
    none unguarded
}

wide() {
    LC_ALL=C.UTF-8 grep -nE '^.{81}|	$| $' $(sources) .ci/run tests/run \
        tests/*.*
}

@test "a line has 80 columns at most and no blank at its end" {
    none wide
}

# What a test asserts by these goes unnoticed in the bash of macOS, or always.
unheeded() {
    grep -nE '^ +(\[\[|! )' tests/*.bats tests/*/*.bats
}

@test "no test asserts what may go unnoticed" {
    none unheeded
}

# The braces of a function stand in the first column.
conditional_bodies() {
    awk '/^\{/ { inside = 1 } /^\}/ { inside = 0 }
        inside && /^ *# *(if|el|endif)/ { print FILENAME ":" FNR ": " $0 }' \
        $(sources)
}

@test "no function has a preprocessor conditional in it" {
    none conditional_bodies
}

@test "one file asks the headers for more than POSIX.1-2008" {
    none uses '_[A-Z]+_SOURCE' $(sources | grep -vx src/memory/window.c)
}

@test "types are structs and enums, not typedefs" {
    none uses typedef $(sources)
}

# Such a machine links its 64 bits from a library that POSIX does not have.
@test "a machine without atomics of 64 bits needs no library for them" {
    compiler=${CC:-cc}
    headers=$("$compiler" -print-multiarch 2>/dev/null) ||
        skip "needs a compiler that tells where its headers are"
    mkdir -p "$BATS_TEST_TMPDIR/gnu"
    touch "$BATS_TEST_TMPDIR/gnu/stubs-32.h" # all else is the same header
    old=("$compiler" -m32 -march=i486 -std=c11 -D_POSIX_C_SOURCE=200809L
        -D_FILE_OFFSET_BITS=64 -Isrc -isystem "$BATS_TEST_TMPDIR"
        -isystem "/usr/include/$headers" -O1 -S -o -)
    "${old[@]}" src/memory/ring.c >/dev/null 2>&1 ||
        skip "needs a compiler for the i486"
    for source in src/*/*.c; do
        "${old[@]}" "$source" >"$BATS_TEST_TMPDIR/assembly"
        run -1 grep -m 1 -H --label "$source" __atomic_ \
            "$BATS_TEST_TMPDIR/assembly"
    done
}
