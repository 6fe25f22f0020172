# sap-ometria: one Makefile for the library, the tools, the tests.
#
#   make                 library and tools in build/
#   make deps            install the Debian packages that are missing
#   make demo            the line on a sample inbox, against a local Ometria
#   make check           all tests; SAN=address,undefined builds with sanitizers
#   make crash           crashes and faults at every point (make check: some)
#   make hostile         hostile input of 1 GB each (make check: 8 MB)
#   make fuzz            every fuzz target for FUZZ_SECONDS (60), with clang
#   make deb check-deb   a Debian package in build/deb; its tests
#   make bench lint install install-sandbox uninstall clean
#   make bench-NAME      a part alone: line, orders, diff, diff-api, latency, push, stock
#
# WERROR=1 for -Werror; CC, CFLAGS, LDFLAGS, PREFIX and DESTDIR are yours.

PREFIX ?= /usr/local
CC ?= cc
AWK ?= awk
INSTALL ?= install
PKG_CONFIG ?= pkg-config

TOOLS := idoc-parse sku-normalise customer-aggregate order-aggregate \
	stock-aggregate ometria-push sync-audit
PACKAGES := gcc libc6-dev make pkg-config libxml2-dev libcjson-dev \
	libcurl4-openssl-dev libsqlite3-dev libinih-dev tzdata
TEST_PACKAGES := clang libclang-rt-dev libmicrohttpd-dev perl curl jq mandoc \
	sqlite3 clang-format bsdextrautils nginx-light openssl systemd zsh fish \
	chromium kcat
DEB_PACKAGES := debhelper dpkg-dev lintian mmdebstrap

BUILD ?= build$(if $(SAN),/san)$(if $(filter clang%,$(notdir $(CC))),/clang)
LIBS := libxml-2.0 libcjson libcurl sqlite3 inih
# Asked once, and only when something is compiled: deps may run first.
PC_CFLAGS = $(eval PC_CFLAGS := $$(shell $(PKG_CONFIG) --cflags $(LIBS) |\
	sed 's/-I/-isystem /g'))$(PC_CFLAGS)
PC_LIBS = $(eval PC_LIBS := $$(shell $(PKG_CONFIG) --libs $(LIBS)))$(PC_LIBS)

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wpointer-arith \
	-Wwrite-strings -Wcast-qual -Wformat=2 -Wundef -Wvla -Wconversion \
	-Wsign-conversion -Wdouble-promotion -Wnull-dereference -Wswitch-enum \
	-Wimplicit-fallthrough $(if $(WERROR),-Werror)
HARDEN := -fstack-protector-strong -fPIE $(if $(SAN),,-D_FORTIFY_SOURCE=2)
SANITIZE := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -g)
ALL_CPPFLAGS = -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L -Ilib -I$(BUILD)/gen \
	$(PC_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS = -std=c17 -O2 $(WARN) $(HARDEN) $(SANITIZE) -MMD -MP $(CFLAGS)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now,--as-needed $(SANITIZE) $(LDFLAGS)
COMPILE = $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS)
LINK = $(CC) $(ALL_CFLAGS) -o $@ $^ $(ALL_LDFLAGS) $(PC_LIBS)
# V=1 shows the commands, else a line says what is made.
Q = $(if $(V),,@printf '  %-4s %s\n' $(1) $@;)

LIB := $(BUILD)/libsap-ometria.a
LIB_SRC := $(sort $(wildcard lib/*/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
BIN := $(TOOLS:%=$(BUILD)/bin/%)
CMD_SRC := $(sort $(wildcard cmd/*.c cmd/*/*.c))
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,\
	$(sort $(wildcard tests/unit/test_*.c)))
SANDBOX := $(BUILD)/tests/ometria-sandbox
SANDBOX_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tests/sandbox/*.c)))
KILLPOINT := $(BUILD)/tests/killpoint.so
MEASURE := $(BUILD)/tests/measure
# A fuzz target: with libFuzzer, and with a main of its own that replays files.
FUZZ_SRC := $(sort $(wildcard tests/fuzz/*.c))
FUZZ := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/fuzz/%,\
	$(filter tests/fuzz/fuzz_%,$(FUZZ_SRC)))
REPLAY := $(subst /fuzz_,/replay_,$(FUZZ))
FUZZ_OBJ := $(BUILD)/tests/fuzz/fuzz.o $(BUILD)/tests/fuzz/reading.o
WRAP := -Wl,--wrap=fd_read -Wl,--wrap=fd_ready
TESTS := $(sort $(wildcard tests/cli/*.t tests/golden/*.t tests/crash/*.t \
	tests/fuzz/*.t tests/world/*/*.t))
CATALOGUE := $(BUILD)/man/sap-ometria-exceptions.7
MAN := $(sort $(wildcard man/*.[157])) $(CATALOGUE)
DICTIONARY := $(BUILD)/gen/idoc_dictionary.h

BENCHES := $(patsubst %,bench-%,line orders diff diff-api latency push stock)
.PHONY: all deps demo check crash hostile fuzz fuzzers lint bench $(BENCHES) deb \
	check-deb install install-sandbox uninstall clean tests
.DELETE_ON_ERROR .SECONDARY .SUFFIXES:

all: $(BIN) $(CATALOGUE)

$(DICTIONARY): lib/idoc/dictionary.awk lib/idoc/segments.tsv lib/idoc/trees.tsv
	@mkdir -p $(@D)
	$(call Q,GEN) $(AWK) -f lib/idoc/dictionary.awk lib/idoc/segments.tsv \
		lib/idoc/trees.tsv >$@

$(CATALOGUE): $(BUILD)/bin/sync-audit man/exceptions.awk man/sap-ometria-exceptions.7.in
	@mkdir -p $(@D)
	$(call Q,GEN) $< catalogue | $(AWK) -f man/exceptions.awk - man/$(@F).in >$@

$(BUILD)/%.o: %.c Makefile | $(DICTIONARY)
	@mkdir -p $(@D)
	$(call Q,CC) $(COMPILE) -MT $(abspath $@) -MT $(@:$(CURDIR)/%=%) -c -o $@ $<

$(LIB): $(LIB_OBJ)
	@rm -f $@
	$(call Q,AR) $(AR) qcsD $@ $(LIB_OBJ)

# A tool is cmd/NAME.c, and the files of cmd/NAME/ when it has several.
define tool
$(BUILD)/bin/$(1): $(patsubst %.c,$(BUILD)/%.o,$(filter cmd/$(1).c cmd/$(1)/%.c,$(CMD_SRC))) $(LIB)
	@mkdir -p $$(@D)
	$$(call Q,LD) $$(LINK)
endef
$(foreach t,$(TOOLS),$(eval $(call tool,$(t))))

$(MEASURE): $(BUILD)/tests/bench/measure.o
$(UNIT): %: %.o $(LIB)
$(MEASURE) $(UNIT):
	$(call Q,LD) $(LINK)

$(SANDBOX): $(SANDBOX_OBJ) $(LIB)
	@mkdir -p $(@D)
	$(call Q,LD) $(LINK) $$($(PKG_CONFIG) --libs libmicrohttpd)

# Preloaded into the tools: position independent, never sanitized.
$(KILLPOINT): $(sort $(wildcard tests/crash/*.[ch])) Makefile
	@mkdir -p $(@D)
	$(call Q,CC) $(CC) $(ALL_CPPFLAGS) -std=c17 -O2 $(WARN) -fPIC -shared \
		-o $@ $(filter %.c,$^)

# They are given input in pieces in place of descriptors.
$(REPLAY): $(BUILD)/tests/fuzz/replay_%: $(BUILD)/tests/fuzz/fuzz_%.o \
		$(BUILD)/tests/fuzz/replay.o $(FUZZ_OBJ) $(LIB)
	$(call Q,LD) $(LINK) $(WRAP)

$(FUZZ): %: %.o $(FUZZ_OBJ) $(LIB)
	$(call Q,LD) $(LINK) $(WRAP) -fsanitize=fuzzer

tests: all $(UNIT) $(SANDBOX) $(KILLPOINT) $(MEASURE) $(REPLAY)

deps:
	@sh tests/deps $(PACKAGES) $(TEST_PACKAGES)
demo: all $(SANDBOX)
	@BUILD=$(abspath $(BUILD)) sh examples/demo

check: tests
	BUILD=$(abspath $(BUILD)) SAN=$(SAN) CC="$(CC)" \
		prove -j2 $(if $(VERBOSE),-v) -e '' $(UNIT) $(TESTS)

crash: tests
	BUILD=$(abspath $(BUILD)) CRASH_POINTS=all FAULT_PLACES=all \
		prove -j2 -e '' tests/crash/*.t tests/cli/fault-matrix.t
hostile: tests
	BUILD=$(abspath $(BUILD)) HOSTILE_MB=1024 prove -v tests/cli/hostile-idoc.t
fuzzers: $(FUZZ)
fuzz:
	@$(MAKE) CC=clang SAN=fuzzer-no-link,address,undefined \
		BUILD=$(BUILD)/fuzz fuzzers
	@BUILD=$(abspath $(BUILD)/fuzz) sh tests/fuzz/run

lint: $(CATALOGUE)
	clang-format --dry-run --Werror $$(find cmd lib tests -name '*.[ch]')
	mandoc -T lint -W warning $(MAN)

bench: tests
	@BUILD=$(abspath $(BUILD)) CC="$(CC)" sh tests/bench/run
$(BENCHES): bench-%: all $(MEASURE) $(SANDBOX)
	@BUILD=$(abspath $(BUILD)) CC="$(CC)" sh tests/bench/$*

# What goes where is in examples/packaging/install.tsv.
COMPLETIONS := $(foreach t,$(TOOLS),$(BUILD)/completions/bash/$(t) \
	$(BUILD)/completions/zsh/_$(t) $(BUILD)/completions/fish/$(t).fish)
$(BUILD)/completions/%: $(BIN) examples/packaging/completion.awk
	@mkdir -p $(@D)
	$(call Q,GEN) tool=$(patsubst _%,%,$(basename $(@F))); \
		$(BUILD)/bin/$$tool --help | $(AWK) -v shell=$(notdir $(@D:/=)) \
		-v tool=$$tool -f examples/packaging/completion.awk >$@

$(BUILD)/sbom.json: examples/packaging/sbom lib/base/version.h
	$(call Q,GEN) sh $^ $(LIBS) >$@

install uninstall: all $(COMPLETIONS) $(BUILD)/sbom.json
	@BUILD=$(BUILD) PREFIX=$(PREFIX) DESTDIR=$(DESTDIR) \
		sh examples/packaging/install $@
install-sandbox: $(SANDBOX)
	$(INSTALL) -D $(SANDBOX) -t $(DESTDIR)$(PREFIX)/bin
	$(INSTALL) -Dm644 man/ometria-sandbox.1 -t $(DESTDIR)$(PREFIX)/share/man/man1

deb:
	@BUILD=$(abspath $(BUILD)) sh examples/packaging/deb
check-deb: all
	@sh tests/deps $(DEB_PACKAGES)
	BUILD=$(abspath $(BUILD)) prove -e '' tests/package/deb.t

clean:
	rm -rf build

# Whatever is built in the same call waits for the packages.
$(if $(filter deps,$(MAKECMDGOALS)),$(DICTIONARY) $(KILLPOINT): | deps)
MAKEFLAGS += --no-print-directory \
	$(if $(filter 0,$(MAKELEVEL)),-j$(shell nproc 2>/dev/null || echo 1))

-include $(LIB_OBJ:.o=.d) $(CMD_SRC:%.c=$(BUILD)/%.d) $(SANDBOX_OBJ:.o=.d) \
	$(UNIT:%=%.d) $(FUZZ_SRC:%.c=$(BUILD)/%.d)
