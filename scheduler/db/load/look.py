"""The station's look, between its row and its value."""

from pydantic import TypeAdapter, ValidationError

from scheduler.db.tables.plan import StationRow
from scheduler.domain.model.look import LookDraft

_LOOK = TypeAdapter(LookDraft)


def look(row: StationRow | None) -> LookDraft:
    """Return the look of bulletins; the usual one where none is stored, or none can be read."""
    try:
        return _LOOK.validate_python(row.look) if row is not None and row.look else LookDraft()
    except ValidationError:
        return LookDraft()


def fill_look(row: StationRow, draft: LookDraft) -> None:
    """Write the look."""
    row.look = _LOOK.dump_python(draft, mode="json")
