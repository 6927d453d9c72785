"""A real station for some minutes: its plan, the faults put on it, and its captured output."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from bench.figures import Figure
from soak.faults import (
    NEVER,
    DueItem,
    Excuse,
    ItemVerdict,
    excused_by,
    judge_item,
    of_machine,
    of_one_start,
    zero_of,
)
from soak.notes import note
from support.as_run import as_run_between
from support.capture import Capture, CapturedPicture, read_ts
from support.captured_airing import children_of
from support.clips import numbered_clip
from support.stalls import Canary, Stall
from support.station import CHANNEL, Station, add_airing, body_of, upload, wait_for

from config.names import ChannelId
from media.store import MediaStore
from playout.host import journal_segments
from playout.host.library import Library
from playout.model.plan import Plan
from playout.model.wire import AsRun, JournalEntry
from scheduler.queries import onair

SLUG = ChannelId(CHANNEL)


@dataclass
class Evening:
    """A station, its plan and its capture. Seconds count from `begin`, the first item's start."""

    station: Station
    begin: datetime = datetime.max.replace(tzinfo=UTC)
    dues: list[DueItem] = field(default_factory=list)
    seen: list[CapturedPicture] = field(default_factory=list)
    stalls: list[Stall] = field(default_factory=list)
    seconds: float = 0.0
    shift: float = 0.0
    """CLOCK_MONOTONIC less UTC, seconds."""

    def __post_init__(self) -> None:
        self.staff: httpx.Client = self.station.staff()
        self.folder = self.station.settings.channel_dir(CHANNEL)

    def library(self, folder: Path, ident: int, seconds: float, **recipe: Any) -> str:
        """Upload a numbered clip, wait until it may air, and return its asset id."""
        clip = folder / f"clip{ident}.mp4"
        numbered_clip(clip, frames=round(seconds * 30), ident=ident, **recipe)
        asset = upload(self.staff, clip, f"Clip {ident}")
        here = f'value="{asset}"'
        wait_for(lambda: here in self.staff.get("/airings/new").text, 60, f"clip {ident} is there")
        return asset

    def starts_in(self, seconds: float) -> None:
        """Set the start of the first item, `seconds` from now."""
        now = datetime.now(UTC).replace(microsecond=0)
        self.begin = now + timedelta(seconds=seconds)

    def plan(
        self, asset: str, title: str, ident: int, at: float, seconds: int, **judged_by: Any
    ) -> DueItem:
        """Add a hard-start item at `at` seconds through the form, and return what must air."""
        start = self.begin + timedelta(seconds=at)
        add_airing(self.staff, asset, title, start, seconds)
        judged_by = {"until": float(seconds)} | judged_by
        self.dues.append(DueItem(title, ident, start.timestamp(), **judged_by))
        return self.dues[-1]

    def now(self) -> float:
        """Return the current second of the evening."""
        return time.time() - self.begin.timestamp()

    def wait(self, seconds: float) -> None:
        """Sleep until this second of the evening."""
        time.sleep(max(0.0, seconds - self.now()))

    @contextmanager
    def captured(self, folder: Path) -> Iterator[None]:
        """Capture the output and the machine's stalls until the block ends.

        The capture begins once the host has everything planned so far.
        """
        titles = {due.title for due in self.dues}
        wait_for(lambda: titles <= self.planned(), 10, "the host has the plan")
        began = time.monotonic()
        with (
            Canary(folder / "stalls", realtime=True) as canary,
            Capture(self.station.air_port, folder / "air.ts") as capture,
        ):
            yield
            path, self.stalls = capture.stop(), canary.stalls()
        self.seconds = time.monotonic() - began
        self.shift = time.monotonic() - time.time()
        self.seen = [one for one in read_ts(path) if one.arrived is not None]

    @property
    def excuses(self) -> Excuse:
        """A test for arrivals that a stall of the machine excuses."""
        return excused_by(self.stalls, self.shift)

    def verdicts(self, until: float) -> list[ItemVerdict]:
        """Judge every item. The first `until` seconds of the first item anchor the stream's clock,
        which holds until the output restarts.
        """
        seen = of_one_start(self.seen, self.dues[0])
        zero = zero_of(seen, self.dues[0], until)
        return [judge_item(seen, due, zero, self.excuses) for due in self.dues]

    def host_plan(self) -> Plan | None:
        """Return the plan that the host has on disk; None if there is none."""
        store = MediaStore(self.station.settings.media_root)
        return Library(self.folder, store).plan(CHANNEL)

    def planned(self) -> set[str]:
        """Return the titles in the host's plan."""
        plan = self.host_plan()
        return {item.title for item in plan.items} if plan is not None else set()

    def file_of(self, title: str) -> Path:
        """Return the media file of an item in the host's plan."""
        plan = self.host_plan()
        assert plan is not None
        media = next(item.media for item in plan.items if item.title == title)
        assert media is not None
        return MediaStore(self.station.settings.media_root).path(media.key, media.suffix)

    def revision(self) -> int:
        """Return the revision of the host's plan; 0 if there is none."""
        plan = self.host_plan()
        return plan.revision if plan is not None else 0

    def journal(self) -> list[JournalEntry]:
        """Return every journal entry on the host's disk."""
        return [
            *journal_segments.entries(
                journal_segments.lines_after(self.folder / "journal.jsonl", 0), 0
            )
        ]

    def rows(self) -> Sequence[AsRun]:
        """Return the server's as-run rows of the evening."""
        since = self.begin - timedelta(minutes=1)
        return as_run_between(self.station.db, SLUG, since, since + timedelta(hours=1))

    def rows_of(self, titles: Sequence[str], within: float = 20.0) -> Sequence[AsRun]:
        """Return the server's as-run rows once each title has one, or after `within` seconds."""
        self.until(lambda: {*titles} <= {row.title for row in self.rows()}, within)
        return self.rows()

    def on_air(self) -> onair.OnAir:
        """Return the state shown on the on-air page."""
        return onair.on_air(self.station.db, SLUG, datetime.now(UTC))

    def reports_problem(self, words: str) -> bool:
        """Return whether the newest status reports a problem that contains these words."""
        status = self.on_air().status
        return status is not None and any(words in problem for problem in status.problems)

    def until(self, what: Callable[[], object], within: float) -> float:
        """Return the seconds until the condition holds; NEVER if it does not within `within`."""
        began = time.monotonic()
        while time.monotonic() - began < within:
            if what():
                return time.monotonic() - began
            time.sleep(0.1)
        return NEVER

    def press(self, verb: str) -> None:
        """Press a button for the cue on air now."""
        cue = self.on_air().cue
        form = {"verb": verb, "cue": cue.id, "item": cue.item or ""}
        body_of(self.staff.post(f"/channels/{CHANNEL}/command", data=form))

    def pids(self) -> dict[str, int]:
        """Return the channel's process ids by kind."""
        return children_of(self.station.processes["air"].pid)

    def kill(self, kind: str) -> None:
        """Kill one of the channel's processes."""
        os.kill(self.pids()[kind], signal.SIGKILL)

    def write_note(
        self, name: str, title: str, verdicts: Sequence[ItemVerdict], figures: Sequence[Figure]
    ) -> list[Figure]:
        """Write the note; return all figures, including those of the machine."""
        seen = [one for one in self.seen if (one.arrived or 0.0) >= self.begin.timestamp()]
        whole = [*figures, *of_machine(verdicts, seen, self.stalls, self.seconds)]
        late = {one.due.title: round(one.late, 3) for one in verdicts}
        wrong = [(one.due.title, fault) for one in verdicts for fault in one.faults]
        note(name, title, whole, self.stalls, self.seconds, late=late, faults=wrong[:100])
        return whole


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """Mount a small disk on a folder; skip the test where mounting is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "gavel-test", str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(ballast: Path) -> None:
    """Grow a file until its disk is full."""
    with ballast.open("ab", buffering=0) as file:
        for size in (1 << 20, 4096):
            with suppress(OSError):
                while True:
                    file.write(bytes(size))


def peak_memory(pid: int) -> float:
    """Return the peak resident memory of a process, MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
