/*
 * step.c - one thing to do to a window: the table of verbs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "memory/step.h"

#include "memory/cell.h"
#include "memory/clock.h"
#include "memory/file_calls.h"
#include "memory/map_calls.h"
#include "memory/shell.h"
#include "memory/touch.h"
#include "memory/transfer.h"
#include "memory/waiting.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

static struct outcome
run_shell(struct stage *stage, const struct step *step)
{
    struct outcome outcome;

    stage->sink->flush(stage->sink);
    outcome = shell_run((const char *)step->bytes, stage->input_taken,
                        stage->output_taken);
    outcome.seconds = stage->timeout;
    return outcome;
}

/* What a signal does to a process that has set nothing for it. */
static struct outcome
run_raise(struct stage *stage, const struct step *step)
{
    struct sigaction standard = { .sa_handler = SIG_DFL };
    sigset_t only;

    stage->sink->flush(stage->sink);
    sigemptyset(&standard.sa_mask);
    sigemptyset(&only);
    sigaddset(&only, step->bits);
    /* It fails for SIGKILL and SIGSTOP, which have no other disposition. */
    sigaction(step->bits, &standard, NULL);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
    return outcome_of(raise(step->bits) == 0 ? 0 : errno);
}

/* The process was forked at its role's first step, which this one may be. */
static struct outcome
run_fork(struct stage *stage, const struct step *step)
{
    (void)stage;
    return step->role ? OUTCOME_NONE : outcome_because(EINVAL, REASON_NO_ROLE);
}

const struct verb verbs[] = {
    { .name = "peek",
      .range = RANGE_TOUCH,
      .prints = PRINTS_TEXT,
      .run = touch_peek,
      .help = "print the bytes as TEXT" },
    { .name = "dump",
      .range = RANGE_TOUCH,
      .prints = PRINTS_DUMP,
      .run = touch_peek,
      .help = "print the bytes as hexdump -C does" },
    { .name = "poke",
      .range = RANGE_TOUCH,
      .value = VALUE_TEXT,
      .placeholder = "TEXT",
      .run = touch_poke,
      .help = "store TEXT" },
    { .name = "fill",
      .range = RANGE_TOUCH,
      .value = VALUE_TEXT,
      .placeholder = "TEXT",
      .repeats_text = true,
      .run = touch_fill,
      .help = "store TEXT over and over" },
    { .name = "cmp",
      .range = RANGE_TOUCH,
      .value = VALUE_TEXT,
      .placeholder = "TEXT",
      .run = touch_compare,
      .help = "compare with TEXT" },
    { .name = "probe",
      .range = RANGE_TOUCH,
      .value = VALUE_ACCESS,
      .value_optional = true,
      .placeholder = "rwx",
      .prints = PRINTS_PAGES,
      .run = touch_probe,
      .help = "print which pages can be read, written, executed" },
    { .name = "call",
      .range = RANGE_OFFSET,
      .prints = PRINTS_NUMBER,
      .run = touch_call,
      .help = "run the bytes as int f(void), print its result" },
    { .name = "get",
      .range = RANGE_TOUCH,
      .prints = PRINTS_NUMBER,
      .run = cell_get,
      .help = "print an integer of 1, 2, 4 or 8 bytes" },
    { .name = "set",
      .range = RANGE_TOUCH,
      .value = VALUE_INTEGER,
      .placeholder = "N",
      .run = cell_set,
      .help = "store an integer" },
    { .name = "add",
      .range = RANGE_TOUCH,
      .value = VALUE_INTEGER,
      .placeholder = "N",
      .prints = PRINTS_NUMBER,
      .run = cell_add,
      .help = "add to an integer, print the sum" },
    { .name = "cas",
      .range = RANGE_TOUCH,
      .value = VALUE_SWAP,
      .placeholder = "OLD:NEW",
      .run = cell_swap,
      .help = "make an integer NEW if it is OLD" },
    { .name = "wait",
      .range = RANGE_TOUCH,
      .value = VALUE_AWAITED,
      .placeholder = "N[..]",
      .waits = WAITS_FOR_CELL,
      .run = waiting_run,
      .help = "wait until an integer is N, or N or more" },
    { .name = "load",
      .range = RANGE_TOUCH,
      .value = VALUE_PATH,
      .value_optional = true,
      .placeholder = "PATH",
      .path_is_input = true,
      .run = transfer_load,
      .help = "read(2) PATH (- is stdin) into the mapping" },
    { .name = "save",
      .range = RANGE_TOUCH,
      .value = VALUE_PATH,
      .value_optional = true,
      .placeholder = "PATH",
      .run = transfer_save,
      .help = "write(2) the mapping to PATH (- is stdout)" },
    { .name = "munmap",
      .range = RANGE_CALL,
      .run = map_munmap,
      .help = "unmap the pages" },
    { .name = "mprotect",
      .range = RANGE_CALL,
      .value = VALUE_PROTECTION,
      .placeholder = "PROT",
      .run = map_mprotect,
      .help = "change the protection of the pages" },
    { .name = "msync",
      .range = RANGE_CALL,
      .value = VALUE_SYNC,
      .value_optional = true,
      .placeholder = "sync|async|invalidate,...",
      .run = map_msync,
      .help = "write the pages back to the file" },
    { .name = "mlock",
      .range = RANGE_CALL,
      .run = map_mlock,
      .help = "keep the pages in memory" },
    { .name = "munlock",
      .range = RANGE_CALL,
      .run = map_munlock,
      .help = "keep them no longer" },
    { .name = "madvise",
      .range = RANGE_CALL,
      .value = VALUE_ADVICE,
      .placeholder = "normal|sequential|random|willneed|dontneed",
      .run = map_madvise,
      .help = "posix_madvise: say how the pages will be used" },
    { .name = "mmap",
      .range = RANGE_CALL,
      .value = VALUE_MAPPING,
      .value_optional = true,
      .placeholder = "ATTR,...",
      .run = map_mmap,
      .help = "map the file, or another, over the pages" },
    { .name = "truncate",
      .value = VALUE_SIZE,
      .placeholder = "SIZE",
      .run = file_truncate,
      .help = "set the size of the file, by its path" },
    { .name = "ftruncate",
      .value = VALUE_SIZE,
      .placeholder = "SIZE",
      .run = file_ftruncate,
      .help = "set the size of the file, by its descriptor" },
    { .name = "fallocate",
      .range = RANGE_FILE,
      .run = file_fallocate,
      .help = "give the range of the file its blocks" },
    { .name = "pread",
      .range = RANGE_FILE,
      .prints = PRINTS_TEXT,
      .run = file_pread,
      .help = "pread(2) the file beside the mapping, print TEXT" },
    { .name = "pwrite",
      .range = RANGE_FILE,
      .value = VALUE_TEXT,
      .placeholder = "TEXT",
      .run = file_pwrite,
      .help = "pwrite(2) TEXT to the file beside the mapping" },
    { .name = "fsync",
      .run = file_fsync,
      .help = "flush data and metadata of the file" },
    { .name = "fdatasync",
      .run = file_fdatasync,
      .help = "flush the data of the file" },
    { .name = "close",
      .run = file_close,
      .help = "close the descriptor; the mapping stays" },
    { .name = "unlink",
      .run = file_unlink,
      .help = "remove the name of the file; the mapping stays" },
    { .name = "sleep",
      .value = VALUE_SECONDS,
      .placeholder = "SECONDS",
      .waits = WAITS_FOR_TIME,
      .run = waiting_run,
      .help = "do nothing for a time" },
    { .name = "pause",
      .waits = WAITS_FOR_SIGNAL,
      .run = waiting_run,
      .help = "wait for SIGUSR1, SIGINT or SIGTERM and go on" },
    { .name = "raise",
      .value = VALUE_SIGNAL,
      .placeholder = "SIGNAL",
      .run = run_raise,
      .help = "send the process a signal" },
    { .name = "fork",
      .run = run_fork,
      .help = "make the process of a role, and nothing else" },
    { .name = "sh",
      .value = VALUE_COMMAND,
      .placeholder = "COMMAND",
      .run = run_shell,
      .help = "run sh -c COMMAND" },
    { .name = "expect",
      .value = VALUE_OUTCOMES,
      .placeholder = "OUTCOME,...",
      .help = "accept these outcomes of the step before, no other" },
    { .name = NULL },
};

bool
step_is_expect(const struct step *step)
{
    return !step->verb->run;
}

/*
 * True when the limit ran out during a call that no signal interrupts, or one
 * did. What touches memory or waits looks at the clock itself.
 */
static bool
is_late(const struct step *step, const struct outcome *outcome)
{
    const struct verb *verb = step->verb;

    if (outcome->kind == OUTCOME_ERROR)
        return outcome->error == EINTR && clock_expired();
    return outcome->kind == OUTCOME_OK && verb->waits == WAITS_NOT &&
           verb->range != RANGE_TOUCH && verb->range != RANGE_OFFSET &&
           clock_expired();
}

struct outcome
step_run(struct stage *stage, const struct step *step)
{
    struct outcome outcome;
    int error =
        clock_limit(stage->has_timeout ? stage->timeout : CLOCK_FOR_EVER);

    if (error)
        return outcome_of(error);
    outcome = step->verb->run(stage, step);
    if (is_late(step, &outcome))
        outcome = (struct outcome) { .kind = OUTCOME_TIMEOUT,
                                     .seconds = stage->timeout };
    clock_unlimit();
    return outcome;
}

void
step_free_all(struct step *first)
{
    while (first) {
        struct step *next = first->next;

        step_free(first);
        first = next;
    }
}

void
step_free(struct step *step)
{
    if (!step)
        return;
    step_free_all(step->expects);
    free((char *)(uintptr_t)step->text);
    free((char *)(uintptr_t)step->role);
    free(step->bytes);
    free(step);
}
