/*
 * pairs.c - times two commands against each other, in turns.
 *
 * usage: pairs COUNT PREPARE COMMAND... -- COMMAND...
 *
 * COUNT times each: the shell runs PREPARE, untimed, then a command runs and
 * is timed from its start to its end. Which of the two goes first changes from
 * pair to pair, so that what slows the machine down slows both. Printed are
 * the median of each in milliseconds and the median of the pairs' ratios.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double
now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void
give_up(const char *what)
{
    fprintf(stderr, "pairs: failed: %s\n", what);
    exit(1);
}

/* Milliseconds that a command takes. */
static double
timed(const char *prepare, char **command)
{
    double began;
    pid_t child;
    int status;

    if (system(prepare) != 0)
        give_up(prepare);
    began = now();
    errno = posix_spawnp(&child, command[0], NULL, NULL, command, environ);
    if (errno)
        give_up(command[0]);
    if (waitpid(child, &status, 0) != child || status != 0)
        give_up(command[0]);
    return now() - began;
}

static int
compare(const void *one, const void *other)
{
    double first = *(const double *)one, second = *(const double *)other;

    return (first > second) - (first < second);
}

static double
median(double *numbers, size_t count)
{
    qsort(numbers, count, sizeof *numbers, compare);
    return numbers[count / 2];
}

int
main(int words_count, char **words)
{
    size_t count = words_count > 3 ? strtoul(words[1], NULL, 10) : 0, pair;
    double *ours = calloc(count + 1, sizeof *ours);
    double *theirs = calloc(count + 1, sizeof *theirs);
    double *ratios = calloc(count + 1, sizeof *ratios);
    char **other = words + 3;

    if (!count || !ours || !theirs || !ratios)
        give_up("usage: pairs COUNT PREPARE COMMAND... -- COMMAND...");
    while (*other && strcmp(*other, "--") != 0)
        other++;
    if (!*other)
        give_up("no -- between the commands");
    *other++ = NULL;
    for (pair = 0; pair < count; pair++) {
        if (pair % 2)
            theirs[pair] = timed(words[2], other);
        ours[pair] = timed(words[2], words + 3);
        if (pair % 2 == 0)
            theirs[pair] = timed(words[2], other);
        ratios[pair] = ours[pair] / theirs[pair];
    }
    printf("%.3f %.3f %.3f\n", median(ours, count), median(theirs, count),
           median(ratios, count));
    return 0;
}
