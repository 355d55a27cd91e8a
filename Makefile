# make up: everything on this machine.  make test: the tests.  make help: the rest.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install up test soak audit lint format demo bench bench-accuracy bench-speed bench-latency bench-reading bench-page bench-peers bench-pipeline clean

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

test: install ## the tests, two at a time (TEST_PROCESSES=2): many of them wait
	$(BIN)/python -m pytest -n $${TEST_PROCESSES:-2} --dist loadfile

soak: install ## the fault suite in its long form: four runs a fault (FAULT_RUNS=4), other points each day (FAULT_SEED)
	@mkdir -p artefacts && rm -f artefacts/faults.jsonl
	FAULT_RUNS=$${FAULT_RUNS:-4} FAULT_SEED=$${FAULT_SEED:-$$(date +%j)} REDIS_AWAY=$${REDIS_AWAY:-60} \
	FAULT_RECORD=$${FAULT_RECORD:-$(CURDIR)/artefacts/faults.jsonl} $(BIN)/python -m pytest tests/faults
	@$(BIN)/python -m tests.faults.record $${FAULT_RECORD:-artefacts/faults.jsonl}

audit: install ## known vulnerabilities of what is pinned (asks the network)
	@test -x $(VENV)/audit/bin/pip-audit || ($(BIN)/python -m venv $(VENV)/audit && $(VENV)/audit/bin/python -m pip install --quiet pip-audit)
	@grep -v '^#' constraints.txt > $(VENV)/audit/pinned.txt
	$(VENV)/audit/bin/pip-audit --requirement $(VENV)/audit/pinned.txt --no-deps --disable-pip --strict

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

bench-peers: install ## the same events in our page, TimelineJS and vis-timeline (both from npm)
	cd benchmarks && npm install --no-package-lock --no-audit --no-fund --silent
	$(BIN)/python -m benchmarks.peers

bench-pipeline: install ## what the queue, the store and the pages cost beside the work itself
	$(BIN)/python -m benchmarks.pipeline

clean: ## remove what was made, but never inbox/ or data/
	rm -rf $(VENV) build dist demo artefacts .pytest_cache .mypy_cache .ruff_cache
