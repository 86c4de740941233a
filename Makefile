# Everything runs in .venv, which the first call makes with the Python found (3.11 or newer).
# The lock file pins every package by hash: what is tested here is what is tested everywhere.
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& echo $$p && break; done)
BIN := .venv/bin
PIP = "$(BIN)/python" -m pip install --quiet --disable-pip-version-check
PYTEST = "$(BIN)/python" -m pytest -n auto
# Of tests/unit what is over at once: the rest tries thousands of values, draws or starts processes.
SLOWER := calendar calendar_model citations coverage gazette_properties paper_pages papers pictures scale scenario_checks seeds \
	segments simulation workflow_document
# Tests start the command hundreds of times: without its bytecode each start compiles two hundred modules.
unexport PYTHONDONTWRITEBYTECODE
SEED ?= $(shell date +%s)

.PHONY: help demo quick quick-tests format test test-all test-postgres lint types check long bench docs clean

help: ## 1 s  this list / 本表
	@echo "Targets, and how long each takes on two cores / 目标及在双核上所需的时间"
	@sed -n 's/^\([a-z-]*\):.*## \([0-9]* [a-z]*\)  /\1|\2|/p' Makefile \
		| while IFS='|' read -r name time words; do printf '  make %-14s %-7s %s\n' "$$name" "$$time" "$$words"; done

demo: .venv/ready ## 20 s  tell the story of a spring at the credit service / 演示
	@"$(BIN)/python" examples/demo/story.py

quick: .venv/dev-ready ## 15 s  what guards the next commit / 提交前的快速检查
	@"$(BIN)/ruff" check --quiet .
	@"$(BIN)/ruff" format --check --quiet .
	@"$(BIN)/lint-imports" --no-logo
	@$(MAKE) --no-print-directory quick-tests

quick-tests:
	@$(PYTEST) -q -m "not slow" tests/unit tests/acceptance/test_published_interface.py \
		--deselect tests/acceptance/test_published_interface.py::test_definitions_need_neither_database_nor_account \
		$(SLOWER:%=--ignore tests/unit/test_%.py)

format: .venv/dev-ready ## 1 s  lay out the code, mend what ruff can / 排版
	@"$(BIN)/ruff" check --fix --quiet . || true
	@"$(BIN)/ruff" format .

test: .venv/dev-ready ## 10 min  all tests but the slow ones / 测试
	@$(PYTEST) -m "not slow" tests

test-all: .venv/dev-ready ## 21 min  with the slow ones / 含耗时较长的
	@$(PYTEST) -m "not long" tests

test-postgres: .venv/dev-ready ## 15 min  what uses a database, on a PostgreSQL server / 在 PostgreSQL 上测试
	@$(PYTEST) -m "not slow" --database postgresql tests

lint: .venv/dev-ready ## 3 s  ruff and the import contracts / 代码与引用检查
	@"$(BIN)/ruff" check .
	@"$(BIN)/ruff" format --check .
	@"$(BIN)/lint-imports"

types: .venv/dev-ready ## 1 min  strict types / 类型检查
	@"$(BIN)/mypy"

check: lint types test ## 12 min  before a review / 提交评审前

long: .venv/dev-ready ## 3 h  what is too long for each gate, with fresh seeds (SEED=…) / 耗时过长、不在每次检查之内的
	@echo "SEED=$(SEED)"
	@$(PYTEST) --fresh-seeds tests/property tests/unit tests/conformance
	@$(PYTEST) -m long tests --ignore tests/property --ignore tests/soak
	@SOAK_SEED="$(SEED)" SOAK_OBJECTIONS=500 "$(BIN)/python" -m pytest -n 0 -s tests/soak
	@SOAK_SEED="$(SEED)" "$(BIN)/python" -m pytest -n 0 -s --database postgresql tests/soak
	@$(MAKE) --no-print-directory test-postgres
	@$(PYTEST) --database postgresql -m slow tests --ignore tests/postgres --ignore tests/soak
	@$(PYTEST) --database postgresql tests/integration/test_faults.py tests/integration/test_clean_histories.py

bench: .venv/dev-ready ## 15 min  ratios, see docs/benchmarks.md / 性能
	@$(PIP) --require-hashes -r requirements/bench.txt
	@"$(BIN)/python" -m benchmarks

docs: .venv/dev-ready ## 6 s  write the generated parts of the documentation / 生成文档
	@"$(BIN)/python" docs/generate.py

.venv/made:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11, 3.12 or 3.13 is needed / 需要 Python 3.11、3.12 或 3.13" >&2; exit 1; fi
	@echo "1/3 Making .venv with $(PYTHON) … / 正在建立 .venv ……"
	@$(PYTHON) -m venv --clear .venv && touch .venv/made

.venv/ready: .venv/made requirements/run.txt pyproject.toml
	@echo "2/3 Installing what the program needs, about a minute … / 正在安装所需的包，约一分钟 ……"
	@$(PIP) --require-hashes -r requirements/run.txt
	@echo "3/3 Installing the program … / 正在安装本程序 ……"
	@$(PIP) --no-build-isolation --no-deps -e .
	@touch .venv/ready

.venv/dev-ready: .venv/ready requirements/dev.txt
	@echo "Installing what tests and checks need, about a minute … / 正在安装测试与检查所需的包，约一分钟 ……"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch .venv/dev-ready

clean: ## 1 s  remove all that was made here / 清除
	rm -rf .venv demo dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
