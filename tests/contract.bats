#!/usr/bin/env bats
# contract.bats - what is declared, explained and shown is the same.
#
# The tables in the source are the truth; `mmt help --table` prints them.
#
# SPDX-License-Identifier: MIT

load helper

# "NAME SUMMARY" of each command.
summaries() {
    mmt help | sed -n 's/^  \([a-z]*\)  */\1 /p'
}

commands() {
    summaries | cut -d ' ' -f 1
}

page_of() {
    echo "$ROOT/man/mmt-$1.1"
}

# section PAGE TITLE - the lines of a section of a man page.
section() {
    awk -v title=".Sh $2" '/^\.Sh / { inside = $0 == title; next } inside' "$1"
}

expected_items() {
    mmt help --table | awk -F '\t' -v command="$1" '$1 == command {
        letter = $2 == "-" ? "" : $2 " , Fl "
        value = $4 == "-" ? "" : " Ar " $4
        print ".It Fl " letter "-" $3 value
    }'
}

@test "every man page lists exactly the options of its command" {
    for command in $(commands); do
        diff <(expected_items "$command") \
            <(grep '^\.It Fl' "$(page_of "$command")")
    done
}

@test "every man page has the summary of its command" {
    diff <(summaries) <(for command in $(commands); do
        sed -n "s/^\.Nd /$command /p" "$(page_of "$command")"
    done)
}

usage_of() {
    mmt help "$1" | sed -n 's/^\(usage:\|      \) \(mmt .*\)/\2/p'
}

# The synopsis as a reader sees it, without bold and underlines.
synopsis_of() {
    mandoc -T ascii -O width=200 "$(page_of "$1")" |
        sed -e "s/.$(printf '\b')//g" |
        sed -n -e '/^SYNOPSIS/,/^DESCRIPTION/s/^ *\(mmt .*\)/\1/p'
}

@test "every man page has the synopsis of its command" {
    need mandoc
    for command in $(commands); do
        diff <(usage_of "$command") <(synopsis_of "$command")
    done
}

@test "every man page has the sections that a reader looks for, in order" {
    for command in $(commands); do
        diff <(printf '.Sh %s\n' NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' \
            EXAMPLES 'SEE ALSO' STANDARDS) \
            <(grep '^\.Sh' "$(page_of "$command")" |
                grep -vE 'ASSUMPTIONS|FILE LAYOUT')
    done
}

steps() {
    mmt help --table | awk -F '\t' '$1 == "step" { print $3 }'
}

@test "mmt.1 lists exactly the steps" {
    diff <(steps) <(section "$ROOT/man/mmt.1" STEPS |
        sed -n 's/^\.It Cm \([a-z]*\).*/\1/p')
}

# STATUS_SIGNAL is the one that a number is added to.
declared_statuses() {
    sed -n -e 's/^ *STATUS_SIGNAL = \([0-9]*\).*/\1+N/p' -e t \
        -e 's/^ *STATUS_[A-Z]* = \([0-9]*\).*/\1/p' "$ROOT/src/cli/command.h"
}

@test "mmt.1 lists exactly the statuses" {
    diff <(declared_statuses) <(section "$ROOT/man/mmt.1" 'EXIT STATUS' |
        sed -n 's/^\.It //p')
}

@test "the statuses of the tests are those of mmt" {
    diff <(declared_statuses) \
        <(printf '%s\n' "$DONE" "$FAILED" "$USAGE" "$TIMEOUT" 128+N)
}

@test "README and mmt.1 name every command" {
    for command in $(commands); do
        grep -q "mmt $command" "$ROOT/README.md"
        grep -q "^\.Xr mmt-$command 1" "$ROOT/man/mmt.1"
    done
}

@test "--help is help, by each name of the command" {
    mmt --help | cmp - <(mmt help)
    for command in $(mmt --list); do
        ln -s "$MMT" "mmt-$command"
        mmt help "$command" >expected
        [ -s expected ]
        mmt "$command" --help | cmp - expected
        mmt "$command" -h | cmp - expected
        "./mmt-$command" --help | cmp - expected
    done
}

@test "--list names the commands, but not the one that helps" {
    diff <(mmt --list) <(commands | grep -vx help)
}

long_help() {
    {
        mmt help
        for topic in steps $(commands); do
            mmt help "$topic"
        done
    } | grep '^.\{81\}'
}

@test "help fits into 80 columns" {
    run long_help
    echo "$output"
    [ "$output" = "" ]
}

@test "an example that is not true is found" {
    printf '%s\n' '```console' '$ echo yes' no '```' >lie.md
    run -1 replay lie.md
    printf '%s\n' .Sh '.Bd -literal' \
        "\$ printf \\(aq%s\\en\\(aq \\(aqa\\-\\eb\\(aq" 'a\-\eb' .Ed >page.1
    replay page.1
}

@test "README shows what mmt does" {
    need_pages_of 4096
    replay "$ROOT/README.md"
}

@test "the man pages show what mmt does" {
    need_pages_of 4096
    for page in "$ROOT"/man/*.[17]; do
        replay "$page"
    done
}
