"""Lower thirds and crawls that staff plan with an airing: at a moment of it, or to show by hand."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from config.times import length
from playout.commands.limits import LONGEST_LOWER_THIRD, SHORTEST_LOWER_THIRD
from playout.model.graphics import SHOWN_FOR, Crawl, LowerThird
from scheduler.domain.model.text import one_line

MOST_GRAPHICS = 60
"""Most graphics planned with one airing."""
LONGEST_LINE, LONGEST_CRAWL = 120, 600
MOST_PASSES = 50


class AiringGraphicKind(StrEnum):
    """The kind of a planned graphic."""

    LOWER_THIRD = "lower third"
    CRAWL = "crawl"


@dataclass(frozen=True)
class AiringGraphic:
    """One graphic planned with an airing."""

    first: str
    """The first line of a lower third, or the text of a crawl."""
    second: str = ""
    """The second line of a lower third."""
    kind: AiringGraphicKind = AiringGraphicKind.LOWER_THIRD
    after: timedelta | None = None
    """From the beginning of the program; None for one that an operator shows by hand."""
    shown_for: timedelta = SHOWN_FOR
    """For a lower third."""
    passes: int = 1
    """For a crawl: how often it passes."""

    @property
    def in_words(self) -> str:
        """Its words and moment, for the history: `At 5 min: Ana Ruiz, Chair`."""
        at = "By hand" if self.after is None else f"At {length(self.after)}"
        if self.kind is AiringGraphicKind.CRAWL:
            return f"{at}, crawl: {self.first}"
        return f"{at}: {', '.join(filter(None, (self.first, self.second)))}"


def problem(graphics: Sequence[AiringGraphic], lasts: timedelta) -> str:
    """Return what is wrong with the graphics of an airing of this length, in a sentence; empty when
    they may be saved.
    """
    if len(graphics) > MOST_GRAPHICS:
        return f"Plan at most {MOST_GRAPHICS} names and crawls with one airing."
    return next((wrong for one in graphics if (wrong := _wrong(one, lasts))), "")


def _wrong(one: AiringGraphic, lasts: timedelta) -> str:
    name = f"“{one.first[:30]}”"
    if not one.first:
        return "Write what a name or crawl says, or remove its row."
    if one.after is not None and not timedelta(0) <= one.after < lasts:
        return f"{name} would come after the airing ends: its time counts from the start."
    if one.kind is AiringGraphicKind.CRAWL:
        if len(one.first) > LONGEST_CRAWL:
            return f"{name}: use up to {LONGEST_CRAWL} characters for a crawl."
        if not 1 <= one.passes <= MOST_PASSES:
            return f"{name}: let a crawl pass 1 to {MOST_PASSES} times."
        return ""
    if max(len(one.first), len(one.second)) > LONGEST_LINE:
        return f"{name}: use up to {LONGEST_LINE} characters for a line."
    if not SHORTEST_LOWER_THIRD <= one.shown_for <= LONGEST_LOWER_THIRD:
        return f"{name}: a lower third is shown for 2 seconds to 5 minutes."
    return ""


def as_json(graphics: Sequence[AiringGraphic]) -> list[dict[str, Any]]:
    """Return the graphics as JSON to store; times are seconds."""
    return [
        {
            "kind": one.kind.value,
            "first": one_line(one.first),
            "second": one_line(one.second),
            "after": None if one.after is None else one.after.total_seconds(),
            "seconds": one.shown_for.total_seconds(),
            "passes": one.passes,
        }
        for one in graphics
    ]


def from_json(stored: Sequence[dict[str, Any]]) -> tuple[AiringGraphic, ...]:
    """Return the graphics that `as_json` wrote."""
    return tuple(
        AiringGraphic(
            first=one["first"],
            second=one["second"],
            kind=AiringGraphicKind(one["kind"]),
            after=None if one["after"] is None else timedelta(seconds=one["after"]),
            shown_for=timedelta(seconds=one["seconds"]),
            passes=one["passes"],
        )
        for one in stored
    )


def lines_of(graphic: LowerThird | Crawl) -> tuple[str, str]:
    """Return the two lines of a lower third, or the text of a crawl and nothing."""
    if isinstance(graphic, Crawl):
        return graphic.text, ""
    return graphic.first, graphic.second


def words_of(graphic: LowerThird | Crawl) -> str:
    """Return what it says in one line: `Ana Ruiz, Chair`."""
    return ", ".join(filter(None, lines_of(graphic)))


def planned(graphics: Sequence[AiringGraphic]) -> tuple[LowerThird | Crawl, ...]:
    """Return those that come by themselves, as the plan carries them."""
    return tuple(_planned(one, one.after) for one in graphics if one.after is not None)


def _planned(one: AiringGraphic, after: timedelta) -> LowerThird | Crawl:
    # The same words at the same moment are the same graphic, whatever else is planned beside them.
    said = "\x1f".join((one.kind.value, str(after), one.first, one.second))
    id = hashlib.sha256(said.encode()).hexdigest()[:16]
    if one.kind is AiringGraphicKind.CRAWL:
        return Crawl(id, one.first, times=one.passes, after=after)
    return LowerThird(id, one.first, one.second, after=after, shown_for=one.shown_for)
