"""A graphic over the picture as the rules decide it: its face, and from which instant to which."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from playout.model.graphics import FADE, Bug, Corner, Crawl, GraphicsRules
from playout.model.layer import Layer
from playout.model.layered import DigitForm
from playout.model.plan import Item, Media, Plan
from playout.model.rundown import Cue, Rundown
from playout.state.air_state import AirState

SLIDES = (Layer.BOARD, Layer.SLATE)
PROGRAMS = (Layer.DECK,)
FOREVER = timedelta(days=30)
"""The end of what has none: the agent orders anew long before."""
MOST_LETTERS_OF_AN_ID = 80


class Zone(Enum):
    """The part of the picture in which a graphic lies; two in one zone never show at once."""

    BAND = auto()
    """The lower third."""
    CRAWL = auto()
    """The lowest rows of the title safe area: a crawl, or a countdown."""
    CORNER = auto()
    """A corner; bug and clock have different ones."""


@dataclass(frozen=True)
class BugFace:
    """The bug: its logo or letters, and the word beside it."""

    bug: Bug
    logo: Media | None = None
    word: str = ""
    """LIVE, REPLAY or none."""


@dataclass(frozen=True)
class ThirdFace:
    """Two lines; the second may be empty."""

    first: str
    second: str


@dataclass(frozen=True)
class CrawlFace:
    """A moving line of text."""

    crawl: Crawl


@dataclass(frozen=True)
class NextFace:
    """The title of the next program, under a heading."""

    heading: str
    title: str


@dataclass(frozen=True)
class CountdownFace:
    """The time left to a live."""

    title: str
    heading: str
    target: datetime


@dataclass(frozen=True)
class TimeFace:
    """The time of day, ahead of UTC by `offset` seconds."""

    corner: Corner
    form: DigitForm
    offset: int


Face = BugFace | ThirdFace | CrawlFace | NextFace | CountdownFace | TimeFace


@dataclass(frozen=True)
class Shown:
    """A graphic over [at, until), UTC."""

    id: str
    face: Face
    zone: Zone
    at: datetime
    until: datetime
    fade: timedelta = FADE
    over: tuple[Layer, ...] = ()
    """The layers of the program over which it is shown; empty for all."""


@dataclass(frozen=True)
class GraphicsScene:
    """All from which graphics are decided."""

    rules: GraphicsRules
    plan: Plan
    rundown: Rundown
    happened: AirState
    now: datetime
    cues: tuple[Cue, ...]
    """The cue on air, the one after it, and more that begin soon; in order."""

    def item(self, cue: Cue) -> Item | None:
        """Return the item that a cue shows, or None."""
        return self.plan.item(cue.item)


def end_of(cue: Cue) -> datetime:
    """Return the end of a cue; of one that is held until adjourned, a far one."""
    return cue.start + FOREVER if cue.held else cue.end


def named(kind: str, id: str) -> str:
    """Return the id of a graphic: its kind and the id of what it is about."""
    return f"{kind}-{id}"[:MOST_LETTERS_OF_AN_ID]


def taken_down(shown: Shown, at: datetime | None) -> Shown:
    """Return it without what follows when somebody took it down, but for its fade."""
    if at is None or shown.at > at:
        return shown
    return replace(shown, until=min(shown.until, at + shown.fade))


def joined(graphics: Iterable[Shown]) -> list[Shown]:
    """Join what is alike and follows on each other without a gap, so that it does not blink."""
    known: list[Shown] = []
    for shown in sorted(graphics, key=lambda one: one.at):
        for place, before in enumerate(known):
            alike = replace(shown, at=before.at, until=before.until) == before
            if alike and before.until >= shown.at:
                known[place] = replace(before, until=max(before.until, shown.until))
                break
        else:
            known.append(shown)
    return known


def one_in_each_zone(ranked: Iterable[Shown], now: datetime) -> Iterator[Shown]:
    """Yield what is shown, the most important first in `ranked`: what begins while another has its
    zone waits until that is over, and what another follows there ends before it.
    """
    taken: list[Shown] = []
    for shown in ranked:
        if shown.zone is not Zone.CORNER:
            for other in (one for one in taken if one.zone is shown.zone):
                if other.at <= shown.at < other.until:
                    shown = replace(shown, until=shown.at)
                elif shown.at < other.at < shown.until:
                    shown = replace(shown, until=other.at)
        if shown.at < shown.until and shown.until > now:
            taken.append(shown)
            yield shown
