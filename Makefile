PYTHON ?= python3
.DEFAULT_GOAL := help
STAMP := .venv/.installed

help: ## say what there is
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/ -/'

env: $(STAMP) ## make the environment from the lock file
$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

lint: $(STAMP) ## ruff and the direction of imports
	.venv/bin/ruff check .
	.venv/bin/lint-imports

test: $(STAMP) ## the test suite
	.venv/bin/pytest

.PHONY: help env lint test
