# `make practice` and `make test` set everything up themselves: Python 3.11 or newer and make are all they need.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: practice tour test test-all crash check bench revision format clean setup chromium requirements

practice: .venv/practice
	$(BIN)/python -m gpbot practice

tour: .venv/practice
	$(BIN)/python -m gpbot tour

# Everything short, on SQLite; on PostgreSQL what touches the database itself and a walk through each workflow.
test: check
	$(BIN)/python -m pytest --half short

# Python does not have to read its own modules again for each of many processes.
unexport PYTHONDONTWRITEBYTECODE

# The rest: all of it on PostgreSQL too, kills, the tour, the guide, the pages, and as many random stories as there are.
test-all: setup chromium
	$(BIN)/python -m pytest --half long

# Kills by the hundred, on both databases, three parts at a time. GPBOT_SEED=… repeats the dice of a run.
crash: setup
	$(BIN)/python -m pytest -n 3 tests/crash/crash.py

# The pages of the practice workspace are tried in Chromium. Without one those tests are left out, and say so.
chromium:
	@for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do \
	  command -v $$name >/dev/null && exit 0; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium, to try the pages in."; \
	  { apt-get update -qq && apt-get install -y -qq chromium; } >/dev/null 2>&1 && exit 0; \
	fi; \
	echo "There is no Chromium here: the pages will not be tried in a browser."

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# `make bench ONLY="ack durable"` runs some; QUICK=1 is rough, in a few minutes.
bench: setup
	$(BIN)/python -m benchmarks $(if $(QUICK),--quick) $(ONLY)

# After changing a models.py: `make revision NAME="Words of thanks"` writes the next file of migrations/versions/.
revision: setup
	@scratch=$$(mktemp -d) && export DATABASE_URL=sqlite:///$$scratch/gpbot.sqlite3 && \
	$(BIN)/alembic upgrade head && $(BIN)/alembic revision --autogenerate -m "$(NAME)"; rm -rf $$scratch
	$(BIN)/ruff check --fix --quiet migrations
	$(BIN)/ruff format --quiet migrations

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

setup: .venv/dev

# What `make practice` and `make tour` need, and nothing that only tests do.
.venv/practice: requirements/practice.txt requirements/uv.txt
	@$(new-venv)
	@echo "Installing what practice needs into .venv …"
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements/practice.txt
	@touch $@
	@echo "Set up."

# All of it: these are more, at the same versions.
.venv/dev: requirements/dev.txt requirements/uv.txt
	@$(new-venv)
	@echo "Installing what gpbot, practice and the tests need into .venv …"
	@VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --require-hashes requirements/dev.txt requirements/uv.txt
	@touch .venv/practice $@
	@echo "Set up."

define new-venv
if [ ! -x $(BIN)/python ]; then \
  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "gpbot needs Python 3.11 or newer; name it with: make PYTHON=python3.12 …")' || exit 1; \
  echo "Making a Python environment of gpbot's own in .venv (once; about a minute in all) …"; \
  $(PYTHON) -m venv .venv || exit 1; \
fi; \
if [ ! -x $(BIN)/uv ]; then \
  echo "Installing the installer (uv) …"; \
  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt; \
fi
endef

# For maintainers: compile the pins again after changing pyproject.toml.
requirements: setup
	$(BIN)/uv pip compile --quiet pyproject.toml --extra practice --extra postgresql --extra dev --generate-hashes --no-emit-index-url --universal --python-version 3.11 --no-header -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet pyproject.toml --generate-hashes --no-emit-index-url --universal --python-version 3.11 --no-header -c requirements/dev.txt -o requirements/main.txt
	$(BIN)/uv pip compile --quiet pyproject.toml --extra practice --generate-hashes --no-emit-index-url --universal --python-version 3.11 --no-header -c requirements/dev.txt -o requirements/practice.txt

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
