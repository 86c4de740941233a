# Everything runs in .venv, which the first call makes with the Python found (3.11 or newer).
# The lock file pins every package by hash: what is tested here is what is tested everywhere.
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& echo $$p && break; done)
BIN := .venv/bin

.PHONY: demo test test-all test-postgres lint types check bench docs clean

demo: .venv/ready
	@"$(BIN)/python" examples/demo/story.py

test: .venv/dev-ready
	@"$(BIN)/python" -m pytest -n auto -m "not slow" tests

test-all: .venv/dev-ready
	@"$(BIN)/python" -m pytest -n auto tests

test-postgres: .venv/dev-ready
	@"$(BIN)/python" -m pytest -n auto -m "not slow" --database postgresql tests

lint: .venv/dev-ready
	@"$(BIN)/ruff" check .
	@"$(BIN)/ruff" format --check .
	@"$(BIN)/lint-imports"

types: .venv/dev-ready
	@"$(BIN)/mypy"

check: lint types test

bench: .venv/dev-ready
	@"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@"$(BIN)/python" -m benchmarks

docs: .venv/dev-ready
	@"$(BIN)/python" docs/generate.py

.venv/made:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11, 3.12 or 3.13 is needed / 需要 Python 3.11、3.12 或 3.13" >&2; exit 1; fi
	@echo "Setting up .venv with $(PYTHON) … / 正在准备 .venv ……"
	@$(PYTHON) -m venv --clear .venv && touch .venv/made

.venv/ready: .venv/made requirements/run.txt pyproject.toml
	@"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch .venv/ready

.venv/dev-ready: .venv/ready requirements/dev.txt
	@"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch .venv/dev-ready

clean:
	rm -rf .venv demo dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
