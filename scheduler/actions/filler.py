"""What staff do with the filler pool: put a file in, take it out."""

from datetime import datetime

from config.names import ChannelId
from scheduler.changes import changing
from scheduler.db.store import Database
from scheduler.db.tables import AssetRow, ChannelRow, FillerRow
from scheduler.domain.names import AssetId
from scheduler.domain.people import Actor, Right
from scheduler.refusals import Missing


def set_filler(
    db: Database, actor: Actor, now: datetime, channel: ChannelId, asset: AssetId, used: bool
) -> None:
    """Let a file fill gaps of the channel, or no longer. Raises Missing."""
    with changing(db, actor, now, Right.PREPARE, "filler") as work:
        file = work.session.get(AssetRow, asset)
        if file is None:
            raise Missing("file")
        if work.session.get(ChannelRow, channel) is None:
            raise Missing("channel")
        row = work.session.get(FillerRow, (channel, asset))
        if row is None:
            row = FillerRow(channel_id=channel, asset_id=asset, used=False)
            work.session.add(row)
            work.session.flush()
        work.watch(row)
        row.used = used
        words = f"{file.title} fills gaps" if used else f"{file.title} no longer fills gaps"
        work.about("filler", f"{channel}/{asset}", words, channel)
