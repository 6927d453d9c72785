"""The audit trail: who changed what, and whether it can be taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scheduler.db import find_house
from scheduler.db.house import ChangeRow
from scheduler.db.store import Database
from scheduler.domain.names import ChangeId

UNDOABLE = frozenset({"airing", "series", "program", "slide", "filler", "asset", "channel"})


@dataclass(frozen=True)
class Part:
    """One row of a change; before is None where the row was new."""

    table: str
    key: tuple[str, ...]
    before: dict[str, Any] | None
    after: dict[str, Any]

    @property
    def differences(self) -> tuple[tuple[str, Any, Any], ...]:
        """Each field that changed: its name, before, after."""
        before = self.before or {}
        return tuple(
            (name, before.get(name), value)
            for name, value in self.after.items()
            if before.get(name) != value
        )


@dataclass(frozen=True)
class Change:
    """One entry of the audit trail."""

    id: ChangeId
    at: datetime
    actor: str
    verb: str
    entity: str
    entity_id: str
    sentence: str
    parts: tuple[Part, ...]
    undoes: ChangeId | None
    undone: bool

    @property
    def can_undo(self) -> bool:
        """True while it can be taken back, as far as can be said without trying."""
        return self.entity in UNDOABLE and not self.undone


def changes(
    db: Database,
    entity: str = "",
    entity_id: str = "",
    *,
    before: ChangeId | None = None,
    limit: int = 50,
) -> tuple[Change, ...]:
    """Entries, the newest first: of one thing, of one kind of thing, or all of them."""
    with db.read() as session:
        rows = find_house.changes(session, entity, entity_id, before, limit)
        return tuple(_change(row) for row in rows)


def latest(db: Database, entity: str, entity_id: str) -> Change | None:
    """The newest change of one thing: what an Undo button takes back."""
    found = changes(db, entity, entity_id, limit=1)
    return found[0] if found else None


def _change(row: ChangeRow) -> Change:
    return Change(
        id=ChangeId(row.id),
        at=row.at,
        actor=row.actor_name,
        verb=row.verb,
        entity=row.entity,
        entity_id=row.entity_id,
        sentence=row.sentence,
        parts=tuple(
            Part(part["table"], tuple(part["key"]), part["before"], part["after"])
            for part in row.parts
        ),
        undoes=ChangeId(row.undoes) if row.undoes is not None else None,
        undone=row.undone_by is not None,
    )
