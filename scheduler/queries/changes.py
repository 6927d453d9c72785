"""The audit trail: who changed what, and whether it can be undone."""

from scheduler.db import find
from scheduler.db.store import Database
from scheduler.db.tables.house import ChangeRow
from scheduler.domain.model.audit import AuditEntry, ChangedRow
from scheduler.domain.model.ids import ChangeId


def changes(
    db: Database,
    entity: str = "",
    entity_id: str = "",
    *,
    before: ChangeId | None = None,
    limit: int = 50,
) -> tuple[AuditEntry, ...]:
    """Return entries about one thing, one kind of thing, or everything, the newest first."""
    with db.read() as session:
        rows = find.house.changes(session, entity, entity_id, before, limit)
        return tuple(_change(row) for row in rows)


def history(db: Database, table: str, key: str, *, limit: int = 50) -> tuple[AuditEntry, ...]:
    """Return the entries that touched one row, whatever they are about, the newest first."""
    with db.read() as session:
        return tuple(
            _change(row) for row in find.house.changes_touching(session, table, key, limit)
        )


def search(
    db: Database, text: str, *, before: ChangeId | None = None, limit: int = 50
) -> tuple[AuditEntry, ...]:
    """Return the entries whose sentence or person contains `text`, the newest first."""
    with db.read() as session:
        rows = find.house.search_changes(session, text, before, limit)
        return tuple(_change(row) for row in rows)


def latest(db: Database, entity: str, entity_id: str) -> AuditEntry | None:
    """Return the newest change of one thing, which is the one an Undo button takes back."""
    newest = changes(db, entity, entity_id, limit=1)
    return newest[0] if newest else None


def taken_back_by(db: Database, change: ChangeId) -> ChangeId | None:
    """Return the change that undid this one; None while it is in force."""
    with db.read() as session:
        row = session.get(ChangeRow, change)
        return ChangeId(row.undone_by) if row is not None and row.undone_by is not None else None


def _change(row: ChangeRow) -> AuditEntry:
    return AuditEntry(
        id=ChangeId(row.id),
        at=row.at,
        actor=row.actor_name,
        verb=row.verb,
        entity=row.entity,
        entity_id=row.entity_id,
        sentence=row.sentence,
        parts=tuple(
            ChangedRow(part["table"], tuple(part["key"]), part["before"], part["after"])
            for part in row.parts
        ),
        undoes=ChangeId(row.undoes) if row.undoes is not None else None,
        undone=row.undone_by is not None,
    )
