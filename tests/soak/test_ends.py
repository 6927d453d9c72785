"""The ends of files: sound that goes on, spoilt tails, tiny clips, and strikes in the last half
second of items; for an hour, with the same dice each time."""

import os
import random
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bench.figures import Figure
from soak.ends import Piece, Verdict, Watcher, growth, judged, lost_decks, order, pieces
from soak.judge import windows
from soak.notes import alone, minutes, note
from support.airing import MOST_EXCUSED, REAL_STALL_NS, Aired, air

from config.clock import SystemClock
from config.names import HouseFormat
from media.probe import ConfinedProber
from playout.engine.ticks import HouseClock, Ticks, WallMap
from playout.play import lay_out
from playout.ready import make_ready

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
    made = order(pieces(tmp_path), long, dice)
    watcher = Watcher(ends(made, tmp_path), dice)
    options = ("--video-kbps", "1500", "--preset", "ultrafast")
    with alone():
        files = [one.clip.path for one in made]
        patience = long * 60 * 1.2 + CHECKS
        aired = air(files, tmp_path, *options, meanwhile=watcher, patience=patience)
    laid = windows(aired.seen, [one.clip for one in made], aired.lines)
    verdict = judged(laid, made, aired.lines, watcher.blows, aired.excuses)
    figures = of_pictures(verdict, made, watcher) + of_decks(watcher) + of_machine(aired)
    keep(figures, aired, verdict, watcher, long, seed)
    assert not [one for one in figures if not one.good]


def ends(made: Sequence[Piece], folder: Path) -> list[float]:
    """Seconds from the first item's start to the end of each, as `play` will lay them out."""
    clock = SystemClock()
    now = clock.monotonic()
    time = HouseClock(Ticks(HOUSE.rate, now), WallMap(now, clock.utc()))
    place = folder / "looked-at"
    place.mkdir()
    ready = make_ready([one.clip.path for one in made], place, ConfinedProber(), lambda _: None)
    plan = lay_out(ready, time, datetime.now(UTC) + timedelta(seconds=1), None)
    begin = plan[0].shot.at
    return [(planned.shot.until - begin).total_seconds() for planned in plan]


def of_pictures(verdict: Verdict, made: Sequence[Piece], watcher: Watcher) -> list[Figure]:
    """What was wrong with the picture outside strikes and stalls."""
    kinds = ", ".join(
        f"{sum(one.kind == kind for one in made)} {kind}"
        for kind in ("plain", "long sound", "damaged", "short")
    )
    blows = f"{len(watcher.blows)} strikes; {verdict.struck} pictures wrong in their time"
    stalls = f"{verdict.stalled} pictures wrong in a stall of the machine"
    return [
        Figure("ends", "items aired", len(made), "items", note=kinds),
        Figure("ends", "items never seen", len(verdict.never), "items", 0),
        Figure("ends", "items not on their tick", len(verdict.late), "items", 0, note=blows),
        Figure("ends", "pictures not the right one", len(verdict.faults), "", 0, note=stalls),
        Figure("ends", "as-run not as captured", len(verdict.untrue), "items", 0),
    ]


def of_decks(watcher: Watcher) -> list[Figure]:
    """Decks lost, and how their memory grew."""
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


def of_machine(aired: Aired) -> list[Figure]:
    """How long the machine itself stood still."""
    long = [stall.end - stall.begin for stall in aired.stalls]
    lost = sum(span for span in long if span > REAL_STALL_NS) / 1e9
    share = 100 * lost / aired.seconds
    return [Figure("machine", "time the machine stood still", share, "%", 100 * MOST_EXCUSED)]


def keep(
    figures: Sequence[Figure],
    aired: Aired,
    verdict: Verdict,
    watcher: Watcher,
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
    """One line of the as-run without the folder of this run."""
    return line | {"file": Path(line["file"]).name, "number": number}
