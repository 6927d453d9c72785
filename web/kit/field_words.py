"""Fields of the audit trail in words: their labels, their values, and how two versions differ."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from config.bounded import day, instant
from scheduler.domain.model.airing_graphics import from_json
from scheduler.domain.model.audit import AuditEntry
from scheduler.domain.model.proposal import ProposalStage
from scheduler.domain.series import hours
from scheduler.domain.series.patterns import Weekly, in_words
from web.kit import words
from web.kit.forms import Difference
from web.kit.rule_words import END_WORDS, MISSED_WORDS, START_WORDS

LABELS = {
    "stage": "Proposal",
    "reason": "Reason",
    "cancelled": "Canceled",
    "channel": "Channel",
    "program": "Program",
    "title": "Title",
    "start": "Starts at",
    "length": "Length",
    "asset": "Plays",
    "source": "Live from",
    "substitute": "Backup program",
    "start_rule": "Its start",
    "wait_limit": "Longest wait",
    "end_rule": "Its end",
    "hard_limit": "Latest end time",
    "missed": "If its start is missed",
    "in_point": "Begins in the file at",
    "locked": "Locked",
    "replay": "A replay",
    "record": "Recorded",
    "slate_text": "Text on screen",
    "public": "Shown to viewers",
    "public_note": "Note for viewers",
    "notes": "Notes for staff",
    "graphics": "Names and crawls",
}
CHOICE_WORDS = {
    "start_rule": dict(START_WORDS),
    "end_rule": dict(END_WORDS),
    "missed": dict(MISSED_WORDS),
    "stage": {one.value: one.word for one in ProposalStage},
}
LENGTH_COLUMNS = frozenset(
    {
        *("filler_no_repeat", "in_point", "length", "no_repeat", "recorded_length", "wait_limit"),
        *("next_before", "next_for", "countdown_most", "names_for", "every"),
    }
)
"""Columns that hold a length, in microseconds."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
_TIME = re.compile(r"\d\d:\d\d:\d\d(\.\d+)?")
LENGTH_FIELDS = ("length", "wait_limit", "in_point")
ID_FIELDS = frozenset({"channel", "program", "asset", "source", "substitute"})
"""Fields that hold an id."""


@dataclass(frozen=True)
class FieldWording:
    """Writes the fields of an airing or proposal in a channel's time, with names instead of ids."""

    zone: ZoneInfo
    now: datetime
    names: Mapping[str, Mapping[str, str]]

    def between(self, was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Difference, ...]:
        """Return each field in which two versions differ, in the order of the form."""
        return tuple(
            Difference(label, self.value(name, was.get(name)), self.value(name, now.get(name)))
            for name, label in LABELS.items()
            if was.get(name) != now.get(name)
        )

    def of_change(self, change: AuditEntry, table: str, id: str) -> tuple[Difference, ...]:
        """Return what a change did to one airing or proposal, field by field; nothing if it created
        it.
        """
        parts = [one for one in change.parts if (one.table, one.key) == (table, (id,))]
        return tuple(
            difference
            for one in parts
            if one.before is not None
            for difference in self.between(_fields(one.before), _fields(one.after))
        )

    def value(self, name: str, value: Any) -> str:
        """Write one value in words; `nothing` for an empty one."""
        if value is None or value == "":
            return "nothing"
        if name in CHOICE_WORDS:
            return CHOICE_WORDS[name].get(value, str(value))
        if name == "graphics":
            return "\n".join(one.in_words for one in value) or "nothing"
        if name in ID_FIELDS:
            return self.names.get(name, {}).get(value, "one retired since")
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, datetime):
            return words.when(value, self.zone, self.now)
        return words.length(value) if isinstance(value, timedelta) else str(value)


def field_words(name: str) -> str:
    """Return the label that forms give to a column of the audit trail: `Latest end time`."""
    plain = name.removesuffix("_id")
    return LABELS.get(plain) or _COLUMNS.get(plain) or plain.replace("_", " ").capitalize()


_COLUMNS = {
    "archived": "Retired",
    "edited": "Changed by hand",
    "slot": "Replay rule",
    "own": "Set on this one alone",
    "body": "Public body",
    "public_modified": "Announced",
    "sequence": "Times announced",
    "let_go": "Dismissed",
    "outcome_reason": "Why",
    "only": "Channels",
    "heading": "Heading",
    "caption_entry": "Captions",
    "caption_draft": "Draft captions",
    "caption_names": "Names for automatic captions",
    "asset_fields": "Fields of files",
    "fields": "The station's fields",
    "tags": "Tags",
    "members": "Members",
    "agenda_items": "Agenda items",
    "bug_on": "Bug",
    "bug_text": "Letters of the bug",
    "bug_corner": "Corner of the bug",
    "bug_opacity": "Opacity of the bug in percent",
    "says_live": "The word LIVE",
    "says_replay": "The word REPLAY",
    "over_slides": "Bug over bulletins",
    "clock_on": "Clock",
    "clock_corner": "Corner of the clock",
    "clock_over_programs": "Clock over programs",
    "next_on": "Coming up next",
    "next_before": "Coming up next, before the end",
    "next_for": "Coming up next, shown for",
    "countdown_on": "Countdown before meetings",
    "countdown_most": "Countdown from",
    "clock_hours": "Hours of the clock",
    "every": "Every",
    "speed": "Words a minute",
    "weekdays": "Days",
    "at": "From",
    "until": "Until",
    "first": "First day",
    "last": "Last day",
}
"""Labels of columns that no form of an airing shows."""


def value_words(name: str, value: Any, zone: ZoneInfo, now: datetime) -> str:
    """Write one JSON value of the audit trail: instants, days, times and lengths as pages write
    them.
    """
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in STRUCTURES and isinstance(value, list | dict):
        return STRUCTURES[name](value) or "nothing"
    if name == "weekdays" and isinstance(value, str):
        return in_words(Weekly(frozenset(map(int, value))))
    if name in LENGTH_COLUMNS and isinstance(value, int):
        return words.length(timedelta(microseconds=value))
    if isinstance(value, str) and (found := _moment(value, zone, now)):
        return found
    return str(value)


def _captions(value: Any) -> str:
    count = words.a_count(value["facts"]["count"], "caption")
    return f"{count}, {value['name'] or value['facts']['origin']}"


def _records(value: Any) -> str:
    """Write a list of records of a few words each."""
    return "; ".join(", ".join(str(part) for part in one.values() if part) for one in value)


STRUCTURES: Mapping[str, Callable[[Any], str]] = {
    "clock_hours": lambda value: "; ".join(one.in_words for one in hours.from_json(value)),
    "graphics": lambda value: "; ".join(one.in_words for one in from_json(value)),
    "caption_entry": _captions,
    "caption_draft": _captions,
    "members": _records,
    "agenda_items": _records,
}
"""How columns are written that hold a list or a record."""


def _moment(text: str, zone: ZoneInfo, now: datetime) -> str:
    """Write an ISO instant, day or wall time as pages do; return the empty string for other text.

    A title may look like one without being one: the 45th of a month, or a year out of range.
    """
    try:
        return _written(text, zone, now)
    except (ValueError, OverflowError):
        return ""


def _written(text: str, zone: ZoneInfo, now: datetime) -> str:
    """Write text in the form of an instant, day or time. Raises ValueError and OverflowError."""
    if _INSTANT.fullmatch(text):
        return words.when(instant(datetime.fromisoformat(text)), zone, now)
    if _DAY.fullmatch(text):
        return words.day(day(text), now.astimezone(zone).date())
    return words.time_of_day(time.fromisoformat(text)) if _TIME.fullmatch(text) else ""


def _fields(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Turn an airing as the audit trail stores it into the field names and types of a draft."""
    fields = {name.removesuffix("_id"): value for name, value in stored.items()}
    for name in ("start", "hard_limit"):
        if fields.get(name):
            fields[name] = datetime.fromisoformat(fields[name])
    for name in LENGTH_FIELDS:
        if name in fields:
            fields[name] = timedelta(microseconds=fields[name])
    if "graphics" in fields:
        fields["graphics"] = from_json(fields["graphics"])
    return fields
