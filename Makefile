# Everything a machine needs is Python 3.11+ and make; the rest is installed into .venv, pinned by hash.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test run lint bench

setup: .venv/installed

.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup
	$(BIN)/monitor demo

test: setup
	$(BIN)/python -m pytest

run: setup
	$(BIN)/monitor run

lint: setup
	$(BIN)/ruff format --check monitor tests bench
	$(BIN)/ruff check monitor tests bench
	$(BIN)/mypy

bench: setup
	@for name in ingest collect read memory; do $(BIN)/python -m bench.$$name || exit 1; done
