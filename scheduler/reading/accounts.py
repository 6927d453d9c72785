"""The account of a stretch of air: as-run rows, what is running now, and which buttons were
pressed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from config.names import AiringId, ChannelId
from playout.commands.limits import LONGEST_BY_HAND
from playout.model.commands import Verb
from playout.model.cue_ids import item_of
from playout.model.wire import JournalEntry, Status
from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.plan import AiringRow
from scheduler.domain.model.airing_graphics import words_of
from scheduler.domain.reported.aired import Account, ButtonPress, account
from scheduler.reading.host_state import last_status


def read_account(
    session: Session,
    channel: ChannelId,
    since: datetime,
    until: datetime,
    now: datetime,
    *,
    with_presses: bool = True,
) -> tuple[Account, int]:
    """Return what is on record of [since, until) as known at `now`, and the number of unreadable
    rows.

    A page that refreshes every second passes `with_presses=False`, which is cheaper.
    """
    runs, unreadable = load.journal.drawable(find.house.as_run(session, channel, since, until))
    status = last_status(session, channel)
    running = [run for run in status.running if run.start < until] if status else []
    first = min(
        filter(None, [find.house.first_seen(session, channel), *(run.start for run in running)]),
        default=until,
    )
    # The account reaches to the host's last report, or to the end of its last row with
    # pictures where that is later.
    reported = min(until, now, status.at) if status else since
    seen_until = [run.end for run in runs if run.ticks]
    known_until = min(max([reported, *seen_until]), until, now)
    pressed = presses(session, channel, since - LONGEST_BY_HAND, until) if with_presses else ()
    begins = min(max(since, first), known_until)
    return account(runs, running, pressed, begins, known_until, min(until, now)), unreadable


def running_airings(status: Status | None) -> frozenset[AiringId]:
    """Return the airings that are on air or not over yet, by the host's status."""
    if status is None:
        return frozenset()
    on = {run.airing for run in status.running if run.airing is not None}
    return frozenset(on | ({AiringId(status.item)} if status.item else set()))


def presses(
    session: Session, channel: ChannelId, since: datetime, until: datetime
) -> tuple[ButtonPress, ...]:
    """Return the commands that the host obeyed in [since, until), in order."""
    rows = find.house.entries(session, channel, since, until, "command")
    entries = [one for one in map(load.journal.entry, load.journal.once(rows)) if one is not None]
    return tuple(_with_ends(list(_presses(session, entries))))


def _presses(session: Session, entries: Sequence[JournalEntry]) -> Iterator[ButtonPress]:
    for entry in entries:
        if entry.command is not None:
            given = entry.command
            on_air = item_of(given.cue) if given.cue else None
            meant = [item for item in (given.item, on_air) if item]
            yield ButtonPress(
                at=entry.at,
                verb=given.verb,
                by=given.actor,
                command=given.id,
                title=given.text
                or (words_of(given.graphic) if given.graphic else "")
                or _title(session, meant),
                minutes=given.minutes,
                until=given.until,
                about=frozenset(meant),
            )


def _title(session: Session, meant: Sequence[str]) -> str:
    """Return the title of the airing that the command named, else of the one on air then."""
    row = session.get(AiringRow, meant[0]) if meant else None
    return row.title if row is not None else ""


def _with_ends(pressed: Sequence[ButtonPress]) -> Iterator[ButtonPress]:
    """Yield the presses; each message ends where another replaced it or somebody took it down."""
    for number, press in enumerate(pressed):
        if press.verb is Verb.EMERGENCY:
            after = (p.at for p in pressed[number + 1 :] if p.verb in (Verb.EMERGENCY, Verb.CLEAR))
            ended = min(filter(None, (press.until, next(after, None))), default=None)
            press = replace(press, until=ended)
        yield press
