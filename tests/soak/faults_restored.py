"""N3 on a station: the server's database is restored from a backup while the channel is on air."""

import signal
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from bench.figures import Figure
from soak.evening import SLUG, Evening
from soak.faults import NEVER, ROW_AFTER, DueItem, delay_of, of_items
from sqlalchemy import select
from support.restored_system import copy_database, replace_database
from support.station import CHANNEL, Station, add_airing, body_of, wait_for

from scheduler.db import find
from scheduler.db.tables.house import EntryRow

PRESSED = (2.0, 4.0, 6.0, 8.0)
"""When messages go up and down after the backup."""
FIRST, LENGTH = 14, 10
"""Seconds of the first item, and of the last."""
GONE = FIRST + ROW_AFTER + 2.0
"""When the server is stopped: it has the row of the first item, which its backup lacks."""
SLOT = 90
"""When the item airs that differs. Until then the server starts, hears the host, and is pressed."""
MARGIN = 0.2
AFAR = 7200.0
"""Seconds at which what only makes another plan is planned."""
TOLD, OBEYED = 10.0, 2.0
"""Seconds until the server must have every entry again; from a press to the bus, no page open."""


@dataclass
class Restored:
    """The record of a restore: revisions, lost entries, and the times of both presses."""

    up: float = 0.0
    """UTC seconds of the press of a message after the restore."""
    down: float = 0.0
    before: int = 0
    """Revision of the plan before the restore, which the host had."""
    after: int = 0
    """Revision of the server's newest plan after it, when the host hears it again."""
    lost: set[str] = field(default_factory=set)
    """Entries that the restored database lacked."""
    again: float = NEVER
    """Seconds until the server had them again."""
    agreed: float = NEVER
    """Seconds until the on-air page showed the newest plan as received."""
    answers: list[str] = field(default_factory=list)


def evening(folder: Path) -> list[Figure]:
    """Restore the server's database during a long item. After it comes an item that only the
    restored server planned, in place of one that only the lost database had.
    """
    with Station(folder / "station") as station:
        night, story = Evening(station), Restored()
        lengths = {1: FIRST, 2: SLOT - FIRST, 3: LENGTH, 4: LENGTH}
        clips = {one: night.library(folder, one, long + 2) for one, long in lengths.items()}
        night.starts_in(12)
        night.plan(clips[1], "First", 1, 0, FIRST, until=PRESSED[0] - MARGIN)
        night.plan(clips[2], "Long", 2, FIRST, SLOT - FIRST)
        with night.captured(folder):
            live_on(night, story, clips, folder / "backup.db")
            come_back(night, story, clips)
            press(night, story)
            night.wait(SLOT + LENGTH + 1.5)
        rows = night.rows_of(["First", "Long", "Right"])
    night.dues[1:2] = around(night.dues[1], story)
    verdicts = night.verdicts(PRESSED[0] - MARGIN)
    figures = [
        *of_items("N3", "what airs meanwhile", verdicts[:-1], rows),
        *of_items("N3", "what the server published last", verdicts[-1:], rows),
        *of_server(night, story),
        *of_buttons(night, story),
    ]
    title = "Faults: a database restored from a backup"
    return night.write_note("faults_restored", title, verdicts, figures)


def around(due: DueItem, story: Restored) -> list[DueItem]:
    """Split the item into its part before the message that covers it and its part afterwards."""
    up, down = story.up - due.begin, story.down - due.begin
    return [replace(due, until=up - MARGIN), replace(due, since=down + 3.0)]


def live_on(night: Evening, story: Restored, clips: dict[int, str], backup: Path) -> None:
    """Back up, go on until the server has the first item's row, and restore the backup."""
    copy_database(night.station.folder / "gavel.db", backup)
    for title, at in (("Wrong", SLOT), ("Later", AFAR), ("Last", 2 * AFAR)):
        number = published(night)
        add(night, clips[3], title, at)
        wait_for(lambda number=number: published(night) > number, 5, "it is published")
    for place, at in enumerate(PRESSED):
        night.wait(at)
        message(night, up=place % 2 == 0)
    night.wait(FIRST)
    wait_for(lambda: has_row(night, "First"), ROW_AFTER, "the first is told of")
    wait_for(lambda: night.revision() == published(night), 5, "the host has the newest plan")
    story.before, known = night.revision(), entry_ids(night)
    night.wait(GONE)
    night.station.link.cut()
    night.staff.close()
    for name in ("web", "scheduler"):
        night.station.kill(name, signal.SIGTERM)
    replace_database(night.station.db, backup)
    story.lost = known - entry_ids(night)


def come_back(night: Evening, story: Restored, clips: dict[int, str]) -> None:
    """Start the restored server, plan the other item under the same revision, and reconnect the
    host.
    """
    night.station.start("web", "gavel", "web")
    night.station.start("scheduler", "gavel", "scheduler")
    wait_for(night.station.answers, 30, "the pages answer again")
    night.staff = night.station.staff()
    number = published(night)
    night.plan(clips[4], "Right", 4, SLOT, LENGTH)
    for later in range(1, 10):
        wait_for(lambda number=number: published(night) > number, 15, "it is published")
        number = published(night)
        if number >= story.before:
            break
        add(night, clips[4], f"Other {later}", AFAR + 60 * later)
    story.after = published(night)
    night.station.link.mend()
    began = time.monotonic()
    story.agreed = night.until(lambda: night.on_air().up_to_date, TOLD)
    if night.until(lambda: story.lost <= entry_ids(night), TOLD) < NEVER:
        story.again = time.monotonic() - began


def press(night: Evening, story: Restored) -> None:
    """Put a message over the picture, and take it down again."""
    story.up = message(night, up=True)
    time.sleep(4.0)
    story.down = message(night, up=False)
    time.sleep(2.5)
    story.answers = [one.answer for one in night.on_air().commands]


def add(night: Evening, asset: str, title: str, at: float) -> None:
    """Plan an item that is not judged."""
    start = night.begin + timedelta(seconds=at)
    add_airing(night.staff, asset, title, start, LENGTH)


def message(night: Evening, *, up: bool) -> float:
    """Put a full-screen emergency message up, or take it down; return the time of the press (UTC
    s).
    """
    at = time.time()
    if up:
        form = {"text": "Boil water.", "placement": "full", "channels": CHANNEL, "minutes": "15"}
        body_of(night.staff.post("/emergency", data=form))
    else:
        body_of(night.staff.post(f"/emergency/{CHANNEL}/clear"))
    return at


def has_row(night: Evening, title: str) -> bool:
    """Return whether the server has an as-run row of this title."""
    return title in {row.title for row in night.rows()}


def published(night: Evening) -> int:
    """Return the revision of the server's newest plan."""
    with night.station.db.read() as session:
        return find.house.published_number(session, SLUG)


def entry_ids(night: Evening) -> set[str]:
    """Return the ids of the journal entries the server has."""
    with night.station.db.read() as session:
        return set(session.scalars(select(EntryRow.id).where(EntryRow.channel_id == CHANNEL)))


def of_server(night: Evening, story: Restored) -> list[Figure]:
    """Return the figures of history and plan after the restore."""
    wrong = sum(one.ident == 3 for one in night.seen)
    told = f"{len(story.lost)} entries were lost"
    numbers = f"revision {story.before}, then {story.after}"
    return [
        Figure("N3", "N3, nothing was lost, so nothing is shown", not story.lost, "", 0, note=told),
        Figure("N3", "N3, all of it told again after", story.again, "s", TOLD),
        Figure("N3", "N3, the desk agrees with the host after", story.agreed, "s", TOLD),
        Figure("N3", "N3, two plans that differ: their numbers apart",
               abs(story.before - story.after), "", 0, note=numbers),
        Figure("N3", "N3, pictures of what is no longer planned", wrong, "pictures", 0),
    ]  # fmt: skip


def of_buttons(night: Evening, story: Restored) -> list[Figure]:
    """Return the figures of the two presses after the restore, in seconds at the bus."""
    delay = delay_of(night.seen, night.dues[0])
    aired = [((one.arrived or 0.0) - delay, one.ident == 2) for one in night.seen]
    covered = [(at - story.up, bare) for at, bare in aired if story.up < at < story.down]
    after = [(at - story.down, bare) for at, bare in aired if story.down < at]
    dead = [one for one in story.answers if one != "accepted"]
    return [
        Figure("N3", "N3, press to message", first(covered, False), "s", OBEYED),
        Figure("N3", "N3, pictures it did not cover",
               sum(bare for at, bare in covered if at > OBEYED), "pictures", 0),
        Figure("N3", "N3, press to the picture without it", first(after, True), "s", OBEYED),
        Figure("N3", "N3, presses not obeyed", len(dead) + abs(2 - len(story.answers)),
               "presses", 0, note=", ".join(story.answers)),
    ]  # fmt: skip


def first(aired: list[tuple[float, bool]], bare: bool) -> float:
    """Return when the picture was first bare, or first covered; NEVER if it was not."""
    return next((at for at, is_bare in aired if is_bare is bare), NEVER)
