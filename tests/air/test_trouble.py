"""Trouble on air: bad files, and processes that die or stop."""

import signal
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from soak.strikes import Harm, Schedule, Strike, judge, read
from support.capture_analysis import longest_still
from support.captured_airing import HOUSE_FORMAT, REAL_STALL_NS, CapturedAiring, RunningPlay, air
from support.clips import NTSC, numbered_clip
from support.marks import read_mark
from support.stalls import is_excused

from config.clock import SystemClock
from config.names import CueId, HouseFormat
from playout.engine.decks.deck import VlcDeck
from playout.engine.links.ring import TAIL, Ring, planes
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.engine.vlc.decoder import VlcDecoder
from playout.model.engine import DeckState, Shot
from playout.model.layer import Layer

pytestmark = pytest.mark.air
KILL, STOP = signal.SIGKILL, signal.SIGSTOP
IDENT, FRAMES = 7, 1650
STRIKES = {
    ("deck idle", KILL): 5.0,
    ("deck idle", STOP): 6.0,
    ("deck on air", KILL): 6.0,
    ("deck on air", STOP): 6.0,
    ("bus", KILL): 6.0,
    ("bus", STOP): 6.0,
    ("output", STOP): 6.0,
    ("output", KILL): 6.0,
}
"""The strikes of one airing, one after the other, and how many seconds each is watched. A stopped
process is killed within half a second. After a strike at the output the stream has another clock,
so these come last."""
BEGIN = 6.0
"""Seconds from the announcement of the start to the first strike."""


@dataclass
class Battered:
    """An airing whose processes were killed or stopped one after the other."""

    aired: CapturedAiring
    harms: dict[tuple[str, signal.Signals], Harm]

    def excuses(self, harm: Harm) -> bool:
        """Return whether the machine itself stalled while this strike was watched."""
        shift = time.monotonic() - time.time()
        begin = harm.strike.at + shift - 2.5
        end = begin + 2.5 + STRIKES[harm.strike.name, signal.Signals[harm.strike.signal]]
        long = [stall for stall in self.aired.stalls if stall.end - stall.begin > REAL_STALL_NS]
        return is_excused(round(begin * 1e9), round(end * 1e9), long)


@pytest.fixture(scope="module")
def battered(tmp_path_factory: pytest.TempPathFactory) -> Battered:
    folder, strikes = tmp_path_factory.mktemp("battered"), []
    clip = numbered_clip(folder / "long.mp4", frames=FRAMES, ident=IDENT)

    def strike(playing: RunningPlay) -> None:
        after = BEGIN
        for (name, number), watched in STRIKES.items():
            playing.after(after)
            playing.strike(name, number)
            strikes.append(Strike(len(strikes), name, number.name, time.time()))
            after += watched

    aired = air([clip.path], folder, meanwhile=strike)
    aired.conclusive()
    begin = datetime.fromisoformat(aired.lines[0]["planned_start"])
    schedule, received = Schedule(begin, FRAMES, (IDENT,)), read(aired.path)
    harms = {}
    ends = [*(one.at for one in strikes[1:]), strikes[-1].at + STRIKES["output", KILL]]
    for one, kind, end in zip(strikes, STRIKES, ends, strict=True):
        harms[kind] = judge(one, received.window(one.at - 0.5, end - 0.6), schedule)
        print(harms[kind])
    return Battered(aired, harms)


@pytest.mark.parametrize(("name", "number"), STRIKES)
def test_killed_or_stopped_process_does_no_more_harm_than_promised(
    battered: Battered, name: str, number: signal.Signals
) -> None:
    """Deck idle: nothing is seen. Deck on air: the picture is held half a second at most, then
    continues in place. Bus: the stream keeps its clock, and the right picture is in place after
    about a second. Output: it sends again within three seconds. Never black.
    """
    harm = battered.harms[name, number]
    assert not harm.amiss or battered.excuses(harm)


def test_a_deck_whose_bus_is_away_for_two_seconds_loses_no_picture(tmp_path: Path) -> None:
    """libVLC, blocked for that long, used to drop pictures to hurry up: all later ones were off."""
    clip = numbered_clip(tmp_path / "five_seconds.mp4", frames=150, ident=3)
    house, now = HouseFormat.parse(HOUSE_FORMAT), datetime.now(UTC)
    ring, clock = Ring(make_ring("test", ring_shape_for(house, 0.4))), SystemClock()
    deck = VlcDeck(ring, VlcDecoder(clock), clock)
    length = float(clip.frames / NTSC)
    until = now + timedelta(seconds=length)
    deck.load(Shot(CueId("a"), Layer.DECK, now, until, path=str(clip.path), length=length))
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


TURN = 45
"""Pictures of a good file beside bad ones, and ticks that each of them is given."""


def test_bad_files_are_covered_and_the_next_one_is_on_time(tmp_path: Path) -> None:
    good = numbered_clip(tmp_path / "good.mp4", frames=TURN, ident=9).path
    empty, text, cut = (tmp_path / name for name in ("empty.mp4", "text.mp4", "cut.mp4"))
    empty.write_bytes(b"")
    text.write_text("not a film " * 500)
    cut.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    gone = numbered_clip(tmp_path / "gone.mp4", frames=TURN, ident=8).path
    changed = numbered_clip(tmp_path / "changed.mp4", frames=TURN, ident=8).path

    def take_away(playing: RunningPlay) -> None:
        playing.after(0.0)
        gone.unlink()
        changed.write_bytes(text.read_bytes())

    files = [good, gone, empty, good, text, cut, changed, good, tmp_path / "missing.mp4"]
    aired = air(files, tmp_path, "--each", str(float(TURN / NTSC)), meanwhile=take_away)
    aired.conclusive()
    assert aired.code == 1
    outcomes = [
        "aired",
        "missed",
        "missed",
        "aired",
        "missed",
        "missed",
        "missed",
        "aired",
        "missed",
    ]
    assert [line["outcome"] for line in aired.lines] == outcomes
    assert "gone.mp4 is missing" in aired.lines[1]["reason"]
    assert "empty" in aired.lines[2]["reason"]
    assert "not there" in aired.lines[8]["reason"]
    assert [run.frames for run in aired.runs] == [list(range(TURN))] * 3
    assert not [one for one in aired.seen if one.black]
    assert longest_still(aired.seen) <= 0.5


EACH, AHEAD = 5.0, 16.0
"""Seconds that each file gets, and that the first is announced ahead."""


@pytest.fixture(scope="module")
def replaced(tmp_path_factory: pytest.TempPathFactory) -> tuple[CapturedAiring, datetime]:
    """Air one after the other: a film renamed over while it plays, one overwritten in place, a
    stream named as an MP4, one cut off behind its index, a short one, and a good one.
    """
    folder = tmp_path_factory.mktemp("replaced")
    names = ("renamed", "written", "wrong", "cut", "short", "good")
    paths = [folder / f"{name}.mp4" for name in names]
    for ident, path in enumerate(paths, 1):
        numbered_clip(
            path, frames=60 if path.stem == "short" else 151, ident=ident, bit_rate=6_000_000,
            faststart=True, container="mpegts" if path.stem == "wrong" else None,
        )  # fmt: skip
    whole = paths[3].read_bytes()
    paths[3].write_bytes(whole[: len(whole) * 7 // 10])
    junk = folder / "junk.mp4"
    junk.write_text("not a film " * 500)
    begin = datetime.now(UTC) + timedelta(seconds=AHEAD)

    def replace(playing: RunningPlay) -> None:
        del playing
        time.sleep(max(0.0, begin.timestamp() + 2 - time.time()))
        junk.replace(paths[0])
        time.sleep(max(0.0, begin.timestamp() + EACH + 1.5 - time.time()))
        paths[1].write_text("not a film " * 500)

    aired = air(paths, folder, "--each", str(EACH), "--start", begin.isoformat(), meanwhile=replace)
    aired.conclusive()
    return aired, begin


@pytest.mark.soak
def test_files_start_at_the_instant_asked_for_and_each_on_its_tick(
    replaced: tuple[CapturedAiring, datetime],
) -> None:
    aired, begin = replaced
    for number, line in enumerate(aired.lines):
        planned = datetime.fromisoformat(line["planned_start"])
        late = planned - begin - timedelta(seconds=EACH * number)
        assert timedelta(0) <= late < timedelta(seconds=float(1 / NTSC))
        assert line["first_tick"] in (line["planned_tick"], None)


@pytest.mark.soak
def test_a_file_renamed_over_while_it_plays_airs_on_and_one_overwritten_is_covered(
    replaced: tuple[CapturedAiring, datetime],
) -> None:
    aired, _ = replaced
    renamed, written, *_ = aired.lines
    assert (renamed["outcome"], renamed["held"], renamed["dropped"]) == ("aired", 0, 0)
    assert written["outcome"] in ("cut short", "disturbed")
    assert 30 < written["frames"] < written["planned_frames"]


@pytest.mark.soak
def test_misnamed_truncated_and_short_files_are_reported_truthfully(
    replaced: tuple[CapturedAiring, datetime],
) -> None:
    aired, _ = replaced
    wrong, cut, short, good = aired.lines[2:]
    assert wrong["outcome"] in ("aired", "missed") and (wrong["outcome"] == "aired") is not bool(
        wrong["reason"]
    )
    assert cut["outcome"] in ("cut short", "missed") and cut["reason"]
    assert (short["outcome"], short["frames"]) == ("aired", 60)
    assert (good["outcome"], good["first_tick"]) == ("aired", good["planned_tick"])
    runs = {run.ident: run.frames for run in aired.runs}
    assert runs[5] == list(range(60))
    assert runs[6] == list(range(len(runs[6]))) and len(runs[6]) >= 149
    assert aired.code == 1


@pytest.mark.soak
def test_whatever_happened_to_files_nothing_was_black_or_frozen_half_a_second(
    replaced: tuple[CapturedAiring, datetime],
) -> None:
    aired, _ = replaced
    assert not [one for one in aired.seen if one.black]
    assert longest_still(aired.seen) <= 0.5
