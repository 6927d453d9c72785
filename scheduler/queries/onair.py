"""A channel now and next, with what its host says and the commands it was given."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from config.names import ChannelId, HouseFormat
from playout.model.graphics import PlannedGraphic
from playout.model.plan import ContentKind, Rank
from playout.model.rundown import Cue, Displaced, Rundown, cue_at
from playout.model.wire import Status
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.house import CommandRow
from scheduler.domain.air.pairs import standby_words
from scheduler.domain.model.channel import Channel
from scheduler.reading.host_state import LastReport, forecast, last_report
from scheduler.reading.machines import pair_machines
from scheduler.reading.snapshot import read_channel
from scheduler.refusals import Missing

COMMANDS_SHOWN_FOR = timedelta(minutes=2)


@dataclass(frozen=True)
class CommandStatus:
    """A command and what became of it."""

    id: str
    verb: str
    actor: str
    issued: datetime
    answer: str
    """`waiting`, `accepted`, `refused` or `unanswered`."""
    reason: str
    minutes: int | None = None
    """The minutes that an extend adds."""
    graphic: PlannedGraphic | None = None
    """What a graphic shows."""


@dataclass(frozen=True)
class OnAir:
    """A channel at one instant."""

    channel: Channel
    state: str
    """`on air`, `silent` (no report lately) or `never` (no report at all)."""
    heard_at: datetime | None
    predicted: bool
    """True when `cue` and `next` are the server's own forecast."""
    cue: Cue
    next: tuple[Cue, ...]
    """At most four of the next planned cues, without filler."""
    status: Status | None
    published: int
    up_to_date: bool
    """True when the host has the newest plan."""
    displaced: tuple[Displaced, ...]
    commands: tuple[CommandStatus, ...]
    """Commands of the last two minutes, the latest first."""
    sources: Mapping[str, str]
    """Names of the sources, by id."""
    standby: tuple[bool, str] | None = None
    """Whether the other of two machines is ready, and in words; None where the channel has one."""

    @property
    def ends(self) -> datetime | None:
        """The end of what is on air; None while it is not known."""
        return None if self.cue.held else self.cue.end


def heard_at(db: Database, slug: ChannelId) -> datetime | None:
    """Return when the channel's host last reported; None before the first time."""
    with db.read() as session:
        return find.health.heard_at(session, slug)


def on_air(db: Database, slug: ChannelId, now: datetime) -> OnAir:
    """Return the channel at `now`. Raises Missing."""
    with db.read() as session:
        read = read_channel(session, slug)
        if read is None:
            raise Missing("channel")
        last = last_report(session, slug)
        coming = forecast(session, slug, now)
        commands = find.house.recent_commands(session, slug, now - COMMANDS_SHOWN_FOR)
        newest = find.house.published(session, slug)
        names = {row.id: row.name for row in find.meetings.sources(session, retired=True)}
        both = pair_machines(session, slug)
    current = _present(coming.rundown, last, read.channel, now)
    following = (
        cue
        for cue in coming.rundown.cues
        if cue.start > now and cue.item is not None and cue.rank > Rank.FILLER
    )
    return OnAir(
        channel=read.channel,
        state=_state(last, now),
        heard_at=last.at if last else None,
        predicted=coming.predicted,
        cue=current,
        next=tuple(islice(following, 4)),
        status=last.status if last else None,
        published=newest.revision if newest else 0,
        up_to_date=last is not None and last.stands_on(newest),
        displaced=coming.rundown.displaced,
        commands=tuple(_command_status(row, now) for row in commands),
        sources=names,
        standby=standby_words(both, now) if both else None,
    )


def _present(rundown: Rundown, last: LastReport | None, channel: Channel, now: datetime) -> Cue:
    """Return the cue on air. A board or slate is one stretch, and starts when the host first had
    pictures.
    """
    cue = cue_at(rundown, now)
    if cue.item is not None:
        return cue
    start, end = cue.start, cue.end
    if cue.kind is not ContentKind.FILE:
        for other in rundown.cues:
            same = (other.kind, other.rank, other.item) == (cue.kind, cue.rank, None)
            end = other.end if same and other.start == end else end
    if last is not None and not last.silent(now):
        start = min(max(start, last.begun(HouseFormat.parse(channel.format))), now)
    return replace(cue, start=start, end=end)


def _state(last: LastReport | None, now: datetime) -> str:
    if last is None:
        return "never"
    return "silent" if last.silent(now) else "on air"


def _command_status(row: CommandRow, now: datetime) -> CommandStatus:
    answer = _answer(row.answer, row.expires, now)
    command = load.commands.command(row)
    return CommandStatus(
        row.id, row.verb, row.actor, row.issued, answer, row.reason, row.minutes, command.graphic
    )


def _answer(answer: str, expires: datetime, now: datetime) -> str:
    if answer:
        return answer
    return "waiting" if now < expires else "unanswered"
