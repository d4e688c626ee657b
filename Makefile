# Every target makes the environment it needs. PYTHON may name another interpreter (3.11+).
PYTHON ?= python3
OTEL ?= 1
# A tracer takes a third of the time of all tests: who wants the report asks for it.
COVERAGE ?= 0
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Tests and checks start hundreds of programs, which would compile every module that they import.
unexport PYTHONDONTWRITEBYTECODE

comma := ,
DEV := .venv/installed
DEMO := $(if $(filter 0,$(OTEL)),.venv-demo-plain,.venv-demo)
DEMO_EXTRAS := $(if $(filter 0,$(OTEL)),sandbox,sandbox$(comma)otel)

.DEFAULT_GOAL := help
.PHONY: help demo picture observe test test-fast test-all test-lowest slowest constraints fuzz soak lint docs docs-shots docs-links generate format build bench bench-smoke clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(DEMO)/installed ## show one id from log line to trace (OTEL=0: without the OpenTelemetry SDK)
	@$(DEMO)/bin/python -m pywats.demo

picture: $(DEMO)/installed ## draw docs/trace.svg and docs/trace-narrow.svg, from a run of the demo
	@$(DEMO)/bin/python -m pywats.demo --svg docs/trace.svg --narrow-svg docs/trace-narrow.svg

observe: ## bring up Grafana, Jaeger, Tempo, Loki, Prometheus and a worker that meets faults (Docker)
	docker compose up --detach --wait --wait-timeout 600
	@echo
	@echo "Dashboard   http://localhost:3000   calls, retries, timeouts; each dot and line leads to its trace"
	@echo "Jaeger      http://localhost:16686/search?service=station-7"
	@echo "Prometheus  http://localhost:9090"
	@echo "Send your own spans, metrics and logs to http://localhost:4318 (OTLP over HTTP)."
	@echo "Follow the worker: docker compose logs --follow worker"
	@echo "Take it all down:  docker compose down"

test: $(DEV) ## run all tests (COVERAGE=1: and report the branch coverage, as CI does)
ifeq ($(COVERAGE),1)
	@rm -f .coverage .coverage.*
	.venv/bin/coverage run -m pytest --numprocesses auto --dist worksteal $(ARGS)
	@.venv/bin/coverage combine -q
	@.venv/bin/coverage report
	@echo "Engine (pywats.sync, pywats.http, pywats.observability, pywats.runtime, pywats.telemetry), branch coverage:"
	@.venv/bin/coverage report --include='*/pywats/sync/*,*/pywats/http/*,*/pywats/telemetry/*,*/pywats/observability/*,*/pywats/runtime/*' --fail-under=99
else
	.venv/bin/python -m pytest --numprocesses auto --dist worksteal $(ARGS)
endif

test-fast: $(DEV) ## run the tests but for the slowest twentieth, and stop at the first failure
	.venv/bin/python -m pytest --numprocesses auto --dist worksteal --fast --exitfirst --quiet $(ARGS)

slowest: $(DEV) ## measure which tests are the slowest twentieth; writes tests/slowest.txt
	.venv/bin/python -m pytest --numprocesses auto --dist worksteal --quiet --junit-xml=build/junit.xml
	.venv/bin/python -m tests.slowest build/junit.xml

constraints: .venv-uv/bin/uv ## resolve all dependencies afresh; writes scripts/constraints.txt
	$< pip compile --quiet --universal --upgrade --python-version 3.11 --all-extras --group dev --no-annotate \
		--custom-compile-command 'make constraints' --output-file scripts/constraints.txt pyproject.toml

test-all: ## run the tests on every Python 3.11 to 3.14, free-threaded builds included, that is here
	@scripts/test_every_python.sh $(ARGS)

test-lowest: ## run the tests of clients, HTTP and engine with the lowest versions that pyproject.toml allows
	@scripts/test_lowest.sh $(ARGS)

fuzz: $(DEV) ## fuzz every parser for minutes; FUZZ_EXAMPLES=100000 for longer
	FUZZ_EXAMPLES=$(or $(FUZZ_EXAMPLES),5000) .venv/bin/python -m pytest -q -n auto tests/fuzz

soak: $(DEV) ## load gunicorn and Celery while workers and the collector are killed; writes docs/explanation/soak.md
	.venv/bin/python -m tests.soak --seconds $(or $(SOAK_SECONDS),60) --write docs/explanation/soak.md

lint: $(DEV) ## check style, types, stubs and the import contract
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/bandit --quiet --configfile pyproject.toml --recursive src
	.venv/bin/mypy
	.venv/bin/pyright --pythonpath .venv/bin/python
	.venv/bin/lint-imports
	.venv/bin/python scripts/generate_type_stubs.py --check
	MYPY_CACHE_DIR="$(CURDIR)/.mypy_cache/stubs" .venv/bin/python -m tests.sync.clients.faces
	MYPY_CACHE_DIR="$(CURDIR)/.mypy_cache/stubs" .venv/bin/python -m tests.sync.clients.classes
	.venv/bin/python -m mypy.stubtest --mypy-config-file pyproject.toml pywats.client.sync_services pywats.client.flat_methods tests.typing.sync_meters

docs: $(DEV) ## build the documentation into build/docs; any warning fails
	.venv/bin/sphinx-build --quiet --fresh-env --fail-on-warning --keep-going --jobs auto --doctree-dir build/doctrees docs build/docs
	@echo "The documentation: build/docs/index.html"

docs-shots: docs ## take pictures of ten pages, wide and narrow, light and dark, into build/docs-shots (Chromium)
	.venv/bin/python scripts/screenshot_docs.py build/docs build/docs-shots

docs-links: $(DEV) ## ask whether the pages that the documentation links to are there (needs network)
	.venv/bin/sphinx-build --quiet --fresh-env --keep-going --doctree-dir build/doctrees --builder linkcheck docs build/docs-links

generate: $(DEV) ## bring generated files up to date: type stubs, pictures, reference pages, public names
	.venv/bin/python scripts/generate_type_stubs.py
	.venv/bin/python scripts/draw_architecture.py
	.venv/bin/python -m pywats.sync.stubs tests.typing.meters:AsyncSlot tests.typing.meters:AsyncReadings tests.typing.meters:AsyncMeter --module tests.typing.sync_meters -o tests/typing/sync_meters.pyi
	.venv/bin/python -m tests.openapi.coverage_page
	.venv/bin/python -m tests.reference
	.venv/bin/python -m tests.public_api

format: $(DEV) ## format the code
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

bench: .venv-bench/installed ## measure pywats and its competitors; writes docs/benchmarks
	.venv-bench/bin/python -m benchmarks $(ARGS)

bench-smoke: .venv-bench/installed ## show in a minute that the benchmarks work
	@.venv-bench/bin/python -m benchmarks --smoke --out build/benchmarks

build: $(DEV) ## build wheel and sdist into dist/
	@rm -rf dist
	.venv/bin/python -m build --quiet

clean: ## remove environments and caches
	rm -rf .venv .venv-* dist build .coverage .coverage.* .*_cache

.venv-uv/bin/uv:
	@$(PYTHON) -m venv .venv-uv
	@.venv-uv/bin/python -m pip install -qq uv

define make_environment
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "pywats needs Python 3.11 or newer, and $(PYTHON) is " + sys.version.split()[0] + "; name another one: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	@echo "Making the environment $(1) (once) …"
	@$(PYTHON) -m venv --clear $(1)
	@scripts/install.sh $(1) --editable '.[$(2)]' $(3)
	@touch $@
endef

.venv/installed: pyproject.toml
	$(call make_environment,.venv,all,--group dev)

.venv-demo/installed .venv-demo-plain/installed: pyproject.toml
	$(call make_environment,$(DEMO),$(DEMO_EXTRAS))

# pywats-api has a package named pywats too, so it has an environment of its own.
.venv-bench/installed: pyproject.toml benchmarks/requirements.txt benchmarks/requirements-peer.txt
	$(call make_environment,.venv-bench,otel)
	@CONSTRAINTS= scripts/install.sh .venv-bench -r benchmarks/requirements.txt
	@$(PYTHON) -m venv --clear .venv-bench-peer
	@CONSTRAINTS= scripts/install.sh .venv-bench-peer -r benchmarks/requirements-peer.txt
	@touch $@
