#!/usr/bin/env bats
# Completion: each real shell offers what the table of mmt holds.
#
# SPDX-License-Identifier: MIT

load helper

# --- what the table says ---

# options_of COMMAND - its options, long and short.
options_of() {
    mmt help --table | awk -F '\t' -v command="$1" '$1 == command {
        if ($2 != "-") print "-" $2
        print "--" $3
    }'
}

verbs() {
    mmt help --table | awk -F '\t' '$1 == "step" { print $3 }'
}

commands() {
    mmt help --table | cut -f 1 | uniq | grep -vx -e step -e value
}

# fixed_values OWNER - lines NAME VALUE: the words of each row that names a set.
fixed_values() {
    mmt help --table | awk -F '\t' -v owner="$1" '$1 == owner && $4 ~ /[|]/ {
        sub(/,[.]*$/, "", $4)
        count = split($4, value, "[|]")
        for (at = 1; at <= count; at++) print $3, value[at]
    }'
}

# words PLACEHOLDER - what may stand for it, up to the colon of what goes on.
words() {
    mmt help --table | awk -F '\t' -v placeholder="$1" '
        $1 == "value" && $4 == placeholder { sub(/:.*/, ":", $3); print $3 }'
}

# --- what the shells offer: the whole words that may stand for the last ---

offered_by_fish() {
    cat >ask.fish <<'END'
mmt help --completion fish | source
complete -C $argv[1]
END
    fish --no-config ask.fish "$1" </dev/null | cut -f 1
}

# Readline cuts words at = and :, and replaces what stands behind them.
offered_by_bash() {
    cat >ask.bash <<'END'
eval "$(mmt help --completion bash)"
[ "$(complete -p mmt)" = "complete -F _mmt mmt" ] || exit 1
compopt() {
    case $2 in
    default) COMPREPLY+=($(compgen -f -- "${COMP_WORDS[-1]}")) ;;
    dirnames) COMPREPLY+=($(compgen -d -- "${COMP_WORDS[-1]}")) ;;
    esac
}
COMP_LINE=$1
COMP_POINT=${#COMP_LINE}
word=${1##* }
COMP_WORDS=($(sed -E 's/[^ ]$/& /; s/ ?([=:]) ?/ \1 /g' <<<"${1% *} "))
[ -z "$word" ] || COMP_WORDS+=($(sed -E 's/[=:]/ & /g' <<<"$word"))
[ -n "$word" ] || COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_mmt mmt
kept=${word%"${word##*[=:]}"}
for candidate in "${COMPREPLY[@]}"; do
    printf '%s\n' "$kept$candidate" # an echo would take -n for itself
done
END
    bash --norc ask.bash "$1"
}

# On a terminal; what compadd(1) accepts is what zsh offers.
offered_by_zsh() {
    cat >zsh-setup <<'END'
PS1='ready> '
autoload -Uz compinit
compinit -u -D
source <(mmt help --completion zsh)
compadd() {
    if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
        local -a accepted kept
        local -A hidden
        builtin compadd -O accepted "$@"
        zparseopts -E -a kept P: S: p:=hidden
        for word in $accepted; do print -r -- "$IPREFIX$hidden[-p]$word"; done
    fi >>offered
    builtin compadd "$@"
}
END
    : >offered
    typed zsh "$1" >line
    sort -u offered
}

# typed SHELL LINE - what LINE has become on a terminal after a press of TAB.
typed() {
    cat >typed.zsh <<'END'
zmodload zsh/zpty
case $1 in
zsh)
    start='zsh -f -i'
    print -r -- "show() { print -r -- \"<\$BUFFER>\" }
        zle -N show; bindkey '^T' show" >show
    ;;
bash)
    start='bash --norc --noprofile -i'
    print -r -- "bind 'set bell-style none'
        bind -x '\"\\C-t\": printf \"<%s>\\n\" \"\$READLINE_LINE\"'" >show
    ;;
esac
TERM=dumb zpty terminal $start
print -r -- 'echo set-up' | cat $1-setup show - >setup
zpty -w terminal ". ./setup"
zpty -r terminal seen '*set-up*ready> '
zpty -w -n terminal "$2"$'\t\C-t'
zpty -r terminal seen '*<*>*'
seen=${${seen##*<}%%>*}
print -r -- "$seen"
zpty -d terminal
END
    timeout 20 zsh -f typed.zsh "$1" "$2" </dev/null
}

# --- the same questions to every shell ---

# offers SHELL LINE - compare what it offers with the words on standard input.
offers() {
    sort >wanted
    "offered_by_$1" "$2" | sort >given
    diff wanted given
}

offers_commands() {
    commands | offers "$1" "mmt "
    { commands && echo steps; } | offers "$1" "mmt help "
    commands | grep '^m' | offers "$1" "mmt m"
}

offers_options() {
    for command in $(commands); do
        options_of "$command" | offers "$1" "mmt $command -"
        options_of "$command" | grep '^--' | offers "$1" "mmt $command --"
    done
    options_of help | offers "$1" "mmt -"
}

offers_steps() {
    : >notes
    verbs | offers "$1" "mmt map notes "
    verbs | offers "$1" "mmt map -kv -o 1pg --length=2pg notes peek "
    verbs | offers "$1" "mmt protect r notes "
    verbs | grep '^m' | offers "$1" "mmt map notes m"
    offers "$1" "mmt map notes @" </dev/null
}

# expect takes no role; roles that were named are offered again.
offers_roles() {
    : >notes
    verbs | grep -vx expect | sed 's/^/child:/' |
        offers "$1" "mmt exchange notes child:"
    { verbs && echo parent:; } | offers "$1" "mmt exchange notes "
    printf '%s\n' peek poke pread pwrite probe pause parent: pupil: |
        offers "$1" "mmt exchange notes pupil:peek p"
    offers "$1" "mmt map notes child:" </dev/null
}

offers_values() {
    : >notes
    fixed_values step >fixed
    for verb in $(cut -d ' ' -f 1 fixed | uniq); do
        awk -v verb="$verb" '$1 == verb { print verb "=" $2 }' fixed |
            offers "$1" "mmt map notes $verb="
        awk -v verb="$verb" '$1 == verb { print "b:" verb "@1pg=" $2 }' fixed |
            offers "$1" "mmt exchange notes b:$verb@1pg="
    done
    echo msync=sync,async | offers "$1" "mmt map notes msync=sync,a"
    offers "$1" "mmt map notes poke=" </dev/null
    offers "$1" "mmt map -o " </dev/null
    for command in $(commands); do
        fixed_values "$command" >fixed
        for option in $(cut -d ' ' -f 1 fixed | uniq); do
            awk -v option="$option" '$1 == option { print $2 }' fixed |
                offers "$1" "mmt $command --$option "
            awk -v option="$option" \
                '$1 == option { print "--" option "=" $2 }' fixed |
                offers "$1" "mmt $command --$option="
        done
    done
}

offers_words() {
    : >notes
    words SIGNAL | sed 's/^/raise=/' | offers "$1" "mmt map notes raise="
    words PROT | sed 's/^/mprotect@1pg=/' |
        offers "$1" "mmt map notes mprotect@1pg="
    words PROT | offers "$1" "mmt map -p "
    words PROT | sed 's/^/--prot=/' | offers "$1" "mmt map --prot="
    { words PROT && echo all; } | offers "$1" "mmt protect "
    words MODE | offers "$1" "mmt map -O "
    words FLAG | sed 's/^/shared,/' | offers "$1" "mmt map --flags shared,"
    words ATTR | sed 's/^/mmap=r,/' | offers "$1" "mmt map notes mmap=r,"
    words OUTCOME | grep -v / | sed 's/^/expect=/' |
        offers "$1" "mmt map notes expect="
    words OUTCOME | grep ^SIGSEGV/ | sed 's/^/expect=ok,/' |
        offers "$1" "mmt map notes expect=ok,SIGSEGV/"
    echo expect=lost,outside | offers "$1" "mmt map notes expect=lost,ou"
}

# Called so, mmt is that command.
offers_links() {
    : >notes
    verbs | grep '^m' | offers "$1" "mmt-map notes m"
    options_of extend | offers "$1" "mmt-extend -"
    { words PROT && echo all; } | offers "$1" "mmt-protect "
}

offers_files() {
    mkdir inner
    : >notes1
    : >notes2
    printf '%s\n' notes1 notes2 | offers "$1" "mmt map no"
    printf '%s\n' notes1 notes2 | offers "$1" "mmt map -- no"
    printf '%s\n' notes1 notes2 | offers "$1" "mmt protect r no"
    printf 'load=%s\n' notes1 notes2 | offers "$1" "mmt map notes1 load=no"
    printf 'b:load=%s\n' notes1 notes2 |
        offers "$1" "mmt exchange notes1 b:load=no"
    printf 'mmap=path:%s\n' notes1 notes2 |
        offers "$1" "mmt map notes1 mmap=path:no"
    echo none | offers "$1" "mmt protect no"
    "offered_by_$1" "mmt --install i" >given
    [ "$(tr -d / <given)" = inner ]
    offers "$1" "mmt --install n" </dev/null
}

@test "completion scripts hold no option of mmt" {
    for shell in bash zsh fish; do
        mmt help --completion "$shell" >script
        for option in $(mmt help --table | cut -f 3 | sort -u); do
            run ! grep -E -e "--$option( |\$|=)" \
                <(grep -vE 'mmt (help --table|--list)' script)
        done
    done
}

@test "completion of an unknown shell is refused" {
    run --separate-stderr -"$USAGE" mmt help --completion csh
    [ "$output" = "" ]
    [ "${stderr_lines[0]}" = \
        "mmt: no completion for 'csh': want one of bash|zsh|fish" ]
}

@test "the words of a value are those that its parser takes" {
    # What makes sense fails as it finds no file; what makes none is status 2.
    mmt help --table | grep ^value | cut -f 3,4 | tr '\t' ' ' >rows
    grep -q . rows
    while read -r word placeholder; do
        word=${word/%:[A-Z]*/:0} # as "exit:N" goes on
        case $placeholder in
        PROT) run mmt map -p "$word" absent ;;
        MODE) run mmt map -O "$word" absent ;;
        FLAG) run mmt map --flags "$word" absent ;;
        ATTR) run mmt map absent mmap="$word" ;;
        SIGNAL) run mmt map absent raise="$word" ;;
        OUTCOME) run mmt map absent peek expect="$word" ;;
        *) run mmt "$placeholder" "$word" absent ;;
        esac
        echo "$word: $output"
        [ "$status" -eq "$FAILED" ]
    done <rows
}

@test "completion in bash: commands" { offers_commands bash; }
@test "completion in bash: options" { offers_options bash; }
@test "completion in bash: steps" { offers_steps bash; }
@test "completion in bash: values" { offers_values bash; }
@test "completion in bash: words" { offers_words bash; }
@test "completion in bash: roles" { offers_roles bash; }
@test "completion in bash: links" { offers_links bash; }
@test "completion in bash: files" { offers_files bash; }

@test "completion in fish: commands" { need fish; offers_commands fish; }
@test "completion in fish: options" { need fish; offers_options fish; }
@test "completion in fish: steps" { need fish; offers_steps fish; }
@test "completion in fish: values" { need fish; offers_values fish; }
@test "completion in fish: words" { need fish; offers_words fish; }
@test "completion in fish: roles" { need fish; offers_roles fish; }
@test "completion in fish: links" { need fish; offers_links fish; }
@test "completion in fish: files" { need fish; offers_files fish; }

@test "completion in zsh: commands" { need zsh; offers_commands zsh; }
@test "completion in zsh: options" { need zsh; offers_options zsh; }
@test "completion in zsh: steps" { need zsh; offers_steps zsh; }
@test "completion in zsh: values" { need zsh; offers_values zsh; }
@test "completion in zsh: words" { need zsh; offers_words zsh; }
@test "completion in zsh: roles" { need zsh; offers_roles zsh; }
@test "completion in zsh: links" { need zsh; offers_links zsh; }
@test "completion in zsh: files" { need zsh; offers_files zsh; }

# becomes LINE COMPLETED - in bash and zsh, on a terminal.
becomes() {
    for shell in bash zsh; do
        [ "$(typed "$shell" "$1")" = "$2" ]
    done
}

@test "completion on a terminal: words, quotes and blanks" {
    need zsh # which drives the terminal of bash too
    cat >bash-setup <<'END'
eval "$(mmt help --completion bash)"
PS1='ready> '
END
    cat >zsh-setup <<'END'
PS1='ready> '
autoload -Uz compinit
compinit -u -D
source <(mmt help --completion zsh)
END
    : >notes
    : >'two words'
    mkdir inner
    becomes "mmt ma" "mmt map "
    becomes "mmt map no" "mmt map notes "
    becomes "mmt map two" "mmt map two\\ words "
    becomes "mmt map 'two" "mmt map 'two words' "
    becomes "mmt map 'two words' pee" "mmt map 'two words' peek"
    becomes "mmt map notes poke='a = b' pee" "mmt map notes poke='a = b' peek"
    becomes "mmt map notes msync@0+1pg=as" "mmt map notes msync@0+1pg=async "
    becomes "mmt map notes load=no" "mmt map notes load=notes "
    becomes "mmt map notes load=two" "mmt map notes load=two\\ words "
    becomes "mmt exchange notes a:pee" "mmt exchange notes a:peek"
    becomes "mmt map --off" "mmt map --offset "
    becomes "mmt --install in" "mmt --install inner/"
    becomes "mmt nosuch " "mmt nosuch "
}
