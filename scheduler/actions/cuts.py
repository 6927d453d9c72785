"""Actions of staff on cuts: pieces of a file as an entry of the library of their own."""

from datetime import datetime

from playout.model.media import Media
from scheduler.changing.jobs import queue_job
from scheduler.changing.transaction import UnitOfWork, all_channels, changing
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.library.cuts import CutDraft, frames_of, problems, split, tidied
from scheduler.domain.model.asset import Asset, AssetState
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import JobKind
from scheduler.domain.model.people import Actor, Right
from scheduler.ids import new_id
from scheduler.refusals import Refused


def add(db: Database, actor: Actor, now: datetime, source: AssetId, draft: CutDraft) -> Asset:
    """Add a cut of a file of the library; undo puts it away. The file is not changed.

    A cut of a cut is one of the same file. Raises Refused and Missing.
    """
    with changing(db, actor, now, Right.PREPARE, "cut") as work:
        whole = _whole(work, source)
        row = _add(work, whole, _checked(draft, whole))
        _take_picture(work, row)
        work.about("asset", row.id, f"Cut {row.title} out of {whole.title}")
    return load.plan.asset(row)


def edit(
    db: Database, actor: Actor, now: datetime, cut: AssetId, draft: CutDraft, version: int
) -> Asset:
    """Mark a cut anew. Airings to come follow; what is on air keeps what it has.

    Raises Refused, Missing, and Conflict with the present Asset.
    """
    with changing(db, actor, now, Right.PREPARE, "cut") as work:
        row = _open(work, cut, version)
        whole = _whole(work, cut)
        first = _first(row)
        load.plan.fill_cut(row, _checked(draft, whole), _media(whole))
        if _first(row) != first:
            _take_picture(work, row)
        work.about("asset", row.id, f"Changed the cut {row.title}", *all_channels(work.session))
    return load.plan.asset(row)


def split_in_two(
    db: Database,
    actor: Actor,
    now: datetime,
    cut: AssetId,
    frame: int,
    title: str,
    version: int,
) -> tuple[Asset, Asset]:
    """End a cut before a frame of its file, and let the rest be another cut of this title.

    Raises Refused, Missing, and Conflict with the present Asset.
    """
    with changing(db, actor, now, Right.PREPARE, "cut") as work:
        row = _open(work, cut, version)
        whole, present = _whole(work, cut), draft_of(load.plan.asset(row))
        halves = split(present, frame)
        if halves is None:
            raise Refused({"at": "Choose a picture in the cut, behind its first one."})
        one = _checked(halves[0], whole)
        other = _checked(CutDraft(title, halves[1].pieces, halves[1].chapters), whole)
        load.plan.fill_cut(row, one, _media(whole))
        made = _add(work, whole, other)
        _take_picture(work, made)
        said = f"Split {made.title} from {row.title}"
        work.about("asset", row.id, said, *all_channels(work.session))
    return load.plan.asset(row), load.plan.asset(made)


def keep_picture(db: Database, cut: AssetId, picture: bytes) -> None:
    """Store the picture of a cut, a small JPEG. It is no other version of the cut: a person who
    has it open may save.
    """
    with db.write() as session:
        find.films.keep_picture(session, cut, picture)


def draft_of(asset: Asset) -> CutDraft:
    """Return a cut as staff marked it."""
    pieces = asset.media.pieces if asset.media is not None else ()
    return CutDraft(asset.title, pieces, asset.chapters)


def _first(row: AssetRow) -> int | None:
    """Return the first frame that a cut shows."""
    media = load.plan.asset(row).media
    return media.pieces[0][0] if media is not None and media.pieces else None


def _take_picture(work: UnitOfWork, row: AssetRow) -> None:
    """Queue the taking of a picture of a cut; until then it has that of its file."""
    queue_job(work.session, JobKind.CUT_PICTURE, work.now, asset=row.id, by=work.actor.name)


def _checked(draft: CutDraft, whole: AssetRow) -> CutDraft:
    draft, media = tidied(draft), _media(whole)
    wrong = problems(draft, frames_of(media.length, media.rate), media.rate)
    if wrong:
        raise Refused(wrong, next(iter(wrong.values())))
    return draft


def _add(work: UnitOfWork, whole: AssetRow, draft: CutDraft) -> AssetRow:
    row = AssetRow(
        id=new_id(),
        original_name=whole.original_name,
        state=AssetState.READY.value,
        summary=whole.summary,
        problems=list(whole.problems),
        facts=dict(whole.facts),
        captions=whole.captions,
        thumbnail=whole.thumbnail,
        has_thumbnail=whole.has_thumbnail,
        uploaded=work.now,
        uploaded_by=work.actor.name,
        archived=False,
        cut_of=whole.id,
        version=1,
    )
    load.plan.fill_cut(row, draft, _media(whole))
    load.plan.fill_captions(row, load.plan.asset(whole).caption_entry)
    work.add(row)
    return row


def _open(work: UnitOfWork, cut: AssetId, version: int) -> AssetRow:
    row = work.get(AssetRow, cut, "cut")
    work.expect_version(row, version, load.plan.asset(row))
    if row.cut_of is None:
        raise Refused(message=f"{row.title} is a whole file. Add a cut of it.")
    return row


def _whole(work: UnitOfWork, asset: AssetId) -> AssetRow:
    """Return the file that the entry is, or is a cut of. Raises Refused where nothing can be cut
    out of it.
    """
    row = work.session.get(AssetRow, asset)
    if row is not None and row.cut_of is not None:
        row = work.session.get(AssetRow, row.cut_of)
    if row is None:
        return work.get(AssetRow, asset, "file")
    media = load.plan.asset(row).media
    if media is None or not media.length:
        raise Refused(message=f"{row.title} has no time of its own, so it cannot be cut.")
    return row


def _media(whole: AssetRow) -> Media:
    media = load.plan.asset(whole).media
    assert media is not None
    return media
