"""A deck whose machine lacks something to open a file with: the file is not blamed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.resource_limits import without_free_descriptors

from config.clock import SimulatedClock
from config.names import CueId, HouseFormat
from playout.engine.decks.deck import RETRY_EVERY, VlcDeck
from playout.engine.format.framing import PictureBox
from playout.engine.links.ring import Ring
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.engine.vlc.decoder import Sink
from playout.engine.vlc.file_options import family_of
from playout.engine.vlc.instance import VlcError
from playout.engine.vlc.tracks import FileTracks
from playout.model.engine import DeckState, Shot
from playout.model.layer import Layer

HOUSE = HouseFormat.parse("64x36@25")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RIFF = b"RIFF\0\0\0\0WAVE" + bytes(64)


class Opens:
    """A decoder that opens files, and fails, as libVLC's does."""

    ended = failed = draining = False

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.plays = 0

    def open(self, path: str, still: bool) -> FileTracks:
        if self.error is not None:
            raise self.error
        if family_of(path) is None:
            raise VlcError(f"{path} is not a kind of file Gavel can read")
        return FileTracks(width=64, height=36, rate=HOUSE.rate, has_picture=True)

    def play(
        self, sink: Sink, box: PictureBox, start: float, interlaced: bool, stop: float | None = None
    ) -> None:
        self.plays += 1

    def drain(self) -> None: ...

    def close(self) -> None: ...


class Bench:
    """A deck, its decoder and a good file."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "a.wav"
        self.path.write_bytes(RIFF)
        self.clock, self.decoder = SimulatedClock(NOON), Opens()
        self.deck = VlcDeck(
            Ring(make_ring("a", ring_shape_for(HOUSE, 2.0))), self.decoder, self.clock
        )

    def load(self) -> None:
        end = NOON + timedelta(seconds=9)
        self.deck.load(Shot(CueId("a"), Layer.DECK, NOON, end, path=str(self.path), offset=1.0))

    def wait(self) -> None:
        self.clock.advance(timedelta(seconds=RETRY_EVERY + 0.1))
        self.deck.step()

    def state(self) -> tuple[DeckState, str]:
        report = self.deck.report()
        return report.state, report.reason


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_without_descriptors_a_deck_waits_and_opens_the_file_when_there_are_some(
    bench: Bench,
) -> None:
    with without_free_descriptors():
        bench.load()
        assert bench.state() == (
            DeckState.WAITING,
            "this process has no file descriptors left",
        )
        bench.wait()
        assert bench.state()[0] is DeckState.WAITING
    assert bench.decoder.plays == 0
    bench.wait()
    assert bench.state() == (DeckState.CUEING, "")
    assert bench.decoder.plays == 1


def test_unexplained_failure_is_not_blamed_on_the_file_without_descriptors(
    bench: Bench,
) -> None:
    bench.load()
    bench.decoder.failed = True
    with without_free_descriptors():
        bench.deck.step()
        assert bench.state()[0] is DeckState.WAITING
    bench.decoder.failed = False
    bench.wait()
    assert bench.state() == (DeckState.CUEING, "")


def test_bad_file_is_still_reported_as_bad(bench: Bench) -> None:
    bench.load()
    bench.decoder.failed = True
    bench.deck.step()
    assert bench.state() == (DeckState.FAILED, "libVLC cannot play it")


def test_without_memory_a_deck_waits_and_does_not_die(bench: Bench) -> None:
    """A death would count against the file, and four deaths give it up."""
    bench.decoder.error = MemoryError()
    bench.load()
    assert bench.state() == (DeckState.WAITING, "this machine has no memory left")
    bench.decoder.error = None
    bench.wait()
    assert bench.state()[0] is DeckState.CUEING


def test_stopped_deck_waits_for_nothing(bench: Bench) -> None:
    with without_free_descriptors():
        bench.load()
    bench.deck.stop()
    bench.wait()
    assert bench.state() == (DeckState.IDLE, "")
    assert bench.decoder.plays == 0
