# make run: the whole stack on this machine. make test: everything that is checked.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
ARGS ?=

UV := .local/uv/bin/uv
SAM := .local/sam/bin/sam
# The libraries layer is built with .venv's pip; nothing may download an interpreter or report to anybody.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export UV_PYTHON_DOWNLOADS := never
export SAM_CLI_TELEMETRY := 0

.PHONY: run test mutation lint build openapi lock setup clean

run: setup
	@exec .venv/bin/python -m local $(ARGS)

test: lint
	@command -v chromium chromium-browser google-chrome > /dev/null || echo 'No Chromium: the portal will not be tested (Debian: apt-get install chromium)'
	.venv/bin/python -m pytest --numprocesses auto --dist loadgroup $(ARGS)

# How many mutants of the policy its tests find: all, or SAMPLE=600 [SEED=2] of them, or ONLY=policy.plans.
mutation: .local/setup/mutmut
	.local/mutmut/bin/python -m tests.mutation

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	$(SAM) validate --lint --region us-east-1

# The artifact for AWS, in .aws-sam/build: the same bytes each time.
build: setup
	$(SAM) build --parallel

# The published description, from the routes as they are declared.
openapi: setup
	.venv/bin/python -m functions.openapi

# Each environment stands on one hashed lock and follows it when it changes.
setup: .local/setup/project .local/setup/ministack .local/setup/sam

.local/setup/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11' >&2; exit 1; }
	@echo 'setup: installer'
	@$(PYTHON) -m venv .local/uv || { echo 'Python comes here without venv: install it (Debian: apt-get install python3-venv)' >&2; exit 1; }
	@.local/uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@mkdir -p $(@D) && touch $@

.local/setup/venv: requirements/dev.txt .local/setup/uv
	@echo 'setup: libraries and tools (.venv)'
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	@$(UV) pip sync --quiet --python .venv --require-hashes $<
	@touch $@

.local/setup/project: pyproject.toml .local/setup/venv
	@$(UV) pip install --quiet --python .venv --no-deps --no-build-isolation --editable .
	@touch $@

.local/setup/sam: requirements/sam.txt .local/setup/uv
	@echo 'setup: sam (.local/sam)'
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .local/sam
	@$(UV) pip sync --quiet --python .local/sam --require-hashes $<
	@touch $@

.local/setup/mutmut: requirements/mutation.txt .local/setup/uv
	@echo 'setup: mutmut (.local/mutmut)'
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .local/mutmut
	@$(UV) pip sync --quiet --python .local/mutmut --require-hashes $<
	@touch $@

# Compiled at once: the local cloud starts and deploys some four seconds sooner, every time.
.local/setup/ministack: requirements/ministack.txt .local/setup/uv
	@echo 'setup: local cloud (.local/ministack)'
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .local/ministack
	@$(UV) pip sync --quiet --python .local/ministack --require-hashes --compile-bytecode $<
	@touch $@

# Newest versions of everything, with hashes. botocore comes with the runtime, and a layer that brings it would shadow it.
lock: .local/setup/uv
	$(call compile,layers/libraries/requirements) $(foreach name,botocore python-dateutil six urllib3,--no-emit-package $(name))
	$(call compile,requirements/uv)
	$(call compile,requirements/dev)
	$(call compile,requirements/ministack)
	$(call compile,requirements/sam)
	$(call compile,requirements/mutation)
compile = $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command 'make lock' --output-file $(1).txt $(1).in

clean:
	rm -rf .venv .local .aws-sam .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
