# Seven words: run, test, check, faults, soak, bench, package. They set up all that they need.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
STATE ?= .run
ROOMS := config media playout scheduler web

AIR_PACKAGES := libvlc5 vlc-plugin-base vlc-plugin-video-output fonts-dejavu-core ca-certificates
BENCH_PACKAGES := xvfb melt mpv ffmpeg vlc-bin liquidsoap
TEST_PACKAGES := espeak-ng ffmpeg libsrt1.5-gnutls xvfb chromium postgresql gcc libc6-dev libical-dev libdvbpsi-dev pkg-config
SOAK_PACKAGES := khal vdirsyncer thunderbird evolution-data-server gir1.2-ecal-2.0 python3-gi dbus tstools mmdebstrap systemd-container

# The folders of every test marked `air`: to collect all others again takes many seconds.
AIR_TESTS := tests/air tests/contracts

.PHONY: run test check faults soak bench package clean packages

run: .venv/run.stamp  ## set up, make the demo city and go on air
	$(BIN)/python -m web.vendor
	$(BIN)/gavel demo --state $(STATE)
	GAVEL_CONFIG=$(STATE)/gavel.toml $(BIN)/gavel up --open

test: .venv/dev.stamp  ## everything but the many-minutes tests
	config/machine/packages.sh $(TEST_PACKAGES)
	$(BIN)/python -m web.vendor
	$(BIN)/python tests/run.py $(AIR_TESTS)

check: .venv/dev.stamp  ## style, types, import contracts, sizes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python tests/pages.py
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tests/sizes.py $(ROOMS)

faults: .venv/dev.stamp  ## known faults and 200 random ones put on a running station; an hour
	config/machine/packages.sh $(TEST_PACKAGES)
	$(BIN)/python -m web.vendor
	$(BIN)/python tests/soak/run.py soak/test_faults.py soak/test_nights.py

soak: .venv/dev.stamp  ## drift, hogs, random kills, foreign calendar clients; at most 190 minutes
	config/machine/packages.sh $(TEST_PACKAGES) $(SOAK_PACKAGES)
	$(BIN)/python -m web.vendor
	$(BIN)/python tests/soak/run.py

bench: .venv/dev.stamp  ## the figures of docs/bench.md, as a table and JSON in docs/
	config/machine/packages.sh $(BENCH_PACKAGES)
	$(BIN)/python tests/bench/run.py

package: .venv/run.stamp  ## what machines are installed from: dist/gavel-VERSION.tar.gz
	$(BIN)/python -m web.vendor
	config/machine/package.sh $(BIN)/pip

packages:
	@config/machine/packages.sh $(AIR_PACKAGES)
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || config/machine/packages.sh python3-venv

.venv/bin/python: | packages
	$(PYTHON) -m venv .venv

# Only files whose hash is known are installed, what builds Gavel itself included.
.venv/run.stamp: pyproject.toml requirements.lock | .venv/bin/python
	$(BIN)/python -m pip install -q --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	touch $@

.venv/dev.stamp: pyproject.toml requirements-dev.lock | .venv/bin/python
	$(BIN)/python -m pip install -q --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	touch $@ .venv/run.stamp

clean:  ## forget the demo city; the code and its .venv stay
	rm -rf $(STATE)
