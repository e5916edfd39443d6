# Sonde. `make help` lists the targets, `make V=1` shows the commands.

VERSION   := 0.1.0
SOVERSION := 0

PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR     ?= $(PREFIX)/share/man
DESTDIR    ?=

CFLAGS   ?= -O2 -g
CPPFLAGS ?=
LDFLAGS  ?=
WERROR   ?=
SAN      ?=

# Each kind of build has its own folder, so that they stand side by side.
BUILD := build
ifneq ($(SAN),)
BUILD     := build/san
SANITIZE  := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
ifneq ($(FUZZING),)
BUILD     := build/fuzz
SANITIZE  := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
endif

WARNINGS  := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
# Fields of headers are stored one by one. A load that a compiler merges out of several of them waits until all have left
# the store buffer, longer than it saves.
NO_MERGE  := -fno-tree-slp-vectorize
# How much stack each function takes: tests/check-stack.sh reads it.
STACK     := -fstack-usage
# The sanitizers make gcc warn of what it sees through without them.
COMPILE    = $(CC) -std=c17 -D_GNU_SOURCE $(WARNINGS) $(if $(SANITIZE),,$(if $(filter-out 0,$(WERROR)),-Werror)) -Ilib -I. \
             -DSONDE_VERSION='"$(VERSION)"' -fPIC -fno-semantic-interposition $(NO_MERGE) $(if $(SANITIZE),,$(STACK)) -MMD -MP $(CPPFLAGS) $(CFLAGS) $(SANITIZE)
LINK       = $(CC) $(CFLAGS) $(SANITIZE) -Wl,--as-needed $(LDFLAGS)

# Sources are found, not listed.
lib_src      := $(wildcard lib/*/*.c)
tool_src     := $(wildcard tools/*.c)
toollib_src  := $(wildcard tools/*/*.c)
unit_src     := $(wildcard tests/unit/test_*.c)
unithelp_src := $(filter-out $(unit_src),$(wildcard tests/unit/*.c))
fuzz_src     := $(wildcard tests/fuzz/fuzz_*.c)
fuzzhelp_src := $(filter-out $(fuzz_src) tests/fuzz/replay.c,$(wildcard tests/fuzz/*.c))
bench_src    := $(wildcard tests/bench/bench_*.c)
benchrun_src := $(wildcard tests/bench/loop_*.c tests/bench/make_*.c)
benchhelp_src := $(filter-out $(bench_src) $(benchrun_src),$(wildcard tests/bench/*.c))
preload_src  := $(wildcard tests/lab/preload*.c)
labhelp_src  := $(filter-out $(preload_src),$(wildcard tests/lab/*.c))
example_src  := $(wildcard examples/*.c)
headers      := $(wildcard lib/*.h lib/*/*.h tools/*.h tools/*/*.h tests/*/*.h)
sources      := $(lib_src) $(tool_src) $(toollib_src) $(unit_src) $(unithelp_src) $(fuzz_src) $(fuzzhelp_src) $(wildcard tests/fuzz/replay.c) \
                $(bench_src) $(benchrun_src) $(benchhelp_src) $(labhelp_src) $(preload_src) $(example_src)

obj      = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
programs = $(patsubst %.c,$(BUILD)/%,$(1))

# A library is linked when a source includes its header.
library_pcap.h           := -lpcap
library_pcap/pcap.h      := -lpcap
library_libnet.h         := -lnet
library_libmnl/libmnl.h  := -lmnl
library_sys/capability.h := -lcap
library_seccomp.h        := -lseccomp
library_zlib.h           := -lz
library_zstd.h           := -lzstd
library_lz4frame.h       := -llz4
library_curses.h         := -lncursesw
library_ncurses.h        := -lncursesw
library_math.h           := -lm
library_cmocka.h         := -lcmocka
library_dumbnet.h        := -ldumbnet
libraries = $(sort $(foreach header,$(shell sed -n 's/^.include <\(.*\)>.*/\1/p' /dev/null $(1)),$(library_$(header))))
lib_libs   = $(call libraries,$(lib_src))
tool_libs  = $(call libraries,$(lib_src) $(tool_src) $(toollib_src))
unit_libs  = $(call libraries,$(lib_src) $(toollib_src) $(unit_src) $(unithelp_src))
bench_libs = $(call libraries,$(lib_src) $(bench_src) $(benchhelp_src))

say = $(if $(V),,@printf '  %-5s %s\n' $(1) $@;)
make_again = $(MAKE) --no-print-directory

.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
.PHONY: all tests examples check run-tests identities demo bench run-bench soak fuzz run-fuzz golden lint format assurance deps install uninstall dist clean help

all: $(if $(lib_src),$(BUILD)/libsonde.a $(BUILD)/libsonde.so) $(if $(tool_src),$(BUILD)/sonde) ## build the command and the library (the default)

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 20
	@echo '  SAN=1 (ASan and UBSan, in build/san), WERROR=1, CC=clang, V=1, CFLAGS=..., PREFIX=..., DESTDIR=... go with them'

# Compile and link.

$(BUILD)/.deps: tests/deps.sh
	@CC='$(CC)' tests/deps.sh build
	@mkdir -p $(@D) && touch $@

$(BUILD)/obj/%.o: %.c Makefile | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(call say,CC)$(COMPILE) -c -o $@ $<

# The table of protocols is made of the list of their headers.
$(BUILD)/gen/protocols.inc: lib/proto/protocols.h
	@mkdir -p $(@D)
	$(call say,GEN)sed -n 's|^#include "proto/\(.*\)\.h"|	\&sonde_\1,|p' $< >$@
$(BUILD)/obj/lib/proto/registry.o: $(BUILD)/gen/protocols.inc
$(BUILD)/obj/lib/proto/registry.o: CPPFLAGS += -I$(BUILD)/gen

$(BUILD)/libsonde.a: $(call obj,$(lib_src))
$(BUILD)/tools.a: $(call obj,$(toollib_src))
$(BUILD)/tests/unit.a: $(call obj,$(unithelp_src))
%.a:
	@mkdir -p $(@D) && rm -f $@
	$(call say,AR)$(AR) rcs $@ $^

# Exported is what the public headers declare.
$(BUILD)/libsonde.map: lib/public.sh $(wildcard lib/*.h lib/*/*.h) | $(BUILD)/.deps
	$(call say,MAP)CC='$(CC)' lib/public.sh map >$@

$(BUILD)/libsonde.so: $(call obj,$(lib_src)) $(BUILD)/libsonde.map
	$(call say,LINK)$(LINK) -shared -Wl,-soname,libsonde.so.$(SOVERSION) -Wl,--version-script=$(BUILD)/libsonde.map \
		$(if $(SANITIZE),,-Wl,--no-undefined) -o $@ $(filter %.o,$^) $(lib_libs)
	@ln -sf libsonde.so $@.$(SOVERSION)

$(BUILD)/sonde: $(call obj,$(tool_src)) $(BUILD)/tools.a $(BUILD)/libsonde.a
	$(call say,LINK)$(LINK) -o $@ $^ $(tool_libs)

$(BUILD)/tests/unit/%: $(BUILD)/obj/tests/unit/%.o $(BUILD)/tests/unit.a $(BUILD)/tools.a $(BUILD)/libsonde.a
	@mkdir -p $(@D)
	$(call say,LINK)$(LINK) -o $@ $^ $(unit_libs) -lcmocka

$(BUILD)/tests/fuzz/replay_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(BUILD)/obj/tests/fuzz/replay.o $(call obj,$(fuzzhelp_src)) $(BUILD)/libsonde.a
	@mkdir -p $(@D)
	$(call say,LINK)$(LINK) -o $@ $^ $(lib_libs)

$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(call obj,$(fuzzhelp_src)) $(BUILD)/libsonde.a
	@mkdir -p $(@D)
	$(call say,LINK)$(LINK) -fsanitize=fuzzer -o $@ $^ $(lib_libs)

$(BUILD)/tests/bench/%: $(BUILD)/obj/tests/bench/%.o $(call obj,$(benchhelp_src)) $(BUILD)/libsonde.a
	@mkdir -p $(@D)
	$(call say,LINK)$(LINK) -o $@ $^ $(bench_libs)

$(call programs,$(benchrun_src)): $(BUILD)/tests/bench/%: $(BUILD)/obj/tests/bench/%.o $(BUILD)/libsonde.a
	@mkdir -p $(@D)
	$(call say,LINK)$(LINK) -o $@ $^ $(lib_libs)

$(BUILD)/tests/lab/%: $(BUILD)/obj/tests/lab/%.o $(BUILD)/tools.a $(BUILD)/libsonde.a
	@mkdir -p $(@D)
	$(call say,LINK)$(LINK) -o $@ $^ $(tool_libs)

$(BUILD)/tests/lab/%.so: $(BUILD)/obj/tests/lab/%.o
	@mkdir -p $(@D)
	$(call say,LINK)$(LINK) -shared -o $@ $^

$(BUILD)/examples/%: $(BUILD)/obj/examples/%.o $(BUILD)/libsonde.so
	@mkdir -p $(@D)
	$(call say,LINK)$(LINK) -o $@ $< -L$(BUILD) -lsonde '-Wl,-rpath,$$ORIGIN/..'

-include $(patsubst %.o,%.d,$(call obj,$(sources)))

# Test, show, measure. deps may install the compiler itself, so the work is done by a second make.

tests: $(call programs,$(unit_src) $(labhelp_src)) $(preload_src:%.c=$(BUILD)/%.so) \
	$(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/tests/fuzz/replay_%,$(fuzz_src))
examples: $(call programs,$(example_src)) ## build the example programs

check: export WERROR := $(or $(WERROR),1)
check: ## install what is missing, build, and run all tests
	@CC='$(CC)' tests/deps.sh --install check
	@+$(make_again) run-tests

run-tests: all tests examples
	@BUILD=$(BUILD) CC='$(CC)' SAN=$(SAN) MAKE='$(MAKE)' tests/run.sh

identities: all tests ## run the lab tests as root by sudo, as root, as a user with capabilities and as nobody (as root)
	@BUILD=$(BUILD) tests/lab/identities.sh

demo: ## install what is missing, build, and show the main job in a lab of namespaces
	@CC='$(CC)' tests/deps.sh --install demo
	@+$(make_again) all
	@SONDE=$(BUILD)/sonde examples/demo.sh

bench: ## measure, beside memcpy, libnet, libdnet, tcpdump, ping, fping and bare loops
	@CC='$(CC)' tests/deps.sh --install bench
	@+$(make_again) run-bench

soak: all ## what takes too long for check: a million sockets in shards, and a thousand limited UDP ports
	@for script in tests/bench/soak_*.sh; do BUILD=$(BUILD) $$script || exit 1; done

run-bench: $(call programs,$(bench_src) $(benchrun_src) $(labhelp_src)) all
	@for program in $(call programs,$(bench_src)); do $$program || exit 1; done
	@for script in tests/bench/bench_*.sh; do BUILD=$(BUILD) $$script || exit 1; done

fuzz: ## run every fuzzer for SECONDS (60), or the one named by FUZZ=
	@CC=clang tests/deps.sh --install fuzz
	@+$(make_again) CC=clang FUZZING=1 run-fuzz

SECONDS ?= 60
FUZZ    ?= $(patsubst tests/fuzz/fuzz_%.c,%,$(fuzz_src))
run-fuzz: $(FUZZ:%=$(BUILD)/tests/fuzz/fuzz_%)
	@for name in $(FUZZ); do \
		mkdir -p $(BUILD)/corpus/$$name tests/fuzz/seeds/$$name; \
		$(BUILD)/tests/fuzz/fuzz_$$name -max_total_time=$(SECONDS) -artifact_prefix=$(BUILD)/$$name- \
			$(BUILD)/corpus/$$name tests/fuzz/seeds/$$name || exit 1; \
	done

golden: all examples ## rewrite the expected outputs of the golden tests, to be reviewed as a diff
	@BUILD=$(BUILD) tests/golden/run.sh --rewrite

lint: ## look for mistakes that compilers do not see (clang-tidy)
	@clang-tidy --quiet $(sources) -- -std=c17 -D_GNU_SOURCE -DSONDE_VERSION='"$(VERSION)"' -Ilib -I.

FILES ?= $(sources) $(headers)
format: ## lay the code out as .clang-format says, all of it or FILES=
	@clang-format -i $(FILES)

assurance: all $(BUILD)/tests/lab/requests $(BUILD)/tests/lab/preload.so ## print what each kind of process keeps of its privileges, as SECURITY.md has it
	@SONDE=$(abspath $(BUILD)/sonde) $(BUILD)/sonde lab run tests/lab/assurance.sh

deps: ## install the packages that are missing (Debian, as root), or name them
	@CC='$(CC)' tests/deps.sh --install check

# Install.

install: all ## install below PREFIX (/usr/local)
	install -d $(addprefix $(DESTDIR),$(BINDIR) $(LIBDIR)/pkgconfig $(INCLUDEDIR) $(MANDIR)/man7 $(MANDIR)/man8)
	$(if $(tool_src),install -m 755 $(BUILD)/sonde $(DESTDIR)$(BINDIR)/sonde)
	install -m 755 $(BUILD)/libsonde.so $(DESTDIR)$(LIBDIR)/libsonde.so.$(VERSION)
	ln -sf libsonde.so.$(VERSION) $(DESTDIR)$(LIBDIR)/libsonde.so.$(SOVERSION)
	ln -sf libsonde.so.$(SOVERSION) $(DESTDIR)$(LIBDIR)/libsonde.so
	install -m 644 $(BUILD)/libsonde.a $(DESTDIR)$(LIBDIR)/libsonde.a
	CC='$(CC)' lib/public.sh install $(abspath $(DESTDIR)$(INCLUDEDIR))
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' \
		-e 's|@VERSION@|$(VERSION)|' -e 's|@LIBS@|$(lib_libs)|' sonde.pc.in > $(DESTDIR)$(LIBDIR)/pkgconfig/sonde.pc
	for page in $(wildcard docs/man/*.[78]); do install -m 644 $$page $(DESTDIR)$(MANDIR)/man$${page##*.}/ || exit 1; done

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(BINDIR)/sonde $(DESTDIR)$(LIBDIR)/pkgconfig/sonde.pc
	rm -f $(addprefix $(DESTDIR)$(LIBDIR)/libsonde.,a so so.$(SOVERSION) so.$(VERSION))
	rm -f $(foreach page,$(wildcard docs/man/*.[78]),$(DESTDIR)$(MANDIR)/man$(lastword $(subst ., ,$(page)))/$(notdir $(page)))
	rm -rf $(DESTDIR)$(INCLUDEDIR)/sonde $(DESTDIR)$(INCLUDEDIR)/sonde.h

dist: ## pack the committed sources into build/sonde-VERSION.tar.gz
	@mkdir -p build
	git archive --prefix=sonde-$(VERSION)/ -o build/sonde-$(VERSION).tar.gz HEAD

clean: ## remove everything that was built
	rm -rf build
