"""The deck's contract with the bus, run against libVLC's deck and the fake."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.clips import numbered_clip
from support.resource_limits import without_free_descriptors

from config.clock import Clock, SimulatedClock, SystemClock
from config.names import CueId, HouseFormat
from media.captions.track import CaptionPacket, CaptionTrack
from playout.engine.fakes.deck import FakeDeck
from playout.engine.fakes.engine import FakeFile
from playout.engine.format.ticks import sound_before
from playout.engine.links.ring import END_FRAME, ENDED, TAIL, Ring
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.model.engine import DeckState, Shot
from playout.model.layer import Layer

HOUSE = HouseFormat.parse("320x180@30000/1001")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FRAMES = 60


@dataclass
class Bench:
    """A deck with its ring, a good file, a missing one and one that ends early."""

    deck: Any
    ring: Ring
    clock: Clock
    good: Path
    missing: Path
    short: Path
    long_sound: Path

    def until(
        self, reached: Callable[[], bool], drain: bool = False, seconds: float = 4.0
    ) -> list[int]:
        """Let time pass until a condition holds, or so many seconds have passed."""
        frames: list[int] = []
        for _ in range(round(seconds * 200)):
            self.deck.step()
            while drain and self.ring.tail < self.ring.head:
                slot = self.ring.look(self.ring.tail)
                assert slot is not None
                frames.append(slot.frame)
                self.ring.put_word(TAIL, self.ring.tail + 1)
            if reached():
                return frames
            self.clock.wait(0.005)
        return frames

    @contextmanager
    def without_descriptors(self) -> Iterator[None]:
        """Leave the deck no descriptor to open a file with."""
        if isinstance(self.deck, FakeDeck):
            self.deck.lacks = "this process has no file descriptors left"
            yield
            self.deck.lacks = ""
            return
        with without_free_descriptors():
            yield

    def state(self) -> DeckState:
        state: DeckState = self.deck.report().state
        return state


NAMES = ("good.mp4", "missing.mp4", "short.mp4", "long_sound.mp4")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files for the bench."""
    folder = tmp_path_factory.mktemp("files")
    good, _, short, long_sound = (folder / name for name in NAMES)
    numbered_clip(good, size=(320, 180), frames=FRAMES, ident=1)
    numbered_clip(short, size=(320, 180), frames=15, ident=2)
    long = {"between": 3, "sound_seconds": 7}
    numbered_clip(long_sound, size=(320, 180), frames=FRAMES, ident=3, **long)
    return folder


@pytest.fixture(params=["fake", pytest.param("vlc", marks=pytest.mark.air)])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    ring = Ring(make_ring("test", ring_shape_for(HOUSE, 2.0)))
    folder = tmp_path if request.param == "fake" else request.getfixturevalue("files")
    good, missing, short, long_sound = (folder / name for name in NAMES)
    if request.param == "fake":
        clock = SimulatedClock(NOON)
        files = {str(missing): FakeFile(fails="missing.mp4 is missing")}
        files[str(short)] = FakeFile(ends_after=0.5)
        yield Bench(FakeDeck(ring, clock, files), ring, clock, good, missing, short, long_sound)
        return
    from playout.engine.decks.deck import VlcDeck
    from playout.engine.vlc.decoder import VlcDecoder

    real = SystemClock()
    deck = VlcDeck(ring, VlcDecoder(real), real)
    yield Bench(deck, ring, real, good, missing, short, long_sound)
    deck.stop()


def shot(path: Path, offset: float = 0.0) -> Shot:
    return Shot(
        cue=CueId(path.stem),
        layer=Layer.DECK,
        at=NOON,
        until=NOON + timedelta(seconds=2),
        path=str(path),
        offset=offset,
        length=FRAMES * 1001 / 30000,
    )


def test_a_file_fills_the_ring_with_every_house_frame_once_and_in_order(bench: Bench) -> None:
    bench.deck.load(shot(bench.good))
    frames = bench.until(lambda: bench.state() is DeckState.ENDED, drain=True)
    assert frames == list(range(FRAMES))
    assert bench.ring.word(END_FRAME) == FRAMES
    assert bench.ring.word(ENDED) == 1


def test_a_deck_is_ready_before_anything_is_taken_from_it(bench: Bench) -> None:
    bench.deck.load(shot(bench.good))
    assert bench.state() is DeckState.CUEING
    bench.until(lambda: bench.state() is DeckState.READY)
    report = bench.deck.report()
    assert report.cue == "good"
    assert report.lead >= 3


def test_a_file_whose_sound_outlasts_its_picture_gives_every_picture_and_ends(
    bench: Bench,
) -> None:
    bench.deck.load(shot(bench.long_sound))
    frames = bench.until(lambda: bench.state() is DeckState.ENDED, drain=True)
    assert frames[:FRAMES] == list(range(FRAMES))
    assert bench.state() is DeckState.ENDED
    assert FRAMES <= bench.ring.word(END_FRAME) < FRAMES + 15


def test_every_slot_carries_its_sound_and_a_sample_on_either_side(bench: Bench) -> None:
    bench.deck.load(shot(bench.good))
    bench.until(lambda: bench.ring.head > 10)
    for position in range(10):
        slot = bench.ring.look(position)
        assert slot is not None
        own = sound_before(HOUSE.rate, slot.frame + 1) - sound_before(HOUSE.rate, slot.frame)
        assert slot.samples == own + 2


def test_joining_in_progress_numbers_frames_from_the_start_of_the_media(bench: Bench) -> None:
    bench.deck.load(shot(bench.good, offset=1.001))
    frames = bench.until(lambda: bench.state() is DeckState.ENDED, drain=True)
    assert frames[0] == 30
    assert abs(len(frames) - 30) <= 2


def captioned(folder: Path) -> str:
    """A track that names each frame of a file in a pair."""
    track = CaptionTrack(
        CaptionPacket(n * 1_001_000 // 30, bytes((0xFC, 0x41, 0x40 + n))) for n in range(FRAMES)
    )
    path = folder / "track.cc"
    path.write_bytes(track.to_bytes())
    return str(path)


@pytest.mark.parametrize("offset", [0.0, 1.001])
def test_every_slot_carries_the_captions_of_its_own_frame(
    bench: Bench, tmp_path: Path, offset: float
) -> None:
    bench.deck.load(replace(shot(bench.good, offset), captions=captioned(tmp_path)))
    bench.until(lambda: bench.ring.head > 20)
    slots = [slot for position in range(20) if (slot := bench.ring.look(position)) is not None]

    assert len(slots) == 20
    assert [slot.captions for slot in slots] == [
        bytes((0xFC, 0x41, 0x40 + slot.frame)) for slot in slots
    ]
    assert bench.deck.report().no_captions == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "track.cc is missing"), (b"", "empty"), (b"x" * 99, "no caption track")],
)
def test_a_file_airs_without_captions_that_cannot_be_read_and_says_why(
    bench: Bench, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    path = tmp_path / "track.cc"
    if content is not None:
        path.write_bytes(content)
    bench.deck.load(replace(shot(bench.good), captions=str(path)))
    frames = bench.until(lambda: bench.state() is DeckState.ENDED, drain=True)

    assert frames == list(range(FRAMES))
    assert reason in bench.deck.report().no_captions


def test_deck_without_descriptors_waits_then_plays(bench: Bench) -> None:
    with bench.without_descriptors():
        bench.deck.load(shot(bench.good))
        frames = bench.until(
            lambda: bench.state() is not DeckState.WAITING, drain=True, seconds=1.0
        )
        assert (frames, bench.state()) == ([], DeckState.WAITING)
        assert bench.deck.report().reason == "this process has no file descriptors left"
    frames = bench.until(lambda: bench.state() is DeckState.ENDED, drain=True)
    assert frames == list(range(FRAMES))


def test_a_missing_file_fails_with_a_reason_in_words(bench: Bench) -> None:
    bench.deck.load(shot(bench.missing))
    bench.until(lambda: bench.state() is DeckState.FAILED)
    assert "missing" in bench.deck.report().reason


def test_a_file_that_ends_much_too_early_is_a_failure(bench: Bench) -> None:
    bench.deck.load(shot(bench.short))
    bench.until(lambda: bench.state() is DeckState.FAILED, drain=True)
    assert bench.state() is DeckState.FAILED
    assert "early" in bench.deck.report().reason


def test_a_new_load_drops_the_old_one_and_carries_its_own_generation(bench: Bench) -> None:
    bench.deck.load(shot(bench.missing))
    bench.deck.load(shot(bench.good))
    bench.until(lambda: bench.ring.head > 3)
    slot = bench.ring.look(bench.ring.head - 1)
    assert slot is not None
    assert slot.generation == 2
    assert bench.deck.report().reason == ""


def test_a_full_ring_is_never_overwritten(bench: Bench) -> None:
    bench.deck.load(shot(bench.good))
    bench.until(lambda: bench.ring.room() <= 0 or bench.state() is DeckState.ENDED)
    assert bench.ring.head - bench.ring.tail <= bench.ring.shape.slots
    first = bench.ring.look(bench.ring.tail)
    assert first is not None
    assert first.frame == 0


def test_a_stopped_deck_is_idle(bench: Bench) -> None:
    bench.deck.load(shot(bench.good))
    bench.deck.stop()
    assert bench.state() is DeckState.IDLE
    assert bench.deck.report().cue is None
