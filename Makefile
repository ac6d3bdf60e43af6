# The few verbs of this book. `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help book html pdf zip test test-all lint results bench lock clean

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

book: html ## set up, build the book and serve it on this machine
	$(BIN)/python -m kdlab.book.serve _build/html

html: $(VENV)/book ## set up and build the book into _build/html
	$(BIN)/jupyter-book build . -W --keep-going

pdf: $(VENV)/test html ## print the built book into _build/kdlab.pdf
	$(BIN)/python -m kdlab.book.pdf _build/html _toc.yml _build/kdlab.pdf

zip: html ## pack the built book into _build/kdlab.zip, to be read without a network
	$(BIN)/python -m kdlab.book.offline _build/html _build/kdlab.zip

test: $(VENV)/test html ## set up and run every test a change can break (20 minutes at most)
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/pytest -n 2 --dist loadfile -m "not slow"

test-all: $(VENV)/test html ## run the long tests too (60 minutes at most)
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/pytest -n 2 --dist loadfile

lint: $(VENV)/test ## format the code and check it
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

results: $(VENV)/test ## run every experiment afresh and rewrite results/
	$(BIN)/python -m kdlab.experiments --afresh

bench: $(VENV)/test html ## measure speed and size beside the named peers
	$(BIN)/python -m benchmarks

lock: $(VENV)/test ## pin the newest versions that pyproject.toml allows
	$(BIN)/pip install -q pip-tools
	$(BIN)/pip-compile -q --upgrade --all-extras --strip-extras --no-emit-index-url --no-emit-find-links --no-header \
		--no-annotate --output-file requirements.lock pyproject.toml
	sed -i.old "s/+cpu//" requirements.lock && rm requirements.lock.old

clean: ## remove everything that was built, the environment too
	rm -rf _build $(VENV)

# the environment, from the lock: what the book needs, then what the tests need on top
$(VENV)/book: pyproject.toml requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -c requirements.lock -e ".[book]"
	@touch $@

$(VENV)/test: pyproject.toml requirements.lock $(VENV)/book tests/install.sh
	$(BIN)/pip install -q -c requirements.lock -e ".[book,experiments,grading,test]"
	sh tests/install.sh
	@touch $@
