"""The order in which a machine needs the files of a plan, and which of them fit on its disk.

    disk for 100 GB, of which 10 GB stay free        needed        fits
    fonts and logo, 1 GB                             always        yes, 1 GB
    council replay, 20 GB                            19:00 today   yes, 21 GB
    clips for two hours of gaps, 9 GB                in any gap    yes, 30 GB
    film, 50 GB                                      Wednesday     yes, 80 GB
    budget hearing, 20 GB                            Thursday      no: 100 GB of 90
    parks report, 5 GB                               Friday        yes, 85 GB

A file that does not fit keeps no smaller one away. What is removed for another is always needed
later than that one, so no two files are fetched in turns.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from config.names import AssetKey
from media.captions.track import SUFFIX
from playout.model.plan import ContentKind, Item, Media, Plan
from playout.model.rundown import Rundown
from playout.state.air_state import AirState
from playout.timing.choosing import resolve_choices

NEEDED_FIRST_WITHIN = timedelta(hours=1)
"""Files that air within this time come before filler."""
MAY_USE_SPARE_WITHIN = timedelta(hours=48)
"""Files that air within this time may use the room that is else kept free."""
ENOUGH_FILLER = timedelta(hours=2)
"""Clips of this length together fill any gap, with repeats; more of them only vary it."""


AIRED_STAYS_NEEDED = timedelta(hours=1)
"""How long after its airing a file is still counted as needed."""
FOR_EVER = datetime.max.replace(tzinfo=UTC)


class Need(IntEnum):
    """The kinds of need, the most urgent first."""

    ALWAYS = 0
    """Bulletins, slates and messages are drawn from it, and air falls back on those."""
    NEXT_HOUR = 1
    FILLER = 2
    PLANNED = 3
    MORE_FILLER = 4


@dataclass(frozen=True)
class MediaNeed:
    """A file that a plan needs, and how much."""

    media: Media
    need: Need
    at: datetime
    """Start of its first airing still to come or on air; the present for what has no time."""

    @property
    def rank(self) -> tuple[Need, datetime]:
        """Its place in the order; of two, the lower is needed more."""
        return self.need, self.at

    def may_use_spare(self, now: datetime) -> bool:
        """Return whether air would miss it within two days."""
        return self.need <= Need.FILLER or (
            self.need is Need.PLANNED and self.at < now + MAY_USE_SPARE_WITHIN
        )


def needs(plan: Plan, now: datetime, rundown: Rundown | None = None) -> tuple[MediaNeed, ...]:
    """Return each file that may air from an hour before `now` on, the most needed first.

    The captions of a file follow it. A file that airs again has the place of its first airing.
    What a saved search would take as things are is needed for its airing; what it might take
    instead comes last.
    `rundown` adds what was settled to fill gaps, or put on air by hand.
    """
    plan = resolve_choices(plan, AirState())
    found = [
        *_each((*plan.drawn_from, *plan.pictures), Need.ALWAYS, now),
        *_of_choices(plan, now),
        *_of_items(plan.items, now),
        *_of_filler(plan, now),
        *_of_rundown(rundown, now),
    ]
    return merged(found)


def needed_until(plan: Plan) -> Mapping[AssetKey, datetime]:
    """Return for each file of a plan the instant from which `needs` no longer names it.

    So whoever keeps the answer knows at any later time which files the plan needs, and need not
    read the plan again.
    """
    plan = resolve_choices(plan, AirState())
    clips = (*plan.filler, *(clip for policy in plan.policies for clip in policy.filler))
    found = list(_each((*plan.drawn_from, *plan.pictures, *clips), Need.ALWAYS, FOR_EVER))
    used = dict[str, datetime]()
    for item in plan.items:
        end = item.start + item.length
        if item.kind is ContentKind.FILE:
            found += _each(_files_of(item), Need.PLANNED, end + AIRED_STAYS_NEEDED)
        if item.choice:
            used[item.choice] = max(end, used.get(item.choice, end))
    for choice in plan.choices:
        if choice.id in used:
            files = (candidate.media for candidate in choice.candidates)
            found += _each(files, Need.MORE_FILLER, used[choice.id])
    until = dict[AssetKey, datetime]()
    for one in found:
        until[one.media.key] = max(one.at, until.get(one.media.key, one.at))
    return until


def merged(found: Iterable[MediaNeed]) -> tuple[MediaNeed, ...]:
    """Return the needs of one plan or several in order, each file once."""
    first: dict[AssetKey, MediaNeed] = {}
    for one in sorted(found, key=lambda one: one.rank):
        first.setdefault(one.media.key, one)
    return tuple(first.values())


def _of_items(items: Iterable[Item], now: datetime) -> Iterator[MediaNeed]:
    over = now - AIRED_STAYS_NEEDED
    for item in items:
        if item.kind is ContentKind.FILE and item.start + item.length > over:
            yield from _each(_files_of(item), _by_time(item.start, now), item.start)


def _files_of(item: Item) -> Iterator[Media]:
    named = (item.media, item.recorded, item.substitute)
    return (media for media in named if media is not None)


def _of_choices(plan: Plan, now: datetime) -> Iterator[MediaNeed]:
    """Yield what else a saved search may take: one of them replaces a file that fails."""
    used = {item.choice for item in plan.items if item.start + item.length > now}
    for choice in plan.choices:
        if choice.id in used:
            for candidate in choice.candidates:
                yield from _each((candidate.media,), Need.MORE_FILLER, now)


def _of_filler(plan: Plan, now: datetime) -> Iterator[MediaNeed]:
    for pool in (plan.filler, *(policy.filler for policy in plan.policies)):
        before = timedelta(0)
        for clip in pool:
            need = Need.FILLER if before < ENOUGH_FILLER else Need.MORE_FILLER
            yield from _each((clip,), need, now)
            before += clip.length


def _of_rundown(rundown: Rundown | None, now: datetime) -> Iterator[MediaNeed]:
    for cue in rundown.cues if rundown is not None else ():
        if cue.media is not None and cue.end > now:
            yield from _each((cue.media,), _by_time(cue.start, now), cue.start)


def _by_time(start: datetime, now: datetime) -> Need:
    return Need.NEXT_HOUR if start < now + NEEDED_FIRST_WITHIN else Need.PLANNED


def _each(files: Iterable[Media], need: Need, at: datetime) -> Iterator[MediaNeed]:
    for media in files:
        yield MediaNeed(media, need, at)
        if media.captions is not None:
            yield MediaNeed(captions_of(media), need, at)


def captions_of(media: Media) -> Media:
    """Return the captions of a file that has some, as one more file of the plan."""
    assert media.captions is not None
    key, size = media.captions.key, media.captions.size
    return Media(key, SUFFIX, size, timedelta(0), None, has_picture=False, has_sound=False)


@dataclass(frozen=True)
class DiskShare:
    """The files of an order of need that fit on a disk, and those that do not."""

    needs: Mapping[AssetKey, MediaNeed]
    """Those that fit, here or still to come."""
    lacking: tuple[MediaNeed, ...]
    """In order of need."""

    @property
    def named(self) -> frozenset[AssetKey]:
        """Every file that a plan needs, whether or not it fits."""
        return frozenset((*self.needs, *(one.media.key for one in self.lacking)))


def share_disk(
    order: Sequence[MediaNeed], room: int, spare: int, least: int, now: datetime
) -> DiskShare:
    """Give each file its room in order of need.

    `room` are the bytes that these files may take together if nothing is kept free, `spare` those
    to keep free, and `least` those that even files of the next two days must leave free.
    """
    fits, lacking, used = dict[AssetKey, MediaNeed](), list[MediaNeed](), 0
    for one in order:
        free = least if one.may_use_spare(now) else spare
        if used + one.media.size <= room - free:
            used += one.media.size
            fits[one.media.key] = one
        else:
            lacking.append(one)
    return DiskShare(fits, tuple(lacking))
