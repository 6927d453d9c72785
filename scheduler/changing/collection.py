"""Collections that staff edit alike: public bodies, programs and calendars are added, changed,
retired.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from scheduler.changing.transaction import UnitOfWork, changing
from scheduler.db.store import Database
from scheduler.db.tables.base import Base
from scheduler.domain.model.people import Actor, Right
from scheduler.ids import new_id

Row = TypeVar("Row", bound=Base)
Draft = TypeVar("Draft")
Value = TypeVar("Value")


def nothing(_work: UnitOfWork, _row: Any) -> None:
    """Do nothing after a change."""


@dataclass(frozen=True)
class EditableCollection(Generic[Row, Draft, Value]):
    """One kind of thing: its rows, what staff may set on them, and what follows a change."""

    row: type[Row]
    entity: str
    """Its key in the audit trail."""
    noun: str
    """Its name in a sentence, and in a refusal."""
    right: Right
    name: Callable[[Row], str]
    load: Callable[[Row], Value]
    fill: Callable[[Row, Draft], None]
    check: Callable[[UnitOfWork, Draft, str | None], None]
    """Raises Refused for a bad draft. Its last argument is the id of the edited row."""
    before: Callable[[UnitOfWork, Row], None] = nothing
    """Runs before a row is changed."""
    after: Callable[[UnitOfWork, Row], None] = nothing
    """Runs after a row was changed."""

    def add(self, db: Database, actor: Actor, now: datetime, draft: Draft) -> Value:
        """Store a new one. Raises Refused."""
        with changing(db, actor, now, self.right, "add") as work:
            self.check(work, draft, None)
            row: Any = self.row(id=new_id())
            self.fill(row, draft)
            work.add(row)
            work.about(self.entity, row.id, f"Added the {self.noun} {self.name(row)}")
        return self.load(row)

    def edit(
        self, db: Database, actor: Actor, now: datetime, id: str, draft: Draft, version: int
    ) -> Value:
        """Set everything that staff may set. Raises Refused, Missing, and Conflict with the present
        value.
        """
        with changing(db, actor, now, self.right, "edit") as work:
            row = self._open(work, id, version)
            self.check(work, draft, id)
            self.before(work, row)
            self.fill(row, draft)
            work.about(self.entity, id, f"Changed the {self.noun} {self.name(row)}")
            self.after(work, row)
        return self.load(row)

    def retire(self, db: Database, actor: Actor, now: datetime, id: str, version: int) -> Value:
        """Retire one, so that forms no longer offer it. Raises Missing, and Conflict with the
        present value.
        """
        with changing(db, actor, now, self.right, "retire") as work:
            row: Any = self._open(work, id, version)
            row.archived = True
            work.about(self.entity, id, f"Retired the {self.noun} {self.name(row)}")
            self.after(work, row)
        return self.load(row)

    def _open(self, work: UnitOfWork, id: str, version: int) -> Row:
        row = work.get(self.row, id, self.noun)
        work.expect_version(row, version, self.load(row))
        return row
