"""The fields of an airing between `AiringDraft` and its row: one line each, for both directions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from config.names import AiringId, ChannelId
from playout.model.plan import EndRule, MissedStart, StartRule
from scheduler.db.tables.plan import AiringColumns
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.ids import AssetId, MeetingId, ProgramId
from scheduler.domain.model.text import clean, one_line


def _as_is(value: Any) -> Any:
    return value


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a reader that takes an empty value for None."""
    return lambda value: read(value) if value else None


def _value(rule: StartRule | EndRule | MissedStart) -> str:
    return rule.value


@dataclass(frozen=True)
class FieldColumn:
    """One field of a draft, the column that stores it, and how each is made from the other."""

    name: str
    column: str
    read: Callable[[Any], Any] = _as_is
    write: Callable[[Any], Any] = _as_is


SHARED_FIELDS = (
    FieldColumn("channel", "channel_id", read=ChannelId),
    FieldColumn("program", "program_id", read=_or_none(ProgramId)),
    FieldColumn("asset", "asset_id", read=_or_none(AssetId)),
    FieldColumn("title", "title", write=one_line),
    FieldColumn("length", "length"),
    FieldColumn("start_rule", "start_rule", read=StartRule, write=_value),
    FieldColumn("wait_limit", "wait_limit"),
    FieldColumn("end_rule", "end_rule", read=EndRule, write=_value),
    FieldColumn("missed", "missed", read=MissedStart, write=_value),
    FieldColumn("locked", "locked"),
    FieldColumn("in_point", "in_point"),
    FieldColumn("source", "source", write=_or_none(str)),
    FieldColumn("slate_text", "slate_text", write=one_line),
    FieldColumn("replay", "replay"),
    FieldColumn("public", "public"),
    FieldColumn("public_note", "public_note", write=clean),
    FieldColumn("notes", "notes", write=clean),
)
"""What an airing, a series and a proposal have in common."""

AIRING_FIELDS = (
    FieldColumn("record", "record"),
    FieldColumn("replay_of", "replay_of", read=_or_none(AiringId)),
    FieldColumn("substitute", "substitute_id", read=_or_none(AssetId)),
    FieldColumn("meeting", "meeting_id", read=_or_none(MeetingId)),
    FieldColumn("slot", "slot"),
)
"""What only an airing has, set for meetings and replays."""


def read_fields(row: AiringColumns, fields: Iterable[FieldColumn]) -> dict[str, Any]:
    """Return the values of these fields as the row has them, by their names in `AiringDraft`."""
    return {field.name: field.read(getattr(row, field.column)) for field in fields}


def write_fields(row: AiringColumns, draft: AiringDraft, fields: Iterable[FieldColumn]) -> None:
    """Write these fields of the draft to the row."""
    for field in fields:
        setattr(row, field.column, field.write(getattr(draft, field.name)))
