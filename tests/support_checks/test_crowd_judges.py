"""The crowd at the port really is there, and its judge fails on every planted fault."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from soak.test_crowd import CROWDS, PRESSES, Heard, Trial, heard, judge
from soak.test_takes import Press
from support.crowd import Crowd, crowd
from support.front import serving

CLICKED = datetime.now(UTC)
PAGES = Crowd(answers=12_000, busy=0.4, slowest_ms=30, seconds=20)


def trials() -> list[Trial]:
    """Return three crowds that were there and delayed nothing."""
    presses = [Press("slate", CLICKED, CLICKED + timedelta(milliseconds=400))] * PRESSES
    there = Crowd(answers=4000, missing=0.03, seconds=20)
    return [Trial(*one, list(presses), Heard(900, 150), replace(there)) for one in CROWDS]


@pytest.fixture(autouse=True)
def _notes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GAVEL_SOAK_NOTES", str(tmp_path))


def test_a_crowd_that_delays_nothing_is_good() -> None:
    judge(trials(), PAGES, [], 60)


def late(trial: Trial) -> None:
    trial.presses[3] = Press("slate", CLICKED, CLICKED + timedelta(milliseconds=1001))


def never(trial: Trial) -> None:
    trial.presses[3] = Press("slate", CLICKED, None)


def unpressed(trial: Trial) -> None:
    trial.presses.pop()


def silent(trial: Trial) -> None:
    trial.heard.silent = 3001


def unlooked(trial: Trial) -> None:
    trial.heard.between = 5000


def deaf(trial: Trial) -> None:
    trial.heard.failed.append("OperationalError")


def absent(trial: Trial) -> None:
    trial.crowd = Crowd(answers=3, missing=0.5, seconds=20)


@pytest.mark.parametrize("number", range(len(CROWDS)))
@pytest.mark.parametrize("fault", [late, never, unpressed, silent, unlooked, deaf, absent])
def test_one_fault_under_one_crowd_is_found(fault: Any, number: int) -> None:
    made = trials()
    fault(made[number])
    with pytest.raises(AssertionError):
        judge(made, PAGES, [], 60)


@pytest.mark.parametrize(
    "pages",
    [
        replace(PAGES, answers=9_990),
        replace(PAGES, others=1),
        replace(PAGES, busy=0.85),
        Crowd(),
    ],
)
def test_slow_missing_or_slowly_requested_pages_are_found(pages: Crowd) -> None:
    with pytest.raises(AssertionError):
        judge(trials(), pages, [], 60)
    with pytest.raises(AssertionError):
        judge(trials()[:2], PAGES, [], 60)


def test_a_machine_silent_or_never_heard_is_reported() -> None:
    since = datetime.now(UTC)
    with heard(lambda: since) as told:
        time.sleep(0.5)
    assert 300 < told.silent < 1e6 and told.failed == []
    with heard(lambda: None) as told:
        time.sleep(0.3)
    assert told.silent == 1e9


def test_an_error_in_the_check_is_reported() -> None:
    def broken() -> datetime:
        raise OSError("no database")

    with heard(broken) as told:
        time.sleep(0.3)
    assert "no database" in told.failed[0]


def page(environ: dict[str, Any], start: Any) -> list[bytes]:
    """Serve a page, or none at another address."""
    body = b"x" * 20_000 if environ["PATH_INFO"] == "/tv/ch13" else b""
    start("200 OK" if body else "404 NOT FOUND", [("Content-Length", str(len(body)))])
    return [body]


@pytest.mark.parametrize("kind", ["reloading", "asking"])
def test_visitors_count_only_complete_pages(kind: str) -> None:
    with serving(page) as door:
        port = door.getsockname()[1]
        with crowd(kind, 4, port) as there:
            time.sleep(1)
        assert there.answers > 20 and there.others == 0 and there.per_second > 5
        with crowd(kind, 4, port, "/none") as lost:
            time.sleep(1)
        assert lost.answers == 0 and lost.others > 20


def test_stalled_callers_stay_connected_to_a_patient_port() -> None:
    with serving(page) as door, crowd("stalled", 16, door.getsockname()[1]) as there:
        time.sleep(1.5)
    assert there.missing < 0.05


@contextmanager
def a_door_that_throws_all_out() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as door:
        over = threading.Event()
        door.settimeout(0.05)

        def throw() -> None:
            while not over.is_set():
                try:
                    door.accept()[0].close()
                except TimeoutError:
                    continue

        thread = threading.Thread(target=throw)
        thread.start()
        yield int(door.getsockname()[1])
        over.set()
        thread.join()


def test_disconnected_stalled_callers_are_no_crowd() -> None:
    with a_door_that_throws_all_out() as port, crowd("stalled", 16, port) as there:
        time.sleep(1.5)
    assert there.missing > 0.5


@pytest.mark.parametrize("kind", ["reloading", "asking"])
def test_disconnected_visitors_count_no_page(kind: str) -> None:
    with a_door_that_throws_all_out() as port, crowd(kind, 4, port) as there:
        time.sleep(1)
    assert there.answers == 0 and there.others > 0
