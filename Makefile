# Everything a machine needs is Python 3.11 to 3.13 and make; the rest is installed into .venv, pinned by hash.
# Another Python: make setup PYTHON=python3.13
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input

.PHONY: setup demo test run lint bench

setup: .venv/installed

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "This needs Python 3.11 to 3.13: make setup PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { test "$$(id -u)" = 0 && { apt-get update -qq; \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv; }; } || \
	  { echo "This Python cannot make environments; on Debian: sudo apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP) install --require-hashes --requirement requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup
	$(BIN)/monitor demo

# What is compiled is kept, whatever the environment says: else pytest compiles every test anew in both processes.
test: setup
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest

run: setup
	$(BIN)/monitor run

lint: setup
	$(BIN)/ruff format --check monitor tests bench
	$(BIN)/ruff check monitor tests bench
	$(BIN)/mypy
	$(BIN)/monitor check --config config

bench: setup
	@for name in ingest collect read memory imports schedule jetstream polls shape detect alerts why lag stories digest; do \
	  $(BIN)/python -m bench.$$name $(ARGS) || exit 1; done
	@for name in export archive copies web; do $(BIN)/python -m bench.$$name --quick $(ARGS) || exit 1; done
