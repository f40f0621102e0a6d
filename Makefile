# What a contributor needs. `make help` lists it.

SHELL := /bin/sh
.SHELLFLAGS := -eu -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin

# The Python that .venv is made with: 3.11 where there is one, else any newer.
PYTHON ?= $(shell for python in python3.11 python3; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; \
	done)

# Passed on to what runs: make run ARGS="--port 8080", make test PYTEST_ARGS="-k money".
ARGS ?=
PYTEST_ARGS ?=

# Tests of the gateway wait for the store's disk more than for a processor; those of a file go
# together, since what they rest on is made once.
PYTEST := $(BIN)/python -m pytest -n 3 --dist loadfile

PLUGINS := $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml))
DISTRIBUTIONS := core locales gateway $(PLUGINS)
REQUIREMENTS := requirements/build.txt requirements/run.txt requirements/dev.txt

PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
say = printf '\n== %s\n' "$(1)"

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

## Environment

.PHONY: setup
setup: $(VENV)/.installed $(VENV)/.mongod ## make .venv with everything in it; instant when it is up to date
	@:

$(VENV)/.installed: $(REQUIREMENTS) $(DISTRIBUTIONS:=/pyproject.toml)
	@$(call say,setup: $(VENV) (the first time takes a minute or two))
	@if ! $(BIN)/python -c '' 2>/dev/null; then \
		python="$(PYTHON)"; \
		if ! "$${python:-false}" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "make setup: no Python 3.11 or newer$${python:+ at $$python}; install it (Debian and Ubuntu: python3 python3-venv) or name one: make setup PYTHON=/path/to/python3" >&2; \
			exit 1; \
		fi; \
		"$$python" -m venv --clear $(VENV); \
	fi
	@$(PIP) install --quiet --require-hashes $(REQUIREMENTS:%=-r %)
	@$(PIP) install --quiet --no-deps --no-build-isolation $(DISTRIBUTIONS:%=-e ./%)
	@$(PIP) check
	@touch $@

$(VENV)/.mongod: $(VENV)/.installed
	@for mongod in $(VENV)/lib/python3*/site-packages/fiftyone/db/bin/mongod mongod; do \
		if "$$mongod" --version >$@.log 2>&1; then \
			echo "$$(sed -n 1p $@.log) ($$mongod)"; rm -f $@.log; touch $@; exit 0; \
		fi; \
		sed 's/^/  /' $@.log >&2; \
	done; \
	rm -f $@.log; \
	echo "make setup: no mongod runs here. The one in $(VENV) (Linux, x86-64) needs libcurl and OpenSSL 3 of the system:" >&2; \
	echo "  Debian 12, Ubuntu 22.04:         apt-get install libcurl4 libssl3" >&2; \
	echo "  Debian 13, Ubuntu 24.04, newer:  apt-get install libcurl4t64 libssl3t64" >&2; \
	echo "Elsewhere, install MongoDB 6 or newer and put its mongod on the PATH." >&2; \
	exit 1

.PHONY: pins
pins: ## renew requirements/*.txt from requirements/*.in
	@$(call say,pins: newest versions)
	@rm -rf build/pins
	@$(PYTHON) -m venv build/pins
	@build/pins/bin/python -m pip --disable-pip-version-check install --quiet pip-tools
	@cd requirements && for name in build run dev bench; do \
		../build/pins/bin/pip-compile --quiet --upgrade --no-config --no-header --generate-hashes \
			--allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
			--output-file $$name.txt $$name.in; \
	done
	@rm -rf build/pins

## Use

.PHONY: run
run: setup ## the gateway with demonstration data; ARGS are passed on
	@exec $(BIN)/avoir serve --demo $(ARGS)

.PHONY: bench
bench: $(VENV)/.bench ## measure, beside the peers in requirements/bench.txt; ARGS are passed on
	@exec $(BIN)/python -m benchmarks $(ARGS)

$(VENV)/.bench: requirements/bench.txt $(VENV)/.installed
	@$(PIP) install --quiet --require-hashes -r requirements/bench.txt
	@touch $@

## Checks

.PHONY: test
test: lint ## every check, then the tests; PYTEST_ARGS are passed on
	@$(call say,pytest)
	@$(PYTEST) $(PYTEST_ARGS)

.PHONY: lint
lint: setup ## every check but the tests
	@$(call say,ruff check)
	@$(BIN)/ruff check .
	@$(call say,ruff format --check)
	@$(BIN)/ruff format --check .
	@$(call say,mypy)
	@$(BIN)/mypy
	@$(call say,lint-imports)
	@$(BIN)/lint-imports --no-logo

.PHONY: format
format: setup ## sort the imports, mend what can be mended, format
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

## Catalogs

LANGUAGES := en fr ru
CATALOGS := locales/avoir_locales
PACKAGES := core/avoir gateway/avoir_gateway \
	$(foreach plugin,$(PLUGINS),$(plugin)/avoir_$(notdir $(plugin)))

.PHONY: messages
messages: setup ## bring the catalogs up to date with the sources, in every language
	@mkdir -p build/messages
	@for package in $(PACKAGES); do \
		domain=$${package##*/}; \
		$(BIN)/pybabel --quiet extract --no-default-keywords -k N_ -k N_n:1,2 -k _ -k ngettext:1,2 \
			-c 'Translators:' --add-location=file --sort-output --no-wrap \
			--project=$$domain --version=0.1 --copyright-holder='Avoir contributors' \
			--header-comment="# $$domain: messages" --last-translator='Avoir contributors' \
			--msgid-bugs-address='Avoir contributors' \
			-o build/messages/$$domain.pot $$package; \
		for language in $(LANGUAGES); do \
			$(BIN)/pybabel --quiet update --init-missing --no-fuzzy-matching --ignore-obsolete \
				--ignore-pot-creation-date --no-wrap \
				-D $$domain -i build/messages/$$domain.pot -d $(CATALOGS) -l $$language; \
		done; \
	done
	@rm -rf build/messages

## Tidying

.PHONY: clean
clean: ## remove caches and products
	@rm -rf build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -path './$(VENV)' -prune -o -path ./.git -prune -o -type d \
		\( -name __pycache__ -o -name '*.egg-info' -o -name dist \) -prune -exec rm -rf {} +

.PHONY: distclean
distclean: clean ## remove .venv too
	@rm -rf $(VENV)
