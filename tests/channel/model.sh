#!/bin/sh
# model.sh - checks every run of the ring's model, and that mistakes are found.
#
# usage: [CAPACITY=2] [TOTAL=4] [DEATHS=2] sh model.sh
#
# Works in a directory of its own, in the current one.
#
# SPDX-License-Identifier: MIT

model=$(cd "$(dirname "$0")" && pwd)/ring.pml
size="-DCAPACITY=${CAPACITY:-2} -DTOTAL=${TOTAL:-4} -DDEATHS=${DEATHS:-2}"

mkdir -p model && cd model || exit 1

# check FLAG... - the number of errors that spin finds.
check() {
    # shellcheck disable=SC2086 # words are meant
    spin -a $size "$@" "$model" >spin.out &&
        ${CC:-cc} -O2 -w -DSAFETY -DCOLLAPSE -o pan pan.c &&
        ./pan -m1000000 >pan.out 2>&1
    grep -q 'max search depth too small' pan.out && echo "incomplete"
    sed -n 's/.*errors: \([0-9]*\).*/\1/p' pan.out
}

[ "$(check)" = 0 ] || {
    echo "a run of the model fails:"
    cat pan.out
    exit 1
}
grep -E 'states, stored|errors:' pan.out

# A check that finds no mistake proves nothing.
for mutant in 1 2 3 4 5 6; do
    [ "$(check -DMUTANT=$mutant)" = 1 ] || {
        echo "mutant $mutant passes:"
        cat pan.out
        exit 1
    }
done
echo "6 mistakes found"
