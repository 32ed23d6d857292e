# The studio's commands. A newcomer needs two: `make run` and `make test`.
#
#   make run      set up what is missing and serve the studio at http://127.0.0.1:8000
#   make test     set up what is missing, a browser included, and run every test, or TESTS="tests/accounts …"
#   make install  the set-up alone
#   make check    ruff, mypy, Biome, TypeScript, djlint, migrations, Django's deployment checks
#   make bench    measure: the engine beside its rivals, and the whole way over HTTP
#   make messages  bring the languages' catalogues up to what the source says (with GNU gettext)
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
# The tests are shared by so many processes. They wait for a third of their time, for leases and deadlines, so
# there is one more for every two cores, where each has 3 GB of memory.
TEST_PROCESSES ?= $(shell n=$$(( $$(getconf _NPROCESSORS_ONLN) * 3 / 2 )); \
	m=$$(( $$(getconf _PHYS_PAGES) / 1024 * $$(getconf PAGESIZE) / 3145728 )); \
	n=$$(( n > 6 ? 6 : n )); n=$$(( m < n ? m : n )); echo $$(( n < 1 ? 1 : n )))
# A Python 3.13 of your choice; else bin/find-python looks for one.
export PYTHON313 ?=

.PHONY: run test install check bench lock dev-install browser data messages clean

run: install
	@exec bin/run

install: .venv/run.stamp data

# -- Python -------------------------------------------------------------------------------------

# One that an earlier release made with another Python gives way. A link to one elsewhere loses the link.
.venv/bin/python3.13:
	@found=$$(bin/find-python) || exit 1; \
		echo "Setting up Python packages in .venv, with $$found; the first time takes a few minutes."; \
		rm -rf .venv; "$$found" -m venv .venv

.venv/run.stamp: requirements.txt | .venv/bin/python3.13
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt | .venv/bin/python3.13
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
	$(PYTHON) -m pytest -n $(TEST_PROCESSES) $(TESTS)

check: .venv/dev.stamp data
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	bin/check-tools biome ci --error-on-warnings
	bin/check-tools tsc
	$(PYTHON) -m djlint templates --lint --quiet
	$(PYTHON) manage.py makemigrations --check --dry-run
	@# As in production: behind TLS, nothing on by default that a newcomer's machine needs.
	SITE_URL=https://studio.example EMAIL_URL=submission://mail.example SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))') \
		$(PYTHON) manage.py check --deploy --fail-level WARNING

bench: .venv/bench.stamp data
	$(PYTHON) -m bench

messages: .venv/dev.stamp
	$(PYTHON) manage.py messages

lock: .venv/dev.stamp
	for name in requirements requirements-credentials requirements-dev requirements-bench; do \
		uv pip compile --quiet --upgrade --universal --python-version 3.13 --generate-hashes \
			--no-emit-index-url --no-header $$name.in -o $$name.txt; \
	done

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
