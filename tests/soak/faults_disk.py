"""N2 on a station: the channel's disk refuses one file, and then every write."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.figures import Figure
from soak.evening import SLUG, Evening, fill, small_disk
from soak.faults import delay_of, of_items
from support.clips import NTSC, numbered_clip
from support.live_encoder import EncoderProcess
from support.ports import free_udp_port
from support.station import CHANNEL, Station

from playout.engine.client import INTAKES_REFUSED
from scheduler.actions import meetings, sources
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.model.people import SYSTEM_ACTOR
from scheduler.domain.model.source import SourceDraft

EACH = 9
"""Seconds of each item."""
BLOCKED, OPEN, FULL, ROOM = 1.5, 20.0, 24.0, 58.0
"""Seconds at which a folder replaces intakes.json, is removed, the disk is filled, and has room
again."""
MEETING, ADJOURNED, LAST = 45.0, 50.5, 55
"""Seconds at which the meeting planned on the full disk begins and ends, and of the last item."""
CHAMBER = 5
MEGABYTES = 48
TOLD, PATIENCE = 10.0, 12.0
"""Seconds within which the status must report a fault or clear it; the longest wait."""
REFUSED = ("cannot be written", "refuses to be written")
"""One of these is in every report of a refused write."""


def evening(folder: Path) -> list[Figure]:
    """Air back-to-back items and a meeting while the channel's disk refuses the agent's orders.

    The bus knows the next item when the agent dies; the item after that needs an order.
    """
    hall = numbered_clip(folder / "hall.ts", frames=40 * 30, ident=CHAMBER).path
    place = folder / "station" / "air" / CHANNEL
    with small_disk(place, MEGABYTES), Station(folder / "station") as station:
        night = Evening(station)
        clips = {one: night.library(folder, one, EACH + 2) for one in (1, 2)}
        night.starts_in(12)
        for number in range(5):
            ident = 1 + number % 2
            night.plan(clips[ident], f"Item {number + 1}", ident, EACH * number, EACH)
        night.plan(clips[2], "Item 6", 2, LAST, EACH)
        with night.captured(folder):
            told = happen(night, hall)
        rows = night.rows_of([due.title for due in night.dues])
    verdicts = night.verdicts(BLOCKED)
    figures = [
        *of_items("N2", "a folder for intakes.json", verdicts[:3], rows),
        *of_items("N2", "a full disk", verdicts[3:], rows),
        *[Figure("N2", f"N2, {what}", value, "s", TOLD) for what, value in told.items()],
        Figure("N2", "N2, a full disk: of the meeting not seen", unseen(night), "s", 1.0),
    ]
    return night.write_note("faults_disk", "Faults: a disk that takes nothing", verdicts, figures)


def happen(night: Evening, hall: Path) -> dict[str, float]:
    """Break the disk in two ways; return the seconds until the status reported each, and cleared
    it.
    """
    told, intakes = {}, night.folder / "intakes.json"
    night.wait(BLOCKED)
    intakes.unlink(missing_ok=True)
    intakes.mkdir()
    night.kill("agent")
    told["told of a folder"] = night.until(lambda: night.reports_problem(INTAKES_REFUSED), PATIENCE)
    night.wait(OPEN)
    intakes.rmdir()
    told["folder no longer told of"] = night.until(
        lambda: not night.reports_problem(INTAKES_REFUSED), PATIENCE
    )
    night.wait(FULL)
    return told | without_room(night, hall)


def without_room(night: Evening, hall: Path) -> dict[str, float]:
    """Fill the disk, and plan a meeting for which it would have to store an order."""
    told, ballast = {}, night.folder / "ballast"
    fill(ballast)
    night.kill("agent")
    told["told of a full disk"] = night.until(lambda: is_full(night), PATIENCE)
    fill(ballast)
    address = f"udp://127.0.0.1:{free_udp_port()}"
    with EncoderProcess(hall, address):
        announce(night, address)
        night.wait(ADJOURNED)
        night.press("adjourn")
        night.wait(ROOM)
    ballast.unlink()
    told["full disk no longer told of"] = night.until(lambda: not refuses(night), PATIENCE)
    night.wait(LAST + EACH + 1.5)
    return told


def is_full(night: Evening) -> bool:
    """Return whether the status reports this disk as full.

    Do not wait for a failed write instead: appends may succeed for minutes within a file's last
    block.
    """
    return night.reports_problem(f"The disk with {night.folder} is full.")


def refuses(night: Evening) -> bool:
    """Return whether the status still reports a full disk or a refused write."""
    return is_full(night) or any(night.reports_problem(words) for words in REFUSED)


def announce(night: Evening, address: str) -> None:
    """Plan the meeting."""
    now, db = datetime.now(UTC), night.station.db
    source = sources.add(db, SYSTEM_ACTOR, now, SourceDraft("Chamber", address)).id
    start, minute = night.begin + timedelta(seconds=MEETING), timedelta(minutes=1)
    meetings.add(db, SYSTEM_ACTOR, now, MeetingDraft(SLUG, "Council", start, minute, source=source))


def unseen(night: Evening) -> float:
    """Return how many seconds of the meeting, from its start to its adjournment, lack its own
    picture.
    """
    length = ADJOURNED - MEETING
    begin = night.begin.timestamp() + MEETING + delay_of(night.seen, night.dues[0])
    arrived = [one.arrived or 0.0 for one in night.seen if one.ident == CHAMBER]
    return length - sum(begin <= at < begin + length for at in arrived) / float(NTSC)
