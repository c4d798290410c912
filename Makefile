# One entry for people and for CI. `make help` lists the targets.

PYTHON := /usr/bin/python3# QGIS's Python; another one first on the PATH would not see QGIS
VENV := .venv/bin
PLAIN := .venv-plain/bin

# Fresh settings for every run, and no display needed.
export QT_QPA_PLATFORM ?= offscreen
export PYTHONDONTWRITEBYTECODE := 1

# A folder that holds no test yet (pytest's exit code 5) is no failure.
PYTEST = env -u QGIS_PLUGINPATH $(1)/python -m pytest $(2) || [ $$? -eq 5 ]

.PHONY: help setup setup-run setup-test setup-slow setup-screens demo test test-unit test-plain test-lanes test-qgis \
	test-gui test-e2e test-slow lint typecheck bench screenshots i18n i18n-check package clean
.NOTPARALLEL:
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r target text; do printf '  make %-12s %s\n' "$$target" "$$text"; done

setup: setup-test ## install QGIS >= 3.40, its libraries and the tests' environments (Debian 12 or 13)

setup-run setup-test setup-slow setup-screens:
	@tools/setup.sh $(@:setup-%=%)

demo: setup-run ## compute SDG 11.3.1 and 15.3.1 for sample regions and compare; DATA=<folder>: real rasters
	@$(PYTHON) tools/demo.py $(if $(DATA),--data "$(DATA)")

test: setup-test i18n-check test-lanes ## everything CI checks

test-unit: setup-test ## the tests that need no QGIS, on QGIS's Python
	@$(call PYTEST,$(VENV),-p no:qgis tests/unit)

test-plain: setup-test ## the same tests on a Python without QGIS, with numpy 2
	@$(call PYTEST,$(PLAIN),tests/unit)

test-lanes: setup-test ## lint and types, and the tests without QGIS and with it (but the slow ones), all at the same time
	@mkdir -p build
	@rm -rf .qgis-settings
	@$(MAKE) --no-print-directory -o setup-test lint typecheck >build/checks.log 2>&1 & checks=$$!; \
		{ { $(call PYTEST,$(VENV),-p no:qgis tests/unit); } && { $(call PYTEST,$(PLAIN),tests/unit); }; } \
		>build/test-without-qgis.log 2>&1 & other=$$!; \
		{ $(call PYTEST,$(VENV),tests/qgis); } && rm -rf .qgis-settings && \
		{ $(call PYTEST,$(VENV),tests/gui); } && { $(call PYTEST,$(VENV),-p no:qgis tests/e2e); }; \
		with=$$?; wait $$other; without=$$?; wait $$checks; checked=$$?; \
		cat build/test-without-qgis.log build/checks.log; \
		[ $$with -eq 0 ] && [ $$without -eq 0 ] && [ $$checked -eq 0 ]

test-qgis: setup-test ## the tests of algorithms and provider, in QGIS, offscreen
	@rm -rf .qgis-settings
	@$(call PYTEST,$(VENV),tests/qgis)

test-gui: setup-test ## the tests of docks, dialogs and plugin menu, in QGIS, offscreen
	@rm -rf .qgis-settings
	@$(call PYTEST,$(VENV),tests/gui)

test-e2e: setup-test ## the packaged zip, unpacked into a scratch profile and run by qgis_process
	@$(call PYTEST,$(VENV),-p no:qgis tests/e2e)

test-slow: setup-slow ## sharing and searching with pgstac on PostgreSQL, which CI does not check
	@$(call PYTEST,$(VENV),-p no:qgis tests/slow)

lint: setup-test ## ruff, flake8-qgis (Qt 6 readiness) and bandit
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@$(VENV)/flake8 --isolated --select=QGS1,QGS4 dbar_qgis_plugin tests tools
	@$(VENV)/bandit --quiet --recursive dbar_qgis_plugin

typecheck: setup-test ## mypy, strict, on kernels, raster_io, pipelines and catalog
	@$(VENV)/mypy --python-executable $(PLAIN)/python

bench: setup-test ## the speed and memory figures, as ratios measured in one run
	@$(VENV)/python tools/bench.py

screenshots: setup-screens ## take the pictures of docs/user/images in a real QGIS window
	@$(PYTHON) tools/screenshots.py

i18n: setup-test ## extract the translatable strings into dbar_qgis_plugin/i18n
	@$(PYTHON) tools/i18n.py

i18n-check: setup-test ## fail on a string not extracted or not translated
	@$(PYTHON) tools/i18n.py --check

package: setup-test ## build dist/dbar_qgis_plugin-<version>.zip, the file that QGIS installs
	@$(PYTHON) tools/package.py

clean: ## remove what the other targets made, except the virtual environments
	rm -rf build dist .qgis-settings .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find dbar_qgis_plugin tests tools -name __pycache__ -prune -exec rm -rf {} +
	rm -f dbar_qgis_plugin/i18n/*.qm
