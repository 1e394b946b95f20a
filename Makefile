# Everything runs in .venv, made from pyproject.toml on first use. Needed on the machine: Python >= 3.11
# with venv, git and make.
PYTHON ?= python3
BIN := .venv/bin
CERTIFICATES := $(wildcard /etc/ssl/certs/ca-certificates.crt)

# Trust the certificates that the machine trusts: a company's proxy has its own authority.
export UV_SYSTEM_CERTS ?= 1
ifneq ($(CERTIFICATES),)
export PIP_CERT ?= $(CERTIFICATES)
endif
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test lint debt docs bench bench-million bench-debt bench-data soak screenshots lock env browser oracles

help:  ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: .venv/.base  ## train the example twice, compare the runs, show the page's address (SERVE=1 keeps it up)
	@$(BIN)/python examples/demo.py $(if $(filter-out 0,$(SERVE)),--serve)

test: env browser oracles  ## the whole suite
	$(BIN)/pytest -n 2 --dist loadgroup

lint: env  ## ruff, mypy, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: env  ## the generated pages: one per debt rule, in docs/debt/rules
	$(BIN)/python -m solvent.debt.documentation docs/debt/rules

bench: env oracles  ## speed and size beside MLflow's and FastTrackML's (QUICK=1 for fewer rounds, WRITE=1 writes docs/benchmarks.md)
	$(BIN)/python -m bench $(if $(filter-out 0,$(QUICK)),--quick) $(if $(filter-out 0,$(WRITE)),--write docs/benchmarks.md)

bench-million: env oracles  ## searches of 1,000,000 runs (a few minutes to fill, 2 GB of disk)
	$(BIN)/python -m bench million

bench-debt: env  ## precision and recall of the debt rules on labelled projects, fetched from the package index (WRITE=1 writes docs/debt/bench.md)
	$(BIN)/python -m bench.debt $(if $(filter-out 0,$(WRITE)),--write docs/debt/bench.md)

bench-data: env  ## speed and memory of profiles and rules on 1,000,000 x 50 (rules beside other tools), profiles of 100,000 x 1,000 (QUICK=1 for one round, WRITE=1 writes docs/benchmarks-data.md)
	$(BIN)/python -m bench.data $(if $(filter-out 0,$(QUICK)),--quick) $(if $(filter-out 0,$(WRITE)),--write docs/benchmarks-data.md)

debt: env  ## technical debt of Solvent itself
	$(BIN)/solvent debt check

soak: env oracles  ## 1,000 rounds of each fault (kills, power cuts, resets); many made-up requests to every endpoint
	SOLVENT_FAULT_ROUNDS=1000 $(BIN)/pytest -m faults tests/faults -s
	SOLVENT_API_EXAMPLES=300 $(BIN)/pytest tests/server/test_openapi.py

screenshots: env browser  ## the pictures in docs/images
	SOLVENT_SCREENSHOTS=docs/images $(BIN)/pytest -m e2e tests/e2e

lock: .venv/.base  ## pin the examples' requirements anew
	@for folder in examples/*/; do (cd $$folder && $(CURDIR)/$(BIN)/uv pip compile --quiet --upgrade --universal \
	  --python-version 3.11 --generate-hashes --custom-compile-command "make lock" requirements.in -o requirements.lock); done

env: .venv/.dev  ## the development environment

browser: env  ## a Chromium for the browser tests, if the machine has none
	@sh tests/browser.sh

oracles: .venv/.dev  ## real MLflows, in environments of their own
	@$(BIN)/python -m tests.oracle.environments

.venv/.base: pyproject.toml $(shell git ls-files web 2>/dev/null)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Solvent needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@[ -x $(BIN)/uv ] || $(BIN)/python -m pip install --quiet uv
	@echo "Installing Solvent into .venv (the first time builds its page, about a minute)"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --editable '.[data]'
	@touch $@

.venv/.dev: .venv/.base
	@echo "Installing the development tools into .venv"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --group dev
	@touch $@
