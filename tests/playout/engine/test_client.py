"""The agent's client: orders reach the bus whatever happens to files, and each failure is a
sentence.
"""

import errno
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.names import AiringId, CueId
from playout.engine.client import EngineClient
from playout.engine.links.caption_names import CAPTION_NAMES, KnownNames
from playout.engine.links.intake import SLOT_INTAKES, read_slot_intakes
from playout.engine.links.messages import DESIRED, OBSERVATION
from playout.engine.links.port import Port, port_pair
from playout.engine.links.slots import INTAKES, has_source
from playout.model.engine import Desired, Intake, Observation, Shot
from playout.model.layer import Layer
from playout.model.source import Source

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def wanted(source: str = "chamber") -> Desired:
    intake = Intake(Source(source, source, "test:"), NOON, NOON + HOUR, AiringId("a"))
    return Desired(1, Shot(CueId("c"), Layer.SLATE, NOON, NOON + HOUR), intakes=(intake,))


class Machine:
    """An agent's client whose bus the test controls."""

    def __init__(self, folder: Path) -> None:
        mine, far = port_pair()
        self.folder, self.bus = folder, Port(far)
        self.client = EngineClient(mine, folder / "air.log")

    def problems(self) -> str:
        seen = Observation(1, NOON, Layer.SLATE, None, 1, 0)
        self.bus.send(OBSERVATION.dump_python(seen, mode="json"))
        observed = self.client.observe()
        assert observed is not None
        return " ".join(observed.problems)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path)
    yield machine
    machine.client.close()
    machine.bus.close()


def test_bus_gets_its_orders_while_intakes_cannot_be_written(
    machine: Machine, tmp_path: Path
) -> None:
    (tmp_path / INTAKES).mkdir()
    machine.client.show(wanted())

    assert [order["serial"] for order in machine.bus.receive()] == [1]
    assert "intakes.json cannot be written (Is a directory)" in machine.problems()


def test_intake_problem_ends_once_they_can_be_written(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / INTAKES).mkdir()
    machine.client.show(wanted())
    (tmp_path / INTAKES).rmdir()
    machine.client.show(wanted())

    assert machine.problems() == ""
    assert read_slot_intakes(tmp_path).slots[0][0].source.id == "chamber"


def test_a_full_disk_still_opens_the_source_of_the_next_meeting(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = os.open
    machine.client.show(wanted())

    def full(path: Path, flags: int, *mode: int) -> int:
        if flags & os.O_CREAT:
            raise OSError(errno.ENOSPC, "No space left on device")
        return usual(path, flags, *mode)

    monkeypatch.setattr(os, "open", full)
    machine.client.show(wanted("hall"))

    assert read_slot_intakes(tmp_path).slots[0][0].source.id == "hall"
    assert machine.problems() == ""


@pytest.mark.parametrize("text", [b"[" * 100_000, b"{", b"\xff" * 10, b"[]", b'{"slots": 7}'])
def test_nonsense_intakes_count_as_none_and_crash_no_process(tmp_path: Path, text: bytes) -> None:
    (tmp_path / INTAKES).write_bytes(text)

    assert not has_source(text, 0)
    assert not any(read_slot_intakes(tmp_path).slots)
    assert has_source(SLOT_INTAKES.dump_json(SLOT_INTAKES.validate_json(b"{}")), 0) is False


def test_unreadable_recordings_or_air_log_do_not_stop_the_agent(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "glob", broken)
        patch.setattr(Path, "iterdir", broken)
        assert machine.client.facts(7) == ((), 7)
        machine.problems()
        said = machine.problems()
    machine.client.facts(7)

    assert "Recordings cannot be looked at (Input/output error)." in said
    assert "What aired is not counted: the air log cannot be read" in said
    machine.problems()
    assert machine.problems() == ""


def test_names_for_captions_go_to_the_captioner_alone(machine: Machine) -> None:
    machine.client.show(wanted())
    none = (machine.folder / CAPTION_NAMES).exists()
    machine.client.show(replace(wanted(), caption_names=("Kraus", "Liberty Avenue")))
    heard = [DESIRED.validate_python(one).caption_names for one in machine.bus.receive()]
    known = KnownNames(machine.folder)

    assert not none and heard == [(), ()]
    assert known.now() == ("Kraus", "Liberty Avenue")
    machine.client.show(wanted())
    assert known.now() == ()


def test_names_that_cannot_be_written_are_told_and_orders_go_on(machine: Machine) -> None:
    (machine.folder / CAPTION_NAMES).mkdir()
    machine.client.show(replace(wanted(), caption_names=("Kraus",)))

    assert machine.bus.receive() and "station's names" in machine.problems()
