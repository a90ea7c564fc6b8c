# The commands a person needs: run, test, check, bench. `make help` lists them.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
PY := $(VENV)/bin/python
STAMPS := $(VENV)/stamps
FRONT := $(shell find icargos/ui/front icargos/ui/locale -type f ! -name '*.mo' 2>/dev/null)
BENCHES := import mending book api labels lists papers scans track
PYTESTS ?=
# The house rules that need no database.
HOUSE := tests/house/test_rules.py tests/house/test_templates.py tests/house/test_translations.py
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: help run test check bench lock setup clean

help:
	@echo 'make run      start the portal on http://127.0.0.1:8000/ (RUN="--port 9000" passes options)'
	@echo 'make test     all tests, those in a browser too (PYTESTS="tests/engine -x" picks some)'
	@echo 'make check    formatting, lint, types, floors, house rules, migrations, templates'
	@echo 'make bench    all measurements; make bench-import runs one of: $(BENCHES)'
	@echo 'make lock     compile the lock files again after a change of requirements/*.in or package.json'

run: setup
	@ICARGOS_SUPERVISOR_PID=$$$$ exec $(PY) -m icargos run $(RUN)

setup: $(STAMPS)/run $(STAMPS)/front

test: setup $(STAMPS)/dev $(STAMPS)/browser
	$(PY) -m pytest -n auto --maxprocesses 4 $(PYTESTS)

check: setup $(STAMPS)/dev
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/mypy
	$(PY) -m pytest $(HOUSE)
	DJANGO_SETTINGS_MODULE=icargos.main.settings $(PY) -W ignore::RuntimeWarning -m django makemigrations --check --dry-run

bench: $(BENCHES:%=bench-%)

bench-%: setup $(STAMPS)/dev
	$(PY) -m icargos bench $*

lock: $(STAMPS)/run
	for name in run dev front; do \
	  uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q \
	    requirements/$$name.in -o requirements/$$name.txt || exit 1; \
	done
	for folder in . tests/zpl_printer; do \
	  (cd $$folder && npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund) || exit 1; \
	done

clean:
	rm -rf $(VENV) node_modules tests/zpl_printer/node_modules icargos/ui/static/build icargos/paper/fonts

# --- set-up, each step once ---

$(VENV)/pyvenv.cfg:
	@for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo 'Python 3.11 or newer is needed and was not found: install it, then try again.' >&2; exit 1; fi; \
	if ! $$python -m venv --clear $(VENV); then \
	  rm -rf $(VENV); echo "$$python cannot make a virtual environment: install its venv package (Debian: apt-get install python3-venv)." >&2; exit 1; \
	fi

# uv comes from the lock file too, and installs the rest about ten times as fast as pip does.
$(STAMPS)/uv: $(VENV)/pyvenv.cfg
	@mkdir -p $(STAMPS)
	@awk '/^[^ #]/ { wanted = /^uv==/ } wanted' requirements/run.txt > $(STAMPS)/uv.txt
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r $(STAMPS)/uv.txt
	@touch $@

# uv does not read pip's configuration: what is set there is handed on, and pip itself is the way out.
define install
	@echo 'Installing $(1) ...'
	@set -e; \
	index=$$($(PY) -m pip config get global.index-url 2>/dev/null || true); \
	index="$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$index}}"; if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$$index"; fi; \
	uv pip install -q --python $(PY) --require-hashes -r $(1) || \
	$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r $(1)
endef

$(STAMPS)/run: requirements/run.txt pyproject.toml $(STAMPS)/uv
	$(call install,requirements/run.txt)
	@$(PY) -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/run | tests/zpl_printer/node_modules/.stamp
	$(call install,requirements/dev.txt)
	@touch $@

# The label printer of the tests, which no portal needs.
tests/zpl_printer/node_modules/.stamp: tests/zpl_printer/package-lock.json $(STAMPS)/node
	@cd tests/zpl_printer && npm ci --no-update-notifier --no-audit --no-fund --loglevel=error
	@touch $@

$(STAMPS)/node: requirements/front.txt $(STAMPS)/uv
	@if node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null && command -v npm >/dev/null; then :; else \
	  $(MAKE) $(STAMPS)/node-wheel; fi
	@touch $@

$(STAMPS)/node-wheel: requirements/front.txt $(STAMPS)/uv
	$(call install,requirements/front.txt)
	@touch $@

node_modules/.stamp: package.json package-lock.json $(STAMPS)/node
	@echo 'Installing the front end ...'
	@npm ci --no-update-notifier --no-audit --no-fund --loglevel=error
	@touch $@

$(STAMPS)/front: node_modules/.stamp $(FRONT) icargos/paper/build_fonts.py icargos/paper/faces.py $(STAMPS)/run
	@echo 'Building the front end ...'
	@npm run --silent build
	@$(PY) -m icargos.paper.build_fonts
	@touch $@

# The browser tests drive Debian's Chromium, or the one that ICARGOS_CHROMIUM names.
$(STAMPS)/browser: $(STAMPS)/dev
	@if [ -n "$$ICARGOS_CHROMIUM" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo 'Installing Chromium for the browser tests ...'; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else echo 'The browser tests need Chromium: install it (Debian: apt-get install chromium), or name one by ICARGOS_CHROMIUM.' >&2; exit 1; fi
	@touch $@
