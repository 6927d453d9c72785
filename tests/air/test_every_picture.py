"""libVLC through a deck: every picture of every kind of file, the first and the last among them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.clips import DOUBLE_NTSC, NTSC, Sound, numbered_clip
from support.marks import read_mark

from config.clock import SystemClock
from config.names import CueId, HouseFormat
from media.ingest import ingest
from media.probe import ConfinedProber
from media.store import MediaStore
from playout.engine.deck import VlcDeck
from playout.engine.ring import REPEATED, TAIL, Ring, planes
from playout.engine.ringfile import make_ring, shape_for
from playout.engine.vlc import VlcDecoder
from playout.engine.waist import DeckState, Layer, Shot

pytestmark = pytest.mark.air
FRAMES = 45
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def some(names: Iterable[str], *always: str) -> list[Any]:
    """All of them; those that are not `always` tried take their turn in the soak."""
    soak = pytest.mark.soak
    return [name if name in always else pytest.param(name, marks=soak) for name in names]


KINDS: dict[str, dict[str, Any]] = {
    "h264.mp4": {},
    "h264.ts": {},
    "h264.mkv": {},
    "hevc.mp4": {"codec": "libx265"},
    "mpeg2.ts": {"codec": "mpeg2video"},
    "mpeg2.mpg": {"codec": "mpeg2video", "audio": Sound("mp2")},
    "mpeg2_sound.ts": {"codec": "mpeg2video", "audio": Sound("mp2")},
    "silent.mp4": {"audio": None},
    "woven.ts": {
        "codec": "mpeg2video",
        "size": (720, 480),
        "interlaced": True,
        "sar": Fraction(8, 9),
        "audio": Sound("mp2"),
    },
    "cd.mp4": {"audio": Sound(rate=44100)},
    "double.mp4": {"rate": DOUBLE_NTSC, "house": "640x360@60000/1001"},
    "european.mov": {"rate": Fraction(25), "house": "640x360@25"},
}


@dataclass
class Brought:
    """What a deck put into its ring."""

    frames: list[int | None] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    """Places of slots that say their own picture never came."""
    sound: list[np.ndarray] = field(default_factory=list)
    state: DeckState = DeckState.IDLE
    reason: str = ""


@pytest.fixture(scope="module")
def decoder() -> Iterator[VlcDecoder]:
    yield VlcDecoder(SystemClock())


def bring(
    decoder: VlcDecoder, path: Path, house: HouseFormat, length: float, offset: float = 0.0
) -> Brought:
    clock, ring = SystemClock(), Ring(make_ring("test", shape_for(house, 2.0)))
    deck, brought = VlcDeck(ring, decoder, clock), Brought()
    until = NOON + timedelta(seconds=9)
    shot = Shot(CueId("x"), Layer.DECK, NOON, until, path=str(path), offset=offset, length=length)
    deck.load(shot)
    for _ in range(round(length * 200) + 1300):
        deck.step()
        while ring.tail < ring.head:
            slot = ring.look(ring.tail)
            assert slot is not None
            mark = read_mark(planes(slot.picture, house.width, house.height)[0])
            brought.frames.append(mark.frame if mark else None)
            if slot.flags & REPEATED:
                brought.repeated.append(len(brought.frames) - 1)
            brought.sound.append(slot.sound[1 : slot.samples - 1, 0].copy())
            ring.put_word(TAIL, ring.tail + 1)
        brought.state, brought.reason = deck.report().state, deck.report().reason
        if brought.state in (DeckState.ENDED, DeckState.FAILED):
            break
        clock.wait(0.005)
    deck.stop()
    return brought


@pytest.mark.parametrize("name", KINDS)
def test_a_deck_brings_every_picture_and_sound_in_place(
    decoder: VlcDecoder, tmp_path: Path, name: str
) -> None:
    recipe = dict(KINDS[name])
    house = HouseFormat.parse(recipe.pop("house", "640x360@30000/1001"))
    clip = numbered_clip(tmp_path / name, frames=FRAMES, ident=4, **recipe)
    brought = bring(decoder, clip.path, house, float(clip.seconds))
    assert (brought.state, brought.reason) == (DeckState.ENDED, "")
    assert brought.frames[:FRAMES] == list(range(FRAMES))
    assert set(brought.frames[FRAMES:]) <= {FRAMES - 1}
    assert len(brought.frames) <= FRAMES + 3
    assert brought.repeated == []
    if clip.has_sound and clip.seconds > Fraction(11, 10):
        assert abs(burst_at(brought, 1.0)) < 0.005


def burst_at(brought: Brought, second: float) -> float:
    """Seconds by which the burst that belongs at this second of what was brought comes after it."""
    sound = np.abs(np.concatenate(brought.sound).astype(np.float32))
    begin = round((second - 0.2) * 48_000)
    loud = np.flatnonzero(sound[begin:] > 6000)
    return float((begin + loud[0]) / 48_000 - second)


def test_sound_at_a_disc_s_rate_keeps_up_with_its_pictures(
    decoder: VlcDecoder, tmp_path: Path
) -> None:
    """libVLC's other resampler made it half a millisecond a second too short."""
    house, sound = HouseFormat.parse("64x36@30000/1001"), Sound("pcm_s16le", rate=44100)
    clip = numbered_clip(tmp_path / "cd.mov", size=(320, 180), frames=340, ident=4, audio=sound)
    brought = bring(decoder, clip.path, house, float(clip.seconds))
    assert abs(burst_at(brought, 11.0) - burst_at(brought, 1.0)) < 0.001


@pytest.mark.parametrize("name", some(["a.mp4", "a.ts"], "a.mp4"))
def test_a_picture_missing_in_a_file_is_held_over_and_the_next_is_in_place(
    decoder: VlcDecoder, tmp_path: Path, name: str
) -> None:
    house = HouseFormat.parse("640x360@30000/1001")
    kept = [n for n in range(120) if n not in (40, 70, 71, 72)]
    times = [n / NTSC for n in kept]
    clip = numbered_clip(tmp_path / name, numbers=kept, times=times, ident=4)
    brought = bring(decoder, clip.path, house, float(clip.seconds))
    wanted: list[int | None] = list(range(120))
    wanted[40], wanted[70:73] = 39, [69, 69, 69]
    assert brought.frames[:120] == wanted
    assert brought.repeated == [40, 70, 71, 72]


def test_pictures_far_apart_and_all_alike_keep_their_time(
    decoder: VlcDecoder, tmp_path: Path
) -> None:
    """They were taken for one picture that libVLC shows again when no other comes."""
    house = HouseFormat.parse("640x360@30000/1001")
    clip = numbered_clip(tmp_path / "a.mp4", rate=Fraction(10), frames=30, dark=range(2, 28))
    brought = bring(decoder, clip.path, house, float(clip.seconds))
    first = [brought.frames.index(number) for number in (0, 1, 28, 29)]
    assert first == [0, 3, 84, 87]
    assert brought.repeated == []


def test_a_file_that_ends_in_black_keeps_its_length(decoder: VlcDecoder, tmp_path: Path) -> None:
    house = HouseFormat.parse("640x360@30000/1001")
    dark = [*range(5), *range(25, 30)]
    clip = numbered_clip(tmp_path / "a.mp4", frames=30, ident=4, dark=dark, audio=None)
    brought = bring(decoder, clip.path, house, float(clip.seconds))
    assert brought.frames[5:25] == list(range(5, 25))
    assert len(brought.frames) in (30, 31)


JOINED: dict[str, dict[str, Any]] = {
    "h264.mp4": {},
    "hevc.mp4": {"codec": "libx265"},
    "h264.ts": {"between": 3},
    "mpeg2.ts": {"codec": "mpeg2video", "between": 2, "audio": Sound("mp2")},
    "woven.mpg": KINDS["woven.ts"] | {"between": 2},
}


@pytest.mark.parametrize("name", some(JOINED, "mpeg2.ts", "h264.mp4"))
def test_a_file_joined_in_progress_is_within_three_pictures_of_its_place(
    decoder: VlcDecoder, tmp_path: Path, name: str
) -> None:
    """As ingest files it: streams are rewrapped, since libVLC joins them half a second off."""
    house = HouseFormat.parse("640x360@30000/1001")
    clip = numbered_clip(tmp_path / name, frames=180, ident=4, **JOINED[name])
    store, length = MediaStore(tmp_path / "store"), float(clip.seconds)
    facts = ingest(clip.path, name, store, ConfinedProber()).on_air
    brought = bring(decoder, store.path(facts.key, facts.suffix), house, length, offset=3.2032)
    assert None not in brought.frames[:80]
    off = [frame - 96 - place for place, frame in enumerate(brought.frames[:80]) if frame]
    assert max(map(abs, off)) <= 3
    assert brought.repeated == []
    assert abs(burst_at(brought, 0.7968) + off[0] * 1001 / 30000) < 0.04
