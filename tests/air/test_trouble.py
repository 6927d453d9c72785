"""Trouble on air: files that are bad, processes that die or stop."""

import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.airing import HOUSE, Aired, Playing, air
from support.clips import NTSC, numbered_clip
from support.marks import read_mark
from support.onair import longest_still

from config.clock import SystemClock
from config.names import CueId, HouseFormat
from playout.engine.deck import VlcDeck
from playout.engine.ring import TAIL, Ring, planes
from playout.engine.ringfile import make_ring, shape_for
from playout.engine.vlc import VlcDecoder
from playout.engine.waist import DeckState, Layer, Shot

pytestmark = pytest.mark.air
KILLED_AT = 9.0


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return numbered_clip(tmp_path_factory.mktemp("clip") / "long.mp4", frames=360, ident=7).path


def struck(long: Path, folder: Path, name: str, number: signal.Signals) -> Aired:
    def strike(playing: Playing) -> None:
        playing.after(KILLED_AT)
        playing.strike(name, number)

    aired = air([long], folder, meanwhile=strike)
    aired.conclusive()
    return aired


def off_place(aired: Aired) -> list[int]:
    """For each numbered picture, frames it is off the place the stream's clock gives it."""
    marked = [one for one in aired.seen if one.frame is not None]
    first = marked[0]
    assert first.frame is not None
    return [
        round((one.pts - first.pts) * 30000 / 1001) - (one.frame - first.frame)
        for one in marked
        if one.frame is not None
    ]


def test_a_deck_whose_bus_is_away_for_two_seconds_loses_no_picture(tmp_path: Path) -> None:
    """libVLC, blocked for so long, threw pictures away to hurry up: all later ones were off."""
    clip = numbered_clip(tmp_path / "five_seconds.mp4", frames=150, ident=3)
    house, now = HouseFormat.parse(HOUSE), datetime.now(UTC)
    ring, clock = Ring(make_ring("test", shape_for(house, 0.4))), SystemClock()
    deck = VlcDeck(ring, VlcDecoder(clock), clock)
    length = float(clip.frames / NTSC)
    until = now + timedelta(seconds=length)
    deck.load(Shot(CueId("a"), Layer.DECK, now, until, str(clip.path), length=length))
    shown, back = [], time.monotonic() + 2.5
    while deck.report().state not in (DeckState.ENDED, DeckState.FAILED) or ring.room() < 12:
        deck.step()
        while time.monotonic() > back and ring.tail < ring.head:
            slot = ring.look(ring.tail)
            assert slot is not None
            mark = read_mark(planes(slot.picture, house.width, house.height)[0])
            shown.append((slot.frame, mark.frame if mark is not None else None))
            ring.put_word(TAIL, ring.tail + 1)
        time.sleep(0.005)
    deck.stop()
    assert shown == [(number, number) for number in range(clip.frames)]


def test_bad_files_are_covered_and_the_next_one_is_on_time(long: Path, tmp_path: Path) -> None:
    good = numbered_clip(tmp_path / "good.mp4", frames=60, ident=9).path
    empty, text, cut = (tmp_path / name for name in ("empty.mp4", "text.mp4", "cut.mp4"))
    empty.write_bytes(b"")
    text.write_text("not a film " * 500)
    cut.write_bytes(long.read_bytes()[:40_000])
    files = [good, tmp_path / "missing.mp4", empty, good, text, cut, good]
    aired = air(files, tmp_path, "--each", "2.002")
    aired.conclusive()
    assert aired.code == 1
    wanted = ["aired", "missed", "missed", "aired", "missed", "missed", "aired"]
    assert [line["outcome"] for line in aired.lines] == wanted
    assert "missing" in aired.lines[1]["reason"]
    assert "empty" in aired.lines[2]["reason"]
    assert [run.frames for run in aired.runs] == [list(range(60))] * 3
    assert not [one for one in aired.seen if one.black]
    assert longest_still(aired.seen) <= 0.5


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_dead_deck_on_air_is_replaced_in_place(
    long: Path, tmp_path: Path, number: signal.Signals
) -> None:
    aired = struck(long, tmp_path, "deck", number)
    assert longest_still(aired.seen) <= 0.5
    off = off_place(aired)
    assert abs(off[-1]) <= 3
    assert aired.runs[-1].frames[-1] >= 355
    assert not [one for one in aired.seen if one.black]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_deck_that_is_not_on_air_dies_unseen(
    long: Path, tmp_path: Path, number: signal.Signals
) -> None:
    aired = struck(long, tmp_path, "deck 2", number)
    assert [run.frames for run in aired.runs] == [list(range(360))]
    assert aired.code == 0


@pytest.mark.soak
@pytest.mark.parametrize(("number", "gone"), [(signal.SIGKILL, 1.5), (signal.SIGSTOP, 2.5)])
def test_a_dead_bus_comes_back_to_its_place_and_the_stream_keeps_its_clock(
    long: Path, tmp_path: Path, number: signal.Signals, gone: float
) -> None:
    aired = struck(long, tmp_path, "bus", number)
    assert aired.transport.continuity_errors == []
    assert aired.transport.pcr_gaps(0.1) == []
    assert off_place(aired)[-1] == 0
    lost = 360 - len({one.frame for one in aired.seen if one.frame is not None})
    assert 0 < lost < gone * 30
    assert longest_still(aired.seen) <= 0.55


@pytest.mark.soak
def test_a_dead_output_sends_again_within_three_seconds(long: Path, tmp_path: Path) -> None:
    aired = struck(long, tmp_path, "output", signal.SIGKILL)
    arrivals = [one.arrived for one in aired.seen if one.arrived is not None]
    gaps = [b - a for a, b in zip(arrivals, arrivals[1:], strict=False)]
    assert max(gaps) < 3.0
    assert aired.lines[0]["frames"] == 360
