"""Publishing: rows become a numbered plan for the broadcast machine, only when it changed."""

from datetime import datetime

from config.names import ChannelId, Revision
from playout.model.history import digest
from playout.model.wire import encode
from scheduler.changing.chosen import follow_choices
from scheduler.db import find
from scheduler.db.store import Database
from scheduler.db.tables.house import PublishedRow
from scheduler.domain.air.build_plan import build_plan, window
from scheduler.reading.snapshot import snapshot, with_announcements

PLANS_KEPT = 80
"""Number of plans kept for each channel; 25 MB with 500 items each."""


def publish(db: Database, channel: ChannelId, now: datetime) -> Revision | None:
    """Publish the channel's plan as of `now`; return None when it is the same as the newest one.

    Only the scheduler process calls it, so revisions only grow.
    """
    starts, ends = window(now)
    follow_choices(db, channel, now)
    with db.read() as session:
        read = with_announcements(session, snapshot(session, channel, starts, ends), starts)
        newest = find.house.published(session, channel)
        revision = Revision((newest.revision if newest else 0) + 1)
    # A change may come between the two sessions. It counts the plan version beyond the one
    # stored here, so the next turn publishes again.
    plan = build_plan(read, starts, ends, now, revision)
    plan_digest = digest(plan)
    if newest is not None and newest.digest == plan_digest:
        _stands(db, newest, read.channel.plan_version)
        return None
    with db.write() as session:
        session.add(
            PublishedRow(
                channel_id=channel,
                revision=revision,
                made=now,
                plan_version=read.channel.plan_version,
                digest=plan_digest,
                body=encode(plan).decode(),
            )
        )
        find.house.prune_published(session, channel, revision - PLANS_KEPT + 1)
    return revision


def _stands(db: Database, newest: PublishedRow, plan_version: int) -> None:
    """Note that the newest plan is right for a later plan version too."""
    if newest.plan_version == plan_version:
        return
    with db.write() as session:
        row = session.get(PublishedRow, (newest.channel_id, newest.revision))
        if row is not None:
            row.plan_version = plan_version


def publish_changed(db: Database, now: datetime) -> dict[ChannelId, Revision]:
    """Publish each channel whose plan version changed since its newest plan; return the new
    revisions.
    """
    with db.read() as session:
        versions = find.plan.plan_versions(session)
        published = find.house.published_versions(session)
        used = [ChannelId(row.id) for row, _ in find.plan.channels(session)]
    changed = [c for c in used if published.get(c, -1) != versions.get(c, 0)]
    return _publish(db, changed, now)


def publish_all(db: Database, now: datetime) -> dict[ChannelId, Revision]:
    """Publish each channel whose plan differs from its newest one, since time alone can change a
    plan.
    """
    with db.read() as session:
        used = [ChannelId(row.id) for row, _ in find.plan.channels(session)]
    return _publish(db, used, now)


def _publish(db: Database, channels: list[ChannelId], now: datetime) -> dict[ChannelId, Revision]:
    revisions = {channel: publish(db, channel, now) for channel in channels}
    return {channel: revision for channel, revision in revisions.items() if revision is not None}
