"""The life of one target: opened, fed, dropped from, and tried again ever less often."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.clock import SimulatedClock
from playout.engine.fakes.sender import FakeSender
from playout.engine.links.target_state import TargetState, read_state
from playout.engine.targets.sender import CHUNK_BYTES
from playout.engine.targets.target_run import FIRST_PAUSE, LONGEST_PAUSE, STEADY_AFTER, TargetRun

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CHUNK = bytes(CHUNK_BYTES)


class Scene:
    """A target, its clock, and what waits in its pipe."""

    def __init__(self, before: TargetState | None = None) -> None:
        self.sender, self.clock, self.waiting = FakeSender(), SimulatedClock(NOON), 0
        self.run = TargetRun(self.sender, "srt://h:1", self.clock, self._drain, before)

    def _drain(self) -> int:
        dropped, self.waiting = self.waiting, 0
        return dropped

    def tries(self, seconds: float) -> list[float]:
        """Send a chunk each tenth of a second; return the seconds at which it was opened."""
        before, found = self.sender.opened, []
        for step in range(round(seconds * 10)):
            self.run.take(CHUNK)
            if self.sender.opened > before:
                before = self.sender.opened
                found.append(step / 10)
            self.clock.wait(0.1)
        return found


def test_a_target_that_takes_the_stream_gets_every_byte() -> None:
    scene = Scene()
    for _ in range(5):
        scene.run.take(CHUNK)

    state = scene.run.state
    assert scene.sender.taken == CHUNK * 5
    assert (state.since, state.sent, state.dropped, state.problem) == (NOON, 5 * CHUNK_BYTES, 0, "")


def test_a_target_that_refuses_is_tried_again_ever_less_often() -> None:
    scene = Scene()
    scene.sender.fault = "the passphrases differ"
    at = scene.tries(95)

    gaps = [round(after - before) for before, after in zip(at, at[1:], strict=False)]
    assert gaps[:6] == [FIRST_PAUSE, 2, 4, 8, 16, LONGEST_PAUSE]


def test_a_refusal_is_a_problem_in_words_and_what_came_is_counted_as_dropped() -> None:
    scene = Scene()
    scene.sender.fault = "the passphrases differ"
    scene.run.take(CHUNK)
    scene.run.take(CHUNK)

    state = scene.run.state
    assert state.problem == "The stream does not reach srt://h:1: the passphrases differ."
    assert (state.since, state.sent, state.dropped) == (None, 0, 2 * CHUNK_BYTES)


def test_a_target_left_to_the_other_machine_is_closed_and_no_problem() -> None:
    scene = Scene()
    scene.run.take(CHUNK)
    scene.waiting = 500
    scene.run.rest()
    resting = scene.run.state
    scene.run.take(CHUNK)

    assert (resting.since, resting.problem, scene.waiting) == (None, "", 0)
    assert (scene.sender.opened, scene.sender.taken) == (2, CHUNK * 2)


def test_after_a_fault_a_target_goes_on_with_the_present() -> None:
    scene = Scene()
    scene.run.take(CHUNK)
    scene.sender.fault = "it does not answer"
    scene.run.take(CHUNK)
    scene.sender.fault, scene.waiting = "", 7 * CHUNK_BYTES
    scene.clock.wait(FIRST_PAUSE)
    scene.run.take(CHUNK)
    scene.run.take(CHUNK)

    assert scene.waiting == 0
    assert scene.run.state.sent == 2 * CHUNK_BYTES
    assert scene.run.state.dropped == 9 * CHUNK_BYTES


def test_what_piled_up_during_a_try_is_counted_at_once() -> None:
    """The next try may take seconds, and no state is written meanwhile."""
    scene = Scene()
    scene.sender.fault, scene.waiting = "it does not answer", 7 * CHUNK_BYTES
    scene.run.take(CHUNK)

    assert scene.waiting == 0
    assert scene.run.state.dropped == 8 * CHUNK_BYTES


def test_the_first_opening_drops_nothing_that_waits() -> None:
    scene = Scene()
    scene.waiting = CHUNK_BYTES
    scene.run.take(CHUNK)

    assert scene.waiting == CHUNK_BYTES


def test_a_problem_is_over_once_the_target_has_taken_the_stream_for_a_while() -> None:
    scene = Scene()
    scene.sender.fault = "it does not answer"
    scene.run.take(CHUNK)
    scene.sender.fault = ""
    scene.tries(2)
    assert scene.run.state.problem

    scene.tries(STEADY_AFTER)

    assert not scene.run.state.problem
    assert scene.run.state.since == NOON + timedelta(seconds=FIRST_PAUSE)
    assert scene.run.state.failing_since is None


def test_a_problem_began_with_its_first_fault_however_often_the_target_was_tried() -> None:
    scene = Scene()
    scene.tries(5)
    scene.sender.fault = "it does not answer"
    scene.tries(60)
    scene.sender.fault = "the passphrases differ"
    scene.tries(60)

    assert scene.run.state.failing_since == NOON + timedelta(seconds=5)


def test_a_process_that_was_killed_leaves_counts_and_problem_to_the_next(tmp_path: Path) -> None:
    first = Scene()
    first.sender.fault = "it does not answer"
    first.tries(20)
    path = tmp_path / "1.json"
    path.write_bytes(first.run.state.to_json())
    second = Scene(read_state(path))

    assert second.run.state == first.run.state
    second.waiting = 3 * CHUNK_BYTES
    second.tries(STEADY_AFTER + 1)
    assert second.run.state.dropped == first.run.state.dropped + 4 * CHUNK_BYTES
    assert not second.run.state.problem


def test_a_place_that_takes_the_stream_and_soon_breaks_off_is_not_called_all_the_time() -> None:
    scene = Scene()
    opened = 0
    for step in range(400):
        scene.sender.fault = "the connection broke off" if step % 3 else ""
        scene.run.take(CHUNK)
        scene.clock.wait(0.25)
        opened = scene.sender.opened

    assert opened < 12


def test_a_target_without_chunks_is_tried_again_all_the_same() -> None:
    scene = Scene()
    scene.sender.fault = "it does not answer"
    scene.run.take(b"")
    scene.sender.fault = ""
    scene.clock.wait(FIRST_PAUSE)
    scene.run.take(b"")

    assert scene.run.state.since is not None
