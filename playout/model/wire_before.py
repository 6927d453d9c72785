"""Messages to a host or a server of a version before, without what it would refuse."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from config.bounded import without_controls
from playout.model.commands import Command, Verb
from playout.model.graphic_events import BugSet, Keyed, Unkeyed
from playout.model.loudness import Measured
from playout.model.plan import Outcome, Plan
from playout.model.uncut import without_cuts
from playout.model.wire import (
    READS,
    READS_UNNAMED,
    Ack,
    JournalEntry,
    Report,
    adapter,
    decode,
    encode,
)

_READS_STRETCHES, _READS_ORIGIN, _READS_CAPTIONS, _READS_GRAPHICS = 3, 4, 5, 6
_READS_LOUDNESS, _READS_CAPTION_STATUS, _READS_CAPTION_NAMES, _READS_FAULTS = 7, 8, 9, 10
_READS_MEASURED, _READS_TOLD, _READS_PAIR, _READS_HOURS, _READS_LEAVING = 11, 12, 13, 14, 15
_READS_CHOICES = _READS_CUTS = _READS_SETUP = 16
"""The number of READS from which each is understood."""
_STATUS_FIELDS = {
    "graphics": _READS_GRAPHICS,
    "loudness": _READS_LOUDNESS,
    "captions": _READS_CAPTION_STATUS,
    "faults": _READS_FAULTS,
    "told": _READS_TOLD,
    "pair": _READS_PAIR,
    "leaving": _READS_LEAVING,
    "setup": _READS_SETUP,
}
"""Fields of a status, each with the number from which it is understood."""
_EVERY = "__all__"
OF_GRAPHICS = frozenset(
    {Verb.GRAPHIC, Verb.HIDE_LOWER_THIRD, Verb.STOP_CRAWL, Verb.BUG_ON, Verb.BUG_OFF}
)


def reads_of(header: str) -> int:
    """Return the number of a READS_HEADER; READS_UNNAMED where there is none that can be read."""
    return int(header) if header.isdecimal() and len(header) < 9 else READS_UNNAMED


def encode_report(report: Report, reads: int) -> bytes:
    """Return the report as JSON for a server that reads `reads` (see READS).

    A server refuses an entry with a field or an outcome it does not know, and every entry after it.
    So fields it does not know are left out: an as-run row without its stretches says less, but it
    arrives.
    """
    if reads >= READS:
        return encode(report)
    entries = tuple(_as_before(entry, reads) for entry in report.entries)
    unread_of_cue = _unread_of_cue(reads)
    status: dict[str, Any] = {"next": unread_of_cue}
    status |= {name: True for name, since in _STATUS_FIELDS.items() if reads < since}
    fact: dict[str, Any] = {"cue": unread_of_cue}
    recording: dict[str, Any] = {"facts": True} if reads < _READS_CHOICES else {}
    if reads < _READS_CAPTIONS:
        recording["media"] = {"captions"}
    fact["recording"] = recording
    entry: dict[str, Any] = {"fact": fact}
    if reads < _READS_STRETCHES:
        status["running"], entry["as_run"] = True, {"seen"}
    unread = {"status": status, "expected": {"cues": {_EVERY: unread_of_cue}}}
    body = adapter(Report).dump_json(
        replace(report, entries=entries), exclude={**unread, "entries": {_EVERY: entry}}
    )
    return without_controls(body)


def _unread_of_cue(reads: int) -> dict[str, Any]:
    """Return the fields of a cue that a reader of `reads` does not know."""
    unread: dict[str, Any] = {}
    if reads < _READS_ORIGIN:
        unread |= {"origin": True, "planned": True}
    media = {"pieces": True} if reads < _READS_CUTS else {}
    if reads < _READS_CAPTIONS:
        media["captions"] = True
    return unread | {"media": media} if media else unread


def _as_before(entry: JournalEntry, reads: int) -> JournalEntry:
    """Return the entry in words that a reader of `reads` knows; it keeps its number and place."""
    if isinstance(entry.fact, Measured) and reads < _READS_MEASURED:
        return replace(entry, fact=None)
    if entry.command is not None and entry.command.verb is Verb.MOVE and reads < _READS_PAIR:
        return replace(entry, kind="fact", command=None)
    if reads >= _READS_GRAPHICS:
        return entry
    if isinstance(entry.fact, Keyed | Unkeyed | BugSet):
        return replace(entry, fact=None)
    if entry.command is not None and entry.command.verb in OF_GRAPHICS:
        return replace(entry, kind="fact", command=None)
    interrupted = entry.as_run is not None and entry.as_run.outcome is Outcome.INTERRUPTED
    if interrupted and reads < _READS_STRETCHES and entry.as_run is not None:
        # It was called aired then; its reason says what happened.
        return replace(entry, as_run=replace(entry.as_run, outcome=Outcome.AIRED))
    return entry


def _as_it_is(plan: Plan) -> Plan:
    return plan


def plan_for(body: bytes, reads: int, choose: Callable[[Plan], Plan] = _as_it_is) -> bytes:
    """Return a plan in JSON for a host that reads `reads`, without fields that it would refuse.

    `choose` puts a file into each item of a saved search, for a host that cannot do so itself.
    """
    if reads >= _READS_CHOICES:
        return body
    plan = without_cuts(_without_choices(choose(decode(Plan, body))))
    if reads >= _READS_HOURS:
        return encode(plan)
    if reads >= _READS_GRAPHICS:
        # A crawl that repeats passes once, and a clock is shown at all hours.
        new: dict[str, Any] = {"crawls": {_EVERY: {"every"}}, "clock": {"hours"}}
        if reads < _READS_CAPTION_NAMES:
            new["caption_names"] = True
        return without_controls(adapter(Plan).dump_json(plan, exclude={"graphics": new}))
    item: dict[str, Any] = {"graphics": True, "replay": True}
    unread: dict[str, Any] = {"graphics": True, "pictures": True, "items": {_EVERY: item}}
    if reads < _READS_CAPTIONS:
        bare = {"captions"}
        clips: dict[str, Any] = {_EVERY: bare}
        item |= {"media": bare, "substitute": bare}
        unread |= {"filler": clips, "policies": {_EVERY: {"filler": clips}}}
        unread |= {"board": {_EVERY: {"layout", "second", "link", "picture"}}}
        unread |= dict.fromkeys(("look", "zone", "hours", "announced"), True)
        # What is left of a slide in another layout is its heading and text; an automatic page has
        # none.
        plan = replace(plan, board=tuple(page for page in plan.board if page.heading or page.body))
    return without_controls(adapter(Plan).dump_json(plan, exclude=unread))


def _without_choices(plan: Plan) -> Plan:
    items = tuple(
        replace(item, choice="", facts=None, recorded=None, recorded_from=timedelta(0))
        for item in plan.items
    )
    return replace(plan, items=items, choices=(), decided=())


def commands_for(commands: tuple[Command, ...], reads: int) -> tuple[Command, ...]:
    """Leave out the commands that a host which reads `reads` does not know: one of them would make
    it refuse all.
    """
    unread = OF_GRAPHICS if reads < _READS_GRAPHICS else frozenset()
    unread |= {Verb.MOVE} if reads < _READS_PAIR else set()
    return tuple(command for command in commands if command.verb not in unread)


def ack_for(ack: Ack, reads: int) -> Ack:
    """Return the answer to a report without what a host which reads `reads` would refuse."""
    return ack if reads >= _READS_TOLD else replace(ack, scheduler_away=False)
