#!/usr/bin/env bats
# exchange.bats - processes that share a mapping: roles, counters, locks, and
# who is left when one of them ends.
#
# SPDX-License-Identifier: MIT

# shellcheck disable=SC2016 # it is for the sh of a step to expand

load helper
load steps

setup() {
    begin_test
    head -c 64 /dev/zero >board
}

# --- roles ---

@test "exchange: what the child pokes, the parent peeks" {
    prints 'parent: hi' mmt exchange -w board child:poke@0=hi parent:peek@0+2
    prints $'child: yo\nyo' \
        mmt exchange -w board parent:poke@0=yo child:peek@0+2 peek@0+2
}

@test "exchange -P: nothing is exchanged" {
    prints $'child: no\nparent: \\0\\0' \
        mmt exchange -P -w board child:poke=no child:peek+2 parent:peek+2
    # But what was there when the child was forked.
    prints 'child: up' mmt exchange -P -w board poke=up child:peek+2
    prints 'child: up' mmt exchange -P -w board poke=up child:fork poke=on \
        child:peek+2
}

@test "exchange: each role is one process, parent and no role are mmt itself" {
    mmt exchange board a:sh='echo $PPID' b:sh='echo $PPID' a:sh='echo $PPID' \
        parent:sh='echo $PPID' sh='echo $PPID' >out
    [ "$(wc -l <out)" -eq 5 ]
    [ "$(sed -n 1p out)" = "$(sed -n 3p out)" ]
    [ "$(sed -n 4p out)" = "$(sed -n 5p out)" ]
    [ "$(sort -u out | wc -l)" -eq 3 ]
}

@test "exchange: steps run in the order written" {
    prints $'1\n2\nc: 3\nd: 4\nparent: 5\nc: 6' mmt exchange -w board \
        add=1 add=1 c:add=1 d:add=1 parent:add=1 c:add=1
}

@test "exchange: every line that a role prints is marked, save's is raw" {
    need hexdump
    file_of 64 board
    prints "$(hexdump -C board | sed 's/^/r: /')" mmt exchange board r:dump
    prints "r: 0+$PAGE_SIZE r=ok" mmt exchange board r:probe
    prints $'r: a\nr: b' mmt exchange board r:peek+1 r:pread@1+1
    [ "$(mmt exchange board r:save+3)" = abc ]
    prints 'abc' mmt exchange board r:save+2 r:save@2+1 sh=echo
}

@test "exchange: what a role is called" {
    local role
    for role in a A 0 a-b a_b abcdefghijklmnopqrstuvwxyz01234; do
        prints "$role: \\0" mmt exchange board "$role:peek+1"
    done
    for role in '' ' ' a.b Zoë abcdefghijklmnopqrstuvwxyz012345 'a b' a/b; do
        observe mmt exchange board "$role:peek+1"
        ended_with "$USAGE"
        grep -q ': bad role ' .err
    done
    refuses "mmt exchange: a.b:peek@0+1: bad role 'a.b': want at most 31 \
letters, digits, _ or -" mmt exchange board a.b:peek@0+1
    refuses "mmt exchange: child:: a role wants its step right behind the \
colon: child:peek" mmt exchange board child: peek
    refuses 'mmt exchange: a:b:peek: no such step: did you mean peek?' \
        mmt exchange board a:b:peek
}

@test "exchange: a : behind @ + or = makes no role" {
    prints '' mmt exchange -w board poke=a:b cmp=a:b cas@8=0:1 a:poke=c:d \
        b:cmp=c:d
    prints 'x:y' mmt exchange board 'sh=echo x:y'
}

@test "exchange: expect and - take no role; the others do without one" {
    refuses 'mmt exchange: a:expect=ok: expect takes no role: it judges the '\
'step before' mmt exchange board a:expect=ok
    refuses 'mmt exchange: a:-: - takes no role' mmt exchange board a:-
    prints '' mmt exchange board a:cmp=x expect=differs a:munmap \
        a:peek expect=SIGSEGV/SEGV_MAPERR
    prints 'a: \0' mmt exchange board - <<<'a:peek+1'
}

@test "exchange: its operands" {
    refuses 'mmt exchange: which file?' mmt exchange
    refuses 'mmt exchange: which steps?' mmt exchange board
    refuses 'mmt map: child:peek: roles are for mmt exchange' \
        mmt map board child:peek
}

@test "exchange: a role inherits the mapping, and what was done to it" {
    prints 'b: \0' mmt exchange board munmap a:peek expect=SIGSEGV mmap \
        a:peek expect=SIGSEGV b:peek+1
    # Each process has its own from then on.
    prints '\0' mmt exchange board a:fork b:munmap \
        b:peek expect=SIGSEGV/SEGV_MAPERR peek+1
    fails "$SEGV" 'mmt exchange: board: a:peek: SIGSEGV/SEGV_MAPERR at +0: '\
'unmapped: by step 2, a:munmap' mmt exchange board b:fork a:munmap a:peek
}

# --- who waits holds up nobody ---

@test "exchange: a role in wait does not hold up the others" {
    prints 'child: hi' mmt exchange -t 5 -w board child:wait=1 child:peek@8+2 \
        parent:poke@8=hi parent:set=1
    head -c 64 /dev/zero >board
    prints 'a: 7' mmt exchange -t 5 -w board parent:wait@8=1 a:set=7 a:get \
        a:set@8=1
}

@test "exchange: a role in sleep or pause does not hold up the others" {
    prints $'b: \\0\na: \\0' mmt exchange -t 5 board a:sleep=0.2 a:peek+1 \
        b:peek+1
    prints $'b: \\0\nparent: \\0' mmt exchange -t 5 board parent:sleep=0.2 \
        parent:peek+1 b:peek+1
    prints $'woken\na: \\0' mmt exchange -t 5 board \
        a:'sh=echo $PPID >pid' a:pause a:peek+1 \
        'sh=kill -USR1 $(cat pid); echo woken'
}

@test "exchange: its own next step waits for it, and so does the end" {
    local began
    began=$(us)
    prints '' mmt exchange board a:sleep=0.2
    [ $(($(us) - began)) -ge 200000 ]
    prints $'a: 0\na: 0' mmt exchange board a:get a:sleep=0.1 a:get
}

@test "exchange: every other step does hold up the others" {
    prints $'one\ntwo\n\\0' mmt exchange board a:'sh=sleep 0.2; echo one' \
        b:'sh=echo two' peek+1
}

@test "exchange: a ping-pong of two roles that wait for each other" {
    local turn steps=()
    for turn in $(seq 1 2 99); do
        steps+=("a:wait=$((turn - 1))" "a:add=1" "b:wait=$turn" "b:add=1")
    done
    mmt exchange -t 5 -w board "${steps[@]}" >out
    [ "$(tail -n 1 out)" = 'b: 100' ]
    [ "$(wc -l <out)" -eq 100 ]
}

@test "exchange: 8 roles and hundreds of steps" {
    local turn role steps=()
    for turn in $(seq 50); do
        for role in a b c d e f g h; do
            steps+=("$role:add=1")
        done
    done
    mmt exchange -w board "${steps[@]}" >out
    [ "$(tail -n 1 out)" = 'h: 400' ]
    diff <(seq 400) <(sed 's/.*: //' out)
    printf '%s\n' "${steps[@]}" | mmt exchange -w board - >out
    [ "$(tail -n 1 out)" = 'h: 800' ]
}

@test "exchange: 8 roles that all wait at once" {
    local role steps=()
    for role in a b c d e f g h; do
        steps+=("$role:wait=1" "$role:add@8=1")
    done
    mmt exchange -t 5 -w board "${steps[@]}" set=1 >out
    [ "$(wc -l <out)" -eq 8 ]
    [ "$(mmt map board get@8)" -eq 8 ]
}

@test "exchange: more roles than there is room for" {
    local number steps=()
    for number in $(seq 100); do
        steps+=("role$number:fork")
    done
    observe mmt exchange board "${steps[@]}"
    if [ "$found" -ne 0 ]; then
        sed 's/: role[0-9]*:fork:/:/' .err >told
        same 'mmt exchange: board: too many roles' told
        ended_with "$FAILED"
    fi
    mmt exchange board "${steps[@]:0:16}"
}

# --- roles that die ---

@test "exchange: a role that is killed is named with its signal and step" {
    fails $((128 + $(kill -l KILL))) 'mmt exchange: board: child: SIGKILL: '\
'died during step 1, child:raise=KILL' mmt exchange board child:raise=KILL \
        parent:peek+1
    fails $((128 + $(kill -l KILL))) 'mmt exchange: board: child: SIGKILL: '\
'died during step 3, child:sleep=9' mmt exchange board \
        child:'sh=echo $PPID >pid' parent:cmp= child:sleep=9 \
        'sh=kill -KILL $(cat pid)'
}

@test "exchange: a role that is killed between its steps" {
    observe mmt exchange board child:'sh=echo $PPID >pid' \
        'sh=kill -KILL $(cat pid)'
    ended_with $((128 + $(kill -l KILL)))
    same 'mmt exchange: board: child: SIGKILL: died between steps' .err
    observe mmt exchange board child:'sh=echo $PPID >pid' \
        'sh=kill -TERM $(cat pid); sleep 0.1' child:peek+1
    ended_with $((128 + $(kill -l TERM)))
    same 'mmt exchange: board: child: SIGTERM: died during step 3, '\
'child:peek+1' .err
}

@test "exchange: a command that a role ran is killed, and the role is not" {
    fails $((128 + $(kill -l TERM))) 'mmt exchange: board: a:sh=kill -TERM '\
'$$: SIGTERM: it was killed' mmt exchange board 'a:sh=kill -TERM $$'
    prints 'a: \0' mmt exchange board 'a:sh=kill -TERM $$' expect=SIGTERM \
        a:peek+1
    fails $((128 + $(kill -l HUP))) 'mmt exchange: board: a: SIGHUP: died '\
'during step 1, a:sh=kill -HUP $PPID; sleep 1' \
        mmt exchange board 'a:sh=kill -HUP $PPID; sleep 1'
}

@test "exchange: with -k or expect the others go on" {
    ends $((128 + $(kill -l SEGV))) 'parent: \0' \
        'mmt exchange: board: child: SIGSEGV: died during step 1, '\
'child:raise=SEGV
mmt exchange: board: child:peek+1: (ESRCH): the role has died' \
        mmt exchange -k board child:raise=SEGV child:peek+1 parent:peek+1
    prints 'parent: \0' mmt exchange board child:raise=TERM expect=SIGTERM \
        child:peek+1 expect=ESRCH parent:peek+1
}

@test "exchange: a fault of a role is survived, with --raise it is not" {
    prints $'child: \\0' mmt exchange board child:poke=x expect=SIGSEGV \
        child:peek+1
    fails "$SEGV" 'mmt exchange: board: child:poke=x: SIGSEGV/SEGV_ACCERR at '\
'+0: protection: the page is r--, a store needs w: map it with -w' \
        mmt exchange board child:poke=x parent:peek+1
    fails "$SEGV" 'mmt exchange: board: child: SIGSEGV: died during step 1, '\
'child:poke=x' mmt exchange --raise board child:poke=x parent:peek+1
}

# --- nobody is left behind ---

# alive FILE... - which of the processes whose pids they hold still run; one
# that has ended, and that only its parent has not heard of, does not.
alive() {
    local file
    for file; do
        case $(ps -o stat= -p "$(cat "$file")") in
        '' | Z*) ;;
        *) echo "$file" ;;
        esac
    done
}

gone() {
    [ -z "$(alive "$@")" ]
}

# end_by SIGNAL - exchange with children in wait, sleep, pause and sh, which is
# sent the signal by the last of them; that has a child of its own.
end_by() {
    observe timeout 20 mmt exchange board 'sh=echo $PPID >mmt' \
        a:'sh=echo $PPID >a' a:wait=1 b:'sh=echo $PPID >b' b:sleep=60 \
        c:'sh=echo $PPID >c' c:pause d:'sh=echo $PPID >d' \
        d:"sh=echo \$\$ >e; sleep 60 & echo \$! >f; kill -$1 \$(cat mmt)
            wait" </dev/null
    ended_with $((128 + $(kill -l "$1")))
    same '' .err
}

@test "no child is left behind by SIGINT, SIGTERM, SIGHUP, SIGQUIT" {
    local signal
    for signal in INT TERM HUP QUIT; do
        is_ignored "$signal" && continue
        end_by "$signal"
        eventually gone a b c d e f
    done
}

@test "nohup: a hangup ends no role, and mmt still does" {
    observe nohup mmt exchange board 'a:sh=kill -HUP $PPID' a:peek+1 \
        'sh=kill -HUP $PPID' peek+1 </dev/null
    same $'a: \\0\n\\0' .out
    ended_with "$DONE"
    observe nohup mmt exchange board a:'sh=echo $PPID >a' a:sleep=60 \
        cmp=x </dev/null
    ended_with "$FAILED"
    eventually gone a
}

@test "no child is left behind when mmt itself is killed" {
    local began
    end_by KILL
    began=$(us)
    eventually gone a b c d e f
    [ $(($(us) - began)) -lt 1000000 ]
}

@test "no child is left behind by a child that is killed" {
    observe timeout 20 mmt exchange board a:'sh=echo $PPID >a' a:wait=1 \
        b:'sh=echo $PPID >b' b:sleep=60 c:'sh=echo $PPID >c' c:pause \
        'sh=kill -KILL $(cat b)'
    ended_with $((128 + $(kill -l KILL)))
    same 'mmt exchange: board: b: SIGKILL: died during step 4, b:sleep=60' .err
    [ -z "$(alive a b c)" ]
}

# stubborn_end_by SIGNAL WHOM ROLE - nothing is left, after the signal to that
# whose pid is in the file WHOM, of a command that the role runs and of what it
# has started, all deaf to what can be ignored.
stubborn_end_by() {
    local own
    rm -f mmt child a b
    # timeout(1) takes it out of the foreground, if the tests run in that.
    timeout 20 mmt exchange board 'sh=echo $PPID >mmt' \
        child:'sh=echo $PPID >child' "$3sh=trap '' HUP INT QUIT TERM
            echo \$\$ >a; sleep 60 & echo \$! >b; wait" 3>&- 2>/dev/null &
    own=$!
    eventually test -s b
    kill -"$1" "$(cat "$2")"
    wait "$own" || :
    eventually gone mmt child a b
}

@test "no command is left behind that ignores its end, nor what it started" {
    stubborn_end_by TERM mmt ''
    stubborn_end_by KILL mmt ''
    stubborn_end_by TERM mmt child:
    stubborn_end_by KILL mmt child:
    stubborn_end_by KILL child child:
}

# none_runs PATTERN - no process has such a command line.
none_runs() {
    [ -z "$(pgrep -f "$1")" ]
}

@test "no child is left behind by an end that comes before it has begun" {
    need pgrep
    for _ in {1..60}; do
        observe mmt exchange -t 60 "$PWD/board" a:wait=1 raise=KILL
    done
    eventually none_runs "exchange -t 60 $PWD/board"
}

@test "no child is left behind by a step that fails, or is out of time" {
    # timeout(1) takes it out of the foreground, if the tests run in that.
    observe timeout 20 mmt exchange -t 0.2 board a:'sh=echo $PPID >a' a:wait=1 \
        b:'sh=echo $PPID >b' b:'sh=sleep 60 & echo $! >c; wait'
    ended_with "$TIMEOUT"
    eventually gone a b c
    rm a b c
    observe mmt exchange board a:'sh=echo $PPID >a' a:sleep=60 cmp=x
    ended_with "$FAILED"
    [ -z "$(alive a)" ]
}

@test "no child is left behind by a stdout that is closed" {
    need_plain_build
    local status=0
    { mmt exchange board a:'sh=echo $PPID >a' a:wait=1 b:'sh=echo $PPID >b' \
        b:sleep=0.1 b:dump b:dump c:dump c:dump 'sh=sleep 0.1' dump dump \
        2>.err; echo $? >status; } | head -c 1 >/dev/null || status=$?
    [ "$(cat status)" -eq $((128 + $(kill -l PIPE))) ]
    eventually gone a b
}

@test "no child is left behind by a child that is stopped" {
    observe timeout 5 mmt exchange board a:'sh=echo $PPID >a' \
        'sh=kill -STOP $(cat a)' cmp=x
    ended_with "$FAILED"
    [ -z "$(alive a)" ]
    observe timeout 5 mmt exchange board a:'sh=echo $PPID >a' \
        'sh=kill -STOP $(cat a)'
    ended_with "$DONE"
    [ -z "$(alive a)" ]
    observe timeout 5 mmt exchange -t 0.1 board a:'sh=echo $PPID >a' \
        a:raise=STOP
    ended_with "$TIMEOUT"
    [ -z "$(alive a)" ]
}

@test "-t: a stopped role that takes no step is out of time" {
    {
        echo 'a:sh=echo $PPID >a'
        echo 'sh=kill -STOP $(cat a)'
        # more than a socket holds
        printf 'a:poke='
        head -c 4000000 /dev/zero | tr '\0' x
    } >steps
    head -c 4000000 /dev/zero >board
    observe timeout 15 mmt exchange -w -t 0.1 board - <steps
    [ "$(sed 's/poke=x*/poke=X/' .err)" = 'mmt exchange: board: a:poke=X...:'\
' timeout after 0.1 seconds' ]
    ended_with "$TIMEOUT"
    [ -z "$(alive a)" ]
}

@test "a step that can't be sent to its role is a failed one" {
    need_wide_addresses # else it may be sent by socketcall(2)
    traced -o /dev/null -e inject=sendto:error=ENOBUFS true ||
        skip 'may not trace here'
    # The third of mmt itself: its roles are not traced.
    ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 \
        observe timeout -s KILL 20 strace -o /dev/null \
        -e inject=sendto:error=ENOBUFS:when=3 \
        mmt exchange -k board a:peek+1 a:peek+2 b:peek+1
    same $'a: \\0\nb: \\0' .out
    same $'mmt exchange: board: a:peek+2: (ENOBUFS)' .err
    ended_with "$FAILED"
}

# --- between unrelated processes ---

@test "exchange is a counter for unrelated scripts" {
    local number
    for number in 1 2 3; do
        prints "$number" mmt exchange -w board add=1
    done
}

@test "8 processes that add 1 100,000 times each end at 800,000" {
    local number
    yes add=1 | head -n 100000 >adds
    for number in 1 2 3 4 5 6 7 8; do
        start "add$number" mmt exchange -w board - <adds
    done
    for number in 1 2 3 4 5 6 7 8; do
        join "add$number" "$DONE"
    done
    prints '800000' mmt map board get
    [ "$(cat add?.out | sort -n | uniq | wc -l)" -eq 800000 ]
}

@test "8 processes that add to neighbouring bytes lose none" {
    local at
    for at in 0 1 2 3 4 5 6 7; do
        start "add$at" mmt map -w board - < <(
            yes "add@$at+1=1" | head -n 10000
        )
    done
    for at in 0 1 2 3 4 5 6 7; do
        join "add$at" "$DONE"
    done
    # 10,000 in one signed byte is 16.
    for at in 0 1 2 3 4 5 6 7; do
        prints '16' mmt map board "get@$at+1"
    done
}

# count NUMBER - add 25 to the number in a file, one by one, under a lock
count() {
    local turn
    for turn in {1..25}; do
        # Whoever finds it taken waits until it is free.
        until mmt exchange -q -w board "cas=0:$1"; do
            mmt exchange -q -t 5 board wait=0
        done
        echo $(($(cat count) + 1)) >count
        mmt exchange -w board "cas=$1:0"
    done
}

@test "a lock of cas and wait loses no update of a file" {
    echo 0 >count
    local number
    for number in 1 2 3 4; do
        start "count$number" count "$number"
    done
    for number in 1 2 3 4; do
        join "count$number" "$DONE"
    done
    [ "$(cat count)" -eq 100 ]
}

@test "exchange on a shared memory object" {
    make_object head -c 8 /dev/zero
    prints 'a: 2' mmt exchange -t 5 -w "shm:$object" a:wait=1 a:add=1 set=1
}

@test "exchange -J: each step is an object, with its role" {
    need jq
    mmt exchange -J -w board child:poke=hi parent:peek+2 add@8=1 >out
    [ "$(jq -r '[.role, .verb, .data, .value, .outcome] | @csv' out)" = \
'"child","poke",,,"ok"
"parent","peek","hi",,"ok"
,"add",,1,"ok"' ]
    # The process that was to tell is no more there to do it.
    observe mmt exchange -J -k board child:raise=KILL child:peek+1
    [ "$(jq -r '[.role, .verb, .outcome, .signal, .step] | @csv' .out)" = \
'"child","raise","SIGKILL","SIGKILL",1
"child","peek","ESRCH",,2' ]
}

@test "exchange -v: the trace names the role" {
    observe mmt exchange -v board child:msync parent:peek+1
    ended_with "$DONE"
    grep -qx '+ child:msync' .err
    grep -q '^child: msync(0x[0-9a-f]*, 64, MS_SYNC) = 0$' .err
    grep -qx '+ parent:peek+1' .err
}
