#!/bin/sh
# coverage.sh - runs the tests, tells which lines of src/ they ran.
#
# usage: [GCOV=gcov] [LEAST=PERCENT]
#        sh tests/coverage.sh DIRECTORY [OPTION...] [FILE.bats...]
#
# DIRECTORY holds the mmt built for it; the lines, with how often each was run,
# are left there in *.gcov. The status is that of the tests, or 1 where LEAST
# percent of the lines were not run.
#
# SPDX-License-Identifier: MIT

directory=${1:?which directory?}
shift

# The first run makes the files of the counters, for any user's later ones;
# whoever can't write them all the same says so to nobody.
GCOV_ERROR_FILE=/dev/null
export GCOV_ERROR_FILE
"$directory/mmt" help >/dev/null
chmod a+rw "$directory"/*.gcda

MMT=$directory/mmt sh "$(dirname "$0")/run" "$@"
status=$?

# gcov names a source, then its lines: "Lines executed:91.23% of 57".
for counters in "$directory"/*.gcda; do
    "${GCOV:-gcov}" -p "$counters"
done 2>/dev/null | awk -F "[':% ]+" -v least="${LEAST:-0}" '
    $1 == "File" { source = $2 }
    $1 == "Lines" && source ~ /^src\// {
        lines[source] = $5
        ran[source] = int($3 * $5 / 100 + 0.5)
        source = ""
    }
    END {
        for (source in lines) {
            printf "%6.1f%%  %4d of %4d  %s\n", share(source), ran[source],
                lines[source], source | "sort -k 5"
            all += lines[source]
            all_ran += ran[source]
        }
        close("sort -k 5")
        reached = all ? 100 * all_ran / all : 0
        printf "lines: %.1f%% (%d of %d)%s\n", reached, all_ran, all,
            reached < least ? ": fewer than " least "%" : ""
        exit reached < least
    }
    function share(source) {
        return lines[source] ? 100 * ran[source] / lines[source] : 100
    }' || [ "$status" -ne 0 ] || status=1
mv ./*#*.gcov "$directory"
exit "$status"
