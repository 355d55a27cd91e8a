# make up: everything on this machine.  make test: the tests.  make help: the rest.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install up test soak lint format demo bench bench-accuracy bench-speed bench-latency bench-reading bench-page bench-pipeline clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[postgres]' --group dev
	@touch $@

install: $(STAMP) ## set up .venv; then .venv/bin/timeline is there

up: install ## watch ./inbox and serve the timeline, until Ctrl-C
	@$(BIN)/timeline up

demo: install ## build the sample documents in seeds/ into demo/
	$(BIN)/timeline build $(filter-out seeds/README.md,$(wildcard seeds/*)) --site demo

test: install ## the tests
	$(BIN)/python -m pytest

soak: install ## the fault suite in its long form: ten runs a fault (FAULT_RUNS=10), other points each day (FAULT_SEED)
	FAULT_RUNS=$${FAULT_RUNS:-10} FAULT_SEED=$${FAULT_SEED:-$$(date +%j)} $(BIN)/python -m pytest tests/faults

lint: install ## ruff, mypy, import-linter, deptry
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

format: install ## put the code in form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: bench-accuracy bench-speed bench-latency bench-reading bench-page bench-pipeline ## every benchmark

bench-accuracy: install ## accuracy of the tagger on annotated corpora
	$(BIN)/python -m benchmarks.accuracy

bench-speed: install ## throughput of the tagger beside dateparser's search
	$(BIN)/python -m benchmarks.speed

bench-latency: install ## from rename() into the inbox to the changed page in Chromium
	$(BIN)/python -m benchmarks.latency

bench-reading: install ## documents a second and memory by format, beside the libraries called bare
	$(BIN)/python -m benchmarks.reading

bench-page: install ## the page at 10³ to 10⁵ events: first view, zoom, one new document, rendering, search
	$(BIN)/python -m benchmarks.page

bench-pipeline: install ## what the queue, the store and the pages cost beside the work itself
	$(BIN)/python -m benchmarks.pipeline

clean: ## remove what was made, but never inbox/ or data/
	rm -rf $(VENV) build dist demo artefacts .pytest_cache .mypy_cache .ruff_cache
