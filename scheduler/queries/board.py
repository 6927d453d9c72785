"""One bulletin as the broadcast machine would draw it: a plan with that page alone, and the
rundown that an automatic page is written from.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from config.names import ChannelId, Revision
from playout.bulletins.automatic import written
from playout.model.plan import Page, Plan
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.domain.air.build_plan import build_plan, page_of, window
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.slide import SlideDraft, is_automatic
from scheduler.reading.host_state import forecast
from scheduler.reading.snapshot import read_channel, with_announcements
from scheduler.refusals import Missing

SETTLED_AHEAD = timedelta(hours=24)
MOST_STILLS = 500


@dataclass(frozen=True)
class BoardPlan:
    """A plan whose look and pages are right; it has items only where its page is automatic."""

    plan: Plan
    page: Page | None
    """The bulletin; None for an automatic page with nothing to say."""


def board_plan(db: Database, channel: ChannelId, draft: SlideDraft, now: datetime) -> BoardPlan:
    """Return what the bulletin is drawn from on a channel at `now`. Raises Missing."""
    starts, ends = window(now)
    with db.read() as session:
        bare = read_channel(session, channel)
        if bare is None:
            raise Missing("channel")
        read = with_announcements(session, bare, starts)
        read = replace(read, graphics=load.graphics.channel_graphics(session, channel))
        if is_automatic(draft.layout):
            rows = find.plan.airings(session, channel, now - SETTLED_AHEAD, now + SETTLED_AHEAD)
            assets = find.plan.assets_by_id(session, [row.asset_id for row in rows])
            files = {asset.id: asset for asset in map(load.plan.asset, assets.values())}
            read = replace(read, airings=tuple(map(load.plan.airing, rows)), assets=files)
        plan = build_plan(read, starts, ends, now, Revision(0))
        page = page_of(draft, "bulletin", _picture(session, draft))
        plan = replace(plan, board=(page,))
        if not is_automatic(draft.layout):
            return BoardPlan(plan, page)
        rundown = forecast(session, channel, now, now + SETTLED_AHEAD).rundown
        return BoardPlan(plan, written(page, plan, rundown, now))


def stills(db: Database) -> tuple[Asset, ...]:
    """Return the newest pictures of the library that may air, and those on the board, by title."""
    with db.read() as session:
        shown = [row.picture_id for row in find.plan.slides(session)]
        ids = [*shown, *find.library.newest_stills(session, MOST_STILLS)]
        files = find.plan.assets_by_id(session, ids)
        return tuple(sorted(map(load.plan.asset, files.values()), key=_by_title))


def _by_title(file: Asset) -> tuple[str, str]:
    return file.title.lower(), file.id


def _picture(session: Session, draft: SlideDraft) -> dict[AssetId, Asset]:
    rows = find.plan.assets_by_id(session, [draft.picture])
    return {file.id: file for file in map(load.plan.asset, rows.values())}
