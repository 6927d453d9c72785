"""Deletion: into the trash by hand or by a signed disposal, back out of it, and for good.

What is deleted stays for thirty days, unless somebody who signs disposals lets it go before
(`release`). `destroy` then judges the file again inside one transaction,
in which no plan can change, and lets its bytes go; `remove_bytes` removes them from the server's
store, after it has looked once more for any row that names the same bytes.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from config.names import AssetKey
from config.times import long_day
from media.store import MediaStore
from scheduler.changing import copies
from scheduler.changing.keeping import file_of, judged, reason_of
from scheduler.changing.proposals import close
from scheduler.changing.transaction import UnitOfWork, all_channels, changing
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.keeping import DisposalItemRow, DisposalRow, LetGoRow
from scheduler.db.tables.plan import AssetRow
from scheduler.db.tables.recordings import RecordingRow
from scheduler.domain.library.copies import SECOND_STORE
from scheduler.domain.library.keeping import (
    KeepingFacts,
    KeepingVerdict,
    deletion_refused,
    trash_ends,
)
from scheduler.domain.model.asset import AssetState
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.people import SYSTEM_ACTOR, Actor, Right
from scheduler.domain.model.proposal import ProposalStage
from scheduler.ids import new_id
from scheduler.reading import keeping
from scheduler.refusals import Conflict, Refused

MOST_OF_ONE_DISPOSAL = 2000
ADDED_BEFORE = timedelta(hours=1)
"""Bytes that were added or touched within this time are not removed: a check that is running may
be about to name them."""
AUTHORITY = "Name the law or the records schedule that allows it."


def delete(db: Database, actor: Actor, now: datetime, asset: AssetId, version: int) -> str:
    """Put a file into the trash, and return its title.

    Raises Refused with what keeps it, Missing, and Conflict with the present Asset.
    """
    with changing(db, actor, now, Right.PREPARE, "delete") as work:
        row = file_of(work, asset)
        work.expect_version(row, version, load.plan.asset(row))
        facts, verdict = judged(work, row)
        if facts.retention is not None or facts.is_recording:
            signing = "Records are deleted by signing a disposal under Library, Keeping."
            why = deletion_refused(facts, verdict, may_sign=actor.may(Right.DISPOSE))
            raise Refused(message=why or signing)
        if why := deletion_refused(facts, verdict, may_sign=False):
            raise Refused(message=why)
        _into_trash(work, row)
        work.about("asset", row.id, f"Deleted {row.title}")
    return row.title


def take_back(db: Database, actor: Actor, now: datetime, asset: AssetId) -> str:
    """Take a file out of the trash, and return its title. Raises Refused and Missing."""
    with changing(db, actor, now, Right.PREPARE, "take back") as work:
        row = file_of(work, asset)
        if row.deleted is None:
            raise Refused(message=f"{row.title} is not deleted.")
        row.deleted, row.deleted_by, row.archived = None, "", False
        for item in find.keeping.open_items_of(work.session, asset):
            item.taken_back, item.taken_back_by = now, actor.name
        work.about("trash", row.id, f"Took {row.title} back from the trash")
    return row.title


def sign(
    db: Database, actor: Actor, now: datetime, assets: Sequence[AssetId], authority: str
) -> str:
    """Sign the disposal of these files, put them into the trash, and return the disposal's id.

    It is all of them or none. Raises Refused with what keeps one of them, Missing and Forbidden.
    """
    with changing(db, actor, now, Right.DISPOSE, "sign") as work:
        said = reason_of(authority, "authority", AUTHORITY)
        chosen = list(dict.fromkeys(assets))
        if not chosen or len(chosen) > MOST_OF_ONE_DISPOSAL:
            raise Refused({"assets": "Choose up to 2,000 files of the list."})
        signed = DisposalRow(
            id=new_id(), signed=now, signed_by_id=actor.id, signed_by=actor.name, authority=said
        )
        work.add(signed)
        for asset in chosen:
            row = file_of(work, asset)
            facts, verdict = judged(work, row)
            _require_due(row, facts, verdict)
            work.session.add(_item(signed.id, row, facts, verdict))
            _into_trash(work, row)
        files = f"{len(chosen):,} file{'s' if len(chosen) != 1 else ''}"
        work.about("disposal", signed.id, f"Signed the disposal of {files}: {said}")
    return signed.id


def destroy(db: Database, now: datetime, asset: AssetId) -> str:
    """Let the bytes of a file go whose time in the trash is over. Return why not, or "".

    Whoever schedules the file at this moment comes before or after this transaction: before, and
    the file stays; after, and the plan's change finds that the file is gone.
    """
    with changing(db, SYSTEM_ACTOR, now, Right.PREPARE, "destroy") as work:
        row = work.get(AssetRow, asset, "file")
        if row.deleted is None or row.state == AssetState.GONE.value:
            return "It is not in the trash."
        if trash_ends(row.deleted) > now:
            return "It can still be taken back."
        if why := _kept_by(*judged(work, row)):
            return why
        _let_bytes_go(work, row)
        work.about("trash", row.id, f"Removed {row.title} for good", *all_channels(work.session))
    return ""


def release(db: Database, actor: Actor, now: datetime, asset: AssetId) -> str:
    """Let the bytes of a deleted file go before its thirty days are over, and return its title.

    It is judged as by `destroy`. Raises Refused with what keeps it, Missing and Forbidden.
    """
    with changing(db, actor, now, Right.DISPOSE, "release") as work:
        row = file_of(work, asset)
        if row.deleted is None:
            raise Refused(message=f"{row.title} is not deleted.")
        if why := _kept_by(*judged(work, row)):
            raise Refused(message=f"{row.title} stays. {why}")
        _let_bytes_go(work, row)
        said = f"Removed {row.title} for good, before its thirty days were over"
        work.about("trash", row.id, said, *all_channels(work.session))
    return row.title


def remove_bytes(db: Database, store: MediaStore, now: datetime, number: int) -> bool:
    """Remove bytes that were let go from the server's store. Return whether that is settled.

    They stay where any row names them again. Files are removed before the row says so, because a
    full disk takes the removal and may refuse the row; the next turn then finds nothing to remove.
    Raises MediaError where the disk refuses.
    """
    with db.change() as session:
        row = session.get(LetGoRow, number, with_for_update=True)
        if row is None or row.removed is not None or row.kept:
            return True
        if find.keeping.is_named(session, row.key):
            row.kept = True
        elif find.keeping.published_naming(session, row.key) or not store.discard(
            AssetKey(row.key), before=now - ADDED_BEFORE
        ):
            return False
        else:
            row.removed = now
        session.flush()
        _note_destroyed(session, row.asset_id, now)
    return True


def note_archive_cleared(db: Database, now: datetime, key: str) -> None:
    """Store that bytes that were let go are gone from the second store too."""
    with db.change() as session:
        copies.forget(session, AssetKey(key), SECOND_STORE)
        session.flush()
        for row in find.keeping.let_go_in(session, [key]):
            _note_destroyed(session, row.asset_id, now)


def _note_destroyed(session: Session, asset: str, now: datetime) -> None:
    gone = find.keeping.let_go_of(session, asset)
    archived = find.recordings.copies_at(session, SECOND_STORE)
    held = {row.key for row in archived} & {one.key for one in gone if not one.kept}
    if not held and all(one.removed or one.kept for one in gone):
        for item in find.keeping.open_items_of(session, asset):
            item.destroyed = now


def _let_bytes_go(work: UnitOfWork, row: AssetRow) -> None:
    for one in keeping.bytes_of(work.session, row):
        work.session.add(LetGoRow(key=one.key, suffix=one.suffix, asset_id=row.id, at=work.now))
    _empty(work.session, row)


def _require_due(row: AssetRow, facts: KeepingFacts, verdict: KeepingVerdict) -> None:
    if row.deleted is not None:
        raise Conflict(None, f"{row.title} is deleted already.")
    if why := _kept_by(facts, verdict):
        raise Refused(message=f"{row.title} is not due. {why}")


def _kept_by(facts: KeepingFacts, verdict: KeepingVerdict) -> str:
    """Return what keeps a file, as a sentence; empty where nothing does."""
    if verdict.obstacles:
        return verdict.obstacles[0]
    return "" if verdict.is_due or facts.retention is None else verdict.class_words


def _into_trash(work: UnitOfWork, row: AssetRow) -> None:
    for one in find.desk.open_filler(work.session, row.id):
        work.watch(one)
        close(work, one, ProposalStage.DECLINED, "The file was deleted.")
    row.deleted, row.deleted_by, row.archived = work.now, work.actor.name, True


def _item(
    disposal: str, row: AssetRow, facts: KeepingFacts, verdict: KeepingVerdict
) -> DisposalItemRow:
    media = row.media or {}
    return DisposalItemRow(
        disposal_id=disposal,
        asset_id=row.id,
        title=row.title,
        original_name=row.original_name,
        key=row.key or "",
        size=int(media.get("size") or 0),
        came=facts.came,
        last_aired=facts.last_aired,
        class_name=facts.retention.name if facts.retention else "",
        reason=verdict.class_words,
        taken_back=None,
        taken_back_by="",
        destroyed=None,
    )


def _empty(session: Session, row: AssetRow) -> None:
    """Leave of a file its title and history alone."""
    deleted = row.deleted.astimezone(keeping.zone(session)).date() if row.deleted else None
    on = f" on {long_day(deleted, year=True)}" if deleted else ""
    row.state, row.summary = AssetState.GONE.value, f"{row.deleted_by} deleted it{on}."
    row.media, row.key, row.facts, row.problems = None, None, {}, []
    for document in find.keeping.documents(session, row.id):
        document.removed, document.key = True, ""
    recording = session.get(RecordingRow, row.id)
    if recording is not None:
        recording.others = []
    load.plan.fill_captions(row, None)
    load.plan.fill_caption_draft(row, None)
    row.captions, row.thumbnail, row.has_thumbnail = False, None, False
