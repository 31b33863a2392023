# The everyday words. Everything is built by Meson; this file only names what people do.
#
#   make run     install what is missing, build, start a demo on http://localhost:8080
#   make test    install what is missing, run every test
#   make build   an optimised build: build/rendez, build/rendezd
#   make test-load  the long form of tests/suites/nothing-lost: MAILS=250 of each way, SEED=… again
#   make bench   measure (prints ratios; see doc/bench.md)
#   make fuzz    explore every parser with libFuzzer, SECONDS each
#   make coverage  which lines of the parsers the tests run (at least 90 % of each)
#   make corpora   every mail and calendar of CORPORA, with sanitizers and a time limit
#   make deb     a Debian package, in build-deb/; make test-deb installs it in a root of its own
#   make release  two builds of the last commit, which must be alike: archive, manifest, list of parts
#   make install DESTDIR=… PREFIX=/usr

PREFIX ?= /usr/local
SECONDS_EACH ?= 60
CORPORA ?= ../shared/corpora
MAILS ?= 250
SEED ?= $(shell date +%s)
RELEASE = build
CHECKED = build-test
MESON_RELEASE = --buildtype=release -Db_lto=false --prefix=$(PREFIX)
# As fast to run under sanitizers as -O2, and built in less than half the time.
MESON_CHECKED = --buildtype=debug -Doptimization=g -Dc_args=-g1 -Db_sanitize=address,undefined -Db_lundef=false

.PHONY: all build run test test-load bench fuzz check-layers check-events install clean deps deps-build web format deb test-deb release

all: build

deps:
	@scripts/install-deps

deps-build:
	@scripts/install-deps build

$(RELEASE)/build.ninja:
	@meson setup $(RELEASE) $(MESON_RELEASE) >/dev/null

$(CHECKED)/build.ninja:
	@meson setup $(CHECKED) $(MESON_CHECKED) >/dev/null

web:
	@scripts/build-web

build: deps-build web $(RELEASE)/build.ninja
	@[ -e $(RELEASE)/src/roles/parent/rendezd ] || echo "Building the programs: some minutes the first time"
	@ninja -C $(RELEASE) --quiet programs
	@ln -sf src/roles/cli/rendez $(RELEASE)/rendez
	@ln -sf src/roles/parent/rendezd $(RELEASE)/rendezd

run: build
	@scripts/run-demo

test: deps web build $(CHECKED)/build.ninja
	@scripts/test $(CHECKED) $(RELEASE)

# Some ten minutes, as root.
test-load: deps build
	@tests/suites/nothing-lost $(RELEASE) --mails $(MAILS) --seed $(SEED)

check-layers:
	@scripts/check-layers

check-events:
	@scripts/check-events

bench: deps build
	@scripts/bench $(RELEASE)

fuzz: deps
	@scripts/fuzz $(SECONDS_EACH)

coverage: deps
	@scripts/coverage build-cov

corpora: build $(CHECKED)/build.ninja
	@ninja -C $(CHECKED) --quiet src/roles/cli/rendez
	@scripts/corpora $(CHECKED) $(RELEASE) $(CORPORA)

format:
	@git ls-files '*.c' '*.h' | xargs clang-format -i

install: build
	@meson install -C $(RELEASE) --no-rebuild --quiet

deb: deps-build web
	@scripts/install-deps deb
	@scripts/build-deb

# Some minutes, as root, with the network: not a part of `make test`.
test-deb: deb
	@scripts/install-deps deb-test
	@tests/package/test-deb

# Some minutes: nothing that was compiled before is taken for the second build.
release: deps-build web
	@scripts/install-deps release
	@scripts/release

clean:
	@rm -rf $(RELEASE) $(CHECKED) build-fuzz build-cov build-deb
