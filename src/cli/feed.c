/*
 * feed.c - the steps of a run, one after the other.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/feed.h"

#include "cli/complain.h"
#include "cli/names.h"
#include "cli/report.h"
#include "cli/usage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the other words of the command line make wrong with a step. */
static bool
is_allowed(const struct feed *feed, const struct step *step,
           char problem[PROBLEM_SIZE])
{
    char shown[SHOWN_SIZE];

    if (step->verb->value != VALUE_PATH ||
        (step->has_value && !script_is_input((const char *)step->bytes)))
        return true;
    shown_copy(shown, step->text);
    if (step->verb->path_is_input) {
        snprintf(problem, PROBLEM_SIZE,
                 "%s: standard input holds the steps: load from a file", shown);
        return !feed->has_input;
    }
    snprintf(problem, PROBLEM_SIZE,
             "%s: standard output holds the JSON: save to a file", shown);
    return !feed->output_taken;
}

static struct step *
parse(const struct feed *feed, const char *word, char problem[PROBLEM_SIZE])
{
    struct step *step = script_parse(word, feed->has_roles, problem);

    if (!step || is_allowed(feed, step, problem))
        return step;
    step_free(step);
    return NULL;
}

bool
feed_begin(struct feed *feed, char problem[PROBLEM_SIZE])
{
    size_t index;

    feed->steps = calloc(feed->count + 1, sizeof(struct step *));
    if (!feed->steps) {
        snprintf(problem, PROBLEM_SIZE, "not enough memory");
        return false;
    }
    for (index = 0; index < feed->count; index++)
        if (script_is_input(feed->words[index]))
            feed->has_input = true;
    for (index = 0; index < feed->count; index++) {
        if (script_is_input(feed->words[index]))
            continue;
        feed->steps[index] = parse(feed, feed->words[index], problem);
        if (!feed->steps[index])
            return false;
    }
    return true;
}

/* Cut blanks off both ends of a line. */
static char *
trim(char *line)
{
    size_t length;

    line += strspn(line, " \t\r");
    length = strlen(line);
    while (length > 0 && strchr(" \t\r", line[length - 1]))
        line[--length] = '\0';
    return line;
}

/* Also as the message about a line that is no step puts it. */
static bool
is_call_for_help(const char *line)
{
    return strcmp(line, "help") == 0 || strcmp(line, "mmt help steps") == 0;
}

/* Answer what is said to mmt itself, and is no step. */
static bool
is_answered(const struct feed *feed, const char *line)
{
    if (!feed->is_dialogue || feed->output_taken || !is_call_for_help(line))
        return false;
    usage_print_steps();
    report("Here each line is a step, and Control-D ends.\n");
    return true;
}

/* In a dialogue, the last prompt has had no answer that ends its line. */
static enum fed
end_of_input(struct feed *feed, char problem[PROBLEM_SIZE])
{
    int error = feed->lines.error;

    if (feed->is_dialogue)
        complain_raw("\n");
    if (!error)
        return FED_END;
    feed->from_input = false;
    feed->line = "-";
    snprintf(problem, PROBLEM_SIZE, "%s (%s)", strerror(error),
             errno_name(error).text);
    return FED_UNREADABLE;
}

static enum fed
next_line(struct feed *feed, struct step **step, char problem[PROBLEM_SIZE])
{
    bool has_nul;
    char *line;

    do {
        line = lines_next(&feed->lines, feed->before_wait, feed->context);
        if (!line)
            return end_of_input(feed, problem);
        has_nul = strlen(line) < feed->lines.size;
        line = trim(line);
    } while ((*line == '\0' && !has_nul) || *line == '#' ||
             is_answered(feed, line));
    feed->line = line;
    if (has_nul) {
        char shown[SHOWN_SIZE];

        shown_copy(shown, line);
        snprintf(problem, PROBLEM_SIZE, "%s: a byte of zeros goes as \\0",
                 shown);
        return FED_BAD;
    }
    *step = parse(feed, line, problem);
    return *step ? FED_STEP : FED_BAD;
}

enum fed
feed_next(struct feed *feed, struct step **step, char problem[PROBLEM_SIZE])
{
    for (;;) {
        enum fed fed = FED_END;

        if (feed->from_input)
            fed = next_line(feed, step, problem);
        if (fed != FED_END)
            return fed;
        feed->from_input = false;
        if (feed->next == feed->count)
            return FED_END;
        *step = feed->steps[feed->next];
        feed->steps[feed->next++] = NULL;
        if (*step)
            return FED_STEP;
        feed->from_input = true;
    }
}

struct step *
feed_expect(struct feed *feed)
{
    struct step *step;

    if (feed->from_input || feed->next == feed->count)
        return NULL;
    step = feed->steps[feed->next];
    if (!step || !step_is_expect(step))
        return NULL;
    feed->steps[feed->next++] = NULL;
    return step;
}

void
feed_end(struct feed *feed)
{
    size_t index;

    for (index = 0; feed->steps && index < feed->count; index++)
        step_free(feed->steps[index]);
    free(feed->steps);
    feed->steps = NULL;
    lines_free(&feed->lines);
}
