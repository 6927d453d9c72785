"""Ids of cues: how each is written, and what can still be read from one where only it is known.

Whoever has the cue itself reads `Cue.origin` and `Cue.planned`. Ids alone are known in commands,
stored as-run rows and what the engine reports, and in messages of a host older than those fields.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count

from config.names import AssetKey, CueId, ItemId


class Origin(StrEnum):
    """Why a cue is there."""

    PLANNED = "planned"
    """An item of the plan, started by its rules."""
    FILL = "fill"
    """Filler clip, board or slate in a gap between items."""
    TAKE = "take"
    """An item that an operator took before its time."""
    OVERRIDE = "override"
    """A source that an operator put on air unplanned."""
    SLATE = "slate"
    """The slate that an operator put on air."""
    OFF_AIR = "off air"
    """A stretch of which the host knows nothing, because its agent was not running."""
    STANDBY = "standby"
    """A slate where there is no rundown, or no clock to follow it by."""


BY_HAND = frozenset({Origin.TAKE, Origin.OVERRIDE, Origin.SLATE})
"""Origins that are a button of an operator; the id of such a cue ends in the command's id."""

_PREFIXES = {
    "fill-": Origin.FILL,
    "take-": Origin.TAKE,
    "over-": Origin.OVERRIDE,
    "slate-": Origin.SLATE,
    "off-": Origin.OFF_AIR,
    "standby-": Origin.STANDBY,
}
_PREFIX_OF = {origin: prefix for prefix, origin in _PREFIXES.items()}
_SECOND = "%Y%m%dT%H%M%S"
_MICROSECOND = f"{_SECOND}.%f"


def item_cue_id(item: ItemId, planned: datetime, content: str, piece: int) -> CueId:
    """Return `item@20261120T190000.ab12cd34#1`: planned start to the second, what it shows, piece.

    `content` tells a file from the one that an edit puts in its place.
    """
    return CueId(f"{item}@{planned.astimezone(UTC):{_SECOND}}.{content}#{piece}")


def fill_cue_ids(gap: datetime) -> Iterator[CueId]:
    """Yield the ids of the cues of the gap that starts at `gap`: they end in 1, 2, 3 and so on."""
    name = f"{_PREFIX_OF[Origin.FILL]}{gap.astimezone(UTC):{_MICROSECOND}}"
    for number in count(1):
        yield CueId(f"{name}-{number}")


def off_air_cue_id(start: datetime) -> CueId:
    """Return the id of a stretch off air that starts at `start`."""
    return CueId(f"{_PREFIX_OF[Origin.OFF_AIR]}{start.astimezone(UTC):{_MICROSECOND}}")


def command_cue_id(origin: Origin, command: str) -> CueId:
    """Return the id of a cue that an operator's command put on air."""
    return CueId(f"{_PREFIX_OF[origin]}{command}")


def standby_cue_id(serial: int) -> CueId:
    """Return the id of the slate shown while the clock is not trusted."""
    return CueId(f"{_PREFIX_OF[Origin.STANDBY]}{serial}")


def awaited_cue_id(replay: ItemId) -> CueId:
    """Return the id of a replay that previews show although nothing is recorded for it yet."""
    return CueId(f"awaited-{replay}")


def piece_of(cue: CueId, number: int) -> CueId:
    """Return the id of another piece of the same cue."""
    return CueId(f"{without_piece(cue)}#{number}")


def next_piece_of(cue: CueId) -> CueId:
    """Return the id of the piece after this one; a cue without a number is the first."""
    base, _, number = cue.rpartition("#")
    return piece_of(cue, int(number) + 1 if base else 2)


def without_piece(cue: CueId) -> str:
    """Return what all pieces of one item with one file have in common."""
    return cue.partition("#")[0]


def instance_of(cue: CueId) -> str:
    """Return what all pieces of one planned instance have in common, whatever file each shows."""
    if "@" not in cue:
        return cue
    return cue.rpartition("#")[0].rpartition(".")[0]


def content_of(cue: CueId) -> str:
    """Return the letters of what a planned cue shows; empty where its id does not say."""
    return without_piece(cue).rpartition("@")[2].partition(".")[2] if "@" in cue else ""


def shows(cue: CueId, material: AssetKey) -> bool:
    """Tell whether a cue may have shown this `Media.material`; True where its id does not say."""
    content = content_of(cue)
    return not content or material.startswith(content)


def item_of(cue: CueId) -> ItemId | None:
    """Return the item that the id of a planned cue names; None for a cue of any other origin."""
    if origin_of(cue) is not Origin.PLANNED or "@" not in cue:
        return None
    return ItemId(cue.rpartition("@")[0])


def command_of(cue: CueId) -> str | None:
    """Return the id of the command that put the cue on air; None where none did."""
    origin = origin_of(cue)
    if origin not in BY_HAND:
        return None
    return without_piece(cue).removeprefix(_PREFIX_OF[origin])


def origin_of(cue: CueId) -> Origin:
    """Return the origin of a cue of which only the id is known."""
    for prefix, origin in _PREFIXES.items():
        if cue.startswith(prefix):
            return origin
    return Origin.PLANNED


def planned_of(cue: CueId) -> datetime | None:
    """Return the planned start of an item, or the start of a filled gap, as the id tells it, UTC.

    That of an item is cut to whole seconds. None where the id holds no instant.
    """
    if origin_of(cue) is Origin.FILL:
        return _instant(cue.removeprefix(_PREFIX_OF[Origin.FILL]).partition("-")[0], _MICROSECOND)
    return _instant(cue.rpartition("@")[2].partition(".")[0], _SECOND) if "@" in cue else None


def _instant(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        return None
