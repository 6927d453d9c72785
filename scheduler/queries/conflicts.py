"""Conflicts that a change would cause, weighed against the channel as it is now.

Every question here reads the channel once, then settles it in thought: with the change, and with
each way out of a clash.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from config.names import AiringId, ChannelId, Revision
from config.times import time_of_day
from playout.model.plan import ContentKind
from playout.model.rundown import Rundown
from playout.state.air_state import AirState
from playout.timing.choosing import resolve_choices
from playout.timing.settle import settle
from scheduler.changing.drafts import with_file
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.domain.air.build_plan import Snapshot, build_plan, window
from scheduler.domain.clashes import several
from scheduler.domain.clashes.consequences import AiringChange, Edits, consequences
from scheduler.domain.clashes.one import ON_AIR_REASON, Clash, WayOut, ways_out
from scheduler.domain.clashes.several import GroupChange
from scheduler.domain.model.airing import Airing, AiringDraft, kind_of, moved
from scheduler.domain.model.ids import AssetId, SearchId
from scheduler.domain.model.protected_times import protecting
from scheduler.reading.host_state import folded_state
from scheduler.reading.searches import pools
from scheduler.reading.snapshot import snapshot

NEW_ID = AiringId("new")
"""The id of an airing that is not on the schedule yet."""
SETTLED_BEFORE = timedelta(hours=24)
SETTLED_AFTER = timedelta(hours=60)
"""A change far ahead is settled from so long before it to so long after it."""
CUED_WITHIN = timedelta(seconds=5)
"""An airing this close to its start is cued and counts as on air."""


@dataclass(frozen=True)
class WeighedChange:
    """A change, the airings it clashes with, and the ways out."""

    channel_version: int
    """The plan version that it was weighed against."""
    others: tuple[Airing, ...]
    choices: tuple[WayOut, ...]
    versions: Mapping[AiringId, int]
    """The version of each airing a choice may touch."""


def weigh(
    db: Database,
    draft: AiringDraft,
    now: datetime,
    airing: AiringId | None = None,
    *,
    again: bool = False,
) -> WeighedChange:
    """Weigh an airing as it would be. Raises Missing.

    `airing` is the airing that is changed; without it the draft is a new one. An overlap that
    already existed in the same way is ignored, unless `again`.
    """
    with db.read() as session:
        draft, id = with_file(session, draft), airing or NEW_ID
        files = [draft.asset, draft.substitute]
        around = draft.start, draft.start + draft.length
        desk = _Scenario(session, draft.channel, around, now, files, [draft.search])
        known = {one.id: one for one in desk.snapshot.airings}
        clash = desk.clash(id, draft)
        fresh = [other for other in clash.others if again or not desk.stood_so(id, draft, other)]
        ways = ways_out(clash, desk.settled({}), desk.standing, desk.settled) if fresh else ()
        return WeighedChange(
            channel_version=desk.snapshot.channel.plan_version,
            others=tuple(known[id] for id in clash.others),
            choices=ways,
            versions={one.id: one.version for one in known.values()},
        )


@dataclass(frozen=True)
class ShiftPreview:
    """A stretch of a day moved by one amount: what moves, what stays and why, and what follows."""

    channel_version: int
    edits: Edits
    staying: tuple[tuple[Airing, str], ...]
    """The airings that do not move, and why."""
    effects: tuple[AiringChange, ...]
    versions: Mapping[AiringId, int]


def preview_shift(
    db: Database, channel: ChannelId, since: datetime, until: datetime, by: timedelta, now: datetime
) -> ShiftPreview:
    """Preview moving everything that starts in [since, until) by `by`. Raises Missing.

    Airings that are live, locked, protected or on air stay, and so does what would start in the
    past.
    """
    with db.read() as session:
        around = (min(since, since + by), max(until, until + by))
        desk = _Scenario(session, channel, around, now, ())
        edits: dict[AiringId, AiringDraft | None] = {}
        staying = []
        for one in desk.snapshot.airings:
            if not since <= one.start < until or one.end <= now:
                continue
            why = desk.fixed(one.id, one.draft)
            if not why and one.start + by < now:
                why = "its new time has passed"
            if why:
                staying.append((one, why))
            else:
                edits[one.id] = moved(one.draft, one.start + by)
        after = desk.settled(edits)
        effects = consequences(desk.settled({}), after, desk.standing, edits) if edits else ()
        return ShiftPreview(
            channel_version=desk.snapshot.channel.plan_version,
            edits=edits,
            staying=tuple(staying),
            effects=effects,
            versions={one.id: one.version for one in desk.snapshot.airings},
        )


@dataclass(frozen=True)
class WeighedGroup:
    """Several airings put on a channel at once, the airings they clash with, and the ways out."""

    channel_version: int
    """The plan version they were weighed against."""
    clashes: tuple[tuple[AiringDraft, tuple[Airing, ...]], ...]
    """Each that collides, with what it would overlap, in order of time."""
    ways: tuple[WayOut, ...]


def weigh_all(db: Database, channel: ChannelId, wanted: Edits, now: datetime) -> WeighedGroup:
    """Weigh several airings as they would be, each under its own id or a temporary one of the
    caller's.

    None takes an airing off the schedule. Raises Missing.
    """
    coming = [draft for draft in wanted.values() if draft is not None]
    around = (
        min((draft.start for draft in coming), default=now),
        max((draft.start + draft.length for draft in coming), default=now),
    )
    with db.read() as session:
        drafts = {id: draft and with_file(session, draft) for id, draft in wanted.items()}
        files = [id for d in drafts.values() if d for id in (d.asset, d.substitute)]
        desk = _Scenario(session, channel, around, now, files)
        group = desk.group(drafts)
        meets = several.overlaps(group)
        ways = several.ways_for_all(group, meets, desk.settled({}), desk.settled) if meets else ()
        known = {one.id: one for one in desk.snapshot.airings}
        clashes = [(group.coming[id], tuple(map(known.__getitem__, o))) for id, o in meets.items()]
        return WeighedGroup(desk.snapshot.channel.plan_version, tuple(clashes), ways)


class _Scenario:
    """The channel around a change, read once, to be settled with one set of edits after another."""

    def __init__(
        self,
        session: Session,
        channel: ChannelId,
        around: tuple[datetime, datetime],
        now: datetime,
        files: Iterable[AssetId | None],
        searches: Iterable[SearchId | None] = (),
    ) -> None:
        self.now = now
        self.starts, self.ends = _span(*around, now)
        read = snapshot(session, channel, self.starts, self.ends)
        wanted = find.plan.assets_by_id(session, files)
        more = {asset.id: asset for asset in map(load.plan.asset, wanted.values())}
        found = pools(session, searches, self.starts, read.channel.tz)
        self.snapshot: Snapshot = replace(
            read, assets={**read.assets, **more}, pools={**read.pools, **found}
        )
        self.standing = {one.id: one.draft for one in read.airings}
        # Far ahead, what is on air now has no bearing on the day.
        near = self.starts <= now
        self.happened = folded_state(session, channel, now) if near else AirState()

    def stood_so(self, id: AiringId, draft: AiringDraft, other: AiringId) -> bool:
        """Return True when the two overlapped in the same way before the change."""
        before = self.standing.get(id)
        same = before is not None and (before.start, before.length) == (draft.start, draft.length)
        return same and other in self.standing

    def clash(self, id: AiringId, draft: AiringDraft) -> Clash:
        """Return the change among the airings of its channel that are not over."""
        plan = {id: d for id, d in self.standing.items() if d.start + d.length > self.now}
        plan[id] = draft
        fixed = {one: why for one, d in plan.items() if (why := self.fixed(one, d, subject=id))}
        return Clash(id, plan, fixed, self.now)

    def group(self, wanted: Edits) -> GroupChange:
        """Return several changes among the airings of their channel that are not over."""
        plan = {id: d for id, d in self.standing.items() if d.start + d.length > self.now}
        fixed = {one: why for one, d in plan.items() if (why := self.fixed(one, d))}
        return GroupChange(wanted, plan, fixed, self.now)

    def fixed(self, id: AiringId, draft: AiringDraft, subject: AiringId | None = None) -> str:
        """Return why an airing may not be moved, or "". The `subject` of the change may, unless on
        air.
        """
        standing = self.standing.get(id)
        if standing is not None and standing.start <= self.now + CUED_WITHIN:
            return ON_AIR_REASON
        if kind_of(draft) is ContentKind.LIVE:
            return "it is live"
        if id == subject:
            return ""
        if draft.locked:
            return "it is locked"
        anchor = protecting(self.snapshot.anchors, draft.start, self.snapshot.channel.tz)
        return f"from {time_of_day(anchor.draft.at)} nothing moves" if anchor else ""

    def settled(self, edits: Edits) -> Rundown:
        """Return what would air with these edits, computed by the code that the broadcast machine
        runs.

        Filler is left out, because it gives way to anything planned.
        """
        airings = {one.id: one for one in self.snapshot.airings}
        kept = [
            replace(one, draft=edits.get(one.id) or one.draft)
            for one in airings.values()
            if edits.get(one.id, one.draft) is not None
        ]
        kept += [
            _placeholder(id, draft, self.now)
            for id, draft in edits.items()
            if draft is not None and id not in airings
        ]
        read = replace(self.snapshot, airings=tuple(kept), filler=())
        plan = build_plan(read, self.starts, self.ends, self.now, Revision(0))
        plan = resolve_choices(plan, self.happened)
        return settle(plan, self.happened, max(self.now, self.starts))


def _span(first: datetime, last: datetime, now: datetime) -> tuple[datetime, datetime]:
    """Return the time to settle: from now to past the change, or only around it when it is far
    ahead.
    """
    starts, _ = window(now)
    if first - SETTLED_BEFORE > now:
        starts = first - SETTLED_BEFORE
    return starts, max(now, last) + SETTLED_AFTER


def _placeholder(id: AiringId, draft: AiringDraft, now: datetime) -> Airing:
    return Airing(
        id=id, draft=draft, series=None, series_day=None, edited=True, cancelled=False,
        cancelled_at=None, sequence=0, public_modified=now, outcome=None, outcome_reason="",
        aired_start=None, aired_end=None, created=now, updated=now, updated_by="", version=0,
    )  # fmt: skip
