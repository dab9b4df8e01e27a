/*
 * names.c - the names of errors, signals and signal codes, both ways.
 *
 * POSIX has no call that gives these names, so the tables stand here. Names
 * beyond POSIX that a file system is known to answer with are added where the
 * system has them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/names.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

struct known {
    int number;
    const char *name;
};

static const struct known errors[] = {
    { E2BIG, "E2BIG" },
    { EACCES, "EACCES" },
    { EADDRINUSE, "EADDRINUSE" },
    { EADDRNOTAVAIL, "EADDRNOTAVAIL" },
    { EAFNOSUPPORT, "EAFNOSUPPORT" },
    { EAGAIN, "EAGAIN" },
    { EALREADY, "EALREADY" },
    { EBADF, "EBADF" },
    { EBADMSG, "EBADMSG" },
    { EBUSY, "EBUSY" },
    { ECANCELED, "ECANCELED" },
    { ECHILD, "ECHILD" },
    { ECONNABORTED, "ECONNABORTED" },
    { ECONNREFUSED, "ECONNREFUSED" },
    { ECONNRESET, "ECONNRESET" },
    { EDEADLK, "EDEADLK" },
    { EDESTADDRREQ, "EDESTADDRREQ" },
    { EDOM, "EDOM" },
    { EDQUOT, "EDQUOT" },
    { EEXIST, "EEXIST" },
    { EFAULT, "EFAULT" },
    { EFBIG, "EFBIG" },
    { EHOSTUNREACH, "EHOSTUNREACH" },
    { EIDRM, "EIDRM" },
    { EILSEQ, "EILSEQ" },
    { EINPROGRESS, "EINPROGRESS" },
    { EINTR, "EINTR" },
    { EINVAL, "EINVAL" },
    { EIO, "EIO" },
    { EISCONN, "EISCONN" },
    { EISDIR, "EISDIR" },
    { ELOOP, "ELOOP" },
    { EMFILE, "EMFILE" },
    { EMLINK, "EMLINK" },
    { EMSGSIZE, "EMSGSIZE" },
    { EMULTIHOP, "EMULTIHOP" },
    { ENAMETOOLONG, "ENAMETOOLONG" },
    { ENETDOWN, "ENETDOWN" },
    { ENETRESET, "ENETRESET" },
    { ENETUNREACH, "ENETUNREACH" },
    { ENFILE, "ENFILE" },
    { ENOBUFS, "ENOBUFS" },
    { ENODEV, "ENODEV" },
    { ENOENT, "ENOENT" },
    { ENOEXEC, "ENOEXEC" },
    { ENOLCK, "ENOLCK" },
    { ENOLINK, "ENOLINK" },
    { ENOMEM, "ENOMEM" },
    { ENOMSG, "ENOMSG" },
    { ENOPROTOOPT, "ENOPROTOOPT" },
    { ENOSPC, "ENOSPC" },
    { ENOSYS, "ENOSYS" },
    { ENOTCONN, "ENOTCONN" },
    { ENOTDIR, "ENOTDIR" },
    { ENOTEMPTY, "ENOTEMPTY" },
    { ENOTRECOVERABLE, "ENOTRECOVERABLE" },
    { ENOTSOCK, "ENOTSOCK" },
    { ENOTSUP, "ENOTSUP" },
    { ENOTTY, "ENOTTY" },
    { ENXIO, "ENXIO" },
    { EOVERFLOW, "EOVERFLOW" },
    { EOWNERDEAD, "EOWNERDEAD" },
    { EPERM, "EPERM" },
    { EPIPE, "EPIPE" },
    { EPROTO, "EPROTO" },
    { EPROTONOSUPPORT, "EPROTONOSUPPORT" },
    { EPROTOTYPE, "EPROTOTYPE" },
    { ERANGE, "ERANGE" },
    { EROFS, "EROFS" },
    { ESPIPE, "ESPIPE" },
    { ESRCH, "ESRCH" },
    { ESTALE, "ESTALE" },
    { ETIMEDOUT, "ETIMEDOUT" },
    { ETXTBSY, "ETXTBSY" },
    { EXDEV, "EXDEV" },
#ifdef EHWPOISON
    { EHWPOISON, "EHWPOISON" },
#endif
#ifdef EKEYEXPIRED
    { EKEYEXPIRED, "EKEYEXPIRED" },
#endif
#ifdef ENODATA
    { ENODATA, "ENODATA" },
#endif
#ifdef ENOMEDIUM
    { ENOMEDIUM, "ENOMEDIUM" },
#endif
#ifdef ENOTBLK
    { ENOTBLK, "ENOTBLK" },
#endif
#ifdef EREMOTEIO
    { EREMOTEIO, "EREMOTEIO" },
#endif
#ifdef EUCLEAN
    { EUCLEAN, "EUCLEAN" },
#endif
    { 0, NULL },
};

static const struct known signals[] = {
    { SIGABRT, "SIGABRT" },
    { SIGALRM, "SIGALRM" },
    { SIGBUS, "SIGBUS" },
    { SIGCHLD, "SIGCHLD" },
    { SIGCONT, "SIGCONT" },
    { SIGFPE, "SIGFPE" },
    { SIGHUP, "SIGHUP" },
    { SIGILL, "SIGILL" },
    { SIGINT, "SIGINT" },
    { SIGKILL, "SIGKILL" },
    { SIGPIPE, "SIGPIPE" },
    { SIGQUIT, "SIGQUIT" },
    { SIGSEGV, "SIGSEGV" },
    { SIGSTOP, "SIGSTOP" },
    { SIGTERM, "SIGTERM" },
    { SIGTRAP, "SIGTRAP" },
    { SIGTSTP, "SIGTSTP" },
    { SIGTTIN, "SIGTTIN" },
    { SIGTTOU, "SIGTTOU" },
    { SIGURG, "SIGURG" },
    { SIGUSR1, "SIGUSR1" },
    { SIGUSR2, "SIGUSR2" },
    { SIGXCPU, "SIGXCPU" },
    { SIGXFSZ, "SIGXFSZ" },
#ifdef SIGSYS
    { SIGSYS, "SIGSYS" },
#endif
#ifdef SIGVTALRM
    { SIGVTALRM, "SIGVTALRM" },
#endif
#ifdef SIGPROF
    { SIGPROF, "SIGPROF" },
#endif
#ifdef SIGWINCH
    { SIGWINCH, "SIGWINCH" },
#endif
#ifdef SIGIO
    { SIGIO, "SIGIO" },
#endif
#ifdef SIGPWR
    { SIGPWR, "SIGPWR" },
#endif
#ifdef SIGSTKFLT
    { SIGSTKFLT, "SIGSTKFLT" },
#endif
    { 0, NULL },
};

struct code {
    int signal; /* 0: of every signal */
    int code;
    const char *name;
};

static const struct code codes[] = {
    { SIGSEGV, SEGV_MAPERR, "SEGV_MAPERR" },
    { SIGSEGV, SEGV_ACCERR, "SEGV_ACCERR" },
#ifdef SEGV_PKUERR
    { SIGSEGV, SEGV_PKUERR, "SEGV_PKUERR" },
#endif
    { SIGBUS, BUS_ADRALN, "BUS_ADRALN" },
    { SIGBUS, BUS_ADRERR, "BUS_ADRERR" },
    { SIGBUS, BUS_OBJERR, "BUS_OBJERR" },
#ifdef BUS_MCEERR_AR
    { SIGBUS, BUS_MCEERR_AR, "BUS_MCEERR_AR" },
#endif
    { SIGILL, ILL_ILLOPC, "ILL_ILLOPC" },
    { SIGILL, ILL_ILLOPN, "ILL_ILLOPN" },
    { SIGILL, ILL_ILLADR, "ILL_ILLADR" },
    { SIGILL, ILL_ILLTRP, "ILL_ILLTRP" },
    { SIGILL, ILL_PRVOPC, "ILL_PRVOPC" },
    { SIGILL, ILL_PRVREG, "ILL_PRVREG" },
    { SIGILL, ILL_COPROC, "ILL_COPROC" },
    { SIGILL, ILL_BADSTK, "ILL_BADSTK" },
    { SIGFPE, FPE_INTDIV, "FPE_INTDIV" },
    { SIGFPE, FPE_INTOVF, "FPE_INTOVF" },
    { SIGFPE, FPE_FLTDIV, "FPE_FLTDIV" },
    { SIGFPE, FPE_FLTOVF, "FPE_FLTOVF" },
    { SIGFPE, FPE_FLTUND, "FPE_FLTUND" },
    { SIGFPE, FPE_FLTRES, "FPE_FLTRES" },
    { SIGFPE, FPE_FLTINV, "FPE_FLTINV" },
    { SIGFPE, FPE_FLTSUB, "FPE_FLTSUB" },
#ifdef TRAP_BRKPT
    { SIGTRAP, TRAP_BRKPT, "TRAP_BRKPT" },
    { SIGTRAP, TRAP_TRACE, "TRAP_TRACE" },
#endif
    { 0, SI_USER, "SI_USER" },
    { 0, SI_QUEUE, "SI_QUEUE" },
#ifdef SI_TKILL
    { 0, SI_TKILL, "SI_TKILL" },
#endif
#ifdef SI_KERNEL
    { 0, SI_KERNEL, "SI_KERNEL" },
#endif
    { 0, 0, NULL },
};

/* Its name, or `prefix` and its number. */
static struct name
name_of(const struct known *names, int number, const char *prefix)
{
    struct name name;

    for (; names->name; names++) {
        if (names->number != number)
            continue;
        snprintf(name.text, sizeof name.text, "%s", names->name);
        return name;
    }
    snprintf(name.text, sizeof name.text, "%s%d", prefix, number);
    return name;
}

static int
number_of(const struct known *names, const char *name)
{
    for (; names->name; names++)
        if (strcmp(names->name, name) == 0)
            return names->number;
    return 0;
}

struct name
errno_name(int error)
{
    return name_of(errors, error, "errno ");
}

int
errno_value(const char *name)
{
    /* Names that POSIX lets share a value with another one. */
    if (strcmp(name, "EWOULDBLOCK") == 0)
        return EWOULDBLOCK;
    if (strcmp(name, "EOPNOTSUPP") == 0)
        return EOPNOTSUPP;
    return number_of(errors, name);
}

struct name
signal_name(int number)
{
    return name_of(signals, number, "SIG");
}

int
signal_value(const char *name)
{
    const struct known *row;

    for (row = signals; row->name; row++)
        if (strcmp(row->name, name) == 0 || strcmp(row->name + 3, name) == 0)
            return row->number;
    return 0;
}

struct name
code_name(int number, int code)
{
    const struct code *row;
    struct name name;

    for (row = codes; row->name; row++)
        if (row->code == code && (row->signal == number || !row->signal))
            break;
    if (row->name)
        snprintf(name.text, sizeof name.text, "%s", row->name);
    else
        snprintf(name.text, sizeof name.text, "%d", code);
    return name;
}

bool
code_known(int number, const char *name)
{
    const struct code *row;

    for (row = codes; row->name; row++)
        if (strcmp(row->name, name) == 0)
            return row->signal == number || !row->signal;
    if (*name == '-')
        name++;
    return *name && name[strspn(name, "0123456789")] == '\0';
}

/* The tables end with a row without a name. */
const char *
errno_listed(size_t index)
{
    return errors[index].name;
}

const char *
signal_listed(size_t index)
{
    return signals[index].name;
}

const char *
code_listed(size_t index, int *number)
{
    *number = codes[index].signal;
    return codes[index].name;
}

static void
suggest_names(struct suggestion *suggestion, const struct known *names)
{
    for (; names->name; names++)
        suggest_word(suggestion, names->name);
}

void
errnos_suggest(struct suggestion *suggestion)
{
    suggest_names(suggestion, errors);
}

void
signals_suggest(struct suggestion *suggestion)
{
    suggest_names(suggestion, signals);
}

/* Who types MAPERR means SEGV_MAPERR. */
static bool
is_end_of(const char *word, const char *name)
{
    const char *end = strchr(name, '_');

    return end && strcmp(end + 1, word) == 0;
}

const char *
code_suggest(int number, const char *word)
{
    struct suggestion suggestion = suggest_for(word, strlen(word));
    const struct code *row;

    for (row = codes; row->name; row++) {
        if (row->signal != number)
            continue;
        if (is_end_of(word, row->name))
            return row->name;
        suggest_word(&suggestion, row->name);
    }
    return suggestion.nearest;
}
