#!/usr/bin/env bats
# install.bats - what is installed, where the shells and man(1) look for it.
#
# SPDX-License-Identifier: MIT

load helper

# built COMMAND... - in a tree in which the mmt under test has been built.
built() {
    need "${MAKE:=make}"
    if [ ! -e tree ]; then
        mkdir tree
        cp -R "$ROOT/Makefile" "$ROOT/man" "$ROOT/src" tree
        cp "$MMT" tree/mmt
        touch tree/mmt # the newest
    fi
    (cd tree && "$MAKE" "$@" DESTDIR="$PWD/../root" PREFIX=/usr >/dev/null)
}

installed() {
    (cd root/usr && find . ! -type d) | sed 's:^\./::' | LC_ALL=C sort
}

wanted() {
    {
        echo bin/mmt
        echo share/bash-completion/completions/mmt
        echo share/fish/vendor_completions.d/mmt.fish
        echo share/zsh/site-functions/_mmt
        for command in $(mmt --list); do
            echo "share/bash-completion/completions/mmt-$command"
            echo "share/fish/vendor_completions.d/mmt-$command.fish"
        done
        (cd "$ROOT/man" && printf '%s\n' *.1) | sed s:^:share/man/man1/:
        (cd "$ROOT/man" && printf '%s\n' *.7) | sed s:^:share/man/man7/:
    } | LC_ALL=C sort
}

@test "install puts all where it belongs, uninstall leaves nothing of it" {
    built install
    diff <(wanted) <(installed)
    for page in "$ROOT"/man/*.[17]; do
        cmp "$page" "root/usr/share/man/man${page##*.}/${page##*/}"
    done
    [ -x root/usr/bin/mmt ]
    [ "$(root/usr/bin/mmt --version)" = "$(mmt --version)" ]
    built install # again: as wanted
    diff <(wanted) <(installed)
    : >root/usr/bin/other
    built uninstall
    [ "$(installed)" = bin/other ]
}

@test "install is refused where mmt can't run, as that of another machine" {
    run -2 --separate-stderr built install NATIVE=./no-mmt
    grep -q "^./no-mmt doesn't run here" <<<"$stderr"
    [ ! -e root ]
    built install NATIVE=mmt
    diff <(wanted) <(installed)
}

@test "an installed mmt is completed in bash, by each of its names" {
    local lookup=/usr/share/bash-completion/bash_completion
    [ -r "$lookup" ] || skip "needs bash-completion"
    built install
    for name in mmt mmt-map mmt-exchange; do
        # shellcheck disable=SC2016 # it is for that bash to expand
        run -"$DONE" env XDG_DATA_DIRS="$PWD/root/usr/share" \
            bash --norc -c '
                . "$0" && { _completion_loader "$1" || [ $? -eq 124 ]; } &&
                complete -p "$1"' "$lookup" "$name"
        [ "$output" = "complete -F _mmt $name" ]
    done
}

@test "an installed mmt is completed in zsh, by each of its names" {
    need zsh
    built install
    # shellcheck disable=SC2016 # it is for that zsh to expand
    run -"$DONE" zsh -f -c 'fpath=(root/usr/share/zsh/site-functions $fpath)
        autoload -Uz compinit && compinit -u -D
        name="mmt-*" && print $_comps[mmt] $_postpatcomps[$name]'
    [ "$output" = '_mmt _mmt' ]
}

@test "an installed mmt is completed in fish, by each of its names" {
    need fish
    built install
    mkdir home
    mmt --install .bin # fish completes no name of nothing
    for name in "mmt map" mmt-map; do
        run -"$DONE" env HOME="$PWD/home" XDG_CONFIG_HOME="$PWD/home" \
            XDG_DATA_HOME="$PWD/home" XDG_DATA_DIRS="$PWD/root/usr/share" \
            fish -c "complete -C '$name --off'"
        [ "${output%%$'\t'*}" = --offset ]
    done
}
