# make             build/muster
# make demo        the main job on samples/, and where its report is
# make test        build and run the tests
# make asan        the same tests under AddressSanitizer and UBSan
# make conformance SHARED=DIR   against a folder of real inputs and validators
# make bench SHARED=DIR         side by side with peers and limits
# make fuzz        feed bytes to every importer (clang; FUZZ_TIME=60 seconds)
# make lint        who includes and exports what, man pages, stylesheets
# make install     into $(DESTDIR)$(PREFIX)
# make deps        what must be installed for the above, and install it
# make clean

PREFIX	= /usr/local
BINDIR	= $(PREFIX)/bin
MANDIR	= $(PREFIX)/share/man
DATADIR	= $(PREFIX)/share/muster

# The user's: override these freely.
CC	= cc
CFLAGS	= -O2 -g
LDFLAGS	=

# Ours: what the code needs whatever the user chose.
VERSION	= 0.1
PKGS	= libxml-2.0 libxslt libexslt sqlite3 libarchive yajl yaml-0.1 libzstd \
	  libcrypto zlib
# Faster gzip where it is there; zlib serves otherwise.
ISAL	:= $(shell pkg-config --exists libisal && echo yes)
B	= build
STD	= -std=c11 -D_GNU_SOURCE
WARN	= -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	  -Wmissing-prototypes -Wwrite-strings -Wvla $(WERROR)
ALL_CPPFLAGS = -Iinclude -I. -I$(B)/gen -DMUSTER_VERSION='"$(VERSION)"' \
	  $(if $(ISAL),-DHAVE_ISAL) $(CPPFLAGS) \
	  $(shell pkg-config --cflags $(PKGS) $(if $(ISAL),libisal))
ALL_CFLAGS = $(STD) $(WARN) -pthread $(CFLAGS) $(SAN)
LIBS	= $(shell pkg-config --libs $(PKGS) $(if $(ISAL),libisal)) -pthread
TESTLIBS = $(shell pkg-config --libs cmocka)

# A new source file is found by its place; only main.c is outside the library
# that the tests and the fuzzers link with.
SRCS	= $(sort $(wildcard src/*/*.c))
OBJS	= $(SRCS:%.c=$(B)/%.o)
MAIN	= $(B)/src/main.o
LIB	= $(B)/libmuster.a
TESTS	= $(patsubst tests/%.c,$(B)/tests/%,$(sort $(wildcard tests/test_*.c)))
EMBED	= $(sort $(wildcard src/store/*.sql templates/*.xsl xccdf/*.xml))
GEN	= $(EMBED:%=$(B)/gen/%.inc)

all: $(B)/muster

$(B)/muster: $(MAIN) $(LIB)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(MAIN) $(LIB) $(LIBS)

$(LIB): $(OBJS)
	@rm -f $@
	$(AR) rcs $@ $(OBJS)

# -MMD writes what each object really includes; GEN comes first because the
# compiler cannot find it otherwise.
$(B)/%.o: %.c | $(GEN)
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# A text file as the inside of a char array initialiser ('\xNN', because 0xNN
# would overflow a signed char where the text is not ASCII).
$(B)/gen/%.inc: %
	@mkdir -p $(@D)
	od -An -v -tx1 $< | sed "s/\([0-9a-f][0-9a-f]\) */'\\\\x\1',/g" > $@.tmp
	mv $@.tmp $@

$(B)/tests/test_%.o: CPPFLAGS += $(shell pkg-config --cflags cmocka)
$(B)/tests/%: $(B)/tests/%.o $(B)/tests/help.o $(LIB)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) $(TESTLIBS)

clean:
	rm -rf $(B)

.PHONY: all demo test asan conformance bench fuzz lint install deps clean
.SECONDARY:
-include $(shell find $(B) -name '*.d' 2>/dev/null)
