# What can be done with opsdeck's source. A machine needs Python 3.11 or newer and make; the rest goes into .venv.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$python && break; done)

BIN := .venv/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt
PINNED := pyproject.toml constraints.txt

# Made when the virtual environment holds what runs opsdeck, and what develops it.
RUN := .venv/.installed-run
DEV := .venv/.installed-dev

# One more than there are cores: some tests wait for other processes.
WORKERS = $(shell expr $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) + 1)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint bench crash soak shots translations format clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(RUN) ## open the console on the embedded demo world, no account needed
	$(BIN)/opsdeck demo

test: lint ## check the form of the code, its types and layers, and run every test
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: $(DEV) ## check the form of the code, its types and its layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports

bench: $(DEV) ## measure speed as ratios to floors, within one run
	$(BIN)/python -m bench

crash: $(DEV) ## kill the process 200 times with notices in flight, and count what was lost
	$(BIN)/python -m tests.reliability.crash

soak: $(DEV) ## 20,000 examples of the alerting state machine; takes hours
	$(BIN)/python -m tests.reliability.soak

shots: $(DEV) ## photograph every view of the console
	$(BIN)/python -m bench.shots

translations: $(DEV) ## bring the catalogues up to date with the words of the source
	$(BIN)/python -m core.locales.update

format: $(DEV) ## put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## remove the virtual environment and everything that was made
	rm -rf .venv build dist .hypothesis .import_linter_cache .pytest_cache .ruff_cache snapshot_report.html
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN): $(PINNED) .venv/pyvenv.cfg
	@echo 'Installing what runs opsdeck into .venv'
	@$(PIP) --editable .
	@touch $@

$(DEV): $(PINNED) .venv/pyvenv.cfg
	@echo 'Installing what runs and develops opsdeck into .venv'
	@$(PIP) --editable '.[dev]'
	@touch $(RUN) $@

.venv/pyvenv.cfg:
	@test -n '$(PYTHON)' || { echo 'opsdeck needs Python 3.11 or newer; name yours with make PYTHON=/path/to/python3' >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv || { rm -rf .venv; exit 1; }
