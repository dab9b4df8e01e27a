.POSIX:

# Makefile - builds, checks and installs mmt; any POSIX make can run it.
#
# There are no object files: the whole tree compiles in seconds, so no header
# dependency can be wrong, and each variant is one command.
#
# SPDX-License-Identifier: MIT

CC       = cc
CFLAGS   = -O2 -g
LDLIBS   = -lrt -lpthread
PREFIX   = /usr/local
BINDIR   = $(PREFIX)/bin
DATADIR  = $(PREFIX)/share
MANDIR   = $(DATADIR)/man
BASHDIR  = $(DATADIR)/bash-completion/completions
ZSHDIR   = $(DATADIR)/zsh/site-functions
FISHDIR  = $(DATADIR)/fish/vendor_completions.d
STANDARD = -std=c11 -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -Isrc
FLAGS    = $(STANDARD) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS)

# Each is used where the compiler has it; PIE not in a static build.
HARDENING = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
            -fstack-clash-protection -fcf-protection \
            -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
PIE       = -fPIE -pie

# Strictness is for lint: a compiler with more to say breaks nobody's build.
GCC      = gcc
CLANG    = clang
WARNINGS = -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wcast-qual \
           -Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes \
           -Wundef -Wvla -Wformat=2 -Werror
# gcc 12 forgets at a realloc() that another pointer was found not to be NULL.
ANALYZER = -fanalyzer -Wno-analyzer-possible-null-dereference -Werror

# Faults are for mmt to catch; 99 is none of its statuses.
SANITIZE      = -fsanitize=address,undefined -fno-sanitize-recover=all \
                -fno-omit-frame-pointer
ASAN_OPTIONS  = exitcode=99:handle_segv=0:handle_sigbus=0:handle_sigfpe=0
UBSAN_OPTIONS = exitcode=99:print_stacktrace=1

# Counters are written by exit(), and by what -std=gnu11 adds to fork() and
# exec(); tests/coverage.c adds it to the other ways in which a process ends.
# LEAST is how many percent of the lines have to be run.
GCOV     = gcov
LEAST    = 0
COVERAGE = -std=gnu11 -O0 --coverage -Wl,--wrap=_exit -Wl,--wrap=raise

# The runner of the tests, and what it is to run: files, options of bats.
BATS     = bats
TESTS    =
RUN      = BATS='$(BATS)' sh tests/run

# How long a fuzz target is fed, and the seed of what it gets: any, if empty.
FUZZ_SECONDS = 30
FUZZ_SEED    =

SRC = \
    src/cli/args.c \
    src/cli/attempt.c \
    src/cli/bar.c \
    src/cli/chart.c \
    src/cli/comparison.c \
    src/cli/complain.c \
    src/cli/completion.c \
    src/cli/cure.c \
    src/cli/expect.c \
    src/cli/explain.c \
    src/cli/feed.c \
    src/cli/flushed.c \
    src/cli/hexdump.c \
    src/cli/lines.c \
    src/cli/mapping.c \
    src/cli/names.c \
    src/cli/parser.c \
    src/cli/picture.c \
    src/cli/printer.c \
    src/cli/progress.c \
    src/cli/quote.c \
    src/cli/report.c \
    src/cli/scale.c \
    src/cli/script.c \
    src/cli/session.c \
    src/cli/sizing.c \
    src/cli/step_value.c \
    src/cli/stream.c \
    src/cli/suggest.c \
    src/cli/talk.c \
    src/cli/trace.c \
    src/cli/usage.c \
    src/cli/values.c \
    src/cli/verdict.c \
    src/cli/voice.c \
    src/cli/words.c \
    src/commands.c \
    src/commands/exchange.c \
    src/commands/extend.c \
    src/commands/help.c \
    src/commands/map.c \
    src/commands/protect.c \
    src/commands/sync.c \
    src/main.c \
    src/memory/batch.c \
    src/memory/call.c \
    src/memory/cell.c \
    src/memory/channel.c \
    src/memory/child.c \
    src/memory/clock.c \
    src/memory/compare.c \
    src/memory/crew.c \
    src/memory/ends.c \
    src/memory/fault.c \
    src/memory/file_calls.c \
    src/memory/flow.c \
    src/memory/flush.c \
    src/memory/growth.c \
    src/memory/interrupt.c \
    src/memory/judge.c \
    src/memory/machine.c \
    src/memory/mailbox.c \
    src/memory/map_calls.c \
    src/memory/medium.c \
    src/memory/naming.c \
    src/memory/outcome.c \
    src/memory/parallel.c \
    src/memory/place.c \
    src/memory/player.c \
    src/memory/position.c \
    src/memory/probe.c \
    src/memory/queue.c \
    src/memory/range.c \
    src/memory/record.c \
    src/memory/ring.c \
    src/memory/shell.c \
    src/memory/signals.c \
    src/memory/stage.c \
    src/memory/step.c \
    src/memory/streams.c \
    src/memory/survey.c \
    src/memory/target.c \
    src/memory/temporary.c \
    src/memory/terminal.c \
    src/memory/touch.c \
    src/memory/transfer.c \
    src/memory/trial.c \
    src/memory/waiting.c \
    src/memory/window.c \
    src/memory/witness.c

HDR = \
    src/cli/args.h \
    src/cli/attempt.h \
    src/cli/bar.h \
    src/cli/chart.h \
    src/cli/command.h \
    src/cli/comparison.h \
    src/cli/complain.h \
    src/cli/completion.h \
    src/cli/cure.h \
    src/cli/expect.h \
    src/cli/explain.h \
    src/cli/feed.h \
    src/cli/flushed.h \
    src/cli/hexdump.h \
    src/cli/lines.h \
    src/cli/mapping.h \
    src/cli/names.h \
    src/cli/parser.h \
    src/cli/picture.h \
    src/cli/printer.h \
    src/cli/progress.h \
    src/cli/quote.h \
    src/cli/report.h \
    src/cli/scale.h \
    src/cli/script.h \
    src/cli/session.h \
    src/cli/sizing.h \
    src/cli/step_value.h \
    src/cli/stream.h \
    src/cli/suggest.h \
    src/cli/talk.h \
    src/cli/trace.h \
    src/cli/usage.h \
    src/cli/values.h \
    src/cli/verdict.h \
    src/cli/voice.h \
    src/cli/words.h \
    src/commands.h \
    src/memory/batch.h \
    src/memory/call.h \
    src/memory/cell.h \
    src/memory/channel.h \
    src/memory/child.h \
    src/memory/clock.h \
    src/memory/compare.h \
    src/memory/crew.h \
    src/memory/ends.h \
    src/memory/fault.h \
    src/memory/file_calls.h \
    src/memory/flow.h \
    src/memory/flush.h \
    src/memory/growth.h \
    src/memory/interrupt.h \
    src/memory/judge.h \
    src/memory/machine.h \
    src/memory/mailbox.h \
    src/memory/map_calls.h \
    src/memory/medium.h \
    src/memory/naming.h \
    src/memory/outcome.h \
    src/memory/parallel.h \
    src/memory/place.h \
    src/memory/player.h \
    src/memory/position.h \
    src/memory/probe.h \
    src/memory/queue.h \
    src/memory/range.h \
    src/memory/record.h \
    src/memory/ring.h \
    src/memory/shell.h \
    src/memory/signals.h \
    src/memory/sink.h \
    src/memory/stage.h \
    src/memory/step.h \
    src/memory/streams.h \
    src/memory/survey.h \
    src/memory/target.h \
    src/memory/temporary.h \
    src/memory/terminal.h \
    src/memory/touch.h \
    src/memory/transfer.h \
    src/memory/trial.h \
    src/memory/waiting.h \
    src/memory/window.h \
    src/memory/witness.h

MAN = \
    man/mmt.1 \
    man/mmt-exchange.1 \
    man/mmt-extend.1 \
    man/mmt-help.1 \
    man/mmt-map.1 \
    man/mmt-protect.1 \
    man/mmt-sync.1 \
    man/mmt-tour.7

# bash and fish look for the completion of a command in a file of its name.
LINKED = map extend protect sync exchange

# Prints the completion scripts; to install a build for another machine, name
# an mmt that runs on this one.
NATIVE = ./mmt

BENCHES = \
    tests/bench/channel.sh \
    tests/bench/extend.sh \
    tests/bench/sync.sh

SCRIPTS = .ci/run tests/run tests/*.sh tests/*.bash tests/*.bats \
          tests/bench/*.sh tests/channel/*.sh tests/channel/*.bats \
          tests/fuzz/*.sh tests/fuzz/*.bash tests/powercut/*.sh

# Which of $$flags does the compiler $$cc take? They end up in $$hardening.
# The shell finds out: POSIX make has no conditionals.
TRY = mkdir -p build; hardening=; probe=build/probe.$$$$; \
    for flag in $$flags; do \
        if echo 'int main(void) { return 0; }' | \
            $$cc $$hardening $$flag $(FLAGS) -Werror -include stdio.h \
                -o $$probe -x c - 2>/dev/null; \
        then hardening="$$hardening $$flag"; fi; \
    done; rm -f $$probe

mmt: $(SRC) $(HDR) Makefile
	@cc='$(CC)'; flags='$(HARDENING) $(PIE)'; $(TRY); set -x; \
	$$cc $$hardening $(FLAGS) -o $@ $(SRC) $(LDLIBS)

build/mmt-static: $(SRC) $(HDR) Makefile
	@cc='$(CC)'; if command -v musl-gcc; then cc=musl-gcc; fi >/dev/null; \
	flags='$(HARDENING)'; $(TRY); set -x; \
	$$cc $$hardening $(FLAGS) -static -o $@ $(SRC) $(LDLIBS)

build/mmt-sanitized: $(SRC) $(HDR) Makefile
	@mkdir -p build
	$(CC) $(FLAGS) -O1 $(SANITIZE) -o $@ $(SRC) $(LDLIBS)

static: build/mmt-static

demo: mmt
	MMT=./mmt sh tests/tour.sh man/mmt-tour.7

check: mmt
	MMT=./mmt $(RUN) $(TESTS)

check-static: build/mmt-static
	MMT=build/mmt-static $(RUN) $(TESTS)

check-sanitized: build/mmt-sanitized
	ASAN_OPTIONS=$(ASAN_OPTIONS) UBSAN_OPTIONS=$(UBSAN_OPTIONS) \
	    MMT=build/mmt-sanitized $(RUN) $(TESTS)

# What proves more than examples do, and takes longer.
check-channel: mmt
	MMT=./mmt BATS_TEST_TIMEOUT=300 $(RUN) tests/channel/proofs.bats

# Needs root, loop devices and FUSE; a script that skips, and says why, is fine.
check-powercut: mmt
	for script in powercut eio; do \
	    MMT=./mmt bash tests/powercut/$$script.sh || [ $$? -eq 77 ] || \
	        exit 1; \
	done

# The steps first: who lacks a fuzzing clang has had them all the same.
fuzz: mmt build/mmt-sanitized
	ASAN_OPTIONS=$(ASAN_OPTIONS) UBSAN_OPTIONS=$(UBSAN_OPTIONS) \
	    MMT=build/mmt-sanitized bash tests/fuzz/steps.bash \
	    $(FUZZ_SECONDS) $(FUZZ_SEED)
	MMT=./mmt CLANG='$(CLANG)' sh tests/fuzz/channel.sh $(FUZZ_SECONDS) \
	    $(FUZZ_SEED)

coverage: $(SRC) $(HDR)
	@rm -rf build/coverage
	@mkdir -p build/coverage
	$(CC) $(FLAGS) $(COVERAGE) -o build/coverage/mmt $(SRC) \
	    tests/coverage.c $(LDLIBS)
	BATS='$(BATS)' GCOV=$(GCOV) LEAST=$(LEAST) \
	    sh tests/coverage.sh build/coverage $(TESTS)

# Measurements: each script prints what it compares and fails where a figure
# is missed.
bench: mmt build/mmt-static
	for script in $(BENCHES); do \
	    echo "== $$script"; MMT=$$PWD/mmt bash $$script || exit 1; \
	done

lint: $(SRC) $(HDR)
	@mkdir -p build
	$(GCC) $(FLAGS) $(WARNINGS) -o build/lint $(SRC) $(LDLIBS)
	$(GCC) $(FLAGS) $(ANALYZER) -o build/lint $(SRC) $(LDLIBS)
	$(CLANG) $(FLAGS) $(WARNINGS) -fsyntax-only $(SRC)
	clang-tidy --quiet $(SRC) -- $(STANDARD)
	clang-format --dry-run --Werror $(SRC) $(HDR) tests/*.c tests/*/*.c
	cppcheck --quiet --std=c11 --enable=warning,performance,portability \
	    --inline-suppr --error-exitcode=1 -Isrc $(SRC)
	shellcheck -e SC2154 $(SCRIPTS)
	mandoc -T lint -W warning $(MAN)
	@rm -f build/lint

install: mmt
	@$(NATIVE) --version >/dev/null || { \
	    echo "$(NATIVE) doesn't run here, and has to print the completion" \
	        "scripts: name one that does, make install NATIVE=mmt" >&2; \
	    exit 1; \
	}
	mkdir -p '$(DESTDIR)$(BINDIR)' '$(DESTDIR)$(MANDIR)/man1' \
	    '$(DESTDIR)$(MANDIR)/man7' '$(DESTDIR)$(BASHDIR)' \
	    '$(DESTDIR)$(ZSHDIR)' '$(DESTDIR)$(FISHDIR)'
	cp -f mmt '$(DESTDIR)$(BINDIR)/mmt'
	chmod 755 '$(DESTDIR)$(BINDIR)/mmt'
	for page in $(MAN); do \
	    to='$(DESTDIR)$(MANDIR)'/man$${page##*.}/$${page#man/}; \
	    cp -f $$page "$$to" && chmod 644 "$$to" || exit 1; \
	done
	umask 022; \
	$(NATIVE) help --completion bash >'$(DESTDIR)$(BASHDIR)/mmt' && \
	$(NATIVE) help --completion zsh >'$(DESTDIR)$(ZSHDIR)/_mmt' && \
	$(NATIVE) help --completion fish >'$(DESTDIR)$(FISHDIR)/mmt.fish'
	for name in $(LINKED); do \
	    ln -sf mmt '$(DESTDIR)$(BASHDIR)'/mmt-$$name && \
	    ln -sf mmt.fish '$(DESTDIR)$(FISHDIR)'/mmt-$$name.fish || exit 1; \
	done

uninstall:
	rm -f '$(DESTDIR)$(BINDIR)/mmt' '$(DESTDIR)$(BASHDIR)/mmt' \
	    '$(DESTDIR)$(ZSHDIR)/_mmt' '$(DESTDIR)$(FISHDIR)/mmt.fish'
	for page in $(MAN); do \
	    rm -f '$(DESTDIR)$(MANDIR)'/man$${page##*.}/$${page#man/}; \
	done
	for name in $(LINKED); do \
	    rm -f '$(DESTDIR)$(BASHDIR)'/mmt-$$name \
	        '$(DESTDIR)$(FISHDIR)'/mmt-$$name.fish; \
	done

clean:
	rm -rf mmt build

.PHONY: static demo check check-static check-sanitized check-channel \
    check-powercut fuzz coverage bench lint install uninstall clean
