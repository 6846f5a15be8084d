# Every target does its own set-up; the second time it starts at once.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup run test test-long screenshots messages lock

setup: .venv/.ready

.venv/.ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

run: setup
	$(BIN)/triptych run

# The lock must be what pyproject.toml asks for: pip finds nothing missing and nothing in conflict.
test: setup
	$(BIN)/python tests/check_lock.py
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest

test-long: setup
	$(BIN)/pytest -m "long or not long"

# What the browser tour sees, for the README.
screenshots: setup
	SCREENSHOTS=$(CURDIR)/docs $(BIN)/pytest -n0 -m "long or not long" tests/test_tour.py

# The catalogues in bot/locales, brought up to what the code says; with LANGUAGE=pl, a new one for Polish.
messages: setup
	$(BIN)/python -m tests.catalogues $(LANGUAGE)

# Needs uv on the PATH.
lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --all-extras -q pyproject.toml -o requirements.lock
