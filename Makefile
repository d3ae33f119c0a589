# Everything starts here and needs only python3 (3.11 or newer) and make: see `make help`.

PYTHON ?= python3
PORT ?= 8000
DATA = $(or $(CQI_DATA_DIR),$(CURDIR)/var)
BIN = .venv/bin
NO_PYTHON = make: there is no $(PYTHON) here. Install Python 3.11 or newer and try again.
PREPARE = @command -v $(PYTHON) >/dev/null || { echo "$(NO_PYTHON)" >&2; exit 1; }; \
	$(PYTHON) .make/prepare.py
ASSETS = @$(BIN)/python -m cqi.web.assets
COMPILE = UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal \
	--generate-hashes --python-version 3.11 $(if $(UPGRADE),--upgrade)

.PHONY: help run setup test bench mutate assets lock

help: ## say what each command does
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile
	@echo "PORT=8001 chooses another port, PYTHON=python3.12 another Python, CQI_DATA_DIR another data folder."

run: ## set up what is missing, fill an empty data folder with the demonstration, serve it
	$(PREPARE) --port "$(PORT)" --data "$(DATA)"
	$(ASSETS)
	@CQI_DATA_DIR="$(DATA)" sh .make/demo.sh
	@exec env -u CQI_DATABASE_URL CQI_DATA_DIR="$(DATA)" PORT="$(PORT)" $(BIN)/cqi serve

setup: ## what `make run` needs, into .venv, without starting anything
	$(PREPARE)
	$(ASSETS)

# One gate after the other; the first that fails is named and ends the run.
gate = @printf '\n== %s\n' "$(1)"; $(2) || { printf '\nmake test stopped at: %s\n' "$(1)" >&2; exit 1; }

test: ## lint, types, import contracts, templates, then the whole suite
	$(PREPARE) --tests
	$(ASSETS)
	$(call gate,ruff,$(BIN)/ruff check .)
	$(call gate,import contracts,$(BIN)/lint-imports --no-logo)
	$(call gate,templates,$(BIN)/djlint cqi --lint --quiet)
	$(call gate,mypy --strict,$(BIN)/mypy)
	$(call gate,pytest,$(BIN)/python -m pytest -n auto --maxprocesses 8 --dist worksteal)

bench: ## measure, each figure beside its limit
	$(PREPARE) --tests
	$(ASSETS)
	@$(BIN)/python -m tests.bench

mutate: ## break cqi/instruments in thousands of small ways; count what its tests notice
	$(PREPARE) --tests --mutation
	$(ASSETS)
	@$(if $(ONLY),,rm -rf mutants)
	@nice $(BIN)/mutmut run $(if $(JOBS),--max-children $(JOBS)) $(ONLY)
	@$(BIN)/python .make/mutation.py

assets: ## fetch, check and compress the third-party styles, scripts and fonts
	$(PREPARE)
	$(ASSETS)

lock: ## lock the requirements again with their hashes; UPGRADE=1 takes newer versions
	$(PREPARE)
	@$(COMPILE) --group tools -o .make/requirements-tools.txt
	@$(COMPILE) -c .make/requirements-tools.txt pyproject.toml -o requirements.txt
	@$(COMPILE) -c .make/requirements-tools.txt -c requirements.txt --group dev -o requirements-dev.txt
	@$(COMPILE) -c requirements-dev.txt --group mutation -o .make/requirements-mutation.txt
