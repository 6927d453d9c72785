"""The broadcast machine's numbers, as a metrics server reads them at its door."""

import select
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import ValidationError
from support.broadcast import Machine
from support.plans import at, item, media, minutes, page, plan

from config.settings import Settings
from playout.host.metrics_door import MetricsServer, open_metrics_door
from playout.host.metrics_reading import air_text, read_numbers
from playout.model.engine import DeckReport, DeckState
from playout.model.engine_numbers import EngineNumbers

Told = dict[tuple[str, ...], float]
NUMBERS = EngineNumbers(
    restarts={"deck a": 2, "bus": 0},
    stream={"rate": 4_000_000, "lead": 0.4, "waiting": 0.3, "packets": 7000, "dropped": 3},
    targets={"rtmps://a.example/live2": (1_000_000, 500, True)},
)


def told(text: bytes) -> Told:
    """Return each number by its name and then its labels' values."""
    return {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(text.decode())
        for one in family.samples
    }


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    late = item("late", at("19:00", 6), minutes(60))
    made = plan(item("film", at("17:05"), minutes(30)), late, days=8, board=(page(),))
    found = Machine(tmp_path, made, at("17:00"))
    found.run_for(600, most=5)
    return found


def test_what_is_told_of_a_channel_on_air(machine: Machine) -> None:
    parts = machine.parts
    assert parts.mailbox.seen is not None
    decks = (DeckReport(DeckState.ON_AIR, lead=58), DeckReport(DeckState.IDLE))
    parts.mailbox.seen = replace(parts.mailbox.seen, numbers=NUMBERS, decks=decks)
    parts.mailbox.contact = parts.clock.monotonic() - 3 * 10**9
    found = told(air_text(parts))

    status = parts.mailbox.status
    assert status is not None
    assert found["gavel_air_ticks_total", "ch13"] == status.tick > 10_000
    assert 10_000 < found["gavel_air_pictures_aired_total", "ch13"] <= status.tick + 1
    assert found["gavel_air_outputs", "ch13"] == 1
    assert found["gavel_air_deck_lead_frames", "ch13", "1"] == 58
    assert found["gavel_air_process_restarts_total", "ch13", "deck a"] == 2
    assert found["gavel_air_stream_packets_total", "ch13"] == 7000
    assert found["gavel_air_stream_lead", "ch13"] == 0.4
    target = "rtmps://a.example/live2"
    assert found["gavel_air_target_dropped_bytes_total", "ch13", target] == 500
    assert found["gavel_air_target_up", "ch13", target] == 1
    assert found["gavel_air_server_seconds_since_contact", "ch13"] == 3
    assert found["gavel_air_disk_free_bytes", "ch13"] > 0


def test_the_journal_counts_what_the_server_lacks_beyond_one_report(machine: Machine) -> None:
    machine.run_for(2)
    assert told(air_text(machine.parts))["gavel_air_journal_unsent_entries", "ch13"] == 0

    machine.server.up = False
    for number in range(500):
        machine.parts.journal.alarm(machine.now, f"Alarm {number}.")
    assert told(air_text(machine.parts))["gavel_air_journal_unsent_entries", "ch13"] == 500


def test_media_reach_to_the_first_planned_item_whose_file_is_missing(machine: Machine) -> None:
    whole = read_numbers(machine.parts).media_until
    machine.gone.add(media("late", minutes(60)).key)
    short = read_numbers(machine.parts).media_until

    assert (whole, short) == (at("0:00", 8), at("19:00", 6))
    ahead = told(air_text(machine.parts))["gavel_air_media_ahead_seconds", "ch13"]
    assert ahead == (at("19:00", 6) - machine.now) / timedelta(seconds=1)


def test_a_machine_that_knows_nothing_yet_tells_no_number_that_it_does_not_know(
    tmp_path: Path,
) -> None:
    found = told(air_text(Machine(tmp_path, plan(), at("17:00")).parts))

    assert ("gavel_air_ticks_total", "ch13") not in found
    assert ("gavel_air_media_ahead_seconds", "ch13") not in found
    assert found["gavel_air_journal_unsent_entries", "ch13"] == 0


@pytest.fixture
def door() -> Iterator[MetricsServer]:
    server = MetricsServer(("127.0.0.1", 0), lambda: b"gavel_air_outputs 1.0\n")
    server.server_close()
    opened = open_metrics_door(
        f"127.0.0.1:{server.server_port - 1}", 1, lambda: b"gavel_air_outputs 1.0\n"
    )
    assert opened is not None
    yield opened
    opened.shutdown()
    opened.server_close()


def test_the_door_gives_the_numbers_and_nothing_else(door: MetricsServer) -> None:
    base = f"http://127.0.0.1:{door.server_port}"
    answer = httpx.get(f"{base}/metrics")

    assert (answer.status_code, answer.text) == (200, "gavel_air_outputs 1.0\n")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert httpx.get(f"{base}/").status_code == 404
    assert httpx.post(f"{base}/metrics").status_code == 501


def test_a_port_that_is_taken_leaves_air_alone(
    door: MetricsServer, caplog: pytest.LogCaptureFixture
) -> None:
    assert open_metrics_door(f"127.0.0.1:{door.server_port}", 0, bytes) is None
    assert "There are no metrics" in caplog.text
    assert open_metrics_door("", 0, bytes) is None
    assert open_metrics_door("127.0.0.1:65535", 3, bytes) is None


def test_callers_that_stay_take_no_more_than_their_places(door: MetricsServer) -> None:
    at = ("127.0.0.1", door.server_port)
    callers = [socket.create_connection(at) for _ in range(9)]
    hung_up = set[socket.socket]()
    until = time.monotonic() + 3
    while len(hung_up) < 5 and time.monotonic() < until:
        hung_up |= {*select.select(callers, [], [], 0.1)[0]}
    for one in callers:
        one.close()

    assert len(hung_up) == 5


@pytest.mark.parametrize("address", ["9464", "localhost:9464", "127.0.0.1:", "http://a:1"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        Settings(metrics_address=address)


@pytest.mark.parametrize("address", ["", "0.0.0.0:9464", "[::1]:9000"])
def test_an_address_of_this_machine_is_taken(address: str) -> None:
    assert Settings(metrics_address=address).metrics_address == address
