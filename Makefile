# Everything starts from here, and from nothing: see README.
.PHONY: run test check bench demo mutants lock install

PORT ?= 8000
SIZE ?= 10000
PYTHON := .venv/bin/python
export PORT
export PTCE_DEVELOPMENT := 1

run: install
	@$(PYTHON) manage.py run

test: install
	@$(PYTHON) -m pytest -n 2

check: install
	@bin/check

bench: install
	@$(PYTHON) -m bench

# In a database of its own: made-up poles never mix with the real ones.
demo: install
	@PTCE_DATABASE=ptce_demo_$(SIZE) $(PYTHON) manage.py run --size $(SIZE)

install:
	@bin/install

# The rules of article 9, changed one thing at a time: a test must notice.
mutants: install
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check mutmut==3.8.1
	@$(PYTHON) -m mutmut run --max-children 2
	@$(PYTHON) -m mutmut results

# After a change of pyproject.toml; the lock files name no host.
lock: install
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check uv
	@$(PYTHON) -m uv pip compile pyproject.toml $(LOCK_OPTIONS) -o requirements.lock
	@$(PYTHON) -m uv pip compile pyproject.toml --extra dev $(LOCK_OPTIONS) -o requirements-dev.lock

LOCK_OPTIONS := --quiet --universal --python-version 3.12 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links
