# Everything but the help is done by the package `launch`, which needs Python 3.11 or newer and nothing else.
PYTHON ?= python3
ARGS ?=
LAUNCH = $(PYTHON) -m launch

.DEFAULT_GOAL := help
.PHONY: help run test check manage reset lock python

help:
	@echo "make run                       start Throughline with its own database and demo data (PORT=8000)"
	@echo "make test                      run all tests (ARGS=\"tests/people -k invite\" for some)"
	@echo "make check                     check style, types, imports and migrations"
	@echo "make manage ARGS=\"shell\"       run a command of manage.py"
	@echo "make reset                     delete all data, after asking (YES=1 does not ask)"
	@echo "make lock                      write the lock files (UPGRADE=1 takes newer versions)"

run: python
	@exec $(LAUNCH) run --with-parent

test: python
	@exec $(LAUNCH) test $(ARGS)

check: python
	@exec $(LAUNCH) check

manage: python
	@exec $(LAUNCH) manage $(ARGS)

reset: python
	@exec $(LAUNCH) reset $(if $(YES),--yes)

lock: python
	@exec $(LAUNCH) lock $(if $(UPGRADE),--upgrade)

python:
	@command -v $(PYTHON) >/dev/null || { echo "Throughline needs Python 3.11 or newer and $(PYTHON) was not found: install it, or name it as in \`make run PYTHON=python3.12\`." >&2; exit 1; }
