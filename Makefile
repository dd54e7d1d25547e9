# make build | vocab | test | demo | bench | fuzz | format | install PREFIX=/usr/local

PREFIX ?= /usr/local
PEER ?= $(wildcard ../shared/reference/perf/peer_step.py)
PYTHON ?= $(firstword $(wildcard .venv/bin/python) python3)

swift_flags := -c release --explicit-target-dependency-import-check error
duet := .build/release/duet

.PHONY: build vocab test demo bench fuzz format lint install packages

build: packages
	swift build $(swift_flags) --product duet

# The table of zero-shot CLIP, CoOp and BMIP on the embedded model and data.
demo: build
	$(duet) run examples/02_learned_prompts.duet

# The vocabulary of the released CLIPs, for checkpoints that come without one.
vocab:
	scripts/install-packages.sh python3 python3-venv
	scripts/get-vocabulary.sh

test: packages
	scripts/install-packages.sh python3 python3-venv
	scripts/make-venv.sh
	swift build $(swift_flags) --build-tests
	swift test $(swift_flags) --disable-xctest --skip-build

# Against CPython; and, with PEER=path/to/peer_step.py PYTHON=python-with-torch, against PyTorch.
bench: build
	Tests/Benchmarks/run.sh "$(PEER)" "$(PYTHON)"

# Feeds one of the readers of files with what libFuzzer makes up: make fuzz READER=pickle SECONDS=60
fuzz: packages
	scripts/fuzz.sh "$(or $(READER),pickle)" "$(or $(SECONDS),60)"

format:
	swift format --in-place --recursive Sources Tests Package.swift

lint:
	swift format lint --strict --recursive Sources Tests Package.swift

install: build
	scripts/install.sh $(duet) "$(DESTDIR)$(PREFIX)"

packages:
	scripts/install-packages.sh libedit-dev libopenblas-dev libhdf5-dev libjpeg-dev libpng-dev libwebp-dev
