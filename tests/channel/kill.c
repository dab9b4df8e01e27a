/*
 * kill.c - kills ends of a channel at random moments; no byte may suffer.
 *
 * In the current directory it sends random bytes through a channel into a
 * file, kills a random end with SIGKILL after a random time, starts what is
 * gone again with --resume, and compares output with input. When the bytes
 * have arrived before all kills are done, it begins another round. Odd rounds
 * write with O_APPEND, even ones at a position; in some the survivor is told
 * to --wait, in others it has to notice and end.
 *
 * Set by the environment: MMT (the program), KILLS, BYTES, CAPACITY, SEED,
 * LONGEST (microseconds between two kills).
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define INPUT "kill.in"
#define OUTPUT "kill.out"
#define CHANNEL "kill.channel"
#define MESSAGES "kill.messages"

enum { SENDER, RECEIVER, ENDS };

struct plan {
    const char *program;
    const char *capacity;
    uint64_t kills;
    uint64_t bytes;
    uint64_t longest; /* microseconds */
};

struct round {
    const struct plan *plan;
    bool appends;
    bool waits;
    bool was_started[ENDS];
    bool resumes[ENDS];
    bool is_done[ENDS];
    pid_t process[ENDS]; /* 0: not running */
};

static uint64_t state; /* of the random numbers: never 0 */

static uint64_t
random_number(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void
give_up(const char *what)
{
    fprintf(stderr, "kill: %s: %s\n", what, strerror(errno));
    exit(2);
}

static uint64_t
number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);

    return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

static void
make_input(uint64_t bytes)
{
    static uint64_t block[8192];
    FILE *file = fopen(INPUT, "wb");
    size_t index, part;

    if (!file)
        give_up(INPUT);
    for (; bytes > 0; bytes -= part) {
        for (index = 0; index < sizeof block / sizeof block[0]; index++)
            block[index] = random_number();
        part = bytes < sizeof block ? (size_t)bytes : sizeof block;
        if (fwrite(block, 1, part, file) != part)
            give_up(INPUT);
    }
    if (fclose(file) != 0)
        give_up(INPUT);
}

static void
redirect(const char *path, int flags, int descriptor)
{
    int opened = open(path, flags, 0600);

    if (opened < 0 || dup2(opened, descriptor) < 0)
        give_up(path);
    close(opened);
}

static void
become(const struct round *round, int end)
{
    const char *words[12];
    int count = 0;

    words[count++] = "mmt";
    words[count++] = "exchange";
    words[count++] = end == SENDER ? "--send" : "--recv";
    words[count++] = "-l";
    words[count++] = round->plan->capacity;
    words[count++] = "-t";
    words[count++] = "30";
    if (round->was_started[end])
        words[count++] = "--resume";
    if (round->waits)
        words[count++] = "--wait";
    words[count++] = CHANNEL;
    words[count] = NULL;
    if (end == SENDER)
        redirect(INPUT, O_RDONLY, STDIN_FILENO);
    else
        redirect(OUTPUT, O_RDWR | O_CREAT | (round->appends ? O_APPEND : 0),
                 STDOUT_FILENO);
    redirect(MESSAGES, O_WRONLY | O_CREAT | O_APPEND, STDERR_FILENO);
    execv(round->plan->program, (char *const *)words);
    give_up(round->plan->program);
}

static void
start(struct round *round, int end)
{
    pid_t process = fork();

    if (process < 0)
        give_up("fork");
    if (process == 0)
        become(round, end);
    round->process[end] = process;
    round->resumes[end] = round->was_started[end];
    round->was_started[end] = true;
}

/* Start what is neither running nor done, in random order. */
static void
start_missing(struct round *round)
{
    int first = (int)(random_number() >> 33 & 1), turn;

    for (turn = 0; turn < ENDS; turn++) {
        int end = first ^ turn;

        if (!round->process[end] && !round->is_done[end])
            start(round, end);
    }
}

/*
 * Note how an end has ended; false if it may not end so. One that was not told
 * to resume refuses what a dead one has left.
 */
static bool
note_end(struct round *round, int end, int status)
{
    round->process[end] = 0;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        return true;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        round->is_done[end] = true;
        return true;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 1 &&
        (!round->waits || !round->resumes[end]))
        return true;
    fprintf(stderr, "kill: the %s ended with wait status %#x\n",
            end == SENDER ? "sender" : "receiver", (unsigned int)status);
    return false;
}

static bool
collect(struct round *round, int end, int options)
{
    int status;
    pid_t ended;

    if (!round->process[end])
        return true;
    ended = waitpid(round->process[end], &status, options);
    if (ended < 0)
        give_up("waitpid");
    return ended == 0 || note_end(round, end, status);
}

/* Wait for whichever end is the first to end: the other may need it again. */
static bool
collect_one(struct round *round)
{
    int status;
    pid_t ended = waitpid(-1, &status, 0);

    if (ended < 0)
        give_up("waitpid");
    return note_end(round, ended == round->process[SENDER] ? SENDER : RECEIVER,
                    status);
}

static void
sleep_at_random(uint64_t longest)
{
    uint64_t microseconds = random_number() % (longest + 1);
    struct timespec time = {
        .tv_sec = (time_t)(microseconds / 1000000),
        .tv_nsec = (long)(microseconds % 1000000) * 1000,
    };

    nanosleep(&time, NULL);
}

/*
 * Without --wait an end that has seen the other alive has to notice its death;
 * one that never saw it may wait for it, and is killed as well.
 */
static bool
end_survivor(struct round *round, int end)
{
    const struct timespec nap = { .tv_nsec = 5000000 };
    int tries;

    for (tries = 0; tries < 100 && round->process[end]; tries++) {
        if (!collect(round, end, WNOHANG))
            return false;
        nanosleep(&nap, NULL);
    }
    if (round->process[end])
        kill(round->process[end], SIGKILL);
    return collect(round, end, 0);
}

/* Kill an end, if it still runs: 1, or 0; -1 when one ended as it may not. */
static int
kill_one(struct round *round)
{
    int victim = (int)(random_number() >> 35 & 1);
    bool killed;

    if (!collect(round, SENDER, WNOHANG) || !collect(round, RECEIVER, WNOHANG))
        return -1;
    if (!round->process[victim])
        victim = !victim;
    if (!round->process[victim])
        return 0;
    kill(round->process[victim], SIGKILL);
    if (!collect(round, victim, 0))
        return -1;
    killed = !round->is_done[victim];
    if (!round->waits && !end_survivor(round, !victim))
        return -1;
    return killed;
}

static bool
is_same(void)
{
    static unsigned char one[65536], other[65536];
    FILE *input = fopen(INPUT, "rb"), *output = fopen(OUTPUT, "rb");
    size_t length, more;
    bool same = true;

    if (!input || !output)
        give_up(OUTPUT);
    do {
        length = fread(one, 1, sizeof one, input);
        more = fread(other, 1, sizeof other, output);
        same = length == more && memcmp(one, other, length) == 0;
    } while (same && length > 0);
    fclose(input);
    fclose(output);
    return same;
}

/* One transfer; the number of kills, or -1. */
static int64_t
run_round(struct round *round, uint64_t most)
{
    int64_t kills = 0;

    unlink(CHANNEL);
    unlink(OUTPUT);
    while (!round->is_done[SENDER] || !round->is_done[RECEIVER]) {
        int killed = 0;

        start_missing(round);
        if ((uint64_t)kills < most) {
            sleep_at_random(round->plan->longest);
            killed = kill_one(round);
        } else if (!collect_one(round)) {
            killed = -1;
        }
        if (killed < 0)
            return -1;
        kills += killed;
    }
    return kills;
}

/* End what a failed round has left behind. */
static void
clean_up(struct round *round)
{
    int end;

    for (end = SENDER; end < ENDS; end++) {
        if (!round->process[end])
            continue;
        kill(round->process[end], SIGKILL);
        waitpid(round->process[end], NULL, 0);
    }
}

int
main(void)
{
    struct plan plan = {
        .program = getenv("MMT"),
        .capacity = getenv("CAPACITY"),
        .kills = number_of("KILLS", 200),
        .bytes = number_of("BYTES", (uint64_t)1 << 30),
        .longest = number_of("LONGEST", 8000),
    };
    uint64_t seed = number_of("SEED", (uint64_t)time(NULL));
    uint64_t kills = 0;
    int rounds = 0;

    if (!plan.program) {
        fprintf(stderr, "kill: set MMT to the path of mmt\n");
        return 2;
    }
    if (!plan.capacity)
        plan.capacity = "1M";
    printf("SEED=%ju KILLS=%ju BYTES=%ju CAPACITY=%s LONGEST=%ju\n",
           (uintmax_t)seed, (uintmax_t)plan.kills, (uintmax_t)plan.bytes,
           plan.capacity, (uintmax_t)plan.longest);
    fflush(stdout);
    state = seed * 2654435769U + 1;
    make_input(plan.bytes);
    do {
        struct round round = { .plan = &plan, .appends = rounds % 2 == 0 };
        int64_t more;

        round.waits = random_number() >> 37 & 1;
        more = run_round(&round, plan.kills - kills);
        if (more < 0 || !is_same()) {
            clean_up(&round);
            printf("round %d, after %ju kills: %s\n", rounds + 1,
                   (uintmax_t)kills, more < 0 ? "failed" : "output differs");
            return 1;
        }
        kills += (uint64_t)more;
        rounds++;
    } while (kills < plan.kills);
    printf("%ju kills in %d rounds: every byte arrived, once\n",
           (uintmax_t)kills, rounds);
    unlink(INPUT);
    unlink(OUTPUT);
    unlink(CHANNEL);
    unlink(MESSAGES);
    return 0;
}
