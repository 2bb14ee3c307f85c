# The whole set-up: `make run` starts the studio, `make test` checks it. Both need nothing but python3 and make.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PORT ?= 8501
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test lint fix bench clean

help:  ## show these lines
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

run: $(VENV)/.run  ## install what is missing and start the studio (PORT=8501)
	@$(BIN)/python -m studio serve --port $(PORT)

test: $(VENV)/.dev  ## install what is missing and run every check and test (ARGS="-k name" for some)
	@scripts/need-chromium
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(VENV)/.dev  ## style, imports, types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright

fix: $(VENV)/.dev  ## let ruff mend and format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.dev  ## our engine against the stock pipeline (ARGS="--size full" on CUDA)
	@$(BIN)/python -m benchmarks $(ARGS)

clean:  ## remove the virtual environment and caches (your images stay)
	@rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
	@find studio pages tests benchmarks starter -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/.run: requirements.txt requirements-no-deps.txt scripts/make-venv
	@scripts/make-venv $(VENV)
	@echo "Installing requirements.txt (the first time this takes some minutes: PyTorch is large) …"
	@$(PIP) -r requirements.txt
	@$(PIP) --no-deps -r requirements-no-deps.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "Installing requirements-dev.txt …"
	@$(PIP) -r requirements-dev.txt
	@touch $@
