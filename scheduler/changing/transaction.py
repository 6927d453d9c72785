"""One change of the plan as one transaction: rows, audit entry, stamps and plan versions together.

An action opens `changing(...)` and works with the `UnitOfWork` that it yields. A row must be
watched (`get`, `watch`, `add`) before its first change, because undo and audit compare it with what
it said then:

    with changing(db, actor, now, Right.PLAN, "move") as work:
        row = work.get(AiringRow, "a1", "airing")  # locked; remembered with start 19:00
        work.expect_version(row, 3, load.plan.airing(row))  # Conflict if it has version 4
        work.as_seen(ChannelId("ch13"), 41)  # the plan version that was weighed
        load.plan.fill_airing(row, draft)  # start 20:00
        work.about("airing", "a1", "Moved Film", "ch13")

When the block ends, `record` writes an audit entry whose only part is `{"table": "airing", "key":
["a1"], "before": {... "start": "19:00"}, "after": {... "start": "20:00"}}`, renews the stamps of
the row, and counts the plan version of ch13 from 41 to 42. If the block raises, nothing of it is
stored. If no watched row changed, nothing is recorded at all. Undo is a change like any other: it
restores `before`, and its entry names the one it undoes.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar, cast

from config.names import ChannelId
from scheduler.db import find, listings, load
from scheduler.db.rows import key_of, snapshot, table_of
from scheduler.db.store import Database, LostUpdate, Session
from scheduler.db.tables.base import Base
from scheduler.db.tables.desk import FillerProposalRow, ProposalRow, SlideProposalRow
from scheduler.db.tables.house import ChangeRow, TouchedRow
from scheduler.db.tables.meetings import MeetingRow
from scheduler.db.tables.plan import AiringRow, ProgramRow
from scheduler.domain.model.people import SYSTEM_ACTOR, Actor, Right
from scheduler.domain.reported.public import SLIP_WITHIN, project, visible
from scheduler.refusals import Conflict, Forbidden, Missing

Row = TypeVar("Row", bound=Base)
FEEDS_LOOK_BACK = timedelta(days=32)
FEEDS_LOOK_AHEAD = timedelta(days=400)
"""How far public feeds reach at most, with a margin."""
PROPOSAL_TABLES = frozenset(
    one.__tablename__ for one in (ProposalRow, SlideProposalRow, FillerProposalRow)
)
"""Proposals are never published, so a change of these tables alone makes no new plan version."""


class _Versioned(Protocol):
    version: Any


class UnitOfWork:
    """The rows that one action touches: what each said before, and whose plans they change."""

    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        self.session = session
        self.actor = actor
        self.now = now
        self.sentence = ""
        self.entity = ""
        self.entity_id = ""
        self.undoes: int | None = None
        self.channels: set[str] = set()
        self.looked_at: dict[ChannelId, int] = {}
        self._before: dict[int, dict[str, Any] | None] = {}
        self._seen: dict[int, tuple[object, ...] | None] = {}
        self._started: dict[int, datetime] = {}
        self._rows: dict[int, Base] = {}

    def about(self, entity: str, entity_id: str, sentence: str, *channels: str) -> None:
        """Name the audit entry and the channels whose plan the change touches."""
        self.entity, self.entity_id, self.sentence = entity, entity_id, sentence
        self.channels.update(channels)

    def get(self, table: type[Row], key: str | tuple[str, ...], what: str) -> Row:
        """Return the row, locked and watched. Raises Missing with the noun `what`."""
        row = self.session.get(table, key, with_for_update=True)
        if row is None:
            raise Missing(what)
        self.watch(row)
        return row

    def expect_version(self, row: Base, version: int, current: object) -> None:
        """Raise Conflict with `current` unless the row still has the version that the page read."""
        if cast(_Versioned, row).version != version:
            raise Conflict(current)

    def as_seen(self, channel: ChannelId, plan: int | None) -> None:
        """Keep this change only if the channel's plan still has the version `plan` when it is
        recorded.

        So what was weighed is what is done: of two changes at the same moment the second waits for
        the first and is refused. Pass None for a change that was not weighed, such as one of the
        server itself.
        """
        if plan is not None:
            self.looked_at[channel] = plan

    def watch(self, row: Base) -> None:
        """Remember what the row says now. Call it before the first change of the row."""
        if id(row) in self._rows:
            return
        self._rows[id(row)] = row
        self._before[id(row)] = snapshot(row)
        if isinstance(row, AiringRow):
            self._seen[id(row)] = self._visible(row)
            self._started[id(row)] = row.start

    def add(self, row: Base) -> None:
        """Insert a new row."""
        self._rows[id(row)] = row
        self._before[id(row)] = None
        self._seen[id(row)] = None
        self.session.add(row)
        self.session.flush()

    def restamp(self, row: AiringRow) -> None:
        """Renew the public stamp of an airing whose own columns did not change."""
        row.sequence += 1
        row.public_modified = _after(row.public_modified, self.now)

    def watch_program(self, program: str) -> None:
        """Remember what viewers see of the program's coming airings, before the program changes."""
        for airing in find.plan.airings_with(self.session, program=program, since=self.now):
            self.watch(airing)

    def restamp_channel(self, channel: str) -> None:
        """Renew the public stamp of the channel's whole lineup, as after a new channel name."""
        since, until = self.now - FEEDS_LOOK_BACK, self.now + FEEDS_LOOK_AHEAD
        for airing in find.plan.airings(
            self.session, ChannelId(channel), since, until, cancelled=True
        ):
            self.restamp(airing)
        listings.restamp(self.session, ChannelId(channel), since, self.now)

    def within_reach(self, right: Right) -> None:
        """Raise Forbidden when the change touches a channel that the actor may not change."""
        for channel in sorted(self.channels):
            if not self.actor.may(right, ChannelId(channel)):
                raise Forbidden(f"{right.value} of {channel}")

    def parts(self) -> list[dict[str, Any]]:
        """Return each row that changed: its table, its key, and its values before and after."""
        parts = []
        for mark, row in self._rows.items():
            before, after = self._before[mark], snapshot(row)
            if before != after:
                part = {"table": table_of(row), "key": key_of(row)}
                parts.append(part | {"before": before, "after": after})
        return parts

    def stamp(self) -> None:
        """Renew the stamps of watched airings: for staff if they changed, for viewers if they see
        it.
        """
        for mark, row in self._rows.items():
            if not isinstance(row, AiringRow) or self._before[mark] == snapshot(row):
                # The airing is as it was, but viewers see another title of its program.
                if isinstance(row, AiringRow) and self._seen[mark] != self._visible(row):
                    self.restamp(row)
                continue
            row.updated, row.updated_by = self.now, self.actor.name
            if self._before[mark] is not None and self._seen[mark] is not None:
                _note_move(row, self._started[mark], self.now)
            if self._before[mark] is not None and self._seen[mark] != self._visible(row):
                self.restamp(row)

    def _visible(self, row: AiringRow) -> tuple[object, ...] | None:
        airing = load.plan.airing(row)
        program = self.session.get(ProgramRow, row.program_id) if row.program_id else None
        meeting = self.session.get(MeetingRow, row.meeting_id) if row.meeting_id else None
        return visible(
            project(
                airing,
                load.plan.program(program) if program else None,
                meeting=load.meetings.meeting(meeting) if meeting else None,
            )
        )


def _note_move(row: AiringRow, before: datetime, now: datetime) -> None:
    """Keep the start that viewers were told first, until the airing is back at it.

    A move within minutes of planning it was a slip of the hand, of which nobody was told.
    """
    if row.start == before:
        return
    if row.moved_from is None and now - row.created >= SLIP_WITHIN:
        row.moved_from = before
    elif row.moved_from == row.start:
        row.moved_from = None


def _after(previous: datetime, now: datetime) -> datetime:
    """Return a whole second after `previous`, not before `now`: feeds carry whole seconds."""
    return max(now.replace(microsecond=0), previous + timedelta(seconds=1))


@contextmanager
def changing(
    db: Database, actor: Actor, now: datetime, right: Right, verb: str
) -> Iterator[UnitOfWork]:
    """Run one action as one transaction, and record it when the block ends.

    Changes go one after another, so what one has read is still true when it is stored. Raises
    Forbidden, and Conflict where another transaction changed a row first.
    """
    if not actor.may(right):
        raise Forbidden(right.value)
    try:
        with db.change() as session:
            work = UnitOfWork(session, actor, now)
            yield work
            work.within_reach(right)
            record(work, verb)
    except LostUpdate as error:
        raise Conflict(None) from error


def each_alone(
    db: Database,
    now: datetime,
    kind: type[Row],
    noun: str,
    rows: Callable[[Session], Sequence[Row]],
    act: Callable[[UnitOfWork, Row], int],
) -> int:
    """Run `act` on each row as a change of its own, in the server's name; return the sum of its
    results.

    One row that fails does not undo the others before it. Raises what `act` raises.
    """
    with db.read() as session:
        keys = [key_of(row) for row in rows(session)]
    changed = 0
    for key in keys:
        with changing(db, SYSTEM_ACTOR, now, Right.PLAN, "materialise") as work:
            changed += act(work, work.get(kind, key[0], noun))
    return changed


def record(work: UnitOfWork, verb: str) -> None:
    """Write the audit entry, the stamps and the plan versions, if any watched row changed."""
    work.stamp()
    parts = work.parts()
    if not parts:
        return
    change = ChangeRow(
        at=work.now,
        actor_id=work.actor.id,
        actor_name=work.actor.name,
        verb=verb,
        entity=work.entity,
        entity_id=work.entity_id,
        sentence=work.sentence,
        channels=sorted(work.channels),
        parts=parts,
        undoes=work.undoes,
    )
    work.session.add(change)
    work.session.flush()
    work.session.add_all(
        TouchedRow(kind=part["table"], key="/".join(part["key"]), change_id=change.id)
        for part in parts
    )
    if work.undoes is not None:
        undone = work.session.get(ChangeRow, work.undoes)
        if undone is not None:
            undone.undone_by = change.id
    is_planned = bool({part["table"] for part in parts} - PROPOSAL_TABLES)
    if is_planned:
        find.plan.bump(work.session, work.channels)
    # Checked last, after the plan version was counted up: of two changes weighed against the
    # same version the second finds a higher number and gets Conflict.
    for channel, plan in work.looked_at.items():
        bumped = is_planned and channel in work.channels
        if find.plan.plan_number(work.session, channel) != plan + bumped:
            raise Conflict(None, "The schedule has changed since.")


def all_channels(session: Session) -> set[ChannelId]:
    """Return every channel in use, for a change that may touch any of them."""
    return {ChannelId(row.id) for row, _ in find.plan.channels(session)}
