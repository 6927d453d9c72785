"""An hour of a whole station: memory, descriptors and threads stay as they were, no picture is
lost, and the stream goes on when its 33-bit clock begins again.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from bench.figures import ROOT, Figure
from soak.flatness import Looks, figures
from soak.notes import alone, minutes, note
from soak.single_machine import descendants
from soak.strikes import Schedule, follows
from support.capture import Capture, read_ts
from support.captured_airing import EXCUSED_SHARE_LIMIT, REAL_STALL_NS, children_of
from support.clips import numbered_clip
from support.stalls import Canary
from support.station import CHANNEL, Station, add_airing, upload, wait_for
from support.transport import TransportReport, check_transport

pytestmark = pytest.mark.soak
ITEM = 60.0
WRAP_SECONDS = 2**33 / 90_000
WATCH_EVERY = 2.0
PREPARED = 120.0
"""Seconds from the start of the channel until its capture begins, about."""
UP_FOR_DAYS = ("unshare", "--time", "--monotonic", "100000", "--boottime", "100000", "--")
"""Words that start a program on a machine which seems to run for more than a day: no channel is
older than its machine."""


class OldStation(Station):
    """A station whose channel has been on air for so long that its clock begins again soon."""

    age: float = 0.0

    def __enter__(self) -> "OldStation":
        self.start("web", "gavel", "web")
        self.start("scheduler", "gavel", "scheduler")
        path = os.pathsep.join(str(ROOT / part) for part in ("tests", ""))
        more = {"STREAM_AGE": str(self.age), "PYTHONPATH": path}
        with (self.folder / "air.log").open("ab") as log:
            self.processes["air"] = subprocess.Popen(
                [*UP_FOR_DAYS, sys.executable, "-m", "soak.channel_of_days", "run", CHANNEL],
                env=self.environment | more, stdout=log, stderr=log,
            )  # fmt: skip
        wait_for(self.answers, 60, "the pages answer")
        return self

    def named(self) -> Mapping[str, int]:
        """Return every process that works all the time, by name."""
        air = self.processes["air"].pid
        web = self.processes["web"].pid
        workers = {f"web worker {n}": pid for n, pid in enumerate(descendants(web))}
        return (
            children_of(air) | workers
            | {"supervisor": air, "web": web, "scheduler": self.processes["scheduler"].pid}
        )  # fmt: skip


def plan(box: Station, folder: Path, seconds: float) -> Schedule:
    """Plan back-to-back airings of two numbered clips through the pages."""
    staff, assets = box.staff(), []
    for ident in (1, 2):
        clip = folder / f"clip{ident}.mp4"
        numbered_clip(clip, frames=round((ITEM + 1) * 30), ident=ident)
        asset = upload(staff, clip, f"Clip {ident}")
        here = f'value="{asset}"'
        wait_for(lambda here=here: here in staff.get("/airings/new").text, 300, "a clip is offered")
        assets.append(asset)
    begin = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=40)
    for number in range(int(seconds / ITEM) + 2):
        start = begin + timedelta(seconds=ITEM * number)
        add_airing(staff, assets[number % 2], f"Council {number + 1}", start, ITEM)
    return Schedule(begin, ITEM, (1, 2))


def began_again(transport: TransportReport) -> int:
    """Return how often the 33 bits of the stream's clock began again."""
    return int(transport.pcrs[-1][1] // WRAP_SECONDS) if transport.pcrs else 0


def watch(box: Station, seconds: float) -> None:
    """Have a person look at the on-air page all the time."""
    staff, end = box.staff(), time.monotonic() + seconds
    while time.monotonic() < end:
        for page in ("/", f"/channels/{CHANNEL}/desk", f"/channels/{CHANNEL}/picture.jpg"):
            assert staff.get(page).status_code < 400, page
        time.sleep(WATCH_EVERY)


def test_an_hour_leaves_every_process_as_it_was_and_the_clock_begins_again(tmp_path: Path) -> None:
    long, path = minutes(62) * 60, tmp_path / "air.ts"
    box = OldStation(tmp_path / "box")
    # The clock begins again when half of the run is over.
    box.age = WRAP_SECONDS - long / 2 - PREPARED
    with alone(), ExitStack() as stack:
        stack.enter_context(box)
        schedule = plan(box, tmp_path, long)
        time.sleep(max(0.0, schedule.begin.timestamp() - time.time() + 5))
        canary = stack.enter_context(Canary(tmp_path / "stalls", realtime=True))
        looks = stack.enter_context(Looks(box.named))
        with Capture(box.air_port, path):
            began = time.monotonic()
            watch(box, long)
            seconds = time.monotonic() - began
        stalls = canary.stalls()
    seen, transport = [*read_ts(path)], check_transport(path)
    places = [(a.ident, a.frame, b.ident, b.frame) for a, b in pairwise(seen) if not follows(a, b)]
    lost = sum(s.end - s.begin for s in stalls if s.end - s.begin > REAL_STALL_NS) / 1e9
    share = 100 * lost / seconds
    found = [
        Figure("hour", "pictures judged", len(seen), "pictures"),
        Figure("hour", "places where the next picture is not the next", sum(
            not follows(a, b) for a, b in pairwise(seen)), "places", 0),
        Figure("hour", "times that the 33-bit clock began again", began_again(transport), "times"),
        Figure("hour", "continuity errors", len(transport.continuity_errors), "errors", 0),
        *figures(looks.made),
        Figure("machine", "time the machine stood still", share, "%", 100 * EXCUSED_SHARE_LIMIT),
    ]  # fmt: skip
    note(
        "hour", "An hour of a station whose clock begins again", found, stalls, seconds,
        minutes=long / 60,
        places=places[:100],
    )  # fmt: skip

    assert share <= 100 * EXCUSED_SHARE_LIMIT, "inconclusive: the machine itself stalled too much"
    assert began_again(transport) == 1
    assert [(one.name, one.value) for one in found if not one.good] == []
