"""A meeting during which the sending machine loses its power: the other one goes on with it, with
its recess, its overrun and its recording, and the record of what aired is one.

Server and both machines are network namespaces with stores of their own, and both machines receive
the meeting by multicast. Judged from a capture of what both sent, from the server's as-run, and
from the recording that came home.
"""

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from bench.figures import Figure
from soak.notes import alone, note
from soak.strikes import FRAME, follows
from soak.takeover_judge import Change, changes, hole_at, sent_together
from support.apart import SOURCE_PORT, inside, sleep_until
from support.as_run import as_run_between
from support.capture import CapturedPicture, read_ts
from support.clips import numbered_clip
from support.live_encoder import EncoderProcess
from support.multicast_capture import Datagram, read_capture
from support.pair_apart import HALL_GROUP, ServerAndPair
from support.stalls import Canary, Stall
from support.station import wait_for
from support.two_hosts import CHANNEL, may_make_namespaces

from config.names import ChannelId
from playout.model.commands import Verb
from playout.model.plan import Outcome
from playout.model.wire import AsRun
from scheduler.domain.model.asset import Asset
from scheduler.queries import library

pytestmark = pytest.mark.soak
SLATE = None
SLOT, LIVE = 20, 7
"""Seconds of each film on air, and the ident of the meeting; films are 1 and 2."""
MEETING, PLANNED_END, ADJOURNED, END = 60, 160, 190, 260
"""Seconds after the first film."""
PRESSES = {
    80: Verb.RECESS,
    95: Verb.RESUME,
    140: Verb.RECESS,
    150: Verb.RESUME,
    ADJOURNED: Verb.ADJOURN,
}
POWER_OFF, POWER_ON, MOVE = 115, 125, 225
"""`a` sends until its power goes, and comes back as the standby; then staff move the channel."""
WITHIN = 2.0
"""Most seconds without a picture."""
RECORDED_ON = 300
"""Seconds for which a machine goes on recording after a meeting's end."""
ROUND_A_PRESS = 4.0
"""Seconds after a press within which its cut to or from the slate must lie."""


@dataclass
class Story:
    """What is known after the run."""

    begin: datetime
    capture: Path
    stalls: list[Stall] = field(default_factory=list)
    shift: float = 0.0


def plan_evening(scene: ServerAndPair, folder: Path) -> datetime:
    """Plan films, the meeting and films after it; return when they begin."""
    films = [
        scene.add_film(
            numbered_clip(folder / f"{ident}.mp4", frames=SLOT * 30 + 30, ident=ident).path,
            f"Film {ident}",
        )
        for ident in (1, 2)
    ]
    begin = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=60)
    for place, at in enumerate([*range(0, MEETING, SLOT), *range(PLANNED_END, END, SLOT)]):
        start, each = begin + timedelta(seconds=at), timedelta(seconds=SLOT)
        scene.plan("a", f"Film at {at}", start, each, asset=films[place % 2])
    start, long = begin + timedelta(seconds=MEETING), timedelta(seconds=PLANNED_END - MEETING)
    scene.plan("a", "Council", start, long, source=scene.hall, record=True)
    return begin


def tell(scene: ServerAndPair, folder: Path) -> Story:
    """Run the whole story."""
    clip = numbered_clip(
        folder / "meeting.ts", frames=(ADJOURNED - MEETING + 30) * 30, ident=LIVE, key_every=30
    )
    story = Story(plan_evening(scene, folder), folder / "capture.bin")
    steps = dict.fromkeys(PRESSES, "press") | {
        MEETING - 6: "encoder", POWER_OFF: "off", POWER_ON: "on", MOVE: "move",
    }  # fmt: skip
    with ExitStack() as open_:
        canary = open_.enter_context(Canary(folder / "stalls", realtime=True))
        scene.capture(story.capture)
        scene.wait_for_pair("a", 55)
        for at, step in sorted(steps.items()):
            sleep_until(story.begin + timedelta(seconds=at))
            if step == "encoder":
                to = f"udp://{HALL_GROUP}:{SOURCE_PORT}"
                open_.enter_context(EncoderProcess(clip.path, to, inside=inside("n")))
            elif step == "off":
                scene.power_off("a")
            elif step == "on":
                scene.start("a")
            elif step == "move":
                scene.wait_for_pair("b", 5)
                scene.press(Verb.MOVE, to="a")
            else:
                scene.press(PRESSES[at])
        sleep_until(story.begin + timedelta(seconds=END - 2))
        story.stalls, story.shift = canary.stalls(), time.monotonic() - time.time()
    return story


def is_cut(one: CapturedPicture, other: CapturedPicture) -> bool:
    """Return whether something else begins on the next tick, or the slate goes on."""
    on_time = abs(other.pts - one.pts - FRAME) <= 0.005
    return on_time and (one.ident != other.ident or one.ident is None)


def in_order(pictures: list[CapturedPicture]) -> list[int | None]:
    """Return what was seen, one after the other, from the meeting on: idents, None for the slate.
    Films after it count once.
    """
    seen = [one for one, _ in groupby(one.ident for one in pictures)]
    seen = seen[seen.index(LIVE) :]
    last = len(seen) - seen[::-1].index(LIVE)
    return [*seen[:last], *seen[last : last + 1]]


def lost(pictures: list[CapturedPicture]) -> list[tuple[CapturedPicture, CapturedPicture]]:
    """Return the places where the next picture is not the next."""
    return [(a, b) for a, b in pairwise(pictures) if not follows(a, b) and not is_cut(a, b)]


def pictures_of(datagrams: list[Datagram], folder: Path) -> list[CapturedPicture]:
    path = folder / "all.ts"
    path.write_bytes(b"".join(one.data for one in datagrams))
    return read_ts(path)


def air_figures(story: Story, folder: Path) -> tuple[list[Figure], dict[str, object]]:
    """Judge what left both machines."""
    datagrams = [*read_capture(story.capture)]
    found: list[Change] = changes(datagrams)
    holes = [hole_at(one, datagrams, folder) for one in found]
    pictures = pictures_of(datagrams, folder)
    wrong = lost(pictures)
    kept = [f"{a.ident}:{a.frame} to {b.ident}:{b.frame} at {b.pts:.2f}" for a, b in wrong]
    order = in_order(pictures)
    planned = order[:5] == [LIVE, SLATE, LIVE, SLATE, LIVE] and order[5:] in ([1], [2])
    senders = [(one.before, one.after) for one in found]
    figures = [
        Figure("change", "changes of the sender that nobody planned",
               sum(one not in ((11, 12), (12, 11)) for one in senders) + abs(len(found) - 2),
               "times", 0),
        Figure("change", "two senders", sent_together(found), "times", 0),
        Figure("change", "without a picture when the power went", holes[0].seconds, "s", WITHIN),
        Figure("change", "pictures that lack in the move by hand", holes[-1].pictures, "", 0),
        Figure("air", "other places where the next picture is not the next",
               max(0, len(wrong) - 1), "places", 0, note="; ".join(kept[:5])),
        Figure("air", "something else seen than meeting, recess and film in their order",
               not planned, "", 0, note=str(order)),
        Figure("air", "pictures of the meeting", sum(p.ident == LIVE for p in pictures), ""),
    ]  # fmt: skip
    return figures, {"senders": senders, "places": kept[:50]}


def rows_of(scene: ServerAndPair, story: Story) -> list[AsRun]:
    until = story.begin + timedelta(seconds=END + 30)
    return [*as_run_between(scene.db, ChannelId(CHANNEL), story.begin, until)]


def as_run_figures(scene: ServerAndPair, story: Story) -> list[Figure]:
    """Judge the one record of both machines."""

    def meetings() -> list[AsRun]:
        found = [one for one in rows_of(scene, story) if one.title == "Council"]
        return sorted(found, key=lambda one: one.start)

    wait_for(lambda: len(meetings()) >= 2, 60, "both machines have told of the meeting")
    time.sleep(5)
    council = meetings()
    begin = [(one.start - story.begin).total_seconds() for one in council]
    end = [(one.end - story.begin).total_seconds() for one in council]
    missed = [one.title for one in rows_of(scene, story) if one.outcome is Outcome.MISSED
              and one.title != f"Film at {PLANNED_END}"]  # fmt: skip
    between = begin[1] - end[0] if len(council) == 2 else 99.0
    return [
        Figure("as-run", "rows of the meeting, one from each machine", len(council), "rows"),
        Figure("as-run", "time between both rows", abs(between), "s", WITHIN),
        Figure("as-run", "its beginning, off", abs(begin[0] - MEETING), "s", 1.0),
        Figure("as-run", "its end, after the adjournment", end[-1] - ADJOURNED, "s", ROUND_A_PRESS),
        Figure("as-run", "airings called missed", len(missed), "", 0, note="; ".join(missed)),
    ]


def recordings(scene: ServerAndPair) -> list[Asset]:
    """Return the files of the meeting in the library."""
    found = [one.asset for one in library.library(scene.db)]
    return [one for one in found if one.media is not None and not one.title.startswith("Film")]


def recording_figures(scene: ServerAndPair) -> list[Figure]:
    """Judge the recording: whole, and the only one that staff find."""
    wait_for(lambda: recordings(scene), RECORDED_ON + 90, "the recording has come home")
    time.sleep(20)
    found = recordings(scene)
    assert found[0].media is not None
    home = scene.store("s").home(found[0].media.key)
    assert home is not None
    frames = [one.frame for one in read_ts(home) if one.ident == LIVE and one.frame is not None]
    holes = [(a, b) for a, b in pairwise(frames) if b != a + 1]
    whole = (ADJOURNED - MEETING) * 30000 / 1001
    return [
        Figure("recording", "recordings that staff find", len(found), "files",
               note="; ".join(one.title for one in found)),
        Figure("recording", "holes in it", len(holes), "", 0, note=str(holes[:5])),
        Figure("recording", "pictures it lacks", max(0, round(whole) - len(frames)), "", 0),
    ]  # fmt: skip


@pytest.mark.skipif(not may_make_namespaces(), reason="needs root and network namespaces")
def test_a_meeting_its_recording_and_its_record_go_on_when_the_sender_loses_its_power(
    tmp_path: Path,
) -> None:
    with alone(), ServerAndPair(tmp_path / "scene", 20) as scene:
        story = tell(scene, tmp_path)
        found, seen = air_figures(story, tmp_path)
        found += as_run_figures(scene, story) + recording_figures(scene)
    title = "A meeting whose sending machine loses its power"
    note("meeting_taken_over", title, found, story.stalls, END, **seen)

    assert [(one.name, one.value, one.note) for one in found if not one.good] == []
