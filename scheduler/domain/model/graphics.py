"""A channel's standing graphics, as staff set them, and the rules that its plan makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from playout.commands.limits import LONGEST_LOWER_THIRD, SHORTEST_LOWER_THIRD, UNTIL_TAKEN_OFF
from playout.model.graphics import (
    SHOWN_FOR,
    Bug,
    ClockFace,
    ComingNext,
    Corner,
    Countdown,
    Crawl,
    GraphicsRules,
    Stretch,
)
from playout.model.plan import Media
from scheduler.domain.model.ids import PictureId
from scheduler.domain.series.hours import WeeklyHours

MOST_BUG_LETTERS = 12
"""Letters of a bug that stay readable in a corner of an old set."""
FAINTEST, SOLID = 20, 100
"""Percent: a fainter bug is not seen."""
SHORTEST_NOTICE, LONGEST_NOTICE = timedelta(seconds=3), timedelta(minutes=10)
LONGEST_COUNTDOWN = timedelta(hours=1)


@dataclass(frozen=True)
class Picture:
    """An uploaded picture that may lie over others, such as a logo."""

    id: PictureId
    title: str
    """The name that its file had, without the ending."""
    media: Media
    width: int
    height: int
    uploaded: datetime
    uploaded_by: str


@dataclass(frozen=True)
class GraphicsDraft:
    """The standing graphics of a channel that staff may set. All are off until they are set."""

    bug_on: bool = False
    bug_text: str = ""
    logo: PictureId | None = None
    """A picture shown in place of the letters."""
    bug_corner: Corner = Corner.TOP_RIGHT
    bug_opacity: int = 80
    """Percent."""
    says_live: bool = True
    says_replay: bool = True
    over_slides: bool = False
    clock_on: bool = False
    clock_corner: Corner = Corner.TOP_LEFT
    clock_over_programs: bool = False
    next_on: bool = False
    next_before: timedelta = timedelta(seconds=60)
    """How long before a program ends the next one is named."""
    next_for: timedelta = timedelta(seconds=10)
    countdown_on: bool = False
    countdown_most: timedelta = timedelta(minutes=10)
    """How long before a meeting its countdown begins at most."""
    names_for: timedelta = SHOWN_FOR
    """How long a name stays that an operator shows; UNTIL_TAKEN_OFF for one without an end."""
    caption_lives: bool = False
    """Meetings that bring no captions get automatic ones."""


@dataclass(frozen=True)
class ChannelGraphics:
    """The standing graphics of a channel as stored."""

    draft: GraphicsDraft = GraphicsDraft()
    logo: Picture | None = None
    version: int = 0
    """0 while nobody has set anything."""
    clock_hours: tuple[WeeklyHours, ...] = ()
    """When a clock that is on is shown, in local time; empty for always."""


def problems(draft: GraphicsDraft) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the draft may be saved."""
    errors = _notice_problems(draft)
    if draft.bug_on and not draft.bug_text.strip() and draft.logo is None:
        errors["bug_text"] = "Write the letters of the bug, or choose a logo."
    if len(draft.bug_text.strip()) > MOST_BUG_LETTERS:
        errors["bug_text"] = f"Use up to {MOST_BUG_LETTERS} characters, such as CH 13."
    if not FAINTEST <= draft.bug_opacity <= SOLID:
        errors["bug_opacity"] = f"Enter {FAINTEST} to {SOLID} percent; a fainter bug is not seen."
    limited = SHORTEST_LOWER_THIRD <= draft.names_for <= LONGEST_LOWER_THIRD
    if not limited and draft.names_for != UNTIL_TAKEN_OFF:
        errors["names_for"] = "Show a name for 2 seconds to 5 minutes, or until it is taken off."
    if draft.bug_on and draft.clock_on and draft.bug_corner is draft.clock_corner:
        errors["clock_corner"] = "The bug is in this corner. Choose another one for the clock."
    return errors


def _notice_problems(draft: GraphicsDraft) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not SHORTEST_NOTICE <= draft.next_before <= LONGEST_NOTICE:
        errors["next_before"] = "Choose 3 seconds to 10 minutes before the end."
    if not SHORTEST_NOTICE <= draft.next_for <= max(draft.next_before, SHORTEST_NOTICE):
        errors["next_for"] = "Show it for 3 seconds or more, and not past the end of the program."
    if not timedelta(minutes=1) <= draft.countdown_most <= LONGEST_COUNTDOWN:
        errors["countdown_most"] = "Begin the countdown one minute to one hour before."
    return errors


@dataclass(frozen=True)
class ByTheClock:
    """Crawls and the times of the clock in the window of a plan."""

    crawls: tuple[Crawl, ...] = ()
    clock: tuple[Stretch, ...] = ()
    """When the clock is shown, where it has hours."""


def rules(
    graphics: ChannelGraphics,
    zone: str,
    names: Sequence[str] = (),
    by_the_clock: ByTheClock = ByTheClock(),
    *,
    twelve_hours: bool,
) -> GraphicsRules | None:
    """Return the rules as the plan carries them; None where everything is off. `names` are those
    that automatic captions should spell right.
    """
    draft = graphics.draft
    # A clock whose hours are all outside the window is not shown in it.
    has_clock = draft.clock_on and (not graphics.clock_hours or by_the_clock.clock)
    made = GraphicsRules(
        bug=_bug(graphics) if draft.bug_on else None,
        clock=_clock(draft, by_the_clock.clock, twelve_hours=twelve_hours) if has_clock else None,
        crawls=by_the_clock.crawls,
        coming_next=ComingNext(draft.next_before, draft.next_for) if draft.next_on else None,
        countdown=Countdown(draft.countdown_most) if draft.countdown_on else None,
        caption_lives=draft.caption_lives,
        caption_names=tuple(names) if draft.caption_lives else (),
        zone=zone,
    )
    return None if made == GraphicsRules(zone=zone) else made


def _bug(graphics: ChannelGraphics) -> Bug:
    draft = graphics.draft
    return Bug(
        text=draft.bug_text.strip(),
        logo=graphics.logo.media.key if graphics.logo else None,
        corner=draft.bug_corner,
        opacity=draft.bug_opacity / 100,
        says_live=draft.says_live,
        says_replay=draft.says_replay,
        over_slides=draft.over_slides,
    )


def _clock(draft: GraphicsDraft, hours: tuple[Stretch, ...], *, twelve_hours: bool) -> ClockFace:
    return ClockFace(
        corner=draft.clock_corner,
        twelve_hours=twelve_hours,
        over_programs=draft.clock_over_programs,
        hours=hours,
    )
