/*
 * trace.c - shows calls as C writes them, with their results.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/trace.h"

#include "cli/complain.h"
#include "cli/names.h"
#include "memory/window.h"
#include "memory/witness.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* The role whose step this process is in. */
static const char *role_name;

void
trace_as(const char *role)
{
    role_name = role;
}

struct flag {
    int bit;
    const char *name;
};

static const struct flag protections[] = {
    { PROT_READ, "PROT_READ" },
    { PROT_WRITE, "PROT_WRITE" },
    { PROT_EXEC, "PROT_EXEC" },
    { 0, "PROT_NONE" },
};

static const struct flag sync_flags[] = {
    { MS_SYNC, "MS_SYNC" },
    { MS_ASYNC, "MS_ASYNC" },
    { MS_INVALIDATE, "MS_INVALIDATE" },
    { 0, "0" },
};

static const struct flag open_flags[] = {
    { O_APPEND, "O_APPEND" },     { O_CREAT, "O_CREAT" },
    { O_EXCL, "O_EXCL" },         { O_TRUNC, "O_TRUNC" },
    { O_NONBLOCK, "O_NONBLOCK" }, { O_NOCTTY, "O_NOCTTY" },
    { O_CLOEXEC, "O_CLOEXEC" },   { 0, "" },
};

static const struct flag rights[] = {
    { R_OK, "R_OK" },
    { W_OK, "W_OK" },
    { X_OK, "X_OK" },
    { 0, "F_OK" },
};

/* Write the names of the bits in `value`, and what is left as a number. */
static void
write_flags(FILE *line, const struct flag *flags, int value)
{
    const char *separator = "";

    for (; flags->bit; flags++) {
        if ((value & flags->bit) != flags->bit)
            continue;
        fprintf(line, "%s%s", separator, flags->name);
        separator = "|";
        value &= ~flags->bit;
    }
    if (value)
        fprintf(line, "%s0x%x", separator, (unsigned int)value);
    else if (!*separator)
        fputs(flags->name, line);
}

static void
write_open_flags(FILE *line, int value)
{
    int access = value & O_ACCMODE;

    fputs(access == O_RDONLY   ? "O_RDONLY"
          : access == O_WRONLY ? "O_WRONLY"
                               : "O_RDWR",
          line);
    value &= ~O_ACCMODE;
    if (value) {
        fputc('|', line);
        write_flags(line, open_flags, value);
    }
}

static void
write_map_flags(FILE *line, int value)
{
    const struct flag flags[] = {
        { MAP_SHARED, "MAP_SHARED" },
        { MAP_PRIVATE, "MAP_PRIVATE" },
        { MAP_FIXED, "MAP_FIXED" },
        { window_anonymous, "MAP_ANONYMOUS" },
        { 0, "0" },
    };

    write_flags(line, flags, value);
}

static const char *
advice_name(int advice)
{
    switch (advice) {
    case POSIX_MADV_NORMAL: return "POSIX_MADV_NORMAL";
    case POSIX_MADV_SEQUENTIAL: return "POSIX_MADV_SEQUENTIAL";
    case POSIX_MADV_RANDOM: return "POSIX_MADV_RANDOM";
    case POSIX_MADV_WILLNEED: return "POSIX_MADV_WILLNEED";
    case POSIX_MADV_DONTNEED: return "POSIX_MADV_DONTNEED";
    default: return NULL;
    }
}

static void
write_advice(FILE *line, int advice)
{
    const char *name = advice_name(advice);

    if (name)
        fputs(name, line);
    else
        fprintf(line, "%d", advice);
}

static const char *
whence_name(int whence)
{
    return whence == SEEK_SET   ? "SEEK_SET"
           : whence == SEEK_CUR ? "SEEK_CUR"
                                : "SEEK_END";
}

static void
write_address(FILE *line, uintmax_t address)
{
    if (address)
        fprintf(line, "0x%jx", address);
    else
        fputs("NULL", line);
}

static void
write_text(FILE *line, const char *text)
{
    fputc('"', line);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', line);
        fputc(*text, line);
    }
    fputc('"', line);
}

static void
write_argument(FILE *line, const struct argument *argument)
{
    int value = (int)argument->value;

    switch (argument->kind) {
    case ARGUMENT_NUMBER:
        fprintf(line, "%jd", (intmax_t)argument->value);
        break;
    case ARGUMENT_SIZE: fprintf(line, "%ju", argument->value); break;
    case ARGUMENT_ADDRESS: write_address(line, argument->value); break;
    case ARGUMENT_TEXT: write_text(line, argument->text); break;
    case ARGUMENT_WORD: fputs(argument->text, line); break;
    case ARGUMENT_LOCK:
        fprintf(line, "{%s, SEEK_SET, %jd, 1}", argument->text,
                (intmax_t)argument->value);
        break;
    case ARGUMENT_BUFFER: fputs("buffer", line); break;
    case ARGUMENT_PROTECTION: write_flags(line, protections, value); break;
    case ARGUMENT_MAP_FLAGS: write_map_flags(line, value); break;
    case ARGUMENT_SYNC_FLAGS: write_flags(line, sync_flags, value); break;
    case ARGUMENT_OPEN_FLAGS: write_open_flags(line, value); break;
    case ARGUMENT_MODE:
        fprintf(line, "%#o", (unsigned int)argument->value);
        break;
    case ARGUMENT_ADVICE: write_advice(line, value); break;
    case ARGUMENT_WHENCE: fputs(whence_name(value), line); break;
    case ARGUMENT_RIGHTS: write_flags(line, rights, value); break;
    }
}

static void
write_result(FILE *line, const struct call *call)
{
    if (call->kind == RESULT_ERROR)
        fputs(call->error ? errno_name(call->error).text : "0", line);
    else if (call->error)
        fprintf(line, "-1 %s", errno_name(call->error).text);
    else if (call->kind == RESULT_ADDRESS)
        write_address(line, call->result);
    else
        fprintf(line, "%jd", (intmax_t)call->result);
}

static void
write_call(FILE *line, const struct call *call)
{
    int index;

    fprintf(line, "%s(", call->name);
    for (index = 0; index < call->count; index++) {
        if (index)
            fputs(", ", line);
        write_argument(line, &call->arguments[index]);
    }
    fputs(") = ", line);
    write_result(line, call);
    if (call->own)
        fputs(" /* window */", line);
}

static void
write_role(FILE *line)
{
    if (role_name)
        fprintf(line, "%s: ", role_name);
}

void
trace_call(const struct call *call)
{
    char *text = NULL;
    size_t length = 0;
    FILE *line = open_memstream(&text, &length);

    if (!line)
        return;
    write_role(line);
    write_call(line, call);
    fclose(line);
    complain_painted(call->error ? PAINT_ERROR : PAINT_CALL, "%s", text);
    free(text);
}

void
trace_step(const char *text)
{
    complain_painted(PAINT_STEP, "+ %s", text);
}
