#!/usr/bin/env bats
# help.bats - mmt help, and what mmt itself is asked for.
#
# SPDX-License-Identifier: MIT

load helper

@test "help lists every command with its summary, help itself last" {
    run -"$DONE" --separate-stderr mmt help
    [ "$stderr" = "" ]
    [ "${lines[0]}" = "mmt - memory mapping from the shell" ]
    [ "$(grep -c '^  [a-z]' <<<"$output")" -eq 6 ]
    [ "$(grep '^  [a-z]' <<<"$output" | tail -n 1 | cut -c3-6)" = help ]
    run -"$DONE" diff <(mmt help) <(mmt --help)
    run -"$DONE" diff <(mmt help) <(mmt -h)
}

@test "help COMMAND is COMMAND --help" {
    for command in $(mmt --list); do
        run -"$DONE" diff <(mmt help "$command") <(mmt "$command" --help)
    done
    run -"$DONE" diff <(mmt help map) <(mmt map -h no such steps)
}

@test "help steps shows each verb with its range and its value" {
    run -"$DONE" mmt help steps
    [ "$(grep -c '^  [a-z]' <<<"$output")" -eq \
        "$(mmt help --table | grep -c '^step')" ]
    grep -q '^  poke\[@OFF\]\[+LEN\]=TEXT ' <<<"$output"
    grep -q '^  call\[@OFF\]  ' <<<"$output"
    grep -q '^  fsync  ' <<<"$output"
    [ "$(sed -n '/^  expect/,$p' <<<"$output" | tail -n +3)" = \
        '  OFF   where; negative: from the end (default: 0, the byte of -o)
  LEN   how many bytes (default: to the end; TEXT: all; integer: 8)
  TEXT  characters; \n \t \0 \\ and \xHH are bytes
  SIZE  as OFF and LEN: 4096, 0x1000, 4K, 4KB (1000) or 2pg (pages)

In mmt exchange, ROLE: before a verb names the process.' ]
}

@test "help on what there is none on is status 2" {
    run -"$USAGE" --separate-stderr mmt help nothing
    [ "$output" = "" ]
    [ "${stderr_lines[0]}" = \
        "mmt: no help on 'nothing': want a command, or 'steps'" ]
    run -"$USAGE" --separate-stderr mmt help stepps
    [ "${stderr_lines[0]}" = "mmt: no help on 'stepps': did you mean steps?" ]
    run -"$USAGE" --separate-stderr mmt help poke
    [ "${stderr_lines[0]}" = \
        "mmt: no help on 'poke': it is a step: 'mmt help steps' has them all" ]
    run -"$USAGE" --separate-stderr mmt help map extend
    [ "${stderr_lines[0]}" = "mmt: one topic at a time: what is 'extend'?" ]
}

@test "mmt alone says how it is used, on standard error" {
    run -"$USAGE" --separate-stderr mmt
    [ "$output" = "" ]
    [ "${stderr_lines[0]}" = "usage: mmt COMMAND [OPTION...] FILE [STEP...]" ]
}

@test "an unknown command is answered with the nearest one" {
    run -"$USAGE" --separate-stderr mmt exchagne
    [ "${stderr_lines[0]}" = \
        "mmt: no such command: exchagne: did you mean exchange?" ]
    run -"$USAGE" --separate-stderr mmt zzzzz
    [ "${stderr_lines[0]}" = \
        "mmt: no such command: zzzzz: 'mmt help' lists them" ]
}

@test "--list and its like take no further word" {
    for option in --list --table --version; do
        run -"$USAGE" --separate-stderr mmt "$option" extra
        [ "$output" = "" ]
        [ "${stderr_lines[0]}" = \
            "mmt: nothing but an option was wanted: what is 'extra'?" ]
    done
}

@test "--list names the five commands, --version the version" {
    run -"$DONE" mmt --list
    [ "$output" = "map
extend
protect
sync
exchange" ]
    run -"$DONE" mmt --version
    [ "${output% *}" = mmt ]
    run -"$DONE" diff <(mmt -V) <(mmt help --version)
}

@test "--table has a row of five columns for each option and step" {
    run -"$DONE" awk -F '\t' 'NF != 5 { print }' <(mmt help --table)
    [ "$output" = "" ]
    mmt help --table | grep -qx \
        "map	l	length	LEN	map LEN bytes (default: to the end of the file)"
    mmt help --table | grep -qx "step	-	poke	TEXT	store TEXT"
}

@test "--install links each command, and called so mmt is that command" {
    printf hello >f
    run -"$DONE" mmt --install links
    [ "$output" = "" ]
    [ "$(cd links && echo *)" = \
        "mmt-exchange mmt-extend mmt-map mmt-protect mmt-sync" ]
    run -"$DONE" links/mmt-map f peek
    [ "$output" = hello ]
    run -"$DONE" --separate-stderr mmt --install links # again: as wanted
    [ "$stderr" = "" ]
}

@test "--install makes the directory, and those above it" {
    run -"$DONE" --separate-stderr mmt --install a/b//c/
    [ "$stderr" = "" ]
    run -"$DONE" a/b/c/mmt-map --help
    run -"$DONE" mmt --install "$PWD/a/d"
    [ -L a/d/mmt-map ]
    printf x >file
    run -"$FAILED" --separate-stderr mmt --install file/d
    [ "$stderr" = "$(mmt map file/d 2>&1 |
        sed 's/ map: file.d: open/: file\/d: mkdir/')" ]
}

@test "--install finds mmt as a shell does, wherever it stands on PATH" {
    local entry
    mkdir -p shadow/mmt
    for entry in .bin "$PWD/shadow:.bin" "shadow:$PWD/.bin"; do
        rm -rf links
        PATH=$entry:$PATH run -"$DONE" --separate-stderr mmt --install links
        [ "$(readlink links/mmt-map)" = "$PWD/.bin/mmt" ]
        [ "$(links/mmt-map --help)" = "$(mmt help map)" ]
    done
    cd .bin # an empty entry is the current directory
    for entry in ":$PATH" /usr/bin: ''; do
        (PATH=$entry mmt --install links)
        [ "$(readlink links/mmt-map)" = "$PWD/mmt" ]
        rm -r links
    done
}

@test "--install into an empty name is a failure that can be seen" {
    run -"$FAILED" --separate-stderr mmt --install ''
    [ "${stderr/: No such*(/: (}" = "mmt: '': mkdir: (ENOENT)" ]
}

@test "--install into what is no directory is one failure" {
    : >links
    run -"$FAILED" --separate-stderr mmt --install links
    [ "${#stderr_lines[@]}" -eq 1 ]
    [ "${stderr##*\(}" = "EEXIST)" ]
}

@test "--install replaces nothing that is there" {
    mkdir links
    printf mine >links/mmt-sync
    run -"$FAILED" --separate-stderr mmt --install links
    [ "${stderr##*\(}" = "EEXIST)" ]
    [ "$(cat links/mmt-sync)" = mine ]
    [ -L links/mmt-map ] # what could still be done was done
}
