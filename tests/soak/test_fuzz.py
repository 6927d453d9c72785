"""Ten thousand hostile tries at each entry point, on both databases: no 500, all pages load."""

import time
from collections import Counter
from pathlib import Path

import pytest
from bench.figures import Figure
from soak.notes import note, rounds
from support.hostile_tries import (
    SEED,
    SiteMaker,
    make_tries,
    random_form_try,
    send_control_lines,
    send_odd_bytes,
)
from support.hostile_values import host_try

from scheduler.db.store import Database

pytestmark = pytest.mark.soak
TRIES = 10_000


def test_every_address_takes_whatever_comes(fresh: SiteMaker, db: Database) -> None:
    began = time.monotonic()
    told("forms", db, make_tries(rounds(TRIES), fresh, random_form_try), began)


def test_the_hosts_door_takes_whatever_comes(fresh: SiteMaker, db: Database) -> None:
    began = time.monotonic()
    told("hosts", db, make_tries(rounds(TRIES), fresh, host_try), began)


def test_the_port_of_the_pages_takes_whatever_comes(fresh: SiteMaker, db: Database) -> None:
    began = time.monotonic()
    told("port", db, send_odd_bytes(rounds(TRIES), fresh), began)


def test_the_control_socket_takes_whatever_comes(tmp_path: Path) -> None:
    send_control_lines(rounds(TRIES), tmp_path)


def told(door: str, db: Database, answers: Counter[int], began: float) -> None:
    """Write how the tries at one entry point were answered; reached only if nothing broke."""
    kind = "SQLite" if db.is_sqlite else "PostgreSQL"
    figures = [Figure("fuzz", "tries", rounds(TRIES), "tries")]
    figures += [Figure("fuzz", f"answered {one}", answers[one], "tries") for one in sorted(answers)]
    broken = sum(count for status, count in answers.items() if status >= 500)
    figures.append(Figure("fuzz", "answered 500 or more", broken, "tries", 0))
    title = f"Hostile tries at the door {door} on {kind}"
    seconds = time.monotonic() - began
    note(f"fuzz_{door}_{kind.lower()}", title, figures, [], seconds, seed=SEED)
