"""The rundown of a day: every second of it, as aired up to now and as settled from now on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from config.names import AiringId, ChannelId, HouseFormat
from playout.model.plan import ContentKind, Rank
from playout.model.rundown import Cue, Displaced, cue_at
from playout.model.wire import AsRun
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.domain.air.readiness import AiringFinding, AiringView, findings
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.protected_times import Anchor
from scheduler.domain.reported.aired import is_by_hand
from scheduler.domain.series.blocks import block_of
from scheduler.domain.series.wall_time import instant
from scheduler.reading.accounts import read_account
from scheduler.reading.airing_views import airing_views
from scheduler.reading.host_state import Forecast, forecast, last_report
from scheduler.reading.snapshot import read_channel
from scheduler.refusals import Missing


@dataclass(frozen=True)
class RundownLine:
    """One stretch [start, end) of the day. Filler and board in a row are one line."""

    start: datetime
    end: datetime
    title: str
    kind: ContentKind
    state: str
    """aired, on air, ahead, or unknown where nothing was reported."""
    airing: AiringView | None = None
    folded: int = 0
    """Number of clips, boards and slates in the line; 0 for an item."""
    held: bool = False
    """True when its end is an estimate that moves."""
    as_run: AsRun | None = None
    block: str = ""
    """The id of the block that put it there."""
    policy: str = ""
    """The name of the block that chose what fills this gap."""

    @property
    def length(self) -> timedelta:
        """Elapsed time on air."""
        return self.end - self.start


@dataclass(frozen=True)
class DayRundown:
    """A local day of one channel."""

    channel: Channel
    day: date
    starts: datetime
    ends: datetime
    lines: tuple[RundownLine, ...]
    displaced: tuple[Displaced, ...]
    findings: tuple[AiringFinding, ...]
    planned: tuple[AiringView, ...]
    """Airings that start on this day, by start, aired or not."""
    anchors: tuple[Anchor, ...]
    """Protected times that hold on this day."""
    predicted: bool
    """True when the part ahead is the server's own forecast, not the host's word."""


def day(db: Database, slug: ChannelId, day: date, now: datetime) -> DayRundown:
    """Return the day in the channel's zone; its lines cover it without a hole. Raises Missing."""
    with db.read() as session:
        read = read_channel(session, slug)
        if read is None:
            raise Missing("channel")
        zone = ZoneInfo(read.channel.zone)
        starts = instant(datetime.combine(day, datetime.min.time()), zone)
        ends = instant(datetime.combine(day + timedelta(days=1), datetime.min.time()), zone)
        rows = find.plan.airings(session, slug, starts, ends)
        views = {view.id: view for view in airing_views(session, rows, now)}
        coming = forecast(session, slug, now, ends) if ends > now else None
        begun = _begun(session, read.channel, coming, max(now, starts)) if coming else ends
        lines = _behind(session, slug, starts, min(ends, now, begun), views)
        names = {row.id: row.name for row in find.desk.blocks(session, slug)}
        lines = _named(lines, names)
        protected = _anchors(session, slug, day)
        displaced: tuple[Displaced, ...] = ()
        if coming is not None:
            lines += _named(
                _coming(coming.rundown.cues, max(starts, begun), ends, views, now), names
            )
            displaced = tuple(d for d in coming.rundown.displaced if starts <= d.planned < ends)
    todo = findings(tuple(views.values()), now)
    return DayRundown(
        channel=read.channel,
        day=day,
        starts=starts,
        ends=ends,
        lines=tuple(_joined(_whole(lines, starts, ends))),
        displaced=displaced,
        findings=todo,
        planned=tuple(view for view in views.values() if starts <= view.airing.start < ends),
        anchors=protected,
        predicted=coming is not None and coming.predicted,
    )


def _begun(session: Session, channel: Channel, coming: Forecast, at: datetime) -> datetime:
    """Return where the settled part begins. Filler counts only once the host had pictures."""
    cue, last = cue_at(coming.rundown, at), last_report(session, channel.id)
    if cue.item is not None or last is None or coming.predicted:
        return cue.start
    return min(max(cue.start, last.begun(HouseFormat.parse(channel.format))), at)


def _behind(
    session: Session,
    channel: ChannelId,
    starts: datetime,
    until: datetime,
    views: dict[AiringId, AiringView],
) -> list[RundownLine]:
    lines: list[RundownLine] = []
    made, _ = read_account(session, channel, starts, until, until, with_presses=False)
    for piece in made.pieces:
        run = piece.run
        lines.append(
            RundownLine(
                piece.start,
                piece.end,
                run.title,
                ContentKind.FILE if piece.layer == "deck" else ContentKind(piece.layer),
                "aired",
                views.get(run.airing) if run.airing else None,
                int(run.item is None and not is_by_hand(run) or bool(block_of(run.item))),
                as_run=run,
                block=block_of(run.item),
                policy=run.policy,
            )
        )
    return lines


def _coming(
    cues: tuple[Cue, ...],
    since: datetime,
    ends: datetime,
    views: dict[AiringId, AiringView],
    now: datetime,
) -> list[RundownLine]:
    return [
        RundownLine(
            start=max(cue.start, since),
            end=min(cue.end, ends),
            title=cue.title,
            kind=cue.kind,
            state="on air" if cue.start <= now < cue.end else "ahead",
            airing=views.get(cue.airing) if cue.airing else None,
            folded=int(cue.item is None or cue.rank <= Rank.FILLER or bool(block_of(cue.item))),
            held=cue.held,
            block=block_of(cue.item),
            policy=cue.policy,
        )
        for cue in cues
        if cue.end > since and cue.start < ends
    ]


def _named(lines: list[RundownLine], names: Mapping[str, str]) -> list[RundownLine]:
    """Name lines after the block that put them there; without one, keep each title."""
    return [
        replace(one, title=names.get(one.block, one.title), policy=names.get(one.policy, ""))
        for one in lines
    ]


def anchors(db: Database, channel: ChannelId, day: date) -> tuple[Anchor, ...]:
    """Return the protected times that hold on the day."""
    with db.read() as session:
        return _anchors(session, channel, day)


def _anchors(session: Session, channel: ChannelId, day: date) -> tuple[Anchor, ...]:
    protected = (load.desk.anchor(row) for row in find.desk.anchors(session, channel))
    return tuple(one for one in protected if one.draft.day in (None, day))


def _whole(lines: list[RundownLine], starts: datetime, ends: datetime) -> list[RundownLine]:
    """Return the lines with every hole between them filled by a line "Not recorded"."""
    whole: list[RundownLine] = []
    at = starts
    for line in sorted(lines, key=lambda line: line.start):
        if line.start > at:
            whole.append(RundownLine(at, line.start, "Not recorded", ContentKind.SLATE, "unknown"))
        whole.append(line)
        at = line.end
    if at < ends:
        whole.append(RundownLine(at, ends, "Not recorded", ContentKind.SLATE, "unknown"))
    return whole


def _kin(line: RundownLine) -> tuple[str, str, str]:
    """Return what two neighbors must have in common to be joined."""
    return line.state, line.block, line.policy


def _joined(lines: list[RundownLine]) -> list[RundownLine]:
    """Join neighbors that are filler, board or slate, or that the same block put there."""
    joined: list[RundownLine] = []
    for line in lines:
        last = joined[-1] if joined else None
        if last is not None and _kin(last) == _kin(line) and last.folded and line.folded:
            title = last.title if last.title == line.title else "Filler and bulletins"
            joined[-1] = replace(last, end=line.end, folded=last.folded + line.folded, title=title)
        else:
            joined.append(line)
    return joined
