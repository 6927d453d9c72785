"""Actions of staff on the captions of a file, and findings of the worker that reads them."""

from dataclasses import replace
from datetime import datetime, timedelta

from media.caption_files import StoredCaptions
from scheduler.changing.captions import caption_entry, give_captions, refuse_timeless
from scheduler.changing.jobs import close_job, job_to_close, queue_job
from scheduler.changing.transaction import UnitOfWork, all_channels, changing
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.library.names import captioned_stems, owner_of_captions, stem
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import AssetId, JobId
from scheduler.domain.model.job import JobKind, JobState
from scheduler.domain.model.people import SYSTEM_ACTOR, Actor, Right
from scheduler.domain.model.text import one_line
from scheduler.refusals import Refused

SHORTEST_HEARD = timedelta(seconds=5)
"""Shortest file that a speech model hears without being asked."""
MOST_DRAFTS_QUEUED = 20
"""Files that are queued to be heard by one look."""


def give(
    db: Database, actor: Actor, now: datetime, asset: AssetId, captions: StoredCaptions, name: str
) -> Asset:
    """Let captions read from the caption file `name` air with a file, in place of its present
    ones. Raises Refused for a file that has no time of its own, and Missing.
    """
    with changing(db, actor, now, Right.PREPARE, "captions") as work:
        row = work.get(AssetRow, asset, "file")
        refuse_timeless(load.plan.asset(row))
        _give(work, row, captions, name, actor.name)
    return load.plan.asset(row)


def remove(db: Database, actor: Actor, now: datetime, asset: AssetId, version: int) -> Asset:
    """Let a file air without captions. Raises Refused where it has none, Missing, and Conflict."""
    with changing(db, actor, now, Right.PREPARE, "captions") as work:
        row = work.get(AssetRow, asset, "file")
        work.expect_version(row, version, load.plan.asset(row))
        refuse_timeless(load.plan.asset(row))
        if row.captions_key is None:
            raise Refused(message=f"{row.title} has no captions.")
        give_captions(work, row, None)
        said = f"Removed the captions of {row.title}"
        work.about("asset", row.id, said, *all_channels(work.session))
    return load.plan.asset(row)


def queue_file(db: Database, actor: Actor, now: datetime, upload: str, name: str) -> AssetId:
    """Queue the reading of an uploaded caption file for the library file of the same name.

    `council.srt` and `council.en.srt` belong to `council.mp4`; of several the newest gets it.
    Raises Refused where there is none.
    """
    if not actor.may(Right.PREPARE):
        raise Refused(message="You may not upload captions.")
    with db.write() as session:
        named = find.plan.asset_names(session, captioned_stems(name))
        asset = owner_of_captions(named, name)
        if asset is None:
            raise Refused(
                message=f"No file of the library is called {stem(name)}. Upload the video first, "
                "or choose the captions on the page of the video."
            )
        kind = JobKind.CAPTION_FILE
        queue_job(session, kind, now, asset=asset, upload=upload, name=name, by=actor.name)
        return AssetId(asset)


def queue_inside(db: Database, actor: Actor, now: datetime, asset: AssetId) -> None:
    """Queue the reading of the captions inside a file of the library. Raises Refused, Missing."""
    with changing(db, actor, now, Right.PREPARE, "captions") as work:
        row = work.get(AssetRow, asset, "file")
        refuse_timeless(load.plan.asset(row))
        queue_job(work.session, JobKind.CAPTIONS_INSIDE, now, asset=asset, by=actor.name)


def finish_reading(
    db: Database, now: datetime, job: JobId, captions: StoredCaptions | None, sentence: str = ""
) -> None:
    """Store the captions that a job read; without them, the sentence that says why."""
    with changing(db, SYSTEM_ACTOR, now, Right.PREPARE, "captions") as work:
        row = job_to_close(work.session, job)
        if row is None or row.asset_id is None:
            return
        close_job(row, now, JobState.DONE if captions else JobState.FAILED, sentence)
        row.upload = row.upload if captions else ""
        if captions is not None:
            asset = work.get(AssetRow, row.asset_id, "file")
            _give(work, asset, captions, row.name, row.by_name)


def queue_missing_drafts(db: Database, now: datetime) -> None:
    """Queue the writing of draft captions for the oldest files with sound that have none, at most
    `MOST_DRAFTS_QUEUED` at a time; each only once.
    """
    with db.read() as session:
        wanted = find.films.without_captions(session, SHORTEST_HEARD, MOST_DRAFTS_QUEUED)
    if not wanted:
        return
    with db.write() as session:
        # Someone may have asked for one of them meanwhile.
        for asset in find.films.without_captions(session, SHORTEST_HEARD, MOST_DRAFTS_QUEUED):
            queue_job(session, JobKind.CAPTION_DRAFT, now, asset=asset)


def queue_draft(db: Database, actor: Actor, now: datetime, asset: AssetId) -> None:
    """Queue the writing of draft captions for one file, again if need be. Raises Refused."""
    with changing(db, actor, now, Right.PREPARE, "captions") as work:
        row = work.get(AssetRow, asset, "file")
        refuse_timeless(load.plan.asset(row))
        queue_job(work.session, JobKind.CAPTION_DRAFT, now, asset=asset, by=actor.name)


def finish_draft(
    db: Database, now: datetime, job: JobId, draft: StoredCaptions | None, sentence: str = ""
) -> None:
    """Store draft captions; without them, the sentence that says why, if any."""
    with changing(db, SYSTEM_ACTOR, now, Right.PREPARE, "captions") as work:
        row = job_to_close(work.session, job)
        if row is None or row.asset_id is None:
            return
        close_job(row, now, JobState.FAILED if sentence else JobState.DONE, sentence)
        if draft is not None:
            asset = work.get(AssetRow, row.asset_id, "file")
            entry = caption_entry(draft, "", SYSTEM_ACTOR.name, now)
            load.plan.fill_caption_draft(asset, entry)
            work.about("asset", asset.id, f"Wrote draft captions of {asset.title}")


def air_draft(db: Database, actor: Actor, now: datetime, asset: AssetId, version: int) -> Asset:
    """Let the draft captions of a file air, in place of its present ones. They stay marked as
    automatic unless a person has gone through them. Raises Refused where there are none, Missing,
    and Conflict.
    """
    with changing(db, actor, now, Right.PREPARE, "captions") as work:
        row = _with_draft(work, asset, version)
        draft = load.plan.asset(row).caption_draft
        assert draft is not None
        give_captions(work, row, replace(draft, since=now, by=actor.name))
        load.plan.fill_caption_draft(row, None)
        said = f"Let the automatic captions of {row.title} air"
        work.about("asset", row.id, said, *all_channels(work.session))
    return load.plan.asset(row)


def discard_draft(db: Database, actor: Actor, now: datetime, asset: AssetId, version: int) -> Asset:
    """Discard the draft captions of a file. Raises Refused, Missing, and Conflict."""
    with changing(db, actor, now, Right.PREPARE, "captions") as work:
        row = _with_draft(work, asset, version)
        load.plan.fill_caption_draft(row, None)
        work.about("asset", row.id, f"Discarded the draft captions of {row.title}")
    return load.plan.asset(row)


def _with_draft(work: UnitOfWork, asset: AssetId, version: int) -> AssetRow:
    row = work.get(AssetRow, asset, "file")
    work.expect_version(row, version, load.plan.asset(row))
    if not row.caption_draft:
        raise Refused(message=f"{row.title} has no draft captions.")
    return row


def _give(work: UnitOfWork, row: AssetRow, captions: StoredCaptions, name: str, by: str) -> None:
    """Store the captions of a file. An earlier reading that failed is over with that."""
    for job in find.jobs.jobs_of_assets(work.session, [row.id], captions=True).values():
        if job.state == JobState.FAILED.value:
            job.state = JobState.DONE.value
    replaced = "Replaced" if row.captions_key else "Added"
    give_captions(work, row, caption_entry(captions, name, by, work.now))
    where = f"from {one_line(name)[:80]}" if name else "from the file itself"
    said = f"{replaced} the captions of {row.title} {where}"
    work.about("asset", row.id, said, *all_channels(work.session))
