#!/usr/bin/env bats
# picture.bats - what map and protect show without steps; colours; the dialogue.
#
# SPDX-License-Identifier: MIT

load helper

need_terminal() {
    script --version 2>/dev/null | grep -q util-linux ||
        skip "needs script of util-linux"
}

# on_terminal COLUMNS COMMAND - run a line of shell in a terminal that wide.
on_terminal() {
    need_terminal
    env -u COLUMNS TERM="${TERMINAL-xterm}" \
        script -qec "stty cols $1 -onlcr; $2" /dev/null </dev/null
}

# cell ROW COLUMN - of the plain table in $output.
cell() {
    echo "$output" | sed -n "$1p" | cut -f "$2"
}

rows() {
    printf '%s\t%s\t%s\t%s\n' "$@"
}

pages() {
    echo "$(($1 * PAGE_SIZE))"
}

# --- map, by the shape of the file ---

@test "map shows a file of exactly a page" {
    file_of "$PAGE_SIZE" page
    run --separate-stderr -"$DONE" mmt map page
    [ "$output" = "$(rows 1 "@0+$PAGE_SIZE" r-- file)" ]
    [ "$stderr" = "" ]
}

# |aaaaaaaa|a.......|
@test "map shows the zeros behind a page and a byte" {
    file_of "$((PAGE_SIZE + 1))" more
    run -"$DONE" mmt map more
    [ "$output" = "$(rows 1 "@0+$PAGE_SIZE" r-- file \
        1 "@$PAGE_SIZE+$PAGE_SIZE" r-- \
        "file up to @$((PAGE_SIZE + 1)), then $((PAGE_SIZE - 1)) zero bytes")" ]
}

@test "map shows a file of one byte, and one that lacks one" {
    file_of 1 one
    run -"$DONE" mmt map one
    [ "$(cell 1 4)" = "file up to @1, then $((PAGE_SIZE - 1)) zero bytes" ]
    file_of "$((PAGE_SIZE - 1))" almost
    run -"$DONE" mmt map almost
    [ "$(cell 1 4)" = "file up to @$((PAGE_SIZE - 1)), then 1 zero byte" ]
}

@test "map without steps refuses an empty file, and names the cure" {
    : >empty
    run --separate-stderr -"$FAILED" mmt map empty
    [ "$output" = "" ]
    like "mmt map: empty: mmap: *(EINVAL): the file is empty:*" "$stderr"
    run --separate-stderr -"$FAILED" mmt map -J empty
    like '*"outcome":"EINVAL"*' "$output"
}

@test "map shows an empty file with -l: nothing is there" {
    : >empty
    run -"$DONE" mmt map -l 1 empty
    [ "$output" = "$(rows 1 "@0+$PAGE_SIZE" SIGBUS \
        'past the end of the file')" ]
}

# |aaaaaaaa|aa......|        |        |
@test "map shows file, tail and what lies past the end" {
    file_of "$((PAGE_SIZE + 2))" notes
    run -"$DONE" mmt map -w -l 4pg notes
    [ "$output" = "$(rows 1 "@0+$PAGE_SIZE" rw- file \
        1 "@$PAGE_SIZE+$PAGE_SIZE" rw- \
        "file up to @$((PAGE_SIZE + 2)), then $((PAGE_SIZE - 2)) zero bytes" \
        2 "@$(pages 2)+$(pages 2)" SIGBUS 'past the end of the file')" ]
}

@test "map joins the pages of a sparse file, and fills no hole" {
    truncate -s "$(pages 1000)" sparse
    run -"$DONE" mmt map -w sparse
    [ "$output" = "$(rows 1000 "@0+$(pages 1000)" rw- file)" ]
    [ "$(stat -c %b sparse)" -eq 0 ]
}

@test "map shows a shared memory object" {
    make_object file_of 10 /dev/stdout
    run -"$DONE" mmt map -l 2pg "shm:$object"
    [ "$(cell 1 4)" = "file up to @10, then $((PAGE_SIZE - 10)) zero bytes" ]
    [ "$(cell 2 3)" = SIGBUS ]
}

@test "map counts from the byte that -o names" {
    file_of "$(pages 3)" file
    run -"$DONE" mmt map -o 100 file
    [ "$output" = "$(rows 3 "@0+$(($(pages 3) - 100))" r-- file)" ]
    run -"$DONE" mmt map -o "$((PAGE_SIZE + 100))" -l 3pg file
    [ "$output" = "$(rows 2 "@0+$(($(pages 2) - 100))" r-- file \
        2 "@$(($(pages 2) - 100))+$(pages 2)" SIGBUS \
        'past the end of the file')" ]
}

@test "map shows a tail that begins before the byte asked for" {
    file_of 10 file
    run -"$DONE" mmt map -o 100 -l 1 file
    [ "$output" = "$(rows 1 "@0+$((PAGE_SIZE - 100))" r-- \
        "$((PAGE_SIZE - 100)) zero bytes past the end of the file")" ]
}

@test "map shows what really answers where nothing may be touched" {
    file_of 1 file
    run -"$DONE" mmt map -p none -l 2pg file
    [ "$(cell 1 3) $(cell 2 3)" = "SIGSEGV SIGSEGV" ]
    [ "$(cell 2 4)" = 'past the end of the file' ]
}

@test "map shows a device, which has no end" {
    [ -c /dev/zero ] || skip "needs /dev/zero"
    run -"$DONE" mmt map -l 2pg /dev/zero
    [ "$output" = "$(rows 2 "@0+$(pages 2)" r-- device)" ]
}

@test "map answers at once for 1 TiB" {
    need_wide_addresses
    need_plain_build
    file_of 1 file
    run -"$DONE" timeout 2 mmt map -t 1 -w -l 1T file
    [ "$(cell 2 1)" = "$((1024 ** 4 / PAGE_SIZE - 1))" ]
    truncate -s 1T sparse || skip "needs files of 1 TiB"
    run -"$DONE" timeout 2 mmt map -t 1 -w sparse
    [ "$output" = "$(rows "$((1024 ** 4 / PAGE_SIZE))" "@0+$((1024 ** 4))" \
        rw- file)" ]
    [ "$(stat -c %b sparse)" -eq 0 ]
}

# cached FILE - how many of its bytes are in memory.
cached() {
    fincore --bytes --noheadings --raw --output RES "$1"
}

@test "map reads a page or two of a large file from the disk, no more" {
    need fincore
    head -c 32M /dev/urandom >large
    dd of=large oflag=nocache conv=notrunc,fdatasync count=0 status=none
    [ "$(cached large)" -eq 0 ] || skip "needs a file system with a disk"
    run -"$DONE" mmt map large
    [ "$output" = "$(rows $((32 * 1024 * 1024 / PAGE_SIZE)) "@0+33554432" \
        r-- file)" ]
    [ "$(cached large)" -gt 0 ]
    [ "$(cached large)" -le 131072 ] # file systems may read larger blocks
}

# Every run must be of one moment: none past the end that can be read.
contradicts() {
    awk -F '\t' '{ pages += $1 }
        $4 ~ /^past/ ? $3 != "SIGBUS" : $3 != "r--" { print }
        END { if (pages != 64) print pages }'
}

@test "map shows one moment of a file that is truncated while mapped" {
    need_plain_build
    local round
    truncate -s 64pg file 2>/dev/null || truncate -s "$(pages 64)" file
    start flip sh -c 'while :; do
        truncate -s '"$(pages 3)"' file; truncate -s '"$(pages 64)"' file
    done'
    for round in $(seq 300); do
        mmt map -l 64pg file >found
        contradicts <found >>wrong
    done
    [ ! -s wrong ]
    [ "$round" -eq 300 ]
}

@test "map does not show anything for --no-map, nor with steps" {
    file_of 1 file
    run --separate-stderr -"$DONE" mmt map --no-map file
    [ "$output$stderr" = "" ]
    run --separate-stderr -"$DONE" mmt map file cmp=a
    [ "$output$stderr" = "" ]
}

@test "map --raise is killed by the page past the end that it shows" {
    file_of 1 file
    run -"$BUS" mmt map --raise -l 2pg file
}

@test "map -J shows the mapping as one object" {
    file_of 1 file
    run -"$DONE" mmt map -J -P -l 2pg file
    [ "${#lines[@]}" -eq 1 ]
    [ "$output" = "{\"command\":\"map\",\"file\":\"file\",\"step\":0,\
\"role\":null,\"text\":\"mmap\",\"verb\":\"mmap\",\"size\":1,\"start\":0,\
\"length\":$(pages 2),\"page_size\":$PAGE_SIZE,\"pages\":2,\
\"protection\":\"r--\",\"sharing\":\"private\",\"runs\":[\
{\"pages\":1,\"offset\":0,\"length\":$PAGE_SIZE,\"touch\":\"r--\",\
\"signal\":null,\"code\":null,\"cause\":null,\"kind\":\"tail\",\
\"file_bytes\":1},\
{\"pages\":1,\"offset\":$PAGE_SIZE,\"length\":$PAGE_SIZE,\"touch\":null,\
\"signal\":\"SIGBUS\",\"code\":\"BUS_ADRERR\",\
\"cause\":\"past end of file\",\"kind\":\"past end\",\"file_bytes\":0}],\
\"outcome\":\"ok\",\"errno\":null,\"signal\":null,\"code\":null,\
\"offset\":null,\"message\":null}" ]
}

@test "map -J has no size for a device without an end" {
    [ -c /dev/zero ] || skip "needs /dev/zero"
    run -"$DONE" mmt map -J -l 1pg /dev/zero
    like '*"size":null,*' "$output"
}

# --- map on a terminal ---

@test "map draws the picture on a terminal" {
    need_pages_of 4096
    file_of 5000 notes
    run -"$DONE" on_terminal 71 "mmt map -l 16384 notes"
    diff - <(echo "$output") <<'END'
notes: 5000 bytes; mapped @0+16384, 4 pages of 4096, r--, shared

PAGES  RANGE         TOUCH   WHAT IS THERE
    1  @0+4096       r--     file
    1  @4096+4096    r--     file up to @5000, then 3192 zero bytes
    2  @8192+8192    SIGBUS  past the end of the file

#####################++++++++++++++...................................
@0               @4096             @8192            @12288
# file   + zero-filled tail: stores there are lost   . past the end
END
}

@test "map draws blocks where the locale has UTF-8" {
    need_pages_of 4096
    local setting
    file_of 5000 notes
    for setting in LC_ALL=xx_YY.UTF-8 'LC_ALL= LC_CTYPE=C.utf8' \
        'LC_ALL= LC_CTYPE= LANG=C.UTF-8'; do
        run -"$DONE" on_terminal 21 "env $setting mmt map -l 4pg notes"
        [ "${lines[5]}" = '██████▒▒▒▒░░░░░░░░░░' ]
        [ "${lines[9]}" = '░ past the end' ]
    done
    for setting in LC_ALL=C 'LC_ALL=POSIX LANG=C.UTF-8' \
        'LC_ALL= LC_CTYPE=C LANG=C.UTF-8' 'LC_ALL= LC_CTYPE= LANG='; do
        run -"$DONE" on_terminal 21 "env $setting mmt map -l 4pg notes"
        [ "${lines[5]}" = '######++++..........' ]
    done
}

# bar_width COLUMNS [SETTING] - of the picture on a terminal that wide.
bar_width() {
    on_terminal "$1" "${2-} mmt map -l 5pg notes" | sed -n '/^#/{p;q;}' |
        tr -d '\n' | wc -c
}

@test "map draws a bar that fits the terminal" {
    local columns
    need_terminal
    file_of "$((PAGE_SIZE + 1))" notes
    for columns in 20 21 40 80 81 132 300; do
        [ "$(bar_width "$columns")" -eq "$((columns - 1))" ]
    done
    [ "$(bar_width 0)" -eq 79 ]
    [ "$(bar_width 5)" -eq 19 ]
    [ "$(bar_width 132 COLUMNS=50)" -eq 49 ]
    [ "$(bar_width 50 COLUMNS=x)" -eq 49 ]
}

@test "map draws ruler and legend no wider than the bar" {
    local columns
    file_of "$((PAGE_SIZE + 1))" notes
    for columns in 45 60 80 132; do
        run -"$DONE" on_terminal "$columns" "mmt map -l 5pg notes"
        [ "$(echo "$output" | sed '1,/^#/d' | wc -L)" -lt "$columns" ]
    done
}

@test "map lets no part of the bar vanish, however small" {
    need_wide_addresses
    need_plain_build
    file_of "$((PAGE_SIZE + 1))" notes
    run -"$DONE" on_terminal 31 "mmt map -l 1T notes"
    [ "${lines[5]}" = '#+............................' ]
    truncate -s "$((1024 ** 4 - 1))" sparse || skip "needs files of 1 TiB"
    run -"$DONE" on_terminal 31 "mmt map -l 2T sparse"
    [ "${lines[5]}" = '##############+...............' ]
}

@test "map shows on the ruler where pages begin, from the byte asked for" {
    need_pages_of 4096
    file_of 12288 file
    run -"$DONE" on_terminal 61 "mmt map -o 1096 -P file"
    [ "${lines[0]}" = "file: 12288 bytes; mapped @1096+11192, 3 pages of 4096,\
 r--, private" ]
    [ "${lines[4]}" = "@0              @3000                 @7096" ]
    [ "${lines[5]}" = '# file' ]
}

@test "map promises for a private mapping no loss of stores" {
    file_of 1 file
    run -"$DONE" on_terminal 80 "mmt map -P file"
    [ "${lines[5]}" = '# file   + zero-filled tail' ]
    like "*: 1 byte; mapped @0+1, 1 page of $PAGE_SIZE, *" "${lines[0]}"
}

@test "map shows control characters of a name as such" {
    file_of 1 "$(printf 'a\033b')"
    run -"$DONE" on_terminal 80 "mmt map a*b"
    [ "${lines[0]%%;*}" = 'a\x1bb: 1 byte' ]
}

# |aaaaaaaa|  hole  |  hole  |  hole  |, and no block is free.
@test "map tells apart the pages of a file that a full disk does not give" {
    small_tmpfs full 256K
    file_of "$PAGE_SIZE" full/file
    truncate -s "$(pages 4)" full/file
    cat /dev/zero >full/rest 2>/dev/null || :
    run -"$DONE" mmt map full/file
    [ "$output" = "$(rows 1 "@0+$PAGE_SIZE" r-- file \
        3 "@$PAGE_SIZE+$(pages 3)" SIGBUS 'file: no space')" ]
    run -"$DONE" on_terminal 41 "mmt map full/file"
    [ "${lines[4]}" = '##########!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!' ]
    [ "${lines[6]}" = "# file   ! can't be read" ]
}

# --- protect ---

@test "protect shows what was, and what mprotect made of it" {
    file_of 20 file
    run --separate-stderr -"$DONE" mmt protect none file
    [ "$output" = "$(printf '%s\t%s\t%s\t%s\t%s\n' \
        mmap r-- yes SIGSEGV SIGSEGV mprotect --- SIGSEGV SIGSEGV SIGSEGV)" ]
    [ "$stderr" = "" ]
}

# What is asked for must be granted; machines may grant more.
@test "protect all shows eight protections, each with what was asked" {
    file_of 20 file
    run -"$DONE" mmt protect all file
    [ "$(echo "$output" | cut -f 1 | sort | uniq -c | tr -s ' \n' ' ')" = \
        " 1 mmap 8 mprotect " ]
    [ "$(echo "$output" | sed 1d | cut -f 2 | tr '\n' ' ')" = \
        "--- r-- -w- rw- --x r-x -wx rwx " ]
    echo "$output" | awk -F '\t' '
        $2 ~ /r/ && $3 != "yes" || $2 ~ /w/ && $4 != "yes" { bad = 1 }
        $2 !~ /r/ && $3 == "yes" || $2 !~ /w/ && $4 == "yes" { bad = 1 }
        $2 ~ /x/ && $5 !~ /^(yes|return not known)$/ { bad = 1 }
        END { exit bad }'
}

# times FILE - what protect may not change.
times() {
    cksum "$1"
    stat -c '%Y %Z %s %b' "$1"
}

@test "protect changes no byte, mtime or ctime of the file" {
    local option
    file_of 20 file
    touch -d 2001-01-01 file
    times file >before
    for option in -w -P -wP '-p rwx' '-l 2pg'; do
        # shellcheck disable=SC2086
        mmt protect all $option file
        times file | diff before -
    done
}

@test "protect shows a refusal with its errno name in every column" {
    file_of 1 file
    run --separate-stderr -"$DONE" mmt protect -O r all file
    [ "$stderr" = "" ]
    [ "$(echo "$output" | grep -c EACCES)" -eq 4 ]
    [ "$(echo "$output" | awk -F '\t' '$2 == "rw-"')" = \
        "$(printf 'mprotect\trw-\tEACCES\tEACCES\tEACCES')" ]
    run -"$DONE" mmt protect -O r -P rw file
    [ "$(cell 2 4)" = yes ]
}

@test "protect shows what a noexec mount refuses" {
    small_tmpfs mounted 1M
    mount -o remount,noexec mounted
    file_of 1 mounted/file
    run -"$DONE" mmt protect rx mounted/file
    [ "$(cell 2 5)" = EACCES ]
    run -"$FAILED" mmt protect -p rx r mounted/file
    like '*mmap: *(EPERM)*' "$output"
}

# A policy by which no page that was written may become executable.
without_x() {
    python3 -c 'import ctypes, os, sys
if ctypes.CDLL(None, use_errno=True).prctl(65, 1, 0, 0, 0) != 0:
    sys.exit(77)
os.execvp(sys.argv[1], sys.argv[1:])' "$@"
}

@test "protect asks mmap itself where no copy may become executable" {
    need python3
    file_of 1 file
    run without_x true
    [ "$status" -eq 0 ] || skip "needs PR_SET_MDWE"
    run -"$DONE" without_x "$MMT" protect -p rx rx file
    [ "$(cell 1 5) $(cell 2 5)" = "mapped mapped" ]
    run -"$DONE" without_x "$MMT" protect rx file
    [ "$(cell 2 5)" = EACCES ]
    run -"$DONE" without_x "$MMT" map -p rx file probe=x
    [ "$output" = "0+$PAGE_SIZE x=mapped" ]
}

@test "protect shows a page that is not there" {
    : >empty
    run -"$DONE" mmt protect -l 1 rwx empty
    [ "$(cell 1 3) $(cell 2 3) $(cell 2 4) $(cell 2 5)" = \
        "SIGBUS SIGBUS SIGBUS SIGBUS" ]
    # It is the same page that is not there, whatever the file has before it.
    run -"$DONE" mmt protect -l 1 all empty
    file_of 1 file
    diff <(echo "$output") <(mmt protect -o 1pg -l 1 all file)
}

# table_of OPTION... FILE - what protect w shows: the same for every shape.
table_of() {
    run -"$DONE" mmt protect w "$@"
    [ "$(cell 1 3) $(cell 1 4) $(cell 1 5)" = "yes SIGSEGV SIGSEGV" ]
    [ "$(cell 2 4) $(cell 2 5)" = "yes SIGSEGV" ]
}

@test "protect fills no hole of a terabyte" {
    need_wide_addresses
    truncate -s 1T sparse || skip "needs files of 1 TiB"
    table_of sparse
    [ "$(stat -c %b sparse)" -eq 0 ]
}

@test "protect measures files of every shape" {
    for size in 1 "$PAGE_SIZE" $((PAGE_SIZE + 1)) "$(pages 3)"; do
        file_of "$size" file
        table_of file
        table_of -P file
        table_of -l 9pg file
        cmp file <(file_of "$size" /dev/stdout)
    done
    table_of -o 5 file
    table_of -o $((PAGE_SIZE + 7)) -l 9 file
    name_object
    mmt extend -s 1 "shm:$object"
    table_of "shm:$object"
}

@test "protect without steps fails on what can't be mapped" {
    : >empty
    run --separate-stderr -"$FAILED" mmt protect all empty
    [ "$output" = "" ]
    like 'mmt protect: empty: mmap: *(EINVAL): the file is empty*' "$stderr"
    run -"$FAILED" mmt protect all absent
    like 'mmt protect: absent: open: *(ENOENT)*' "$output"
}

@test "protect all is for the table alone" {
    file_of 1 file
    run --separate-stderr -"$USAGE" mmt protect all file peek
    [ "${stderr_lines[0]}" = \
        "mmt protect: all is for the table: with steps, name one protection" ]
    run --separate-stderr -"$USAGE" mmt protect al file
    [ "${stderr_lines[0]}" = "mmt protect: bad protection 'al': want letters\
 of rwx, or none, or a number, or all" ]
}

@test "protect -J shows the table as one object" {
    file_of 1 file
    run -"$DONE" mmt protect -J -O r -p none rw file
    [ "$output" = "{\"command\":\"protect\",\"file\":\"file\",\"step\":0,\
\"role\":null,\"text\":\"mprotect\",\"verb\":\"mprotect\",\"size\":1,\
\"start\":0,\"length\":1,\"page_size\":$PAGE_SIZE,\"pages\":1,\
\"sharing\":\"shared\",\"open\":\"r\",\"trials\":[\
{\"call\":\"mmap\",\"protection\":\"---\",\"outcome\":\"ok\",\
\"r\":\"SIGSEGV/SEGV_ACCERR\",\"w\":\"SIGSEGV/SEGV_ACCERR\",\
\"x\":\"SIGSEGV/SEGV_ACCERR\"},\
{\"call\":\"mprotect\",\"protection\":\"rw-\",\"outcome\":\"EACCES\",\
\"r\":null,\"w\":null,\"x\":null}],\"outcome\":\"ok\",\"errno\":null,\
\"signal\":null,\"code\":null,\"offset\":null,\"message\":null}" ]
}

@test "protect draws the table on a terminal" {
    local why='the file is not open for w: open it with -O rw'
    file_of 20 f
    run -"$DONE" on_terminal 80 "mmt protect none f; mmt protect -O r w f"
    diff - <(echo "$output") <<END
f: 20 bytes, 1 page of $PAGE_SIZE, shared, open for r

ASKED   READ                 WRITE                EXECUTE
        as mapped
r--     yes                  SIGSEGV              SIGSEGV
        after mprotect
---     SIGSEGV              SIGSEGV              SIGSEGV
f: 20 bytes, 1 page of $PAGE_SIZE, shared, open for r

ASKED   READ                 WRITE                EXECUTE
        as mapped
r--     yes                  SIGSEGV              SIGSEGV
        after mprotect
-w-     Permission denied (EACCES): $why
END
}

@test "protect marks what is more than was asked for" {
    case $(uname -m) in
    x86_64 | i?86) ;;
    *) skip "knows of x86 only that w gives r" ;;
    esac
    file_of 20 f
    run -"$DONE" mmt protect w f
    [ "$(cell 2 3)" = "yes +" ]
}

@test "protect says so where it does not know the machine's return" {
    need cc
    need_plain_build
    (cd "$ROOT" && cc -std=c11 -D_POSIX_C_SOURCE=200809L \
        -D_FILE_OFFSET_BITS=64 -DNO_RETURN_KNOWN -Isrc \
        -o "$BATS_TEST_TMPDIR/unknown" src/*.c src/*/*.c -lrt -lpthread)
    file_of 1 file
    run -"$DONE" ./unknown protect rwx file
    [ "$(cell 1 5)" = "return not known" ]
    [ "$(cell 2 5)" = "return not known" ]
    run -"$DONE" ./unknown map file probe=x
    [ "$output" = "0+$PAGE_SIZE x=unknown" ]
}

# --- colours ---

# painted REGEX FILE - a line is so, where <1>, <36>, <31>, <1;35> begin a step,
# a call, an error, a fault, and <0> ends it.
painted() {
    sed "s/$(printf '\033')\[\([0-9;]*\)m/<\1>/g" "$2" | grep -qx -e "$1"
}

@test "the trace is coloured on a terminal" {
    file_of 1 file
    run on_terminal 80 \
        "mmt map -kv -l 2pg file munmap@1+1pg peek@1pg+1 cmp=x"
    [ "$status" -eq "$FAILED" ]
    echo "$output" >trace
    painted '<1>+ peek@1pg+1<0>' trace
    painted '<36>open(.*) = [0-9]*<0>' trace
    painted '<31>munmap(.*) = -1 EINVAL<0>' trace
    painted '<31>mmt map: file: munmap@1+1pg: .*<0>' trace
    painted '<1;35>mmt map: file: peek@1pg+1: SIGBUS.*<0>' trace
    painted '<31>mmt map: file: cmp=x: differs .*<0>' trace
}

# coloured COMMAND... - true if there is an escape in what it writes.
coloured() {
    "$@" 2>&1 | grep -q "$(printf '\033')"
}

@test "NO_COLOR, --color and a dumb terminal have their say" {
    local mmt="mmt map -v file peek"
    file_of 1 file
    need_terminal
    coloured on_terminal 80 "$mmt"
    coloured on_terminal 80 "NO_COLOR= $mmt"
    coloured on_terminal 80 "$mmt --color=auto"
    coloured on_terminal 80 "NO_COLOR=1 TERM=dumb $mmt --color=always"
    coloured mmt map -v --color=always file
    run ! coloured on_terminal 80 "NO_COLOR=1 $mmt"
    run ! coloured on_terminal 80 "$mmt --color never"
    run ! coloured on_terminal 80 "TERM=dumb $mmt"
    run ! coloured on_terminal 80 "env -u TERM $mmt"
    run ! coloured on_terminal 80 "$mmt 2>file.err; cat file.err"
    run ! coloured on_terminal 80 "mmt map file cmp=b"
    run ! coloured mmt map -v file
}

@test "--color wants one of three words" {
    file_of 1 file
    run --separate-stderr -"$USAGE" mmt map --color=red file
    [ "${stderr_lines[0]}" = \
        "mmt map: bad colour 'red': want auto, always or never" ]
}

# --- the dialogue ---

# dialogue LINE... - a session at a terminal, a line typed each time that it
# asks for one. Nothing is echoed.
dialogue() {
    local line asked=1
    need_terminal
    mkfifo typed
    start terminal env TERM=xterm script -qefc \
        "stty -echo -onlcr; mmt map -w -l 2pg file -" /dev/null <>typed
    for line in "$@"; do
        eventually has_asked "$asked"
        printf '%b' "$line" >typed
        asked=$((asked + 1))
    done
}

has_asked() {
    [ "$(grep -o 'mmt> ' terminal.out | wc -l)" -ge "$1" ]
}

@test "a dialogue asks, tells what fails and goes on" {
    file_of 1 file
    dialogue 'peek+1\n' 'munnmap\n' 'peek@1pg\n' '# nothing\n' 'poke=b\n' '\004'
    join terminal "$FAILED"
    [ "$(sed 's/ [^ ]*SIGBUS.*/ SIGBUS/' terminal.out)" = "mmt> a
mmt> mmt map: file: line 2: munnmap: no such step: did you mean munmap?
mmt> mmt map: file: peek@1pg: SIGBUS
mmt> mmt> mmt> " ]
    [ "$(cat file)" = b ]
}

@test "help in a dialogue lists the verbs" {
    file_of 1 file
    {
        mmt help steps
        echo 'Here each line is a step, and Control-D ends.'
    } >answer
    dialogue 'help\n' 'mmt help steps\n' '\004'
    join terminal "$DONE"
    cat answer answer | diff - <(sed 's/^mmt> //' terminal.out | sed '$d')
}

@test "nobody is asked when a script gives the steps" {
    file_of 1 file
    run --separate-stderr -"$FAILED" mmt map file - <<<help
    [ "$output" = "" ]
    [ "$stderr" = "mmt map: file: line 1: help: no such step: 'mmt help steps'\
 lists them" ]
}
