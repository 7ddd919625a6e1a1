PYTHON ?= python3
.DEFAULT_GOAL := help
STAMP := .venv/.installed
DEV := .venv/.installed-dev
SEED ?= 1
PIP := .venv/bin/python -m pip install --quiet --disable-pip-version-check

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## / - /'

env: $(STAMP) ## create .venv with what a server and the demo need
$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(PIP) --no-deps --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	touch $(STAMP)

dev: $(DEV) ## add the tools of developers: tests, linters, documentation
$(DEV): $(STAMP) requirements-dev.lock
	$(PIP) --no-deps --require-hashes -r requirements-dev.lock
	touch $(DEV)

demo: $(STAMP) ## a year of sample reports becomes the target table
	.venv/bin/chitieu demo

lint: $(DEV) ## ruff, the types, and the direction of imports
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

test: $(DEV) browser ## the test suite
	.venv/bin/pytest

AXE := tests/end_to_end/browser/node_modules/axe-core/axe.min.js
browser: $(AXE) ## what the browser tests load into the pages (needs npm)
$(AXE): tests/end_to_end/browser/package-lock.json
	@if command -v npm >/dev/null; then npm ci --prefix tests/end_to_end/browser --ignore-scripts --no-audit --no-fund --silent && touch $@; \
	else echo "npm is not there: accessibility is not tested" >&2; fi

PEERS := .peers/.installed
$(PEERS): benchmarks/peers/requirements.txt
	$(PYTHON) -m venv .peers
	.peers/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

bench: $(STAMP) $(PEERS) ## against the floor, the peers and its own past: a table, and bench.json
	.venv/bin/python -m benchmarks.bench --seed $(SEED)

year: $(STAMP) ## how fast a year of one province is taken in and published, and in how much memory
	.venv/bin/python -m benchmarks.year --seed $(SEED)

peers: $(STAMP) $(PEERS) ## the same drive through pandas and openpyxl, and through dlt and dbt
	.venv/bin/python -m benchmarks.peers --sheets 668 --runs 3 --seed $(SEED)

profile: $(STAMP) ## where the time of an ingest goes (needs py-spy on the path)
	.venv/bin/python -m benchmarks.profile --seed $(SEED)

spread: $(STAMP) ## what a second Dask worker brings, and that the warehouse is the same
	.venv/bin/python -m benchmarks.spread --seed $(SEED)

nation: $(STAMP) ## 63 provinces in one warehouse (half an hour)
	.venv/bin/python -m benchmarks.nation --seed $(SEED)

fuzz: $(STAMP) ## whole generated years held against their truth, seed after seed, until stopped
	.venv/bin/python -m benchmarks.fuzz --seed $(SEED)

fuzz-readers: $(STAMP) ## mutated files through the readers, from where the last run stopped (SECONDS=600)
	.venv/bin/python -m benchmarks.mutants --seconds $(or $(SECONDS),600)

stress: $(STAMP) ## fifty killed ingests and twenty pairs at once: the warehouse ends the same
	.venv/bin/python -m benchmarks.stress --seed $(SEED)

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --no-annotate pyproject.toml
lock: ## compile both lock files from pyproject.toml (needs uv)
	$(COMPILE) --extra build -o requirements.lock
	$(COMPILE) --extra build --extra dev --constraint requirements.lock -o .venv/all.lock
	$(PYTHON) .ci/dev_lock.py .venv/all.lock requirements.lock requirements-dev.lock

clean: ## stop the embedded PostgreSQL of this checkout and remove what it holds
	-.venv/bin/python -c "from pathlib import Path; from warehouse.embedded.server import stop_embedded; stop_embedded(Path('.chitieu').absolute())"
	rm -rf .chitieu

.PHONY: help env dev demo lint test browser bench peers profile year spread nation fuzz fuzz-readers stress lock clean
