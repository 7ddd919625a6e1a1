PYTHON ?= python3
.DEFAULT_GOAL := help
STAMP := .venv/.installed
DEV := .venv/.installed-dev
SEED ?= 1
# Without bytecode each of the commands that the tests start compiles the sources again: a third of its time.
unexport PYTHONDONTWRITEBYTECODE
PIP := .venv/bin/python -m pip install --quiet --disable-pip-version-check

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## / - /'

env: $(STAMP) ## create .venv with what a server and the demo need
$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(PIP) --no-deps --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	touch $(STAMP)

dev: $(DEV) ## add the developers' tools: tests, linters, documentation
$(DEV): $(STAMP) requirements-dev.lock
	$(PIP) --no-deps --require-hashes -r requirements-dev.lock
	touch $(DEV)

demo: $(STAMP) ## load a year of sample reports and print the target table
	.venv/bin/chitieu demo

SQL := $(wildcard warehouse/sql publishing/sql)
lint: $(DEV) ## check code, types, imports, SQL, spelling, YAML, TOML and the Dockerfile; changes nothing
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(if $(SQL),.venv/bin/sqlfluff lint $(SQL))
	.venv/bin/codespell .
	.venv/bin/yamllint --strict .
	.venv/bin/python .ci/check_toml.py
	.venv/bin/hadolint Dockerfile

fix: $(DEV) ## rewrite what ruff and sqlfluff can fix
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	$(if $(SQL),.venv/bin/sqlfluff fix $(SQL))

docs: $(DEV) ## build the documentation to build/docs; a warning fails the build
	NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --quiet --strict

pictures: $(DEV) ## take the pictures in docs/pictures from the pages of the demo (needs Chromium and its driver)
	CHITIEU_HOME=build/pictures .venv/bin/chitieu demo
	CHITIEU_HOME=build/pictures .venv/bin/chitieu stop
	.venv/bin/python .ci/pictures.py build/pictures/published

test: $(DEV) ## the tests but the long ones: about five minutes
	.venv/bin/pytest -m "not long"

test-all: $(DEV) browser ## the long tests, and the coverage of the unit tests with its floor
	.venv/bin/pytest -m long --dist worksteal
	.venv/bin/pytest tests/unit -m "not long" --cov --cov-report=term

coverage: $(DEV) ## the coverage of the short tests, line by line in build/coverage
	.venv/bin/pytest -m "not long" --cov --cov-fail-under=0 --cov-report=html:build/coverage

AXE := tests/end_to_end/browser/node_modules/axe-core/axe.min.js
browser: $(AXE) ## install what the browser tests load into the pages (needs npm)
$(AXE): tests/end_to_end/browser/package-lock.json
	@if command -v npm >/dev/null; then npm ci --prefix tests/end_to_end/browser --ignore-scripts --no-audit --no-fund --silent && touch $@; \
	else echo "npm is not installed: accessibility is not tested" >&2; fi

PEERS := .peers/.installed
$(PEERS): benchmarks/peers/requirements.txt
	$(PYTHON) -m venv .peers
	.peers/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

bench: $(STAMP) $(PEERS) ## compare with the floor, the peers and earlier loads: a table, and bench.json
	.venv/bin/python -m benchmarks.bench --seed $(SEED)

year: $(STAMP) ## time and memory of loading and publishing a year of one province
	.venv/bin/python -m benchmarks.year --seed $(SEED)

peers: $(STAMP) $(PEERS) ## load the same drive with pandas and openpyxl, and with dlt and dbt
	.venv/bin/python -m benchmarks.peers --sheets 668 --runs 3 --seed $(SEED)

.semantic/%/.installed: benchmarks/semantic/%.txt
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

superset: $(STAMP) .semantic/superset/.installed ## import the dashboard into a real Superset and run each chart
	.venv/bin/python -m benchmarks.semantic superset --environment $(abspath .semantic/superset)

dbt: $(STAMP) .semantic/dbt/.installed ## run the tests of the dbt package on the sample drive
	.venv/bin/python -m benchmarks.semantic dbt --environment $(abspath .semantic/dbt)

ibis: $(STAMP) .semantic/ibis/.installed ## read every relation of mart with ibis
	.venv/bin/python -m benchmarks.semantic ibis --environment $(abspath .semantic/ibis)

profile: $(STAMP) ## sample where an ingest spends its time (needs py-spy on the path)
	.venv/bin/python -m benchmarks.profile --seed $(SEED)

spread: $(STAMP) ## compare one Dask worker with two; the warehouse must be the same
	.venv/bin/python -m benchmarks.spread --seed $(SEED)

nation: $(STAMP) ## load 63 provinces into one warehouse (half an hour)
	.venv/bin/python -m benchmarks.nation --seed $(SEED)

fuzz: $(STAMP) ## compare generated years with their expected results, seed by seed, until stopped
	.venv/bin/python -m benchmarks.fuzz --seed $(SEED)

fuzz-readers: $(STAMP) ## read mutated files, from where the last run stopped (SECONDS=600)
	.venv/bin/python -m benchmarks.mutants --seconds $(or $(SECONDS),600)

metamorphic: $(DEV) ## read pairs of sheets that must be read alike, or not (PAIRS=10000); goes on where it stopped
	.venv/bin/python -m benchmarks.metamorphic --pairs $(or $(PAIRS),10000) --seed $(SEED)

stress: $(STAMP) ## kill fifty ingests and run twenty pairs at once; the warehouse must be the same
	.venv/bin/python -m benchmarks.stress --seed $(SEED)

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --no-annotate pyproject.toml
lock: ## compile both lock files from pyproject.toml (needs uv)
	$(COMPILE) --extra build -o requirements.lock
	$(COMPILE) --extra build --extra dev --constraint requirements.lock -o .venv/all.lock
	$(PYTHON) .ci/dev_lock.py .venv/all.lock requirements.lock requirements-dev.lock

clean: ## stop the embedded PostgreSQL of this checkout and delete .chitieu
	-.venv/bin/python -c "from pathlib import Path; from warehouse.embedded.server import stop_embedded; stop_embedded(Path('.chitieu').absolute())"
	rm -rf .chitieu

.PHONY: help env dev demo lint fix docs test test-all coverage browser bench peers superset dbt ibis profile year spread nation fuzz fuzz-readers metamorphic stress lock clean
