"""The fields of an airing or a proposal in words: where two versions differ, what was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.domain.changes import Change
from web import words
from web.forms import END_WORDS, MISSED_WORDS, START_WORDS, Difference

LABELS = {
    "stage": "Proposal",
    "reason": "Reason",
    "cancelled": "Cancelled",
    "channel": "Channel",
    "program": "Program",
    "title": "Title",
    "start": "Starts at",
    "length": "Length",
    "asset": "Plays",
    "source": "Live from",
    "substitute": "Airs if the recording fails",
    "start_rule": "Its start",
    "wait_limit": "Waits at most",
    "end_rule": "Its end",
    "hard_limit": "Off the air by",
    "missed": "If its start is missed",
    "in_point": "Begins in the file at",
    "locked": "Locked",
    "replay": "A replay",
    "record": "Recorded",
    "slate_text": "Words on screen",
    "public": "Shown to viewers",
    "public_note": "Note for viewers",
    "notes": "Notes for staff",
}
RULES = {
    "start_rule": dict(START_WORDS),
    "end_rule": dict(END_WORDS),
    "missed": dict(MISSED_WORDS),
}
SPANS = ("length", "wait_limit", "in_point")
NAMED = frozenset({"channel", "program", "asset", "source", "substitute"})
"""Fields that hold an id."""


@dataclass(frozen=True)
class Teller:
    """Says values in a channel's time, ids by the names known for each field."""

    zone: ZoneInfo
    now: datetime
    names: Mapping[str, Mapping[str, str]]

    def between(self, was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Difference, ...]:
        """Each field that differs, in the order of the form."""
        return tuple(
            Difference(label, self.said(name, was.get(name)), self.said(name, now.get(name)))
            for name, label in LABELS.items()
            if was.get(name) != now.get(name)
        )

    def told(self, change: Change, table: str, id: str) -> tuple[Difference, ...]:
        """What the change did to the airing or proposal, field by field; nothing if it made it."""
        own = [one for one in change.parts if (one.table, one.key) == (table, (id,))]
        return tuple(
            difference
            for one in own
            if one.before is not None
            for difference in self.between(_fields(one.before), _fields(one.after))
        )

    def said(self, name: str, value: Any) -> str:
        """One value in words."""
        if value is None or value == "":
            return "nothing"
        if name in RULES:
            return RULES[name].get(value, str(value))
        if name in NAMED:
            return self.names.get(name, {}).get(value, "one put away since")
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, datetime):
            return words.when(value, self.zone, self.now)
        return words.length(value) if isinstance(value, timedelta) else str(value)


def _fields(said: Mapping[str, Any]) -> dict[str, Any]:
    """An airing as the audit trail keeps it, by the names and values of a draft."""
    found = {name.removesuffix("_id"): value for name, value in said.items()}
    for name in ("start", "hard_limit"):
        if found.get(name):
            found[name] = datetime.fromisoformat(found[name])
    for name in SPANS:
        if name in found:
            found[name] = timedelta(microseconds=found[name])
    return found
