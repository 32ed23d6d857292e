# The studio's commands. A newcomer needs two: `make run` and `make test`.
#
#   make run      set up what is missing and serve the studio at http://127.0.0.1:8000
#   make test     set up what is missing, a browser included, and run every test
#   make install  the set-up alone
#   make check    ruff, mypy, migrations, Django's deployment checks
#   make bench    measure: the engine beside its rivals, and the whole way over HTTP
#   make lock     renew the pinned requirements (with uv)

SHELL := /bin/bash
.DELETE_ON_ERROR:
.SHELLFLAGS := -eu -o pipefail -c

export HOST ?= 127.0.0.1
export PORT ?= 8000
export DATA_DIR ?= $(CURDIR)/var
# Two imaging processes share two cores badly; one worker per two cores is quickest.
export WORKERS ?= $(shell n=$$(( ($$(getconf _NPROCESSORS_ONLN) + 1) / 2 )); echo $$(( n > 4 ? 4 : n )))
export WEB_PROCESSES ?= 1
export PYTHON := $(CURDIR)/.venv/bin/python
PYTHON311 ?= $(shell command -v python3.11 || command -v python3)

.PHONY: run test install check bench lock dev-install browser data clean

run: install
	@exec bin/run

install: .venv/run.stamp data

# -- Python -------------------------------------------------------------------------------------

.venv/bin/python:
	@$(PYTHON311) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		|| { echo "Python 3.11 is needed. Install it, or name it: make PYTHON311=/path/to/python3.11"; exit 1; }
	@echo "Setting up Python packages in .venv; the first time takes a few minutes."
	$(PYTHON311) -m venv .venv

.venv/run.stamp: requirements.txt | .venv/bin/python
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt | .venv/bin/python
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@touch $@ .venv/run.stamp

.venv/bench.stamp: requirements-bench.txt .venv/dev.stamp
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-bench.txt
	@touch $@

# -- What the studio needs besides packages -----------------------------------------------------

data: .venv/run.stamp
	@bin/setup

dev-install: .venv/dev.stamp data browser

browser: .venv/dev.stamp
	@bin/browser

# -- Work ---------------------------------------------------------------------------------------

test: dev-install
	$(PYTHON) -m pytest

check: .venv/dev.stamp data
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) manage.py makemigrations --check --dry-run
	@# As in production: behind TLS, nothing on by default that a newcomer's machine needs.
	SITE_URL=https://studio.example SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))') \
		$(PYTHON) manage.py check --deploy --fail-level WARNING

bench: .venv/bench.stamp data
	$(PYTHON) -m bench

lock: .venv/dev.stamp
	for name in requirements requirements-dev requirements-bench; do \
		uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $$name.in -o $$name.txt; \
	done

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
