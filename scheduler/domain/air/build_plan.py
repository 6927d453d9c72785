"""The plan of a channel, built from its rows: items with rules, filler, bulletin board."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from config.names import AiringId, AssetKey, ItemId, Revision
from config.steps import last_step
from playout.model.graphics import GraphicsRules
from playout.model.plan import ContentKind, EndRule, Item, Media, Page, Plan, Rank, StartRule
from scheduler.domain.air.choices import with_choices
from scheduler.domain.air.snapshot import FileSpan as FileSpan
from scheduler.domain.air.snapshot import RecordedFile as RecordedFile
from scheduler.domain.air.snapshot import Snapshot as Snapshot
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.airing_graphics import planned
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.graphics import ByTheClock, ChannelGraphics, rules
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.protected_times import protecting
from scheduler.domain.model.slide import SlideDraft, is_automatic
from scheduler.domain.series.block_filling import fill_blocks
from scheduler.domain.series.blocks import BlockRun, block_runs
from scheduler.domain.series.clips import Clip, clips_of, for_gaps, found_clips
from scheduler.domain.series.crawls import carried_crawls, clock_stretches
from scheduler.domain.series.gap_policies import Searched, policies

WINDOW_STEP = timedelta(hours=6)
PLAN_REACHES_BACK = timedelta(hours=24)
LOCAL_DAYS_AHEAD = 8
"""A machine that loses its server on a Friday must still air the Friday after."""
PLAN_REACHES_AHEAD = WINDOW_STEP + timedelta(days=LOCAL_DAYS_AHEAD, hours=1)
"""The step is lost while the window waits to move, and the hour where one of the days has 25."""
NO_FILE, NO_AIRING = AssetId(""), AiringId("")


def window(now: datetime) -> tuple[datetime, datetime]:
    """Return the span of a plan built at `now`; it moves in steps, so an unchanged plan stays
    equal.
    """
    floor = last_step(now, WINDOW_STEP)
    return floor - PLAN_REACHES_BACK, floor + PLAN_REACHES_AHEAD


def build_plan(
    snapshot: Snapshot, starts: datetime, ends: datetime, now: datetime, revision: Revision
) -> Plan:
    """Return the plan of [starts, ends): the rows that can air, with the rules staff gave them.

    An airing whose file is missing or refused is left out, and its gap is filled like any other. A
    replay of a recording stays in: only the broadcast machine knows when there is one.
    """
    channel = snapshot.channel
    items = tuple(
        item
        for airing in sorted(snapshot.airings, key=lambda a: (a.start, a.id))
        if not airing.cancelled and airing.end > starts and airing.start < ends
        for item in _item(airing, snapshot)
    )
    clips = _filler(snapshot, now)
    board = tuple(_pages(snapshot, starts, ends))
    alone = not clips and not board
    runs = block_runs(snapshot.blocks, channel.tz, starts, ends)
    plan = Plan(
        channel=channel.id,
        revision=revision,
        made_at=now,
        starts=starts,
        ends=ends,
        items=(*items, *_of_blocks(snapshot, runs, items, alone=alone)),
        filler=tuple(clip.media for clip in clips),
        filler_titles=tuple(clip.title for clip in clips),
        filler_no_repeat=channel.filler_no_repeat,
        policies=policies(runs, snapshot.assets, searched(snapshot, now)),
        seed=zlib.crc32(channel.id.encode()),
        board=board,
        sources=snapshot.sources,
        station=channel.station or channel.name,
        slate_text=channel.slate_text,
        graphics=_rules(snapshot, starts, ends),
        pictures=_pictures(snapshot.graphics),
    )
    plan = with_choices(plan, snapshot.pools, snapshot.decided, channel.tz)
    return _with_what_pages_tell(plan, snapshot)


def _filler(snapshot: Snapshot, now: datetime) -> list[Clip]:
    """Return what fills the channel's gaps: the files of its pool, then what searches find."""
    asked_at, zone = last_step(now, WINDOW_STEP), snapshot.channel.tz
    found = found_clips(snapshot.filler_searches, snapshot.pools, asked_at, zone)
    return for_gaps([*clips_of(snapshot.filler), *found])


def searched(snapshot: Snapshot, now: datetime) -> Searched:
    """Return the saved searches for gaps, asked in steps, so that an unchanged plan stays equal."""
    return Searched(snapshot.pools, last_step(now, WINDOW_STEP))


def _with_what_pages_tell(plan: Plan, snapshot: Snapshot) -> Plan:
    """Add what bulletins are drawn and written from."""
    return replace(
        plan,
        look=snapshot.look,
        zone=snapshot.channel.zone,
        hours=snapshot.hours.value,
        announced=snapshot.announced,
    )


def _rules(snapshot: Snapshot, starts: datetime, ends: datetime) -> GraphicsRules | None:
    """Return the rules for graphics and captions of lives that count in [starts, ends)."""
    zone = snapshot.channel.tz
    return rules(
        snapshot.graphics,
        snapshot.channel.zone,
        snapshot.caption_names,
        ByTheClock(
            carried_crawls(snapshot.crawls, zone, starts, ends),
            clock_stretches(snapshot.graphics.clock_hours, zone, starts, ends),
        ),
        twelve_hours=snapshot.twelve_hours,
    )


def _pictures(graphics: ChannelGraphics) -> tuple[Media, ...]:
    """Return the stills that the channel's graphics name."""
    return (graphics.logo.media,) if graphics.draft.bug_on and graphics.logo else ()


def media_of(airing: Airing, assets: Mapping[AssetId, Asset]) -> Media | None:
    """Return the file the airing plays, where there is one and it may air.

    A still has no length of its own: it plays as long as its airing.
    """
    return _playable(airing, airing.draft.asset, assets)


def _playable(
    airing: Airing, which: AssetId | None, assets: Mapping[AssetId, Asset]
) -> Media | None:
    asset = assets.get(which) if which else None
    if asset is None or asset.media is None or not asset.fit:
        return None
    if not asset.media.length:
        return replace(asset.media, length=airing.draft.in_point + airing.draft.length)
    return asset.media


def within_span(
    media: Media | None, in_point: timedelta, span: FileSpan | None
) -> tuple[Media | None, timedelta]:
    """Return a file and its in point as they air: of a recording, from mark to adjournment.

    Example: a recording of 3 h 7 min whose meeting lasts from 0:02 to 3:02 airs from its second
    minute, or from the third where the airing leaves out a minute, and is over at 3:02.
    """
    if media is None or span is None:
        return media, in_point
    first, last = span
    return replace(media, length=last), first + in_point


def _of_blocks(
    snapshot: Snapshot,
    runs: Sequence[BlockRun],
    planned: tuple[Item, ...],
    *,
    alone: bool,
) -> tuple[Item, ...]:
    """Return the items that blocks put wherever nothing is planned by name."""
    if not runs:
        return ()
    busy = [(item.start, item.start + _lasts(item)) for item in planned]
    times: dict[AssetKey, list[datetime]] = {}
    for item in planned:
        if item.media is not None:
            times.setdefault(item.media.material, []).append(item.start)
    return fill_blocks(
        runs, busy, snapshot.assets, snapshot.aired, times, snapshot.pools, alone=alone
    )


def _lasts(item: Item) -> timedelta:
    """Return its time on air if nothing cuts it: a file that is to finish may outlast its slot."""
    if item.end_rule is not EndRule.FINISH or item.media is None:
        return item.length
    return max(item.length, item.media.length - item.in_point)


def is_fixed(airing: Airing, snapshot: Snapshot) -> bool:
    """Return whether the airing is locked, or starts at a protected time."""
    zone = snapshot.channel.tz
    return airing.draft.locked or bool(protecting(snapshot.anchors, airing.start, zone))


def _item(airing: Airing, snapshot: Snapshot) -> list[Item]:
    draft, assets = airing.draft, snapshot.assets
    media = media_of(airing, assets)
    media, in_point = within_span(media, draft.in_point, snapshot.spans.get(draft.asset or NO_FILE))
    chosen = draft.search if draft.search in snapshot.pools else None
    nothing = media is None and draft.replay_of is None and chosen is None
    if airing.kind is ContentKind.FILE and nothing:
        return []
    shown = snapshot.recorded.get(draft.replay_of or NO_AIRING) if media is None else None
    return [
        Item(
            id=ItemId(airing.id),
            kind=airing.kind,
            title=draft.title,
            start=airing.start,
            length=draft.length,
            start_rule=draft.start_rule,
            wait_limit=draft.wait_limit if draft.start_rule is StartRule.WAIT else timedelta(0),
            end_rule=draft.end_rule,
            hard_limit=draft.hard_limit if draft.end_rule is EndRule.HOLD else None,
            missed=draft.missed,
            rank=Rank.HARD if draft.start_rule is StartRule.HARD else Rank.SOFT,
            locked=is_fixed(airing, snapshot),
            airing=airing.id,
            media=media,
            in_point=in_point,
            recorded=shown.media if shown is not None else None,
            recorded_from=shown.first if shown is not None else timedelta(0),
            source=draft.source,
            record=draft.record,
            replay_of=draft.replay_of if media is None else None,
            replay=draft.replay_of is not None,
            substitute=_playable(airing, draft.substitute, assets),
            slate_text=draft.slate_text,
            replaces_with="" if draft.public else "Program",
            graphics=planned(draft.graphics),
            choice=chosen or "",
            facts=snapshot.facts.get(airing.id),
        )
    ]


def _pages(snapshot: Snapshot, starts: datetime, ends: datetime) -> list[Page]:
    channel = snapshot.channel
    return [
        page_of(slide.draft, slide.id, snapshot.assets)
        for slide in sorted(snapshot.slides, key=lambda s: (s.position, s.id))
        if slide.draft.channel in (None, channel.id)
        and slide.draft.shown_from < ends
        and slide.draft.shown_until > starts
    ]


def page_of(draft: SlideDraft, id: str, assets: Mapping[AssetId, Asset]) -> Page:
    """Return the bulletin as a page of a plan; an automatic one has no words yet."""
    automatic, picture = is_automatic(draft.layout), assets.get(draft.picture or AssetId(""))
    return Page(
        id=id,
        heading="" if automatic else draft.heading,
        body="" if automatic else draft.body,
        seconds=draft.seconds,
        shown_from=draft.shown_from,
        shown_until=draft.shown_until,
        style=draft.style,
        layout=draft.layout,
        second=draft.second,
        link=draft.link,
        picture=picture.media if picture is not None and picture.fit else None,
    )
