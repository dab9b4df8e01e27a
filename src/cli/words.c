/*
 * words.c - the words that may stand for the placeholder of a value.
 *
 * Parsers take them; here they are told to whoever completes them. A word like
 * "exit:N" is one that goes on behind its colon.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/words.h"

#include "cli/expect.h"
#include "cli/names.h"
#include "cli/report.h"
#include "cli/values.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

static const char signal_holder[] = "SIGNAL";
static const char outcome_holder[] = "OUTCOME";

/* Words that a parser takes apart by itself. */
static const struct {
    const char *placeholder;
    const char *word;
    const char *help;
} others[] = {
    { "MODE", "r", "read" },
    { "MODE", "w", "write" },
    { "MODE", "rw", "read and write" },
    { "MODE", "a", "append" },
    { "MODE", "ra", "read and append" },
    { "FLAG", "shared", "MAP_SHARED" },
    { "FLAG", "private", "MAP_PRIVATE" },
    { "FLAG", "fixed", "MAP_FIXED" },
    { "ATTR", "shared", "MAP_SHARED" },
    { "ATTR", "private", "MAP_PRIVATE" },
    { "ATTR", "offset:OFF", "from there in the file, passed as it is" },
    { "ATTR", "path:PATH", "another file; comes last" },
    { outcome_holder, "exit:N",
      "the status that the command of sh ended with" },
};

static void
print_row(const char *word, const char *placeholder, const char *help)
{
    report("value\t-\t%s\t%s\t%s\n", word, placeholder, help);
}

/* "SIGSEGV/SEGV_MAPERR" */
static void
print_codes(void)
{
    const char *name;
    size_t index;
    int number;

    for (index = 0; (name = code_listed(index, &number)); index++)
        if (number)
            report("value\t-\t%s/%s\t%s\t-\n", signal_name(number).text, name,
                   outcome_holder);
}

static void
print_signals(const char *placeholder)
{
    const char *name;
    size_t index;

    for (index = 0; (name = signal_listed(index)); index++)
        print_row(name, placeholder, strsignal(signal_value(name)));
}

static void
print_protections(void)
{
    const int all = PROT_READ | PROT_WRITE | PROT_EXEC;
    char letters[5], columns[4];
    int bits;

    for (bits = 0; bits <= all; bits++) {
        protection_letters(letters, bits);
        protection_format(columns, bits);
        print_row(letters, "PROT", columns);
        print_row(letters, "ATTR", columns);
    }
}

void
words_table(void)
{
    const char *word;
    size_t index;

    print_protections();
    for (index = 0; index < sizeof others / sizeof others[0]; index++)
        print_row(others[index].word, others[index].placeholder,
                  others[index].help);
    print_signals(signal_holder);
    for (index = 0; (word = outcome_listed(index)); index++)
        print_row(word, outcome_holder, "-");
    for (index = 0; (word = errno_listed(index)); index++)
        print_row(word, outcome_holder, strerror(errno_value(word)));
    print_signals(outcome_holder);
    print_codes();
}

void
words_table_operand(const struct command *command)
{
    if (command->word)
        print_row(command->word, command->name, "-");
}
