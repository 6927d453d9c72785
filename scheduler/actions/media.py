"""Actions of staff on files, and findings of the check about them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from config.names import ChannelId
from media.caption_files import StoredCaptions
from playout.model.plan import Media
from scheduler.changing import copies
from scheduler.changing.captions import caption_entry
from scheduler.changing.jobs import close_job, job_to_close
from scheduler.changing.proposals import close
from scheduler.changing.transaction import UnitOfWork, all_channels, changing
from scheduler.changing.uploads import add_upload
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.library.copies import SERVER
from scheduler.domain.library.details import Details
from scheduler.domain.library.names import title_from
from scheduler.domain.model.asset import Asset, AssetState
from scheduler.domain.model.ids import AssetId, JobId
from scheduler.domain.model.job import JobState
from scheduler.domain.model.people import SYSTEM_ACTOR, Actor, Right
from scheduler.domain.model.proposal import ProposalStage
from scheduler.domain.model.text import one_line
from scheduler.refusals import Refused


def register(
    db: Database,
    actor: Actor,
    now: datetime,
    upload: str,
    original_name: str,
    title: str = "",
    tags: Sequence[str] = (),
) -> Asset:
    """Add an uploaded file to the library and queue its check.

    `upload` is its path below the uploads folder. Raises Refused.
    """
    title = one_line(title) or title_from(original_name)
    if not title or len(title) > 200:
        raise Refused({"title": "Give the file a title of up to 200 characters."})
    with changing(db, actor, now, Right.PREPARE, "upload") as work:
        given = Details(tags=tuple(tags))
        row = add_upload(work, upload, original_name, title, given=given)
    return load.plan.asset(row)


def rename(
    db: Database, actor: Actor, now: datetime, asset: AssetId, title: str, version: int
) -> Asset:
    """Give a file another title. Raises Refused, Missing, and Conflict with the present Asset."""
    title = one_line(title)
    with changing(db, actor, now, Right.PREPARE, "rename") as work:
        row = _open(work, asset, version)
        if not title or len(title) > 200:
            raise Refused({"title": "Give the file a title of up to 200 characters."})
        row.title = title
        work.about("asset", row.id, f"Renamed a file to {title}", *_fills(work.session, asset))
    return load.plan.asset(row)


def retire(db: Database, actor: Actor, now: datetime, asset: AssetId, version: int) -> Asset:
    """Retire a file. Raises Refused while an airing to come or a filler pool needs it."""
    with changing(db, actor, now, Right.PREPARE, "retire") as work:
        row = _open(work, asset, version)
        coming = find.plan.airings_with(work.session, asset=asset, since=now)
        if coming:
            raise Refused(message=f"{row.title} is still to air in {coming[0].title}.")
        if _fills(work.session, asset):
            raise Refused(message=f"{row.title} still fills gaps; take it out of the filler first.")
        for one in find.desk.open_filler(work.session, asset):
            work.watch(one)
            close(work, one, ProposalStage.DECLINED, "The file was retired.")
        row.archived = True
        work.about("asset", row.id, f"Retired {row.title}")
    return load.plan.asset(row)


def finish_job(
    db: Database,
    now: datetime,
    job: JobId,
    *,
    media: Media | None,
    facts: Mapping[str, Any],
    summary: str,
    problems: Sequence[str] = (),
    captions: StoredCaptions | None = None,
    thumbnail: bytes | None = None,
) -> None:
    """Store what the check found, and let the captions inside the file air with it.

    Without `media` the file is refused and cannot air: its upload is of no more use, so the job
    forgets it.
    """
    with changing(db, SYSTEM_ACTOR, now, Right.PREPARE, "check") as work:
        row = job_to_close(work.session, job)
        if row is None or row.asset_id is None:
            return
        asset = work.get(AssetRow, row.asset_id, "file")
        close_job(row, now, JobState.DONE if media else JobState.FAILED, summary)
        row.upload = row.upload if media else ""
        asset.state = (AssetState.READY if media else AssetState.REFUSED).value
        asset.summary, asset.problems, asset.facts = summary, list(problems), dict(facts)
        asset.media = load.plan.media_json(media) if media else None
        asset.key = media.key if media else None
        if media is not None:
            copies.note(work.session, media.key, SERVER, media.size, now, verified=now)
        asset.captions = captions is not None
        if captions is not None:
            load.plan.fill_captions(asset, caption_entry(captions, "", SYSTEM_ACTOR.name, now))
        asset.thumbnail, asset.has_thumbnail = thumbnail, thumbnail is not None
        verdict = "is ready for air" if media else "cannot go on air"
        work.about("check", asset.id, f"{asset.title} {verdict}", *all_channels(work.session))


def _open(work: UnitOfWork, asset: AssetId, version: int) -> AssetRow:
    row = work.get(AssetRow, asset, "file")
    work.expect_version(row, version, load.plan.asset(row))
    return row


def _fills(session: Session, asset: AssetId) -> list[ChannelId]:
    return [ChannelId(slug) for slug in find.plan.filler_of_asset(session, asset)]
