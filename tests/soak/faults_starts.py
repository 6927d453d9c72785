"""N6 and N7 on a station: obstacles to a channel's start, and a long journal to start on."""

import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.figures import Figure
from soak.evening import Evening, peak_memory
from soak.faults import (
    NEVER,
    ROW_AFTER,
    back_after,
    breaks,
    delay_of,
    of_items,
    of_pictures,
)
from support import long_journal
from support.station import CHANNEL, Station
from support.stream_clock import LONGEST_STREAM_DELAY

from playout.host.journal_segments import closed
from playout.model.wire import encode

WHOLE, DAYS = 16, 90
"""Seconds of the first item; days of the journal that no server ever had."""
PLAIN = WHOLE + ROW_AFTER + 1.0
"""When the channel is killed and started plainly: the server has the row of the first item."""
CLEARED, LONG, AGAIN, OVER = 10.0, PLAIN + 16.0, PLAIN + 34.0, 82
"""Seconds at which the air log may be written, the channel is started on a long journal, and on
that once more, and at which the long item ends."""
UNSENT = LONGEST_STREAM_DELAY
"""Seconds of air that may still be on their way through the output, and are lost with it when the
channel is killed: viewers miss them, but the air log has them."""
TOLD = 10.0
"""Seconds within which the status must report a fault, and clear it."""
MOST_BACK, MOST_LONGER = 20.0, 8.0
"""Seconds from a start to the right picture, and by how much a long history may delay it."""
MOST_MEMORY, MOST_JOURNAL = 40.0, 1.5
"""MB that a long history may add to the agent, and that the journal's open file may have."""
SETTLED = 2.0
"""Seconds after the right picture is back from which on none may be disturbed."""
WORDS = "The air log cannot be written"
BARRED = ("air.log", "health.json")
"""Files of bus and monitor that folders replace at the first start."""


@dataclass
class Story:
    """The record of an evening of restarts."""

    megabytes: float
    """The long journal."""
    told: dict[str, float] = field(default_factory=dict)
    monitors: set[int] = field(default_factory=set)
    restarts: dict[str, float] = field(default_factory=dict)
    """When the channel was started, UTC seconds."""
    peaks: dict[str, float] = field(default_factory=dict)
    """The most memory the agent ever had, MB."""
    open_file: float = NEVER


def evening(folder: Path) -> list[Figure]:
    """Start a channel with folders in the place of its log and health file, then three more times
    during a long item: plainly, on a journal of months, and on that journal again.
    """
    long = folder / "long.jsonl"
    since = datetime.now(UTC) - timedelta(days=DAYS, minutes=10)
    count = long_journal.write(long, since, DAYS)
    station, story = Station(folder / "station"), Story(long.stat().st_size / 1e6)
    for name in BARRED:
        (station.settings.channel_dir(CHANNEL) / name).mkdir(parents=True)
    with ExitStack() as stack:
        stack.enter_context(station)
        night = Evening(station)
        clips = [night.library(folder, 1, WHOLE + 2), night.library(folder, 2, OVER - WHOLE + 2)]
        night.starts_in(12)
        night.plan(clips[0], "Unlogged", 1, 0, WHOLE)
        night.plan(clips[1], "Long", 2, WHOLE, OVER - WHOLE, until=PLAIN - WHOLE - UNSENT)
        stack.enter_context(night.captured(folder))
        start_without_a_log(night, story)
        rows = night.rows_of(["Unlogged"], PLAIN - night.now() - 0.5)
        start_again(night, story, long, count)
    verdicts = night.verdicts(CLEARED)
    figures = [
        *of_items("N6", "without an air log", verdicts[:1], rows),
        *of_pictures("N6", "when it is written again", verdicts[1:]),
        *of_log(story),
        *of_starts(night, story),
    ]
    return night.write_note("faults_starts", "Faults: starts", verdicts, figures)


def start_without_a_log(night: Evening, story: Story) -> None:
    """Air the first item without an air log, and make the log possible while it airs."""
    night.wait(3)
    story.told["told of the air log"] = night.until(lambda: night.reports_problem(WORDS), TOLD)
    story.monitors.add(night.pids().get("monitor", 0))
    night.wait(CLEARED)
    story.monitors.add(night.pids().get("monitor", 0))
    for name in BARRED:
        (night.folder / name).rmdir()
    story.told["no longer told of it"] = night.until(lambda: not night.reports_problem(WORDS), TOLD)


def start_again(night: Evening, story: Story, long: Path, count: int) -> None:
    """Restart three times: on its own journal, on the long one without a server, on that again."""
    night.wait(PLAIN)
    restart(night, story, "plainly", lambda: None)
    night.wait(LONG)
    story.peaks["plainly"] = peak_memory(night.pids()["agent"])
    night.station.link.cut()
    restart(night, story, "on a long journal", lambda: lengthen(night, long, count))
    night.wait(AGAIN)
    story.peaks["on a long journal"] = peak_memory(night.pids()["agent"])
    story.open_file = open_size(night.folder / "journal.jsonl")
    restart(night, story, "on it once more", lambda: None)
    night.wait(OVER - 0.5)
    story.peaks["on it once more"] = peak_memory(night.pids()["agent"])
    night.wait(OVER + 1)


def restart(night: Evening, story: Story, name: str, between: Callable[[], object]) -> None:
    """Kill the whole channel, call `between`, and start it again."""
    night.station.kill("air")
    between()
    story.restarts[name] = time.time()
    night.station.start("air", "gavel-playout", "run", CHANNEL)


def lengthen(night: Evening, long: Path, count: int) -> None:
    """Prepend months of entries that no server has to the journal, in one file as an older version
    did.
    """
    own = night.journal()
    for one in night.folder.glob("journal*"):
        one.unlink()
    path = night.folder / "journal.jsonl"
    shutil.copyfile(long, path)
    with path.open("ab") as file:
        for number, entry in enumerate(own, count + 1):
            file.write(encode(replace(entry, number=number)) + b"\n")


def open_size(journal: Path) -> float:
    """Return the size of the journal's open file in MB; NEVER if the long file was not closed.

    Between a start that closes a file and the next entry there is no open file.
    """
    if not closed(journal):
        return NEVER
    return journal.stat().st_size / 1e6 if journal.exists() else 0.0


def of_log(story: Story) -> list[Figure]:
    """Return the figures of the air log's alarm, and whether the monitor was ever away."""
    told = [Figure("N6", f"N6, {what}", value, "s", TOLD) for what, value in story.told.items()]
    lost = len(story.monitors) != 1 or 0 in story.monitors
    return [*told, Figure("N6", "N6, the monitor was away", lost, "", 0)]


def of_starts(night: Evening, story: Story) -> list[Figure]:
    """Return the figures of each start, from the pictures that arrived."""
    first, long = night.dues
    delay, back, figures = delay_of(night.seen, first), {}, []
    ends = [*list(story.restarts.values())[1:], first.begin + OVER]
    for (name, at), end in zip(story.restarts.items(), ends, strict=True):
        back[name] = back_after(night.seen, long, at, delay)
        wrong = breaks(night.seen, at + back[name] + SETTLED, end - 0.5, night.excuses)
        start = f"N7, start {name}"
        figures += [
            Figure("N7", f"{start}: right picture after", back[name], "s", MOST_BACK),
            Figure("N7", f"{start}: breaks from then on", wrong, "", 0),
            Figure("N7", f"{start}: most memory of the agent", story.peaks[name], "MB"),
        ]
    for name in list(back)[1:]:
        later = back[name] - back["plainly"]
        more = story.peaks[name] - story.peaks["plainly"]
        figures.append(Figure("N7", f"N7, start {name}: longer by", later, "s", MOST_LONGER))
        figures.append(Figure("N7", f"N7, start {name}: more memory", more, "MB", MOST_MEMORY))
    told = f"{story.megabytes:.0f} MB of {DAYS} days"
    size = story.open_file
    return [*figures, Figure("N7", "N7, its open file", size, "MB", MOST_JOURNAL, note=told)]
