"""The public part of an airing: an allow-list, so that nothing private can slip through."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from config.names import AiringId, ChannelId
from config.webaddress import usable
from playout.model.plan import ContentKind, EndRule, StartRule
from scheduler.domain.meetings.meeting import Meeting
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.ids import BlockId
from scheduler.domain.model.program import Program
from scheduler.domain.model.text import clean, one_line
from scheduler.domain.reported.listings import PublishedListing
from scheduler.domain.reported.retimed import (
    WORTH_ANNOUNCING,
    AnnouncedTimes,
    ExpectedTimes,
    whole_minute,
)
from scheduler.domain.reported.states import is_over_for_viewers, never_aired

SLIP_WITHIN = timedelta(minutes=10)
"""A cancelled airing that was announced for less than this was a slip of the hand: omitted."""
CANCELLED_LISTED_FOR = timedelta(days=7)
"""Span for which feeds keep an airing that was cancelled."""
UNPUBLISHED_FIELDS = frozenset({"sequence", "modified", "may_move", "about", "replay_of"})
"""Fields that no feed carries, so that a change in them needs no new stamp."""


@dataclass(frozen=True)
class PublicChannel:
    """A channel as viewers know it."""

    id: ChannelId
    name: str
    numbers: str
    zone: str
    watch: str = ""


@dataclass(frozen=True)
class PublicAiring:
    """An airing as viewers know it; every field may be shown to anybody."""

    id: AiringId
    channel: ChannelId
    title: str
    start: datetime
    end: datetime
    live: bool
    replay: bool
    may_run_long: bool
    latest: datetime | None
    """Where staff set a limit to one that may: it never runs past this."""
    cancelled: bool
    postponed: bool
    """It is not on at its time, as when a meeting runs long, and has no other yet."""
    summary: str
    note: str
    category: str
    body: str
    link: str
    sequence: int
    modified: datetime
    block: BlockId | None = None
    """The block that airs it; None for what is planned by name."""
    is_stretch: bool = False
    """It stands for a stretch of a block, whatever airs in it."""
    did_not_air: bool = False
    """Its time has passed and nobody saw a frame of it; only of meetings and their replays."""
    replay_of: AiringId | None = None
    """The live airing it shows again."""
    may_move: bool = False
    """It waits for what comes before, so its planned start may not be its true one."""
    about: bool = False
    """Its start is not known for certain, as far as anybody knows now."""


def public_channel(channel: Channel) -> PublicChannel:
    """Return the channel without anything that is for staff."""
    return PublicChannel(
        channel.id,
        one_line(channel.name),
        one_line(channel.numbers),
        channel.zone,
        usable(channel.watch),
    )


def is_public(airing: Airing) -> bool:
    """Return whether feeds and public pages may name the airing; a slate is never a program."""
    return airing.draft.public and airing.kind is not ContentKind.SLATE


def project(
    airing: Airing,
    program: Program | None,
    told: AnnouncedTimes | None = None,
    meeting: Meeting | None = None,
) -> PublicAiring | None:
    """Return the public part of the airing, or None where it is not for viewers.

    `told` gives start and end where the broadcast machine has retimed it; a `meeting` says who
    meets and where the agenda is.
    """
    if not is_public(airing):
        return None
    if airing.cancelled_at and airing.cancelled_at - airing.created < SLIP_WITHIN:
        return None
    start, end = told.of(airing) if told else (airing.start, airing.end)
    return PublicAiring(
        id=airing.id,
        channel=airing.channel,
        title=one_line(airing.title),
        start=start,
        end=end,
        live=airing.kind is ContentKind.LIVE,
        replay=airing.draft.replay,
        may_run_long=airing.draft.end_rule is EndRule.HOLD,
        latest=airing.draft.hard_limit,
        cancelled=airing.cancelled,
        postponed=told is not None and told.is_off(airing),
        summary=clean(program.summary) if program else "",
        note=clean(airing.draft.public_note),
        category=one_line(program.category) if program else "Meetings" if meeting else "",
        body=one_line(meeting.draft.body if meeting else program.body if program else ""),
        link=usable((meeting.draft.agenda if meeting else "") or (program.link if program else "")),
        sequence=airing.sequence + (told.count if told else 0),
        modified=max(airing.public_modified, told.at) if told else airing.public_modified,
        did_not_air=never_aired(airing) and is_over_for_viewers(airing),
        replay_of=airing.draft.replay_of,
        may_move=airing.draft.start_rule is not StartRule.HARD,
    )


def block_airing(line: PublishedListing, channel: ChannelId) -> PublicAiring:
    """Return the listing of a block as a public airing."""
    return PublicAiring(
        id=AiringId(line.id),
        channel=channel,
        title=line.words.title,
        start=line.start,
        end=line.end,
        live=False,
        replay=False,
        may_run_long=False,
        latest=None,
        cancelled=False,
        postponed=False,
        summary=line.words.summary,
        note="",
        category=line.words.category,
        body="",
        link=line.words.link,
        sequence=line.count,
        modified=line.at,
        block=line.block,
        is_stretch=not line.what,
    )


def as_expected(
    public: PublicAiring, times: ExpectedTimes | None, *, off: bool = False
) -> PublicAiring:
    """Return the airing at its settled times, where those differ enough to be news.

    `times` are those of the rundown, None beyond its end: there, the start of an airing that waits
    is only approximate. `off` says that the rundown found no time for it.
    """
    if public.cancelled or public.postponed:
        return public
    if off:
        return replace(public, postponed=True)
    if times is None:
        return replace(public, about=public.may_move)
    start = whole_minute(times.start) if times.start else public.start
    if abs(start - public.start) < WORTH_ANNOUNCING:
        start = public.start
    end = times.end if times.final else public.end + (start - public.start)
    if not times.guessed and end - times.end >= WORTH_ANNOUNCING:
        end = whole_minute(times.end)
    about = times.guessed and (public.may_move or start != public.start)
    return replace(public, start=start, end=end, about=about)


def visible(public: PublicAiring | None) -> tuple[object, ...] | None:
    """Return the fields whose change viewers must notice: all but the stamps themselves."""
    if public is None:
        return None
    return tuple(value for name, value in vars(public).items() if name not in UNPUBLISHED_FIELDS)
