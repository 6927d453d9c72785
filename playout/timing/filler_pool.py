"""The pool of filler: which clips may fill a gap at which time of day, and in which order."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.names import AssetKey
from playout.model.plan import Media, Page, Plan

SHORTEST_BOARD = timedelta(seconds=2)
"""A board shown for less looks like a fault, so combinations that leave one lose."""

Clips = tuple[tuple[Media, str], ...]
"""Playable clips with their titles, in the order in which they are tried before any has aired."""


@dataclass(frozen=True)
class FillerChoice:
    """The clips that may fill a stretch of a gap; without clips, bulletins fill it."""

    clips: Clips
    no_repeat: timedelta
    policy: str = ""


@dataclass(frozen=True)
class FillerPool:
    """The choices of filler of a channel, and when each holds."""

    whole: FillerChoice
    board: tuple[Page, ...]
    slate_text: str
    station: str
    parts: tuple[tuple[datetime, datetime, FillerChoice], ...] = ()
    """Parts of the day with a choice of their own: [start, end), UTC."""

    def choice(self, at: datetime, end: datetime) -> tuple[FillerChoice, datetime]:
        """Return the choice that holds at this instant, and until when, `end` at most."""
        for start, until, choice in self.parts:
            if not start <= at < until:
                continue
            until = min(until, end)
            if choice.clips:
                return choice, until
            shown = bool(pages_at(self.board, at))
            until = min(until, page_edge(self.board, at, shown) or until)
            return choice if shown else self.whole, until
        return self.whole, min([end, *(start for start, _, _ in self.parts if start > at)])


def pool_of(plan: Plan, unplayable: Mapping[AssetKey, datetime]) -> FillerPool:
    """Return the plan's filler in its seeded order, without files known not to play.

    A policy is ignored if none of its files plays.
    """
    parts = []
    for policy in plan.policies:
        clips = _playable(policy.filler, policy.filler_titles, plan.seed, unplayable)
        if clips or not policy.filler:
            choice = FillerChoice(clips, policy.no_repeat, policy.id)
            parts += [(start, until, choice) for start, until in policy.spans]
    clips = _playable(plan.filler, plan.filler_titles, plan.seed, unplayable)
    whole = FillerChoice(clips, plan.filler_no_repeat)
    return FillerPool(whole, plan.board, plan.slate_text, plan.station, tuple(parts))


def _playable(
    filler: Sequence[Media],
    titles: Sequence[str],
    seed: int,
    unplayable: Mapping[AssetKey, datetime],
) -> Clips:
    """Return the clips that play, in an order that follows from the seed alone."""
    named = (*titles, *[""] * (len(filler) - len(titles)))
    clips = [
        (media, title)
        for media, title in zip(filler, named, strict=False)
        if media.key not in unplayable and media.length >= SHORTEST_BOARD
    ]
    clips.sort(key=lambda clip: clip[0].material)
    random.Random(seed).shuffle(clips)
    return tuple(clips)


def pages_at(board: Sequence[Page], at: datetime) -> list[Page]:
    """Return the pages of the board in force at an instant."""
    return [page for page in board if page.shown_from <= at < page.shown_until]


def page_edge(board: Sequence[Page], at: datetime, shown: bool) -> datetime | None:
    """Return the next instant at which the board gains its first page or loses its last."""
    edges = sorted({edge for page in board for edge in (page.shown_from, page.shown_until)})
    for edge in edges:
        if edge > at and bool(pages_at(board, edge)) is not shown:
            return edge
    return None
