# Everything here works on a bare machine with Python (3.11 or later), make and a package index.
PYTHON ?= $(firstword $(foreach v,python3.13 python3.12 python3.11 python3,$(if $(shell $(v) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo ok),$(v))))
BIN := .venv/bin
RUN := .venv/.run
DEV := .venv/.dev
PEERS := .venv/.bench
BENCH ?= short
FAULTS ?= short
OPS := .venv/ops/.done
CONTRACT := .venv/contract/.done
NATIVE := .venv/native/.done
PYTEST := $(BIN)/python -m pytest
PURE := not broker and not kafka and not tools and not contract

.PHONY: native web web-test help demo test contract-test site release test-fast check format lock seeds install clean ops-tools ops-check dashboards docs sbom bench fault-suite

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 22

demo: $(RUN)  ## the main job on an embedded broker, with the page where Node is; ends by itself
	@if command -v npm node > /dev/null; then $(MAKE) --no-print-directory web NPM_PATIENCE="--fetch-retries=0 --fetch-timeout=15000" || true; fi
	@$(BIN)/stream-app demo

test: $(DEV) check  ## everything but contract-test and web-test: first what needs no broker, on two cores, then what does
	@test "$$CI" != true || $(MAKE) --no-print-directory ops-tools
	@test "$$CI" != true || ! command -v cargo > /dev/null || $(MAKE) --no-print-directory native
	$(PYTEST) -m "$(PURE)" -n 2 --dist worksteal
	$(PYTEST) -m "not ($(PURE)) and not contract"

contract-test: $(DEV) $(CONTRACT)  ## what strangers build on: six Kafka clients, generated code, the examples, AsyncAPI
	$(PYTEST) -m contract tests/interop

test-fast: $(DEV)  ## the part to run hourly: no broker, no tools, nothing that takes its time
	$(PYTEST) -m "$(PURE) and not slow" -n 2 --dist worksteal

check: $(DEV)  ## format, lint, types, import contract
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV)  ## rewrite the code as ruff wants it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(PEERS)  ## try every benchmark once, a smoke test (BENCH=full: measure, for hours)
	$(BIN)/python -m benchmarks.run --form $(BENCH)

fault-suite: $(DEV)  ## strike the service with every fault on a real Kafka (FAULTS=full: for an hour); writes docs/reliability.md
	$(BIN)/python scripts/fault_suite.py --faults $(FAULTS)

seeds: $(DEV)  ## write seeds/ anew
	$(BIN)/python scripts/make_seeds.py

docs: $(DEV)  ## write anew what is made from metrics, settings and schemas: tables, models, asyncapi.yaml, the chart's schema
	$(BIN)/python scripts/make_docs.py
	$(BIN)/python -m scripts.make_events

ops-tools: $(DEV) $(OPS)  ## what ops-check needs: Prometheus (as root, from Debian) and the tools of requirements/ops.lock
	$(BIN)/python scripts/ops_check.py --install

ops-check: $(DEV) $(OPS)  ## metrics, rules, dashboards, image, compose, Helm, a real Prometheus; 0 only if all ran
	$(BIN)/python scripts/ops_check.py

dashboards: $(OPS)  ## write deploy/grafana/dashboards anew
	.venv/ops/bin/python scripts/make_dashboards.py
	$(BIN)/python -m scripts.make_store_dashboards

sbom: $(RUN) $(OPS)  ## what is installed and under which licences, as CycloneDX and a table in build/
	.venv/ops/bin/python scripts/make_sbom.py

site: $(CONTRACT)  ## the documentation as pages, in build/site
	.venv/contract/bin/python -m mkdocs build --strict --quiet

release: $(DEV) sbom site  ## wheels, pages, SBOM, the schemas kept for the next release; docs/releasing.md
	$(BIN)/python -m scripts.make_release

install: $(DEV)  ## the environment, with everything for development

lock:  ## resolve the dependencies anew (needs uv)
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --upgrade --no-annotate \
	  --custom-compile-command "make lock" pyproject.toml --extra gazetteer --extra embedded --extra serve -o requirements/run.lock
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --upgrade --no-annotate \
	  --custom-compile-command "make lock" pyproject.toml --extra gazetteer --extra embedded --extra serve --extra dev -o requirements/dev.lock
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --upgrade --no-annotate \
	  --custom-compile-command "make lock" --group pyproject.toml:ops -o requirements/ops.lock
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --upgrade --no-annotate \
	  --custom-compile-command "make lock" --group pyproject.toml:build -o requirements/build.lock
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --upgrade --no-annotate \
	  --custom-compile-command "make lock" --group pyproject.toml:contract -o requirements/contract.lock
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --upgrade --no-annotate \
	  --custom-compile-command "make lock" --group pyproject.toml:native -o requirements/native.lock
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --upgrade --no-annotate \
	  --custom-compile-command "make lock" pyproject.toml --extra tracing --extra serve -o requirements/image.lock

	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --upgrade --no-annotate -c requirements/dev.lock \
	  --custom-compile-command "make lock" pyproject.toml --extra gazetteer --extra embedded --extra serve --extra dev --extra bench -o requirements/bench.lock

native: $(NATIVE)  ## signatures in Rust, four times as fast and the same bytes (needs cargo; without it Python makes them)

web: stream_app/serve/static/index.html  ## build the page of serve (needs Node)

web-test: $(DEV)  ## the page: types, its own tests, and a browser on a live service (needs Node and Chromium)
	$(BIN)/python scripts/web_test.py

stream_app/serve/static/index.html: web/package-lock.json web/build.mjs web/borders.mjs web/projection.mjs $(wildcard web/src/*)
	@cd web && npm ci --silent --no-audit --no-fund $(NPM_PATIENCE) && node build.mjs

clean:  ## remove the environment and what the tools left
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(RUN): requirements/run.lock requirements/build.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "stream-app needs Python 3.11 or later; set PYTHON=/path/to/python" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/stream-app gazetteer build
	@touch $@

$(DEV): requirements/dev.lock $(RUN)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@touch $@

$(OPS): requirements/ops.lock $(RUN)
	test -x .venv/ops/bin/python || $(BIN)/python -m venv .venv/ops
	.venv/ops/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/ops.lock
	@touch $@

$(CONTRACT): requirements/contract.lock examples/javascript/package-lock.json tests/interop/js/package-lock.json $(RUN)
	test -x .venv/contract/bin/python || $(BIN)/python -m venv .venv/contract
	.venv/contract/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/contract.lock
	@if command -v npm > /dev/null; then \
	  for folder in examples/javascript tests/interop/js; do (cd $$folder && npm ci --silent --no-audit --no-fund) || exit 1; done; fi
	@touch $@

$(NATIVE): requirements/native.lock native/Cargo.lock native/Cargo.toml native/pyproject.toml $(wildcard native/src/*.rs) $(RUN)
	test -x .venv/native/bin/python || $(BIN)/python -m venv .venv/native
	.venv/native/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/native.lock
	rm -rf .venv/native/wheels
	.venv/native/bin/maturin build --quiet --release --locked --manifest-path native/Cargo.toml --interpreter $(abspath $(BIN))/python \
	  --target-dir $(abspath .venv/native/target) --out .venv/native/wheels
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall .venv/native/wheels/*.whl
	@touch $@

$(PEERS): requirements/bench.lock $(DEV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.lock
	@touch $@
