# make             build/muster
# make demo        the main job on samples/, and where its report is
# make test        build and run the tests
# make asan        the same tests under AddressSanitizer and UBSan
# make conformance SHARED=DIR   against a folder of real inputs and validators
# make bench SHARED=DIR         side by side with peers and limits
# make torture     calls, power, memory fail, processes are killed (N=100)
# make fuzz        feed bytes to all that reads (clang; FUZZ_TIME=60 seconds
#                  for all, FUZZ=NAME for one, SHARED=DIR for more to start from)
# make mutate      changed inputs through the program: what always has to hold
#                  (MUTATIONS=20000)
# make lint        who includes and exports what, man pages, stylesheets
# make sbom        what the program is made of (CycloneDX), beside it
# make reproducible  builds twice, differently, and compares the bytes
# make install     into $(DESTDIR)$(PREFIX)
# make deps        what must be installed for the above, and install it
# make clean
#
# HARDEN=no builds without hardening flags, CFI=1 with control flow integrity.

PREFIX	= /usr/local
BINDIR	= $(PREFIX)/bin
MANDIR	= $(PREFIX)/share/man
DATADIR	= $(PREFIX)/share/muster
COMPDIR	= $(PREFIX)/share/bash-completion/completions

# The user's: override these freely.
CC	= cc
CFLAGS	= -O2 -g
LDFLAGS	=

# Ours: what the code needs whatever the user chose.
VERSION	= 0.1
# In this order symbols are looked up at every start: most of them are in the
# first.
PKGS	= libcrypto sqlite3 xlsxwriter libxml-2.0 libxslt libexslt libarchive \
	  yaml-0.1 libzstd zlib
# Faster gzip where it is there; zlib serves otherwise.
ISAL	:= $(shell pkg-config --exists libisal && echo yes)
# All patterns at once where the processor has it; a table serves otherwise.
HS	:= $(shell pkg-config --exists libhs && echo yes)
# OpenPGP signatures; without it they are said not to be read.
RNP	:= $(shell pkg-config --exists librnp && echo yes)
# The filter of system calls; without it "muster doctor" says so.
SECCOMP	:= $(shell pkg-config --exists libseccomp && echo yes)
FAST	= $(if $(ISAL),libisal) $(if $(HS),libhs) $(if $(RNP),librnp) \
	  $(if $(SECCOMP),libseccomp)
B	= build
# make CFI=1: calls through pointers reach functions of that type only (clang,
# lld); the list names files that call what a library put into a pointer.  Its
# tables of jumps and the marks of -fcf-protection do not go together in 14.
ifdef CFI
CC	= clang
AR	= llvm-ar
B	= build/cfi
CFI_C	= -flto=thin -fvisibility=hidden -fsanitize=cfi			\
	  -fsanitize-ignorelist=packaging/cfi-ignore.txt
CFI_LD	= -fuse-ld=lld
CFI_NOT	= -fcf-protection
endif
# What this compiler has against faults (packaging/harden.sh), in front of the
# user's own flags; HARDEN=no leaves it out.  The sanitizers want to see faults
# as they are, and fortified functions need an optimiser.
HARDEN	= yes
HARDENED = $(if $(filter yes,$(HARDEN)),$\
	  $(B)/gen/harden-$(notdir $(firstword $(CC))).mk)
-include $(HARDENED)
OPTIMISES = $(filter-out -O0,$(filter -O%,$(CFLAGS)))
FORTIFIED = $(findstring _FORTIFY_SOURCE,$(CFLAGS) $(CPPFLAGS))
HARD	= $(if $(SAN),,$(filter-out $(CFI_NOT),$(HARD_C)) $(if $(FORTIFIED),,$(if $(OPTIMISES),$\
	  $(HARD_O))))
STD	= -std=c11 -D_GNU_SOURCE
WARN	= -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	  -Wmissing-prototypes -Wwrite-strings -Wvla $(WERROR)
ALL_CPPFLAGS = -Iinclude -I. -I$(B)/gen -DMUSTER_VERSION='"$(VERSION)"' \
	  $(if $(ISAL),-DHAVE_ISAL) $(if $(HS),-DHAVE_HS) \
	  $(if $(RNP),-DHAVE_RNP) $(if $(SECCOMP),-DHAVE_SECCOMP) \
	  $(CPPFLAGS) \
	  $(shell pkg-config --cflags $(PKGS) $(FAST))
ALL_CFLAGS = $(STD) $(WARN) -pthread $(HARD) -ffile-prefix-map=$(CURDIR)=. \
	  $(CFI_C) $(CFLAGS) $(SAN)
ALL_LDFLAGS = $(HARD_LD) $(CFI_LD) $(LDFLAGS)
LIBS	= $(shell pkg-config --libs $(PKGS) $(FAST)) -pthread
TESTLIBS = $(shell pkg-config --libs cmocka)

# A new source file is found by its place; only main.c is outside the library
# that the tests and the fuzzers link with.
SRCS	= $(sort $(wildcard src/*/*.c))
OBJS	= $(SRCS:%.c=$(B)/%.o)
MAIN	= $(B)/src/main.o
LIB	= $(B)/libmuster.a
# What is fed by the fuzzer, and by test_found with what it found before.
FUZZED	= $(patsubst %.c,$(B)/%.o,$(filter-out tests/fuzz/fuzz.c,	\
	  $(sort $(wildcard tests/fuzz/*.c))))
TESTS	= $(patsubst tests/%.c,$(B)/tests/%,$(sort $(wildcard tests/test_*.c)))
EMBED	= $(sort $(wildcard src/store/*.sql templates/*.xsl templates/page.* \
	  xccdf/*.xml))
GEN	= $(EMBED:%=$(B)/gen/%.inc)
SHEETS	= $(filter templates/%,$(EMBED))

all: $(B)/muster

$(B)/gen/harden-%.mk: packaging/harden.sh
	@mkdir -p $(@D)
	@sh packaging/harden.sh $(CC) > $@.tmp; [ -s $@.tmp ] &&		\
	    mv $@.tmp $@ || rm -f $@.tmp

$(B)/muster: $(MAIN) $(LIB)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(MAIN) $(LIB) $(LIBS)

$(LIB): $(OBJS)
	@rm -f $@
	$(AR) rcs $@ $(OBJS)

# -MMD writes what each object really includes; GEN comes first because the
# compiler cannot find it otherwise.
$(B)/%.o: %.c $(HARDENED) | $(GEN) $(B)/gen/sheets.inc $(B)/gen/blank.inc
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# A text file as the inside of a char array initialiser ('\xNN', because 0xNN
# would overflow a signed char where the text is not ASCII).
$(B)/gen/%.inc: %
	@mkdir -p $(@D)
	od -An -v -tx1 $< | sed "s/\([0-9a-f][0-9a-f]\) */'\\\\x\1',/g" > $@.tmp
	mv $@.tmp $@

# The table of stylesheets, and what pages carry: a file in templates/ is in.
$(B)/gen/sheets.inc: $(SHEETS)
	@mkdir -p $(@D)
	for f in $(SHEETS); do echo "{ \"$${f##*/}\", (const char []){";	\
		echo "#include \"$$f.inc\""; echo "0 } },"; done > $@.tmp
	mv $@.tmp $@

# What the journal calls this build: the digest of all that it is made of.
MADE_OF	= $(sort $(SRCS) src/main.c src/store/make/blank.c $(EMBED)	\
	  $(wildcard src/*/*.h src/*/*.def include/muster/*.h		\
	  include/muster/*.def include/muster/sql/*.def))
$(B)/gen/build.inc: $(MADE_OF)
	@mkdir -p $(@D)
	cat $(MADE_OF) | sha256sum | sed 's/^\(.\{12\}\).*/"\1"/' > $@
$(B)/src/assess/state.o: $(B)/gen/build.inc

# The database that the steps of the schema make.
$(B)/blank: src/store/make/blank.c src/store/steps.h			\
    src/store/store_priv.h $(GEN) $(HARDENED)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< \
	    $(shell pkg-config --libs sqlite3 libzstd)

$(B)/gen/blank.inc: $(B)/blank
	$(B)/blank > $@.tmp
	mv $@.tmp $@

$(B)/tests/test_%.o: CPPFLAGS += $(shell pkg-config --cflags cmocka)
$(B)/tests/test_found: $(B)/tests/test_found.o $(FUZZED) $(LIB)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) $(TESTLIBS)

$(B)/tests/%: $(B)/tests/%.o $(B)/tests/help.o $(LIB)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) $(TESTLIBS)

# Two jobs where the user did not say how many.
JOBS	= $(if $(filter -j%,$(MAKEFLAGS)),,-j2)
STORY	= samples/story

demo:
	@sh packaging/deps.sh build
	@$(MAKE) --no-print-directory $(JOBS) $(B)/muster
	@rm -rf $(B)/demo && mkdir -p $(B)/demo
	$(B)/muster -d $(B)/demo/muster.db run $(STORY) \
	    -o $(B)/demo/report --force --as-of 2026-11-01
	@echo "The report: file://$(abspath $(B))/demo/report/index.html"
	@echo "What was planted: samples/README.md"
	@echo "Ask on:     $(B)/muster -d $(B)/demo/muster.db why 2.3"

test:
	@sh packaging/deps.sh build test
	@$(MAKE) --no-print-directory $(JOBS) check

# Every test runs; the status is that of the first one that failed.
check: $(B)/muster $(TESTS)
	@rc=0; for t in $(TESTS) $(sort $(wildcard tests/test_*.sh)); do	\
		MUSTER=$(abspath $(B))/muster HARD="$(HARD)" $$t || {	\
			r=$$?; [ $$rc != 0 ] || rc=$$r;			\
			failed="$$failed $$t";				\
		};							\
	done; [ $$rc = 0 ] || echo "failed:$$failed" >&2; exit $$rc

asan:
	@sh packaging/deps.sh build test
	@$(MAKE) --no-print-directory $(JOBS) B=$(B)/asan check		\
	    CFLAGS="-O1 -g -fno-omit-frame-pointer"			\
	    SAN="-fsanitize=address,undefined -fno-sanitize-recover=all"

# SHARED: a folder of real inputs and other people's validators.
conformance bench: shared
	@sh packaging/deps.sh build $@
	@$(MAKE) --no-print-directory $(JOBS) $(B)/muster
	@sh tests/$@/$(if $(filter bench,$@),bench,run).sh		\
	    $(abspath $(B))/muster $(abspath $(SHARED)) $(abspath $(B))/$@

shared:
	@[ -n "$(SHARED)" ] && [ -d "$(SHARED)" ] ||			\
	    { echo "say where the real inputs are: SHARED=DIR" >&2; exit 1; }

# All targets in turn, each its share of the time; FUZZ=NAME: only that one.
FUZZ_TIME = 60
FUZZ_SAN = SAN="-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-$\
	  recover=all"
fuzz:
	@sh packaging/deps.sh build fuzz
	@$(MAKE) --no-print-directory $(JOBS) $(B)/muster
	@$(MAKE) --no-print-directory $(JOBS) B=$(B)/fuzz CC=clang	\
	    CFLAGS="-O1 -g" $(B)/fuzz/fuzz $(FUZZ_SAN)
	@sh tests/fuzz/run.sh $(abspath $(B))/fuzz $(abspath $(B))/muster	\
	    $(FUZZ_TIME) "$(FUZZ)" $(SHARED)

# Programs that run muster with everything failing in turn.
TORTURE	= $(B)/tests/torture/faults $(B)/tests/torture/power		\
	  $(B)/tests/torture/nocall.so $(B)/tests/torture/nomem.so
$(B)/tests/torture/main.o: $(MAIN)
	@mkdir -p $(@D)
	objcopy --redefine-sym main=muster_main $< $@
$(B)/tests/torture/faults $(B)/tests/torture/power: $(B)/tests/torture/%: \
    $(B)/tests/torture/%.o $(B)/tests/torture/bench.o			\
    $(B)/tests/torture/vfs.o $(B)/tests/torture/main.o $(LIB)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -Wl,--wrap=time -o $@ $^ $(LIBS)
$(B)/tests/torture/%.so: tests/torture/%.c
	@mkdir -p $(@D)
	$(CC) $(STD) $(WARN) $(CFLAGS) -fPIC -shared -o $@ $< -ldl

# N: how long; 5 takes a minute or two.
N	= 100
torture:
	@sh packaging/deps.sh build test
	@$(MAKE) --no-print-directory $(JOBS) $(B)/muster $(TORTURE)
	@sh tests/torture/torture.sh $(abspath $(B))/muster $(abspath $(B)) $(N)

# Changed inputs through the real program, which is built with sanitizers.
MUTATIONS = 20000
mutate:
	@sh packaging/deps.sh build fuzz
	@$(MAKE) --no-print-directory $(JOBS) B=$(B)/fuzz CC=clang	\
	    CFLAGS="-O1 -g" $(B)/fuzz/muster $(FUZZ_SAN)
	@python3 tests/fuzz/mutate.py $(B)/fuzz/muster $(MUTATIONS)	\
	    samples $(SHARED:%=%/inputs)

$(B)/fuzz: $(B)/tests/fuzz/fuzz.o $(FUZZED) $(LIB)
	$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

lint: $(OBJS)
	@sh packaging/deps.sh build lint
	@sh tests/lint.sh $(OBJS)

# The program's own bill of materials.
sbom: $(B)/muster.cdx.json
$(B)/muster.cdx.json: $(B)/muster packaging/sbom.sh
	@sh packaging/sbom.sh $(B)/muster $(VERSION) > $@.tmp && mv $@.tmp $@

reproducible:
	@sh packaging/deps.sh build
	@MAKE="$(MAKE)" sh tests/reproducible.sh

# Minutes, where lint takes seconds.
analyze: $(B)/muster
	@sh packaging/deps.sh build analyze
	@sh tests/analyze.sh $(STD) $(ALL_CPPFLAGS)

install: $(B)/muster sbom
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man1 \
	    $(DESTDIR)$(DATADIR)/templates $(DESTDIR)$(DATADIR)/xccdf \
	    $(DESTDIR)$(COMPDIR)
	install -m 755 $(B)/muster $(DESTDIR)$(BINDIR)/muster
	install -m 644 man/muster.1 $(DESTDIR)$(MANDIR)/man1/muster.1
	install -m 644 templates/* $(DESTDIR)$(DATADIR)/templates/
	install -m 644 xccdf/*.xml $(DESTDIR)$(DATADIR)/xccdf/
	install -m 644 $(B)/muster.cdx.json $(DESTDIR)$(DATADIR)
	install -m 644 packaging/completion/muster.bash \
	    $(DESTDIR)$(COMPDIR)/muster

deps:
	@sh packaging/deps.sh build test lint

clean:
	rm -rf $(B)

.PHONY: all demo test check asan analyze conformance bench shared torture fuzz mutate \
	lint sbom reproducible install deps clean
.SECONDARY:
-include $(shell find $(B) -name '*.d' 2>/dev/null)
