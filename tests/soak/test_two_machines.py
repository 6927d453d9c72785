"""A recording made while the server is away comes home while server and agents are killed again and
again, and both channels lose no picture.

Server and both machines are network namespaces with stores of their own. A watcher reads all stores
from outside, all the time: the recording leaves its machine, whose disk is full, only when both the
server and the backup have it.
"""

import random
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from bench.figures import Figure
from soak.copies_watcher import Watcher, looking
from soak.evening import fill, small_disk
from soak.faults import excused_by
from soak.notes import alone, note
from soak.strikes import FRAME, follows
from support.apart import AIR_PORT, CHANNELS, SOURCE_PORT, ServerAndMachines, inside, sleep_until
from support.as_run import as_run_between
from support.capture import Capture, CapturedPicture, read_ts
from support.captured_airing import EXCUSED_SHARE_LIMIT, REAL_STALL_NS
from support.clips import numbered_clip
from support.live_encoder import EncoderProcess
from support.stalls import Canary, Stall
from support.station import wait_for
from support.two_hosts import may_make_namespaces

from config.names import AssetKey
from media.store import MediaStore, content_key
from playout.model.plan import Outcome
from scheduler.actions import backups
from scheduler.backup.last import read_last
from scheduler.domain.model.people import SYSTEM_ACTOR
from scheduler.queries import library

pytestmark = pytest.mark.soak
SLOT = 20
"""Seconds of each film on air."""
LIVE = 7
"""Ident of the meeting; films are 1 and 2 on one channel, 3 and 4 on the other."""
RECORDED_ON = 300
"""Seconds for which a machine goes on recording after a meeting's end."""
CUT, MEETING, ADJOURNED, JOINED, END, REPLAY = 30, 60, 140, 160 + RECORDED_ON, 740, 60
"""Seconds after the first film: the server's cable is pulled, the meeting begins and ends, the
cable is plugged in, and the last film ends; and how long the recording airs on the other channel.
"""
CAPTURED_FROM = 2
LEAST_KILLS = 20
DISK_MEGABYTES = 120
PRESSED_BYTES = 4 << 20
"""Bytes that are left on the disk of the machine that recorded, less than it keeps free."""
VICTIMS = ("web", "scheduler", "agent a", "agent b")


@dataclass
class Story:
    """What is known after the run."""

    begin: datetime
    captures: dict[str, Path]
    watcher: Watcher
    kills: list[str] = field(default_factory=list)
    stalls: list[Stall] = field(default_factory=list)
    shift: float = 0.0
    home_after: float = 0.0
    """Seconds from the cable's return until the server had it."""


def plan_films(scene: ServerAndMachines, folder: Path) -> datetime:
    """Put films on both channels and a meeting on the first; return when they begin."""
    films = {
        ident: scene.add_film(
            numbered_clip(folder / f"{ident}.mp4", frames=SLOT * 30 + 30, ident=ident).path,
            f"Film {ident}",
        )
        for ident in (1, 2, 3, 4)
    }
    begin = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=45)
    each = timedelta(seconds=SLOT)
    for place, at in enumerate(range(0, END, SLOT)):
        for machine, first in (("a", 1), ("b", 3)):
            if machine == "a" and MEETING <= at < ADJOURNED:
                continue
            start, asset = begin + timedelta(seconds=at), films[first + place % 2]
            scene.plan(machine, f"{machine} {at}", start, each, asset=asset)
    long = timedelta(seconds=ADJOURNED - MEETING)
    start = begin + timedelta(seconds=MEETING)
    scene.plan("a", "Council", start, long, source=scene.hall, record=True)
    return begin


def plan_replay(scene: ServerAndMachines, key: AssetKey, begin: datetime) -> None:
    """Let the recording air on the other channel after its last film."""
    found = [one.asset for one in library.library(scene.db)
             if one.asset.media is not None and one.asset.media.key == key]  # fmt: skip
    assert len(found) == 1, f"{len(found)} files of the recording are in the library"
    start, long = begin + timedelta(seconds=END), timedelta(seconds=REPLAY)
    scene.plan("b", "Council again", start, long, asset=found[0].id)


def kill_until_home(scene: ServerAndMachines, story: Story, dice: random.Random) -> None:
    """Kill server and agents until the machine has let the recording go and a minute is left."""
    watcher, last = story.watcher, story.begin + timedelta(seconds=END - 60)
    plugged, asked = time.monotonic(), 0.0
    while datetime.now(UTC) < last:
        time.sleep(dice.uniform(3.0, 8.0))
        if watcher.at_server and not story.home_after:
            story.home_after = time.monotonic() - plugged
        if watcher.at_server and not watcher.in_backup and time.monotonic() - asked > 15:
            before = read_last(scene.settings.data_dir)
            tried = before.tried if before is not None else None
            backups.ask(scene.db, SYSTEM_ACTOR, datetime.now(UTC), tried)
            asked = time.monotonic()
        if watcher.is_over and len(story.kills) >= LEAST_KILLS:
            return
        name = dice.choice(VICTIMS)
        if scene.kill(name):
            story.kills.append(name)


def tell(scene: ServerAndMachines, folder: Path) -> Story:
    """Run the whole story."""
    dice = random.Random(13)
    clip = numbered_clip(
        folder / "meeting.ts", frames=(ADJOURNED - MEETING + 30) * 30, ident=LIVE, grain=True,
        bit_rate=4_000_000, key_every=30,
    )  # fmt: skip
    begin = plan_films(scene, folder)

    def after(seconds: float) -> None:
        sleep_until(begin + timedelta(seconds=seconds))

    with ExitStack() as open_:
        canary = open_.enter_context(Canary(folder / "stalls", realtime=True))
        captures = {name: folder / f"{name}.ts" for name in CHANNELS}
        after(CAPTURED_FROM)
        for name, path in captures.items():
            open_.enter_context(Capture(AIR_PORT, path, inside(name)))
        after(CUT)
        films = frozenset(scene.store("a").keys())
        story = Story(begin, captures, Watcher(scene, films))
        scene.cable("s", plugged=False)
        after(MEETING - 6)
        encoder = EncoderProcess(clip.path, f"udp://127.0.0.1:{SOURCE_PORT}", inside=inside("a"))
        with looking(story.watcher):
            with encoder:
                after(ADJOURNED + 5)
            wait_for(lambda: story.watcher.key, RECORDED_ON + 30, "the machine has the recording")
            press(scene, story.watcher)
            after(JOINED)
            scene.cable("s", plugged=True)
            kill_until_home(scene, story, dice)
            assert story.watcher.at_server and story.watcher.key is not None
            plan_replay(scene, story.watcher.key, begin)
            after(END + REPLAY - 2)
        story.stalls, story.shift = canary.stalls(), time.monotonic() - time.time()
    return story


def press(scene: ServerAndMachines, watcher: Watcher) -> None:
    """Fill the disk of the machine that recorded, so that it wants room."""
    ballast = scene.home("a") / "media" / "ballast"
    fill(ballast)
    with ballast.open("r+b") as file:
        file.truncate(max(0, ballast.stat().st_size - PRESSED_BYTES))
    assert watcher.key is not None and scene.store("a").home(watcher.key) is not None


def joined(one: CapturedPicture, other: CapturedPicture) -> bool:
    """Return whether `other` comes on the next tick and begins the meeting."""
    on_time = abs(other.pts - one.pts - FRAME) <= 0.005
    return on_time and other.ident == LIVE and one.ident != LIVE


def lost(path: Path, excused: Callable[[float | None], bool]) -> tuple[int, list[str], int]:
    """Return the pictures of a capture, places where the next one is not the next, and how many
    such places a stall of the machine excuses. What follows the last film is not judged.
    """
    seen = read_ts(path)
    while seen and seen[-1].ident is None:
        seen.pop()
    wrong = [(a, b) for a, b in pairwise(seen) if not follows(a, b) and not joined(a, b)]
    kept = [(a, b) for a, b in wrong if not excused(b.arrived)]
    words = [f"{a.ident}:{a.frame} to {b.ident}:{b.frame} at {b.pts:.2f}" for a, b in kept]
    return len(seen), words, len(wrong) - len(kept)


def figures(scene: ServerAndMachines, story: Story) -> tuple[list[Figure], dict[str, list[str]]]:
    """Judge the run."""
    excused, places, found = excused_by(story.stalls, story.shift), dict[str, list[str]](), []
    for name, path in story.captures.items():
        count, places[name], away = lost(path, excused)
        planned = (END if name == "a" else END + REPLAY) - CAPTURED_FROM
        found.append(Figure("air", f"{name}: pictures that lack of what was planned",
                            max(0, (planned - 3) * 29 - count), "pictures", 0))  # fmt: skip
        words = f"{count} pictures, {away} more places excused"
        found.append(Figure("air", f"{name}: places where the next picture is not the next",
                            len(places[name]), "places", 0, note=words))  # fmt: skip
    shown = sum(one.ident == LIVE for one in read_ts(story.captures["b"]))
    found.append(Figure("air", "b: pictures of the recording that were not shown",
                        max(0, (REPLAY - 3) * 29 - shown), "pictures", 0))  # fmt: skip
    watcher = story.watcher
    words = "; ".join(watcher.wrong[:5])
    found.append(Figure("home", "looks that found too few copies", len(watcher.wrong), "looks", 0,
                        note=f"of {watcher.looks}; {words}"))  # fmt: skip
    found.append(Figure("home", "copy still on the full machine", not watcher.is_over, "", 0))
    found.append(Figure("home", "copies whose bytes differ", damaged(scene, watcher), "", 0))
    found.append(Figure("home", "kills", len(story.kills), "times"))
    found.append(Figure("home", "from the cable to the server", story.home_after, "s"))
    found += [as_run_figure(scene, story, name) for name in CHANNELS]
    away_s = sum(s.end - s.begin for s in story.stalls if s.end - s.begin > REAL_STALL_NS) / 1e9
    share = 100 * away_s / (END + REPLAY)
    found.append(
        Figure("machine", "time the machine stood still", share, "%", 100 * EXCUSED_SHARE_LIMIT)
    )
    return found, places


def damaged(scene: ServerAndMachines, watcher: Watcher) -> int:
    """Return how many of the two copies have other bytes than the machine recorded."""
    assert watcher.key is not None
    paths = [scene.store("s").home(watcher.key), *watcher.backed_up()]
    good = [one for one in paths if one is not None and content_key(one) == watcher.key
            and one.stat().st_size == watcher.size]  # fmt: skip
    return 2 - len(good)


def as_run_figure(scene: ServerAndMachines, story: Story, name: str) -> Figure:
    """Return how many airings of a channel have not one row that says they aired."""
    planned = [f"{name} {at}" for at in range(0, END, SLOT)
               if name == "b" or not MEETING <= at < ADJOURNED]  # fmt: skip
    planned.append("Council" if name == "a" else "Council again")
    until = story.begin + timedelta(seconds=END + REPLAY + 30)

    def outcomes() -> dict[str, list[Outcome]]:
        rows = as_run_between(scene.db, CHANNELS[name], story.begin, until)
        return {title: [one.outcome for one in rows if one.title == title] for title in planned}

    end = time.monotonic() + 30
    while not all(outcomes().values()) and time.monotonic() < end:
        time.sleep(1)
    wrong = [f"{title} {got}" for title, got in outcomes().items() if got != [Outcome.AIRED]]
    return Figure("air", f"{name}: airings without one row that says so", len(wrong), "airings", 0,
                  note="; ".join(wrong[:5]))  # fmt: skip


def bad(found: Sequence[Figure]) -> list[tuple[str, float, str]]:
    return [(one.name, one.value, one.note) for one in found if not one.good]


@pytest.mark.skipif(not may_make_namespaces(), reason="needs root and network namespaces")
def test_a_recording_comes_home_through_kills_while_both_channels_lose_no_picture(
    tmp_path: Path,
) -> None:
    disk = MediaStore(tmp_path / "scene" / "a" / "media").root
    with (
        alone(),
        small_disk(disk, DISK_MEGABYTES),
        ServerAndMachines(tmp_path / "scene", 4) as scene,
    ):
        story = tell(scene, tmp_path)
        found, places = figures(scene, story)
    title = "A recording made while the server is away comes home to it"
    note("two_machines", title, found, story.stalls, END + REPLAY, kills=story.kills,
         places={name: words[:50] for name, words in places.items()})  # fmt: skip

    assert len(story.kills) >= LEAST_KILLS
    assert bad(found) == []
