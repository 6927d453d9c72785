"""The fields of an airing between `AiringDraft` and its row: one line each, for both directions."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from playout.model.plan import EndRule, MissedStart, StartRule
from scheduler.db.tables.plan import AiringColumns
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.airing_graphics import as_json, from_json
from scheduler.domain.model.text import clean, one_line


def _or_none(value: Any) -> Any:
    """Return None for an empty value, which a form may leave behind."""
    return value or None


def _value(rule: StartRule | EndRule | MissedStart) -> str:
    return rule.value


@dataclass(frozen=True)
class FieldColumn:
    """One field of a draft, the column that stores it, and how each is made from the other.

    Without `read` or `write` the value is the same on both sides. Ids are text in both: their types
    exist for the type checker alone.
    """

    name: str
    column: str
    read: Callable[[Any], Any] | None = None
    write: Callable[[Any], Any] | None = None


class FieldGroup:
    """Fields that are read and written together."""

    def __init__(self, *fields: FieldColumn) -> None:
        self.fields = fields
        self._names = tuple(field.name for field in fields)
        # One call for all columns: a plan of a year reads ten thousand airings.
        self._values = attrgetter(*(field.column for field in fields))
        self._converted = tuple((field.name, field.read) for field in fields if field.read)

    def read(self, row: AiringColumns) -> dict[str, Any]:
        """Return the values that the row has, by their names in `AiringDraft`."""
        values = dict(zip(self._names, self._values(row), strict=True))
        for name, read in self._converted:
            values[name] = read(values[name])
        return values

    def write(self, row: AiringColumns, draft: AiringDraft) -> None:
        """Write the draft's values to the row."""
        for field in self.fields:
            value = getattr(draft, field.name)
            setattr(row, field.column, value if field.write is None else field.write(value))


SHARED_FIELDS = FieldGroup(
    FieldColumn("channel", "channel_id"),
    FieldColumn("program", "program_id", read=_or_none),
    FieldColumn("asset", "asset_id", read=_or_none),
    FieldColumn("title", "title", write=one_line),
    FieldColumn("length", "length"),
    FieldColumn("start_rule", "start_rule", read=StartRule, write=_value),
    FieldColumn("wait_limit", "wait_limit"),
    FieldColumn("end_rule", "end_rule", read=EndRule, write=_value),
    FieldColumn("missed", "missed", read=MissedStart, write=_value),
    FieldColumn("locked", "locked"),
    FieldColumn("in_point", "in_point"),
    FieldColumn("source", "source", write=_or_none),
    FieldColumn("slate_text", "slate_text", write=one_line),
    FieldColumn("replay", "replay"),
    FieldColumn("public", "public"),
    FieldColumn("public_note", "public_note", write=clean),
    FieldColumn("notes", "notes", write=clean),
    FieldColumn("graphics", "graphics", read=from_json, write=as_json),
    FieldColumn("search", "search_id", read=_or_none),
)
"""What an airing, a series and a proposal have in common."""

AIRING_FIELDS = FieldGroup(
    FieldColumn("record", "record"),
    FieldColumn("replay_of", "replay_of", read=_or_none),
    FieldColumn("substitute", "substitute_id", read=_or_none),
    FieldColumn("meeting", "meeting_id", read=_or_none),
    FieldColumn("slot", "slot"),
)
"""What only an airing has, set for meetings and replays."""

ALL_FIELDS = FieldGroup(*SHARED_FIELDS.fields, *AIRING_FIELDS.fields)
