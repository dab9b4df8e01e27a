/*
 * mapping.c - how a file is mapped: the options of map, protect and exchange.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/mapping.h"

#include "cli/complain.h"
#include "cli/values.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

const struct option mapping_options[] = {
    { OPTION_OFFSET, 'o', "offset", "OFF",
      "map from byte OFF of the file (default: 0)" },
    { OPTION_LENGTH, 'l', "length", "LEN",
      "map LEN bytes (default: to the end of the file)" },
    { OPTION_PROTECTION, 'p', "prot", "PROT",
      "letters of rwx, none, or a number (default: r)" },
    { OPTION_WRITE, 'w', "write", NULL, "the same as -p rw" },
    { OPTION_PRIVATE, 'P', "private", NULL,
      "MAP_PRIVATE (default: MAP_SHARED)" },
    { OPTION_OPEN, 'O', "open", "MODE",
      "open the file for r, w, rw, with a to append" },
    { OPTION_FLAGS, 0, "flags", "FLAG,...",
      "exact flags: shared, private, fixed, or a number" },
    { OPTION_ADDRESS, 0, "address", "ADDR", "the address argument of mmap" },
    { OPTION_EXACT, 0, "exact", NULL, "pass offset and length as they are" },
    { OPTION_NO_MAP, 0, "no-map", NULL, "open only: the steps do the mapping" },
    { OPTION_KEEP_GOING, 'k', "keep-going", NULL, "go on after a failed step" },
    { OPTION_RAISE, 0, "raise", NULL, "let a fault kill mmt" },
    { OPTION_TIME, 0, "time", NULL, "tell time and page faults of each step" },
    { OPTION_TIMEOUT, 't', "timeout", "SECONDS",
      "limit of each step; status 124" },
    { 0 },
};

struct mapping
mapping_standard(void)
{
    return (struct mapping) { .plan = { .protection = PROT_READ } };
}

static bool
refuse(const char *what, const char *value, const char *wanted)
{
    complain("bad %s '%s': want %s", what, value, wanted);
    return false;
}

static bool
take_open(struct plan *plan, const char *value)
{
    bool reads = strchr(value, 'r'), appends = strchr(value, 'a');
    bool writes = strchr(value, 'w') || appends;

    if (!*value || value[strspn(value, "rwa")])
        return refuse("open mode", value, "letters of rwa");
    plan->has_open = true;
    plan->open_flags = !writes ? O_RDONLY : reads ? O_RDWR : O_WRONLY;
    if (appends)
        plan->open_flags |= O_APPEND;
    return true;
}

static bool
flag_bit(const char *word, int *bit)
{
    if (strcmp(word, "shared") == 0)
        *bit = MAP_SHARED;
    else if (strcmp(word, "private") == 0)
        *bit = MAP_PRIVATE;
    else if (strcmp(word, "fixed") == 0)
        *bit = MAP_FIXED;
    else
        return flags_parse(word, bit);
    return true;
}

static bool
take_flags(struct plan *plan, const char *value)
{
    const char *rest = value;
    char word[PIECE];
    int flags = 0, bit;

    while (rest) {
        rest = piece_next(rest, word);
        if (!flag_bit(word, &bit))
            return refuse(
                "flags", value,
                "shared, private, fixed or a number, parted by commas");
        flags |= bit;
    }
    plan->has_flags = true;
    plan->flags = flags;
    return true;
}

static bool
take_address(struct plan *plan, const char *value)
{
    uintmax_t address;

    if (!number_parse(value, UINTPTR_MAX, &address))
        return refuse("address", value, "a number, 0x... or decimal");
    plan->has_address = true;
    plan->address = (uintptr_t)address;
    return true;
}

bool
mapping_take(struct mapping *mapping, const struct args *args, int id)
{
    struct plan *plan = &mapping->plan;
    const char *value = args->value;

    switch (id) {
    case OPTION_OFFSET: return args_size(args, "offset", &plan->offset);
    case OPTION_LENGTH:
        plan->has_length = true;
        return args_size(args, "length", &plan->length);
    case OPTION_PROTECTION:
        if (protection_parse(value, &plan->protection))
            return true;
        return refuse("protection", value, PROTECTION_SYNTAX);
    case OPTION_WRITE: plan->protection = PROT_READ | PROT_WRITE; break;
    case OPTION_PRIVATE: plan->is_private = true; break;
    case OPTION_OPEN: return take_open(plan, value);
    case OPTION_FLAGS: return take_flags(plan, value);
    case OPTION_ADDRESS: return take_address(plan, value);
    case OPTION_EXACT: plan->exact = true; break;
    case OPTION_NO_MAP: plan->no_map = true; break;
    case OPTION_KEEP_GOING: mapping->keep_going = true; break;
    case OPTION_RAISE: mapping->let_kill = true; break;
    case OPTION_TIME: mapping->show_time = true; break;
    case OPTION_TIMEOUT:
        mapping->has_timeout = true;
        return args_timeout(args, &mapping->timeout);
    default: return false;
    }
    return true;
}
