"""An entry of the audit trail: who changed which rows, and whether the change can be undone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scheduler.domain.model.ids import ChangeId

UNDOABLE = frozenset(
    {
        *("airing", "series", "program", "slide", "filler", "asset", "channel"),
        "channel machines",
        *("meeting", "meeting series", "body", "source"),
        *("calendar", "anchor", "block"),
        *("proposal", "bulletin proposal", "filler proposal", "decision", "station"),
        *("graphics", "logo", "contact", "crawl", "clock"),
        *("hold", "retention class", "search"),
    }
)


SECRETS = frozenset({"password_hash", "password_was", "key_hash", "token_hash", "address"})
"""Fields of which the audit trail may only know that they changed."""


@dataclass(frozen=True)
class ChangedRow:
    """One row of a change; `before` is None where the row was new."""

    table: str
    key: tuple[str, ...]
    before: dict[str, Any] | None
    after: dict[str, Any]

    @property
    def differences(self) -> tuple[tuple[str, Any, Any], ...]:
        """Each field that changed, as (name, before, after); a secret field shows no value."""
        before = self.before or {}
        return tuple(
            (name, None, "changed") if name in SECRETS else (name, before.get(name), value)
            for name, value in self.after.items()
            if before.get(name) != value
        )


@dataclass(frozen=True)
class AuditEntry:
    """One change, as the audit trail stores it."""

    id: ChangeId
    at: datetime
    actor: str
    verb: str
    entity: str
    entity_id: str
    sentence: str
    parts: tuple[ChangedRow, ...]
    undoes: ChangeId | None
    undone: bool

    @property
    def can_undo(self) -> bool:
        """True while it may be undone, as far as that is known without trying."""
        return self.entity in UNDOABLE and not self.undone
