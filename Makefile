.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 9092
ARGS ?=

.PHONY: help
help:  ## Say what can be made
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(VENV)/.ready  ## Make the environment in .venv from the lock (Python 3.11 to 3.13 and a package index)

$(VENV)/.ready: requirements.lock pyproject.toml deploy/setup.sh
	@VENV=$(VENV) deploy/setup.sh
	@touch $@

.PHONY: demo
demo: setup  ## Rank a simulated conversation on the local stack, and say who was planted (ARGS="--events 50000")
	@$(BIN)/prescribers demo $(ARGS)

.PHONY: test
test: setup  ## Run every test, with branch coverage; graph/ must be covered whole (ARGS="-k snapshot")
	@rm -f .coverage .coverage.*
	@$(BIN)/coverage run -m pytest $(ARGS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --format=total | sed 's/^/branch coverage of everything, per cent: /'
	@$(BIN)/coverage report --include='graph/*' --fail-under=100

SECONDS ?= 60

.PHONY: fuzz
fuzz: setup  ## Fuzz the decoders and the normaliser, SECONDS=60 each (Linux on x86-64); findings go to tests/fuzz/corpus
	@for target in normalise decoders; do PYTHONPATH=. $(BIN)/python tests/fuzz/fuzz.py $$target $(SECONDS) || exit 1; done

SEEDS ?= 3
FIRST ?= 1
SEED ?=
RATE ?= 80

.PHONY: chaos
chaos: setup  ## Faults from seeds on real servers, then every row compared (SEEDS=10 SECONDS=120; again: SEED=17)
	@$(BIN)/python -m tests.chaos --seconds $(SECONDS) --rate $(RATE) $(if $(SEED),--seed $(SEED),--seeds $(SEEDS) --first $(FIRST)) $(ARGS)

.PHONY: check
check: setup  ## Lint, format, types, import contracts, dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pip check

.PHONY: fmt
fmt: setup  ## Format, and mend what ruff can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: bench
bench: setup  ## Measure against peers, ratios from one run, in a minute and a half (ARGS="--full" for larger sizes)
	@$(BIN)/python -m bench $(ARGS)

.PHONY: kafka
kafka: setup  ## Run a real Kafka broker in the foreground, without Docker (Java and Maven; PORT=9092)
	@PATH="$(abspath $(BIN)):$$PATH" deploy/kafka-local/kafka.sh start --port $(PORT)

.PHONY: docs
docs: setup  ## Write the pages that come from the code: docs/modules.md, docs/settings.md
	@$(BIN)/python docs/write_reference.py

.PHONY: lock
lock: setup  ## Write requirements.lock anew from pyproject.toml (ARGS="--upgrade" raises versions)
	@UV=$(BIN)/uv deploy/lock.sh $(ARGS)

.PHONY: clean
clean:  ## Remove the environment, caches and build output; data in .prescribers and .kafka stays
	@rm -rf $(VENV) build dist *.egg-info .coverage .coverage.* .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
