"""The ends of files for an hour, with the same random seed each time: sound that outlasts the
picture, damaged tails, tiny clips, and strikes in the last half second of items.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bench.figures import ROOT, Figure
from soak.file_ends import (
    EndClip,
    EndStriker,
    EndsVerdict,
    growth,
    judge_items,
    lost_decks,
    make_clips,
    random_order,
    run_together,
    slope,
)
from soak.judge import lay_on_ticks
from soak.notes import alone, minutes, note, rounds
from support.captured_airing import EXCUSED_SHARE_LIMIT, REAL_STALL_NS, CapturedAiring, air
from support.clips import NTSC, numbered_clip
from support.stalls import Canary

from config.clock import SystemClock
from config.names import HouseFormat
from media.probe import ConfinedProber
from playout.cli.play import lay_out
from playout.cli.prepare import make_ready
from playout.engine.format.ticks import HouseClock, Ticks, WallMap
from playout.processes.child import DECK_MEMORY

pytestmark = pytest.mark.soak
SEED = 20261129
CHECKS = 900
"""Seconds that `play` may take to check its files, and the capture to be read."""
MOST_GROWN = 5e6
"""Bytes a deck's process may grow in 1,000 switches."""
HOUSE = HouseFormat.parse("640x360@30000/1001")


def test_ends_of_files_lose_no_deck_and_no_picture(tmp_path: Path) -> None:
    seed = int(os.environ.get("GAVEL_SOAK_SEED", SEED))
    dice, long = random.Random(seed), minutes(60)
    made = random_order(make_clips(tmp_path), long, dice)
    watcher = EndStriker(ends(made, tmp_path), dice)
    options = ("--video-kbps", "1500", "--preset", "ultrafast")
    with alone():
        files = [one.clip.path for one in made]
        patience = long * 60 * 1.2 + CHECKS
        aired = air(files, tmp_path, *options, meanwhile=watcher, patience=patience)
    laid = lay_on_ticks(aired.seen, [one.clip for one in made], aired.lines)
    verdict = judge_items(laid, made, aired.lines, watcher.blows, aired.excuses)
    figures = of_pictures(verdict, made, watcher) + of_decks(watcher) + of_machine(aired)
    keep(figures, aired, verdict, watcher, long, seed)
    assert not [one for one in figures if not one.good]


def ends(made: Sequence[EndClip], folder: Path) -> list[float]:
    """Return the seconds from the first item's start to each end, as `play` lays them out."""
    clock = SystemClock()
    now = clock.monotonic()
    house = HouseClock(Ticks(HOUSE.rate, now), WallMap(now, clock.utc()))
    place = folder / "looked-at"
    place.mkdir()
    ready = make_ready([one.clip.path for one in made], place, ConfinedProber(), lambda _: None)
    plan = lay_out(ready, house, datetime.now(UTC) + timedelta(seconds=1), None)
    begin = plan[0].shot.at
    return [(planned.shot.until - begin).total_seconds() for planned in plan]


def of_pictures(verdict: EndsVerdict, made: Sequence[EndClip], watcher: EndStriker) -> list[Figure]:
    """Return the figures of pictures wrong outside strikes and stalls."""
    kinds = ", ".join(
        f"{sum(one.kind == kind for one in made)} {kind}"
        for kind in ("plain", "long sound", "damaged", "short")
    )
    blows = f"{len(watcher.blows)} strikes; {verdict.struck} pictures wrong in their time"
    stalls = f"{verdict.stalled} pictures wrong in a stall of the machine"
    return [
        Figure("ends", "items aired", len(made), "items", note=kinds),
        Figure("ends", "items never seen", len(verdict.never), "items", 0),
        Figure("ends", "items late behind a clip under 1.5 s", len(verdict.behind_short), "items"),
        Figure("ends", "items not on their tick", len(verdict.late), "items", 0, note=blows),
        Figure("ends", "pictures not the right one", len(verdict.faults), "", 0, note=stalls),
        Figure("ends", "as-run not as captured", len(verdict.untrue), "items", 0),
    ]


def of_decks(watcher: EndStriker) -> list[Figure]:
    """Return the figures of lost decks and of their memory growth."""
    lost = lost_decks(watcher.looks)
    words = "; ".join(f"ring {ring}: {idle:.0f} s without work" for ring, idle in lost)
    figures = [Figure("ends", "decks lost", len(lost), "decks", 0, note=words)]
    grown = growth(watcher.looks)
    if grown:
        told = "; ".join(f"{count} switches: {size / 1e6:+.1f} MB" for count, size in grown)
        worst = max(size for _, size in grown)
        name = "a deck's memory, growth in 1,000 switches, worst"
        figures.append(Figure("ends", name, worst / 1e6, "MB", MOST_GROWN / 1e6, note=told))
    return figures


def of_machine(aired: CapturedAiring) -> list[Figure]:
    """Return how long the machine itself stalled."""
    long = [stall.end - stall.begin for stall in aired.stalls]
    lost = sum(span for span in long if span > REAL_STALL_NS) / 1e9
    share = 100 * lost / aired.seconds
    return [
        Figure("machine", "time the machine stood still", share, "%", 100 * EXCUSED_SHARE_LIMIT)
    ]


def keep(
    figures: Sequence[Figure],
    aired: CapturedAiring,
    verdict: EndsVerdict,
    watcher: EndStriker,
    long: float,
    seed: int,
) -> None:
    """Write the note, with all a reader needs to look further."""
    note(
        "ends", "Ends of files", figures, aired.stalls, aired.seconds,
        minutes=long, seed=seed,
        faults=[asdict(one) for one in verdict.faults[:200]],
        never=verdict.never, late=verdict.late, untrue=verdict.untrue,
        strikes=[asdict(one) for one in watcher.blows],
        as_run=[plain(n, line) for n, line in enumerate(aired.lines) if line["outcome"] != "aired"],
    )  # fmt: skip


def plain(number: int, line: dict[str, Any]) -> dict[str, Any]:
    """Return an as-run line without the folder of this run."""
    return line | {"file": Path(line["file"]).name, "number": number}


CHANNELS, CHANNEL_FORMAT = 4, "1280x720@30000/1001"
JOINED = 8.0
"""Seconds within which an item that misses its tick must be joined in progress."""


def test_four_channels_that_start_on_one_tick_air_every_item(tmp_path: Path) -> None:
    clips = [
        numbered_clip(tmp_path / f"{name}.mp4", frames=round(12 * NTSC), ident=ident, size=SIZE)
        for ident, name in enumerate("AB", 1)
    ]
    begin, started = datetime.now(UTC) + timedelta(seconds=40), time.monotonic()
    files = [str(clips[number % 2].path) for number in range(4)]
    argv = [
        [sys.executable, "-m", "playout.cli.main", "play", *files,
         "--format", CHANNEL_FORMAT,
         "--start", begin.isoformat(), "--output", str(tmp_path / f"{number}.ts"),
         "--video-kbps", "1500", "--preset", "ultrafast"]
        for number in range(CHANNELS)
    ]  # fmt: skip
    with alone(), Canary(tmp_path / "stalls", realtime=True) as canary:
        said = run_together(argv, 240)
    lines = [json.loads(line) for _, out, _ in said for line in out.splitlines()]
    late = [(one["first_tick"] or 10**6) - one["planned_tick"] for one in lines]
    seconds = [float(ticks / NTSC) for ticks in late]
    figures = [
        Figure("ends", "items planned", len(lines), "items"),
        Figure("ends", "items never seen", sum(one > 1000 for one in seconds), "items", 0),
        Figure("ends", "join in progress, worst", max(seconds), "s", JOINED),
        Figure("ends", "last items not on their tick", sum(late[3::4]), "ticks"),
    ]
    note(
        "channels", "Four channels on one tick", figures, canary.stalls(),
        time.monotonic() - started, as_run=[plain(n, one) for n, one in enumerate(lines)],
    )  # fmt: skip
    assert len(lines) == CHANNELS * len(files), [text for _, _, text in said]
    assert not [one for one in figures if not one.good]


SIZE = (1280, 720)


def test_a_deck_keeps_its_memory_over_a_thousand_switches(tmp_path: Path) -> None:
    kinds: list[dict[str, Any]] = [{}, {"between": 3, "size": SIZE}, {"codec": "mpeg2video"}]
    clips = [
        numbered_clip(tmp_path / f"{ident}.mp4", frames=90, ident=ident, **more)
        for ident, more in enumerate(kinds, 1)
    ]
    count, started = rounds(1000), time.monotonic()
    argv = [sys.executable, "-m", "soak.switches", str(count), *(str(one.path) for one in clips)]
    path = os.pathsep.join(str(ROOT / part) for part in ("tests", ""))
    given = os.environ | {"PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"} | DECK_MEMORY
    said = subprocess.run(argv, capture_output=True, text=True, check=True, env=given)
    series = [tuple(map(int, line.split())) for line in said.stdout.splitlines()]
    _, grown = slope([(one[0], one[1]) for one in series]) or (0, 0.0)
    name = "a deck's memory, growth in 1,000 switches"
    words = f"{count} switches, {series[-1][1] / 1e6:.0f} MB at the end"
    figures = [Figure("ends", name, grown / 1e6, "MB", MOST_GROWN / 1e6, note=words)]
    note("switches", "A deck over 1,000 switches", figures, [], time.monotonic() - started)
    assert not [one for one in figures if not one.good]
