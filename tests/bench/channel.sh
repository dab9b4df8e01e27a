#!/bin/sh
# channel.sh - bytes through a channel, against a FIFO, mbuffer and the floor.
#
# usage: [MMT=PROGRAM] [BYTES=4294967296] [PAIRS=5] sh channel.sh
#
# A file that is in memory goes to /dev/null by each way in turn, PAIRS times;
# medians are compared. The floor is one read(2) loop over the file. Then come
# the round trip through a mapping and through a pipe, and an end that has
# nothing to do and is watched for ten seconds.
#
# SPDX-License-Identifier: MIT

mmt=${MMT:-mmt}
case $mmt in
*/*) mmt=$(cd "$(dirname "$mmt")" && pwd)/${mmt##*/} ;;
esac
bytes=${BYTES:-4294967296}
pairs=${PAIRS:-5}
directory=$(mktemp -d) || exit 1
sleeper=
trap 'rm -rf "$directory"; [ -z "$sleeper" ] || kill "$sleeper"' EXIT
trap 'exit 1' HUP INT TERM
cd "$directory" || exit 1

# The floor needs a program of its own: dd counts, cat may splice.
cat >floor.c <<'END'
#include <unistd.h>
static char block[262144];
int main(void)
{
    ssize_t count;
    while ((count = read(0, block, sizeof block)) > 0)
        continue;
    return count < 0;
}
END
${CC:-cc} -O2 -o floor floor.c || exit 1

# shellcheck disable=SC2317 # timed() calls these by a name it puts together
through_floor() {
    ./floor <input
}

# shellcheck disable=SC2317
through_channel() {
    "$mmt" exchange --send channel <input &
    "$mmt" exchange --recv channel >/dev/null || exit 1
    wait $! || exit 1
}

# shellcheck disable=SC2317
through_fifo() {
    cat input >fifo &
    cat fifo >/dev/null
    wait $!
}

# shellcheck disable=SC2317
through_mbuffer() {
    mbuffer -q <input >/dev/null 2>&1
}

# timed WAY - add the milliseconds that it takes to WAY.times.
timed() {
    start=$(date +%s%N)
    "through_$1"
    end=$(date +%s%N)
    echo $(((end - start) / 1000000)) >>"$1.times"
}

median() {
    sort -n "$1.times" | awk '{ time[NR] = $1 }
        END { print time[int((NR + 1) / 2)] }'
}

ways="floor channel fifo"
if command -v mbuffer >/dev/null; then
    ways="$ways mbuffer"
fi

head -c "$bytes" /dev/urandom >input
mkfifo fifo
cat input >/dev/null
pair=0
while [ "$pair" -lt "$pairs" ]; do
    for way in $ways; do
        timed "$way"
    done
    pair=$((pair + 1))
done

missed=0
# compare WAY FACTOR - channel must be FACTOR times as fast as WAY.
compare() {
    awk -v channel="$(median channel)" -v other="$(median "$1")" \
        -v way="$1" -v factor="$2" 'BEGIN {
            times = other / (channel > 0 ? channel : 1)
            printf "%-8s %6d ms  channel %6d ms  %5.2f times as fast, " \
                "asked for %.1f\n", way, other, channel, times, factor
            exit times < factor
        }' || missed=1
}

echo "$bytes bytes to /dev/null, medians of $pairs:"
compare fifo 3
case $ways in
*mbuffer*) compare mbuffer 2 ;;
*) echo "mbuffer  not installed" ;;
esac
compare floor 0.5

# round_trip WAY - of 4 bytes, in seconds.
round_trip() {
    sed -n "s/^{\"way\":\"$1\",\"block\":4,\"round_trip\":\([^,]*\).*/\1/p" rows
}

"$mmt" exchange --compare -J >rows || missed=1
awk -v mapping="$(round_trip 'spinning mapping')" \
    -v pipe="$(round_trip pipe)" 'BEGIN {
        times = mapping + 0 ? pipe / mapping : 0
        printf "round trip: pipe %.2f us, mapping %.2f us, %.1f times as " \
            "fast, asked for 10\n", pipe * 1e6, mapping * 1e6, times
        exit times < 10
    }' || missed=1

# cpu PROCESS - its processor time, in ticks.
cpu() {
    awk '{ print ($14 + $15) }' "/proc/$1/stat"
}

if [ -r /proc/self/stat ]; then
    "$mmt" exchange --recv idle >/dev/null &
    sleeper=$!
    sleep 1
    before=$(cpu "$sleeper")
    sleep 10
    after=$(cpu "$sleeper")
    kill "$sleeper"
    wait "$sleeper" 2>/dev/null
    sleeper=
    awk -v used="$((after - before))" -v ticks="$(getconf CLK_TCK)" 'BEGIN {
        percent = used / ticks / 10 * 100
        printf "an idle end used %.2f %% of a processor, asked for < 1 %%\n",
            percent
        exit percent >= 1
    }' || missed=1
fi
exit "$missed"
