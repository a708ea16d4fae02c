# Dateline. `make run` and `make test` do all the set-up themselves.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

.PHONY: run test lint bench bench-peers clean system system-test

run: system $(STAMP)
	@$(PY) -m viewer open --sample --picture build/dateline.png

test: system-test $(DEV_STAMP)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m tests.run

lint: $(DEV_STAMP)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

bench: system-test $(DEV_STAMP)
	$(PY) -m tests.benchmarks

bench-peers: system-test $(DEV_STAMP)
	$(PY) -m tests.benchmarks.peers $(EVENTS)

system:
	@PYTHON=$(PYTHON) bash packaging/linux/system-packages.sh run

system-test:
	@PYTHON=$(PYTHON) bash packaging/linux/system-packages.sh test

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(STAMP): $(VENV)/bin/python requirements.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(DEV_STAMP): $(VENV)/bin/python requirements-dev.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ $(STAMP)

clean:
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache
