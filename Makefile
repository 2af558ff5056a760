# Soakproof: offline proof for soak, stress and load runs.
#
#   make demo      install what is missing, build, run the main job on samples/ (demo-all: of all five systems)
#   make test      the same for the test suite
#   make           build into build/$(CC)/   (CC=clang, SAN=asan|ubsan|fuzz side by side)
#   make lint bench fuzz mutate golden graph clean
#   make install uninstall dist deb           packaging/install.mk
#   WITH_CURL=0                               without libcurl: no server can be asked

ifeq ($(origin CC),default)
CC := gcc
endif
PREFIX  ?= /usr/local
VERSION := 0.1.0
WITH_CURL ?= 1
B       := build/$(notdir $(CC))$(SAN:%=-%)$(if $(filter 0,$(WITH_CURL)),-nocurl)

# The oldest versions whose interfaces are used: STRICT tables, zstd filters, one context a map of fonts.
PKGS := sqlite3 >= 3.37 libarchive >= 3.4 cairo >= 1.16 pangocairo >= 1.50 pangoft2 fontconfig >= 2.12 yaml-0.1 libpcre2-8 >= 10.30 \
	libcrypto >= 3.0 zlib libzstd >= 1.4 glib-2.0 expat md4c >= 0.4 $(if $(filter 0,$(WITH_CURL)),,libcurl >= 7.80)
# Asked for lazily, so that "make demo" can install pkg-config and the libraries first.
DEPS  = $(eval DEPS := $(shell pkg-config --cflags "$(PKGS)"))$(DEPS)
# A tool loads only the libraries that it uses: half of the time of a short one.
LIBS  = $(eval LIBS := -Wl,--as-needed $(shell pkg-config --libs "$(PKGS)") -lm)$(LIBS)

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wwrite-strings -Wvla -Wformat=2 -Wundef $(WERROR:1=-Werror)
SANFLAGS_asan  := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
SANFLAGS_ubsan := -fsanitize=undefined -fno-sanitize-recover=all
SANFLAGS_fuzz  := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
ifeq ($(SAN),)
HARDEN := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
endif
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=c11 -D_POSIX_C_SOURCE=200809L -Ilib -Itools -I$B/gen \
	-DSOAK_VERSION='"$(VERSION)"' $(WARN) $(HARDEN) $(SANFLAGS_$(SAN)) \
	-MMD -MP $(DEPS) $(CPPFLAGS) $(CFLAGS)

# A part that can be left out has a NAME_none.c that says so in its place.
LEFTOUT := $(if $(filter 0,$(WITH_CURL)),lib/promql/http.c,lib/promql/http_none.c)
LIBSRC  := $(filter-out $(LEFTOUT),$(wildcard lib/*/*.c))
LIBOBJ  := $(LIBSRC:%.c=$B/%.o)
LIB     := $B/libsoak.a
# A tool is tools/soak*.c; the other files there are shared by all tools.
TOOLS   := $(patsubst tools/%.c,$B/bin/%,$(wildcard tools/soak*.c))
TOOLOBJ := $(patsubst %.c,$B/%.o,$(filter-out $(wildcard tools/soak*.c),$(wildcard tools/*.c)))
UNITS   := $(patsubst tests/unit/%.c,$B/unit/%,$(wildcard tests/unit/test_*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,$B/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAYS := $(patsubst tests/fuzz/%.c,$B/replay/%,$(wildcard tests/fuzz/fuzz_*.c))
# What the tests against a running Prometheus need: promql_random SEED ..., promql_compare PORT ...
PEERS   := $B/peer/promql_random $B/peer/promql_compare $B/peer/promql_write $B/peer/promql_testfile
EXAMPLES := $(patsubst %.c,$B/%,$(wildcard examples/*.c))
SCHEMAS := $(wildcard lib/store/schema/*.sql)
# The SQLite extension has objects of its own: position-independent, and with SQLite behind the host's table of pointers.
EXTLIB  := $(patsubst %.c,$B/pic/%.o,$(filter-out $(LEFTOUT),$(wildcard lib/base/*.c lib/store/*.c lib/promql/*.c)))
EXTOBJ  := $(patsubst %.c,$B/pic/%.o,$(wildcard tools/ext/*.c))
# Not with a sanitizer: the stock shell could not load it.
EXT     := $(if $(SAN),,$B/soak.so)

.PHONY: all deps demo demo-all test check lint bench fuzz mutate golden clean memcheck replay graph endurance fuzz-long
# Not .SECONDARY: with it a missing object is not built when the archive is newer than its source.
.PRECIOUS: $B/%.o
all: $(TOOLS) $(EXT)

deps:
	@sh .ci/deps build

demo:
	@sh .ci/deps build
	@$(MAKE) --no-print-directory all
	@sh .ci/demo $B

# The samples of all five systems, and a page that links to what came of them.
demo-all:
	@sh .ci/deps test
	@$(MAKE) --no-print-directory all
	@sh .ci/demo $B all

test:
	@sh .ci/deps test
	@$(MAKE) --no-print-directory check

export LSAN_OPTIONS := suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0

check: all $(UNITS) $(REPLAYS) $(PEERS) $(EXAMPLES)
	@B=$(abspath $B) prove -j2 $(PROVEFLAGS) $(UNITS) tests/cli/*.t

VALGRIND := valgrind -q --suppressions=$(CURDIR)/tests/valgrind.supp --error-exitcode=9 --leak-check=full --show-leak-kinds=definite \
	--errors-for-leak-kinds=definite
memcheck: all $(UNITS)
	@B=$(abspath $B) prove -j2 -e '$(VALGRIND)' $(UNITS)
	@B=$(abspath $B) SOAK_WRAP='$(VALGRIND)' prove tests/cli/main-job.t tests/cli/extension.t

replay: $(REPLAYS)
	@B=$(abspath $B) prove tests/cli/corpus.t

lint:
	@CC=$(CC) sh .ci/lint

# The folders as docs/layers.md draws them; the files into build/graph.dot, for dot -Tsvg.
graph:
	@sh .ci/graph
	@mkdir -p build && sh .ci/graph --files >build/graph.dot

# Kills, a full disk, two writers and other things that last longer than a test may: tests/endurance says what.
endurance: all
	@B=$(abspath $B) sh tests/endurance

fuzz-long:
	@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=600

# PARTS="growth pack": only these of tests/bench.d. BENCH_MB=20 BENCH_HOURS=1: a small one.
bench: all
	@bash tests/bench $B $(PARTS)

# 20 seconds a target; FUZZ_SECONDS=600 for a long run.
fuzz:
	@$(MAKE) --no-print-directory CC=clang SAN=fuzz fuzzers
	@sh tests/fuzz/run build/clang-fuzz
.PHONY: fuzzers
fuzzers: $(FUZZERS)

# Does a test fail when a comparison in lib/judge is another one? FILES="lib/judge/score.c ..." for some of them; all take hours.
mutate:
	@bash tests/mutate $(FILES)

# Every kind of chart and the ugly cases into build/gallery; docs/gallery.md shows a few of them.
gallery: all
	@GALLERY_PEERS=yes tests/gallery $B build/gallery
	@GALLERY_FORMAT=png tests/gallery $B build/gallery
	@mkdir -p docs/gallery && cd build/gallery && cp $(GALLERY) ../../docs/gallery/
GALLERY := whitepaper-success-rate.svg whitepaper-token-rotation.svg percentiles.svg distribution.svg states.svg bars.svg \
	hdr.svg table.svg two-runs.svg two-runs-ecdf.svg two-runs-dumbbells.svg alerts.svg history.svg ugly-long-names.svg ugly-two-samples.svg ugly-negative.svg

golden: all
	@B=$(abspath $B) sh tests/cli/golden.t --write
	@B=$(abspath $B) sh tests/cli/howto.t --write
	@B=$(abspath $B) sh tests/cli/criteria.t --write

# The readers of lib/read are found by their file names: fmt_NAME.c holds reader_NAME.
$B/gen/readers.h: $(wildcard lib/read/fmt_*.c)
	@mkdir -p $(@D)
	@for f in $(patsubst lib/read/fmt_%.c,%,$^); do echo "READER($$f)"; done > $@
# Likewise the criterion kinds of lib/judge: kind_NAME.c holds kind_NAME.
$B/gen/kinds.h: $(wildcard lib/judge/kind_*.c)
	@mkdir -p $(@D)
	@for f in $(patsubst lib/judge/kind_%.c,%,$^); do echo "KIND($$f)"; done > $@
# The schema is SQL that a person can read; the store carries it as strings.
$B/gen/schema.h: $(SCHEMAS)
	@mkdir -p $(@D)
	@for f in $^; do echo 'MIGRATION('; sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/.*/"&\\n"/' $$f; echo ')'; done > $@
# What "soak --version" says of this build.
$B/gen/facts.h: packaging/facts Makefile
	@mkdir -p $(@D)
	@{ echo '#define SOAK_FACTS \'; sh packaging/facts "$(CC)" "$(PKGS)" $(WITH_CURL) | sed -e 's/["\\]//g' -e 's/.*/"&\\n" \\/' -e '$$s/\\n" \\$$/"/'; } >$@
GEN := $B/gen/facts.h $B/gen/readers.h $B/gen/kinds.h $B/gen/schema.h

# Said once and plainly, instead of a page of missing headers.
$B/deps.ok:
	@pkg-config --print-errors --short-errors --exists "$(PKGS)" || { echo "libraries are missing or too old: 'make deps' installs them" >&2; exit 1; }
	@mkdir -p $(@D) && touch $@

$B/%.o: %.c | $(GEN) $B/deps.ok
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(ALL_CFLAGS) -c -o $@ $<
$(LIB): $(LIBOBJ)
	@rm -f $@ && $(AR) rcs $@ $^
# An archive, so that a tool takes only what it calls, and with it only the libraries behind that.
$B/libtools.a: $(TOOLOBJ)
	@rm -f $@ && $(AR) rcs $@ $^
$B/bin/%: $B/tools/%.o $B/libtools.a $(LIB)
	@mkdir -p $(@D)
	@echo "  LD    $@"
	@$(CC) $(ALL_CFLAGS) $(if $(HARDEN),-pie) $(LDFLAGS) -o $@ $^ $(LIBS)
$B/pic/%.o: %.c | $(GEN)
	@mkdir -p $(@D)
	@echo "  CC    $< (extension)"
	@$(CC) $(filter-out -fPIE,$(ALL_CFLAGS)) -fPIC -fvisibility=hidden -DSOAK_EXTENSION -c -o $@ $<
$B/pic/libsoak.a: $(EXTLIB)
	@rm -f $@ && $(AR) rcs $@ $^
# Without libsqlite3 and with -z defs: a call that goes around the host's SQLite does not link.
$B/soak.so: $(EXTOBJ) $B/pic/libsoak.a
	@echo "  LD    $@"
	@$(CC) $(filter-out -fPIE,$(ALL_CFLAGS)) -shared -Wl,-z,defs,-z,relro,-z,now $(LDFLAGS) -o $@ $^ \
	    $(shell pkg-config --libs libpcre2-8) -lm
$B/unit/%: $B/tests/unit/%.o $(LIB)
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) $(if $(HARDEN),-pie) $(LDFLAGS) -o $@ $^ $(LIBS) $(LDLIBS) -lcmocka
# cJSON is only here as a second opinion on our reader.
$B/unit/test_doc_json_peer: LDLIBS += -lcjson
$B/fuzz/%: $B/tests/fuzz/%.o $(LIB)
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(LIBS)
$B/peer/%: $B/tests/peer/%.o $(LIB)
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) $(if $(HARDEN),-pie) $(LDFLAGS) -o $@ $^ $(LIBS)
$B/peer/promql_random: $B/tests/peer/promql_expression.o
# As a user's program is built: one header, one archive.
$B/examples/%: examples/%.c $B/libsoakproof.a
	@mkdir -p $(@D)
	@$(CC) -std=c11 $(WARN) $(SANFLAGS_$(SAN)) -Ilib/api $(CFLAGS) -o $@ $^ $(LIBS)
$B/replay/%: $B/tests/fuzz/%.o $B/tests/fuzz/replay.o $(LIB)
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) $(if $(HARDEN),-pie) $(LDFLAGS) -o $@ $^ $(LIBS)

include packaging/install.mk

clean:
	rm -rf build

-include $(shell test -d $B && find $B -name '*.d')
