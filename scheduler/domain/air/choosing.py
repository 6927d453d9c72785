"""The file that an airing takes from its saved search, as far as it is known, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playout.model.choosing import Choice
from playout.model.plan import ContentKind, Item, Media, Plan
from playout.model.search import AssetOrder
from playout.timing.choosing import asked_for
from scheduler.domain.air.readiness import (
    MEDIA_NEEDED_WITHIN,
    URGENT_WITHIN,
    ChannelFacts,
    Light,
    return_light,
)
from scheduler.domain.library.saved_search import SearchPool, announced
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.ids import SearchId

NO_FACTS = ChannelFacts()
NAMED_WITHIN = timedelta(hours=24)
"""How long before an airing viewers are told which file it shows; before, it may well change."""


@dataclass(frozen=True)
class Chosen:
    """The file that one airing would show by what is known now."""

    search: str
    """Name of its saved search; empty where that was removed."""
    title: str = ""
    """Of the file that it would take; empty where nothing is found."""
    media: Media | None = None
    """What would air: the file, or the substitute; None for neither."""
    length: timedelta | None = None
    """Time on air of the file that it would take."""
    takes_newest: bool = True
    awaited: str = ""
    """Title of a live that ends before it, and whose recording would take its place."""
    announced: str = ""
    """What viewers are told of it: the title, or `newest` while that may still change."""

    @property
    def is_found(self) -> bool:
        """True where the search finds a file."""
        return bool(self.title)


def chosen_of(
    airing: Airing, plan: Plan, pools: Mapping[SearchId, SearchPool], zone: ZoneInfo, now: datetime
) -> Chosen:
    """Return what an airing takes. `plan` is resolved (`resolve_choices`)."""
    pool = pools.get(airing.draft.search or SearchId(""))
    item = next((one for one in plan.items if one.airing == airing.id), None)
    if pool is None or item is None or pool.saved.archived:
        return Chosen("", media=item.media if item is not None else None)
    first = announced(airing.draft.title, pool.saved.draft.search)
    awaited = _awaited(item, plan, pool.choice, zone, now)
    if item.media is None or item.media == item.substitute:
        return Chosen(pool.saved.draft.name, media=item.media, awaited=awaited, announced=first)
    title = _title(airing, item, pool)
    soon = airing.start - now <= NAMED_WITHIN and not awaited
    return Chosen(
        search=pool.saved.draft.name,
        title=title,
        media=item.media,
        length=item.media.length - item.in_point,
        takes_newest=pool.saved.draft.search.order is AssetOrder.NEWEST,
        awaited=awaited,
        announced=title if soon else first,
    )


def _title(airing: Airing, item: Item, pool: SearchPool) -> str:
    """Return the title of the file in the item."""
    known = (one.facts.title for one in pool.candidates if item.media == one.media)
    bare = item.title.removeprefix(f"{airing.draft.title}: ")
    return next(known, bare)


def _awaited(item: Item, plan: Plan, choice: Choice, zone: ZoneInfo, now: datetime) -> str:
    """Return the last live before the item that is still to be recorded and that it would take.

    Only what takes the newest is sure to take it.
    """
    if choice.order is not AssetOrder.NEWEST:
        return ""
    lives = [
        one
        for one in plan.items
        if one.kind is ContentKind.LIVE
        and one.facts is not None
        and one.airing not in plan.decided
        and one.start + one.length <= item.start
        and one.start + one.length > now
        and asked_for(choice, one.facts, zone)
    ]
    return max(lives, key=lambda one: one.start).title if lives else ""


def choice_light(
    airing: Airing, chosen: Chosen | None, now: datetime, known: ChannelFacts = NO_FACTS
) -> tuple[Light, str]:
    """Return the readiness of an airing that takes the first of a saved search."""
    if airing.cancelled or airing.end <= now:
        return Light.READY, ""
    if chosen is None or not chosen.search:
        return _urgent(airing, now), "Its saved search was removed."
    if not chosen.is_found:
        return _nothing(airing, chosen, now)
    if chosen.media is not None and chosen.media.key in known.resting:
        return return_light(known.resting[chosen.media.key], airing.start, now, known.zone)
    if chosen.media is not None and chosen.media.key in known.missing:
        near = airing.start - now <= MEDIA_NEEDED_WITHIN
        light = Light.RED if near else Light.AMBER
        return light, f"{chosen.title} is not on the broadcast machine yet."
    if chosen.awaited:
        return Light.READY, f"Shows the recording of {chosen.awaited}; until then {chosen.title}."
    return Light.READY, f"Shows {chosen.title}, unless {_other(chosen)}."


def _other(chosen: Chosen) -> str:
    return "a newer one is found" if chosen.takes_newest else "the search finds another one first"


def _nothing(airing: Airing, chosen: Chosen, now: datetime) -> tuple[Light, str]:
    if chosen.awaited:
        return Light.WAITS, f"Waiting for the recording of {chosen.awaited}."
    words = f"“{chosen.search}” finds nothing for it"
    if chosen.media is not None:
        return Light.AMBER, f"{words}; its substitute airs."
    return _urgent(airing, now), f"{words}; filler airs in its place."


def _urgent(airing: Airing, now: datetime) -> Light:
    return Light.RED if airing.start - now < URGENT_WITHIN else Light.AMBER
