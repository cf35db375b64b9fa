# make run: the whole stack on this machine. make test: everything that is checked.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
ARGS ?=
# With which the benchmarks run the functions: the nearer to Lambda's, the better.
BENCH_PYTHON ?= $(PYTHON)

UV := .local/uv/bin/uv
SAM := .local/sam/bin/sam
# The libraries layer is built with .venv's pip; nothing may download an interpreter or report to anybody.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export UV_PYTHON_DOWNLOADS := never
export SAM_CLI_TELEMETRY := 0

.PHONY: run test simulate planted mutation fuzz load chaos least-privilege audit bench bench-check scale lint build openapi lock setup clean

run: setup
	@exec .venv/bin/python -m local $(ARGS)

test: lint
	@command -v chromium chromium-browser google-chrome > /dev/null || echo 'No Chromium: the portal will not be tested (Debian: apt-get install chromium)'
	.venv/bin/python -m pytest --numprocesses auto --dist loadgroup $(ARGS)

# The whole stack simulated, with everything that can go wrong: make simulate RUNS=10000, or one again with make simulate SEED=7.
simulate: setup
	@.venv/bin/python -m tests.simulation $(if $(SEED),--seed $(SEED),--runs $(or $(RUNS),200)) $(ARGS)

# Bugs put into a copy of the code, one at a time: does some test fail on each? make planted ARGS='--only marker'.
planted: setup
	@.venv/bin/python -m tests.planted $(ARGS)

# Requests and messages made up, many and others each time; SEED=N makes the same again.
FUZZ ?= 200
fuzz: setup
	@seed=$${SEED:-$$RANDOM}; echo "fuzz: SEED=$$seed FUZZ=$(FUZZ)"; \
	  FUZZ=$(FUZZ) .venv/bin/python -m pytest --numprocesses auto --hypothesis-seed=$$seed --show-capture=no \
	  tests/functions/test_http_fuzz.py tests/functions/test_queue_fuzz.py $(ARGS)

# Each action that a role allows is taken away on the deployed stack, and something fails.
least-privilege: setup
	LEAST_PRIVILEGE=1 .venv/bin/python -m pytest tests/local/test_least_privilege.py $(ARGS)

# What two collections of usual mistakes find in the template and in what is shipped; .checkov.yaml says what is not asked, and why.
audit: .local/setup/audit
	.local/audit/bin/checkov --config-file .checkov.yaml --file template.yaml
	.local/audit/bin/bandit --quiet --configfile pyproject.toml --recursive layers/policy/src functions cli/src

# A burst on a local stack, and whether all of it is accounted for: make load ARGS='--holders 100 --hot 200 --seed 2'.
load: setup
	@exec .venv/bin/python -m local.load $(ARGS)

# Calls that fail and functions that are killed, on a local stack: make chaos SEED=7, or make chaos SEEDS=5.
chaos: setup
	@exec .venv/bin/python -m local.chaos --seed $(or $(SEED),1) --seeds $(or $(SEEDS),1) $(ARGS)

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
	@.venv/bin/python -m local.bytecode .aws-sam/build

# What everything costs, beside references in the same run. ARGS: some of cold warm counts decisions start; --record.
bench: setup .local/setup/bench
	@.venv/bin/python -m bench $(ARGS)

bench-check: setup .local/setup/bench
	@.venv/bin/python -m bench --check $(ARGS)

# The sweeps as they are, over 100,000 holders, and whether the model of docs/scale.md says the same: some ten minutes; ARGS='--holders 2000'.
scale: setup
	@.venv/bin/python -m bench.scale $(ARGS)

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

# The others are tools, each apart from the project. What starts often is compiled at once: the local cloud starts and deploys
# some four seconds sooner, every time.
.local/setup/ministack .local/setup/bench: private SYNC := --compile-bytecode
.local/setup/bench: private PYTHON := $(BENCH_PYTHON)
TOOLS := sam ministack audit bench mutmut
$(TOOLS:%=.local/setup/%): .local/setup/%: requirements/%.txt .local/setup/uv
	@echo 'setup: $* (.local/$*)'
	@$(UV) venv --quiet --allow-existing --python $(PYTHON) .local/$*
	@$(UV) pip sync --quiet --python .local/$* --require-hashes $(SYNC) $<
	@touch $@

# Newest versions of everything, with hashes. botocore comes with the runtime, and a layer that brings it would shadow it.
lock: .local/setup/uv
	$(call compile,layers/libraries/requirements) $(foreach name,botocore python-dateutil six urllib3,--no-emit-package $(name))
	for name in uv dev $(TOOLS); do $(call compile,requirements/$$name); done
compile = $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command 'make lock' --output-file $(1).txt $(1).in

clean:
	rm -rf .venv .local .aws-sam .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
