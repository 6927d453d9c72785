"""Stream watch: what is wrong with the stream that leaves, in sentences for staff."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.clock import SimulatedClock
from playout.engine.links.stream_file import STREAM_FILE
from playout.engine.links.stream_watch import DROPPED, SILENT, STALLED, StreamWatch

NAMES = ["udp://239.1.1.1:5013", "srt://cdn.example:9000"]


class Stream:
    """A channel's folder with a relay that the test controls."""

    def __init__(self, folder: Path) -> None:
        self.path, self.clock = (
            folder / STREAM_FILE,
            SimulatedClock(datetime(2026, 3, 1, tzinfo=UTC)),
        )
        self.watch = StreamWatch(folder, NAMES, self.clock)

    def tell(self, **status: object) -> tuple[str, ...]:
        """Let the relay write a status. Return the problems then."""
        self.write(json.dumps(status).encode())
        return self.watch.problems()

    def write(self, text: bytes) -> None:
        self.clock.advance(timedelta(seconds=1))
        self.path.write_bytes(text)
        at = self.clock.monotonic()
        os.utime(self.path, ns=(at, at))


@pytest.fixture
def stream(tmp_path: Path) -> Stream:
    return Stream(tmp_path)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3, "three seconds"), (9.9, "three seconds"), (10, "ten seconds"), (4000, "a minute")],
)
def test_a_stream_without_pictures_is_a_problem_until_they_are_back(
    stream: Stream, seconds: float, words: str
) -> None:
    assert stream.tell(since_picture=2.9) == ()
    assert stream.tell(since_picture=seconds) == (
        f"The stream has had no new picture for {words}.",
    )
    assert stream.tell(since_picture=0.1) == ()


def test_dropped_pictures_and_a_machine_that_stood_still_are_told_apart(stream: Stream) -> None:
    assert stream.tell(dropped=90, recent={"dropped": 0, "skipped": 0}) == ()
    assert stream.tell(recent={"dropped": 3, "skipped": 0}) == (DROPPED,)
    assert stream.tell(recent={"dropped": 0, "skipped": 1500}) == (STALLED,)


def test_an_output_that_does_not_keep_up_is_named_without_its_secrets(stream: Stream) -> None:
    (text,) = stream.tell(targets={"0": {"recent": 0}, "1": {"recent": 12}})

    assert text.startswith("Output 2 (srt://cdn.example:9000) does not take the whole stream")


def test_an_output_that_cannot_be_opened_says_why(stream: Stream) -> None:
    (text,) = stream.tell(closed={"0": "No such device"})

    assert text == "Output 1 (udp://239.1.1.1:5013) cannot be opened: No such device."


def test_a_relay_that_reports_nothing_is_a_problem_after_ten_seconds(stream: Stream) -> None:
    stream.tell(since_picture=0)
    stream.clock.advance(timedelta(seconds=10))
    assert stream.watch.problems() == ()
    stream.clock.advance(timedelta(seconds=1))
    assert stream.watch.problems() == (SILENT,)
    assert stream.tell(since_picture=0) == ()


@pytest.mark.parametrize(
    "text",
    [b"", b"[]", b"{", b'{"targets": 3, "closed": [1], "since_picture": "x"}', b"[" * 70_000],
)
def test_a_damaged_status_is_no_problem_of_the_stream(stream: Stream, text: bytes) -> None:
    stream.write(text)

    assert stream.watch.problems() == ()


def test_words_of_captions_that_left_are_counted_over_half_a_minute(stream: Stream) -> None:
    before = stream.watch.recent_words()
    for count in range(0, 100, 2):
        stream.tell(words=count)

    assert before is None
    assert stream.watch.recent_words() == 60


def test_a_new_relay_counts_from_zero(stream: Stream) -> None:
    stream.tell(words=500)
    stream.tell(words=520)
    stream.tell(words=4)

    assert stream.watch.recent_words() == 4


def test_words_of_a_silent_relay_are_not_known(stream: Stream) -> None:
    stream.tell(words=500)
    stream.clock.advance(timedelta(seconds=11))

    assert stream.watch.recent_words() is None
