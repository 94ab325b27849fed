PYTHON ?= python3
PIP := .venv/bin/python -m pip install --disable-pip-version-check -q
COMPILE := .venv/lock/bin/uv pip compile -q --universal --python-version 3.11 \
	--generate-hashes --no-header --no-emit-index-url pyproject.toml

.PHONY: usage install run demo test lint pictures lock

usage:
	@echo "make run       start Movie Night on http://localhost:3000"
	@echo "make demo      show an example household, and forget it afterwards"
	@echo "make test      run every test             (make test ARGS='-k votes')"
	@echo "make bench     measure what the app costs (make bench ARGS='pages sync')"
	@echo "make lint      check format, style, types and who imports whom"
	@echo "make install   set up .venv for all of the above"
	@echo "make pictures  take the pictures of the README again; needs Chromium"
	@echo "make lock      pin the dependencies again (make lock ARGS=--upgrade)"

install: .venv/runtime.stamp .venv/dev.stamp

run: .venv/runtime.stamp
	@exec .venv/bin/python -m flask --app app serve

# The shell waits for the server, so that the folder goes however the demo ends.
demo: .venv/runtime.stamp
	@folder=$$(mktemp -d) || exit 1; \
	DATA_DIR=$$folder .venv/bin/python -m flask --app app demo & \
	ended=; trap 'ended=1; kill $$! 2>/dev/null' INT TERM HUP; \
	wait $$!; status=$$?; \
	if [ "$$ended" ]; then wait $$!; status=0; fi; \
	rm -rf "$$folder"; exit $$status

test: install
	@.venv/bin/python -m pytest -n 2 --dist worksteal $(ARGS)

bench: install
	@.venv/bin/python -m tests.benchmarks $(ARGS)

lint: install
	@.venv/bin/python -m ruff format --check .
	@.venv/bin/python -m ruff check .
	@.venv/bin/python -m mypy
	@.venv/bin/lint-imports --no-cache

pictures: install
	@.venv/bin/python docs/pictures.py

lock: .venv/lock/bin/uv
	@$(COMPILE) $(ARGS) -o requirements.lock
	@$(COMPILE) $(ARGS) --group dev -c requirements.lock -o requirements-dev.lock

.venv/venv.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Movie Night needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; \
		exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/runtime.stamp: requirements.lock .venv/venv.stamp
	@echo "Installing what Movie Night needs into .venv ..."
	@$(PIP) --require-hashes -r requirements.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/runtime.stamp
	@echo "Installing the test tools into .venv ..."
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

.venv/lock/bin/uv: .venv/venv.stamp
	@$(PYTHON) -m venv .venv/lock
	@.venv/lock/bin/python -m pip install --disable-pip-version-check -q uv
	@touch $@
