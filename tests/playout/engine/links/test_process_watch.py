"""Process watch: a silent monitor, or a process that keeps ending, is a problem in the status."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.clock import SimulatedClock
from playout.engine.client import EngineClient
from playout.engine.links.health_file import HEALTH_FILE
from playout.engine.links.messages import OBSERVATION
from playout.engine.links.port import Port, make_shared_state, port_pair
from playout.engine.links.process_watch import UNWATCHED, ProcessWatch, SupervisorReport
from playout.engine.links.target_state import TargetState, forget_states, state_file
from playout.model.engine import Observation
from playout.model.layer import Layer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Channel:
    """A channel's folder with a monitor that the test controls."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock, self.ending = folder, SimulatedClock(NOON), make_shared_state()
        self.watched = ProcessWatch(folder, self.ending, self.clock)

    def run(self, seconds: int, *, monitor: bool) -> tuple[str, ...]:
        """Let time pass, with the monitor writing each second or not. Return the problems then."""
        for _ in range(seconds):
            self.clock.advance(timedelta(seconds=1))
            if monitor:
                (self.folder / HEALTH_FILE).write_text("{}")
                at = self.clock.monotonic()
                os.utime(self.folder / HEALTH_FILE, ns=(at, at))
            said = self.watched.problems()
        return said


@pytest.fixture
def channel(tmp_path: Path) -> Channel:
    return Channel(tmp_path)


def test_silent_monitor_is_reported_after_half_a_minute_until_it_is_back(
    channel: Channel,
) -> None:
    assert channel.run(60, monitor=True) == ()
    assert channel.run(30, monitor=False) == ()
    assert channel.run(1, monitor=False) == (UNWATCHED,)
    assert channel.run(1, monitor=True) == ()


def test_monitor_that_never_started_is_reported_too(tmp_path: Path) -> None:
    (tmp_path / HEALTH_FILE).write_text("{}")
    old = Channel(tmp_path)
    (tmp_path / "none").mkdir()
    none = Channel(tmp_path / "none")
    for channel in (old, none):
        assert channel.run(30, monitor=False) == ()
        assert channel.run(1, monitor=False) == (UNWATCHED,)


def test_monitor_whose_file_the_disk_refuses_is_reported_too(channel: Channel) -> None:
    (channel.folder / HEALTH_FILE).mkdir()
    channel.run(1, monitor=False)
    assert channel.run(31, monitor=False) == (UNWATCHED,)


def test_process_that_keeps_ending_is_named_with_its_consequence(channel: Channel) -> None:
    tell = SupervisorReport(channel.ending).ending
    tell(["deck a", "monitor"])
    assert channel.run(1, monitor=True) == (
        "A process of this channel keeps ending and restarting: deck a.",
        "A process of this channel keeps ending and restarting: monitor. "
        "A black, frozen or silent picture may not be noticed.",
    )
    tell([])
    assert channel.run(1, monitor=True) == ()


def test_agent_gets_process_problems_with_those_of_the_bus(channel: Channel) -> None:
    mine, far = port_pair()
    bus, client = Port(far), EngineClient(mine, channel.folder / "air.log", channel.watched)
    SupervisorReport(channel.ending).ending(["monitor"])
    seen = Observation(1, NOON, Layer.SLATE, None, 1, 0, problems=("The bus says this.",))
    bus.send(OBSERVATION.dump_python(seen, mode="json"))
    observed = client.observe()
    assert observed is not None
    assert observed.problems[0] == "The bus says this."
    assert "monitor" in observed.problems[1]
    client.close()
    bus.close()


def test_a_target_that_takes_no_stream_is_a_problem_until_it_does(channel: Channel) -> None:
    path = state_file(channel.folder, 1)
    path.parent.mkdir()
    problem = "The stream does not reach srt://h:1: it does not answer."

    def problems(seconds: int, state: TargetState) -> tuple[str, ...]:
        path.write_bytes(state.to_json())
        at = channel.clock.monotonic()
        os.utime(path, ns=(at, at))
        return channel.run(seconds, monitor=True)

    assert problems(1, TargetState("srt://h:1", NOON)) == ()
    assert problems(1, TargetState("srt://h:1", problem=problem)) == (problem,)
    assert problems(1, TargetState("srt://h:1", NOON)) == ()
    assert problems(62, TargetState("srt://h:1", NOON)) == (
        "The process that sends to srt://h:1 has reported nothing for a minute.",
    )


def test_a_damaged_state_of_a_target_counts_as_it_was(channel: Channel) -> None:
    path = state_file(channel.folder, 0)
    path.parent.mkdir()
    path.write_bytes(TargetState("srt://h:1", problem="It is broken.").to_json())
    assert channel.run(1, monitor=True) == ("It is broken.",)

    path.write_bytes(b'{"shown": [[[')

    assert channel.run(1, monitor=True) == ("It is broken.",)


def test_the_states_of_an_earlier_run_are_forgotten(channel: Channel) -> None:
    path = state_file(channel.folder, 0)
    path.parent.mkdir()
    path.write_bytes(TargetState("srt://h:1", problem="It is broken.").to_json())

    forget_states(channel.folder)

    assert channel.run(1, monitor=True) == ()
