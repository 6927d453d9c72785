"""libVLC through a deck: every picture of every kind of file, including the first and the last."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np
import pytest
from support.clips import DOUBLE_NTSC, NTSC, Sound
from support.deck_pool import DEFAULT_FORMAT, DeckPool, PlayedClip, PlayRequest

from playout.model.engine import DeckState

pytestmark = pytest.mark.air
FRAMES = 45
LATER = 7.0
"""The second at which sound is measured again, after the first."""
KEPT = [n for n in range(120) if n not in (40, 70, 71, 72)]
"""Numbers of the pictures in a file that lacks some."""
DARK = [*range(5), *range(25, 30)]
"""Black pictures at the beginning and the end of a file."""


def some(names: Iterable[str], *always: str) -> list[Any]:
    """Return all cases; those that are not `always` run take their turn in the soak."""
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
    "double.mp4": {"rate": DOUBLE_NTSC},
    "european.mov": {"rate": Fraction(25)},
}
HOUSES = {"double.mp4": "640x360@60000/1001", "european.mov": "640x360@25"}
"""Of files that are not at the usual rate."""
JOINED: dict[str, dict[str, Any]] = {
    "h264.mp4": {},
    "hevc.mp4": {"codec": "libx265"},
    "h264.ts": {"between": 3},
    "mpeg2.ts": {"codec": "mpeg2video", "between": 2, "audio": Sound("mp2")},
    "woven.mpg": KINDS["woven.ts"] | {"between": 2},
}


Test = TypeVar("Test", bound=Callable[..., None])
WANTED: dict[str, Callable[[str], PlayRequest]] = {}
"""The clip that a deck plays for each test of this module, by the test's parameter if it has
one."""


def brings(wanted: Callable[[str], PlayRequest]) -> Callable[[Test], Test]:
    """Register what a deck is to play for a test, so that two can run side by side."""

    def keep(test: Test) -> Test:
        WANTED[test.__name__] = wanted
        return test

    return keep


def key_of(item: pytest.Item) -> tuple[str, str]:
    """Return the name of a test of this module with its parameter."""
    name, _, rest = item.name.partition("[")
    return name, rest.rstrip("]")


@pytest.fixture(scope="module")
def coming(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[tuple[str, str], "Future[PlayedClip]"]]:
    """Play the registered files on two decks side by side, in the order of the tests."""
    mine = [key_of(item) for item in request.session.items if item.path == request.path]
    with DeckPool(tmp_path_factory.mktemp("brought")) as decks:
        yield {(test, name): decks.play(WANTED[test](name)) for test, name in mine}


@pytest.fixture
def brought(
    request: pytest.FixtureRequest, coming: dict[tuple[str, str], "Future[PlayedClip]"]
) -> PlayedClip:
    """Return what a deck played for this test."""
    return coming[key_of(request.node)].result()


@brings(
    lambda name: PlayRequest(
        name, KINDS[name] | {"frames": FRAMES, "ident": 4}, HOUSES.get(name, DEFAULT_FORMAT)
    )
)
@pytest.mark.parametrize("name", KINDS)
def test_a_deck_brings_every_picture_and_sound_in_place(brought: PlayedClip, name: str) -> None:
    clip = brought.clip
    assert clip.path.name == name
    assert (brought.state, brought.reason) == (DeckState.ENDED, "")
    assert brought.frames[:FRAMES] == list(range(FRAMES))
    assert set(brought.frames[FRAMES:]) <= {FRAMES - 1}
    assert len(brought.frames) <= FRAMES + 3
    assert brought.repeated == []
    if clip.has_sound and clip.seconds > Fraction(11, 10):
        assert abs(burst_at(brought, 1.0)) < 0.005


def burst_at(brought: PlayedClip, second: float) -> float:
    """Return the seconds by which the burst of this second is heard late."""
    sound = np.abs(np.concatenate(brought.sound).astype(np.float32))
    begin = round((second - 0.2) * 48_000)
    loud = np.flatnonzero(sound[begin:] > 6000)
    return float((begin + loud[0]) / 48_000 - second)


@brings(
    lambda _: PlayRequest(
        "cd.mov",
        {
            "size": (320, 180),
            "frames": round((LATER + 0.34) * 30),
            "ident": 4,
            "audio": Sound("pcm_s16le", rate=44100),
        },
        "64x36@30000/1001",
    )
)
def test_sound_at_a_disc_s_rate_keeps_up_with_its_pictures(brought: PlayedClip) -> None:
    """libVLC's default resampler made it half a millisecond a second too short."""
    assert abs(burst_at(brought, LATER) - burst_at(brought, 1.0)) < 0.001


@brings(
    lambda name: PlayRequest(name, {"numbers": KEPT, "times": [n / NTSC for n in KEPT], "ident": 4})
)
@pytest.mark.parametrize("name", some(["a.mp4", "a.ts"], "a.mp4"))
def test_a_picture_missing_in_a_file_is_held_over_and_the_next_is_in_place(
    brought: PlayedClip, name: str
) -> None:
    assert brought.clip.path.name == name
    expected: list[int | None] = list(range(120))
    expected[40], expected[70:73] = 39, [69, 69, 69]
    assert brought.frames[:120] == expected
    assert brought.repeated == [40, 70, 71, 72]


@brings(lambda _: PlayRequest("a.mp4", {"rate": Fraction(10), "frames": 30, "dark": range(2, 28)}))
def test_pictures_far_apart_and_all_alike_keep_their_time(brought: PlayedClip) -> None:
    """They once counted as one picture that libVLC repeats when no other comes."""
    first = [brought.frames.index(number) for number in (0, 1, 28, 29)]
    assert first == [0, 3, 84, 87]
    assert brought.repeated == []


@brings(lambda _: PlayRequest("a.mp4", {"frames": 30, "ident": 4, "dark": DARK, "audio": None}))
def test_a_file_that_ends_in_black_keeps_its_length(brought: PlayedClip) -> None:
    assert brought.frames[5:25] == list(range(5, 25))
    assert len(brought.frames) in (30, 31)


@brings(
    lambda name: PlayRequest(
        name, JOINED[name] | {"frames": 180, "ident": 4}, offset=3.2032, filed=True
    )
)
@pytest.mark.parametrize("name", some(JOINED, "mpeg2.ts", "h264.mp4"))
def test_a_file_joined_in_progress_is_within_three_pictures_of_its_place(
    brought: PlayedClip, name: str
) -> None:
    """The file is as ingest stores it: streams are rewrapped, since libVLC joins them half a second
    off.
    """
    assert brought.clip.path.name == name
    assert None not in brought.frames[:80]
    off = [frame - 96 - place for place, frame in enumerate(brought.frames[:80]) if frame]
    assert max(map(abs, off)) <= 3
    assert brought.repeated == []
    assert abs(burst_at(brought, 0.7968) + off[0] * 1001 / 30000) < 0.04
