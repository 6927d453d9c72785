"""Queries of keeping: classes, holds, disposals, the last airing, and who else names some bytes."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import (
    JSON,
    ColumnElement,
    Select,
    String,
    Text,
    cast,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from playout.timing.search import fold
from scheduler.db.store import Session
from scheduler.db.tables.base import Base
from scheduler.db.tables.details import DocumentRow
from scheduler.db.tables.house import AsRunRow, PublishedRow
from scheduler.db.tables.keeping import (
    DisposalItemRow,
    DisposalRow,
    HoldRow,
    LetGoRow,
    RetentionClassRow,
)
from scheduler.db.tables.plan import AssetRow, JobRow
from scheduler.db.tables.recordings import AWAY, RecordingRow
from scheduler.db.tables.search import LONGEST_FOLDED, REMADE, SearchEntryRow
from scheduler.domain.model.job import JobKind

PAST_TABLES = frozenset(
    {
        *("change", "touched", "as_run", "entry", "heard", "command", "published"),
        *("disposal_item", "let_go", "media_copy", "resting"),
        *REMADE,
    }
)
"""Tables that tell what was, so that a key in them needs no bytes. Of `published` the newest plan
of each channel counts, which `published_naming` looks at. A table that is not named here counts."""
SHORTEST_KEY_COLUMN = 64
_KEY = re.compile("[0-9a-f]{64}")


def classes(session: Session) -> Sequence[RetentionClassRow]:
    """Return every retention class that the station named or changed, retired ones too."""
    return session.scalars(select(RetentionClassRow).order_by(RetentionClassRow.id)).all()


def open_holds(session: Session, asset: str | None = None) -> Sequence[HoldRow]:
    """Return the holds that are not lifted, of one file or of all, the oldest first."""
    question = select(HoldRow).where(HoldRow.lifted.is_(None))
    if asset is not None:
        question = question.where(HoldRow.asset_id == asset)
    return session.scalars(question.order_by(HoldRow.placed, HoldRow.id)).all()


def holds_of(session: Session, asset: str) -> Sequence[HoldRow]:
    """Return every hold that ever was on a file, the newest first."""
    question = select(HoldRow).where(HoldRow.asset_id == asset)
    return session.scalars(question.order_by(HoldRow.placed.desc(), HoldRow.id)).all()


def last_aired(session: Session, keys: Iterable[str] | None = None) -> dict[str, datetime]:
    """Return when each of these bytes was last seen on air, by key; of all without `keys`."""
    question = select(AsRunRow.asset, func.max(AsRunRow.end)).where(
        AsRunRow.asset.is_not(None), AsRunRow.ticks > 0
    )
    if keys is not None:
        question = question.where(AsRunRow.asset.in_(set(keys)))
    rows = session.execute(question.group_by(AsRunRow.asset))
    return {key: at for key, at in rows if key is not None and at is not None}


def seen_on_air(session: Session, keys: Iterable[str], most: int) -> Sequence[AsRunRow]:
    """Return the latest times at which files with these keys were seen on air, the last first."""
    question = select(AsRunRow).where(
        AsRunRow.asset.in_(list(keys)), AsRunRow.ticks > 0, AsRunRow.counts.is_(True)
    )
    return session.scalars(question.order_by(AsRunRow.start.desc()).limit(most)).all()


def recorded_ids(session: Session, assets: Collection[str] | None = None) -> frozenset[str]:
    """Return which files of the library are recordings."""
    question = select(RecordingRow.asset_id)
    if assets is not None:
        question = question.where(RecordingRow.asset_id.in_(set(assets)))
    return frozenset(session.scalars(question))


def newer_of_title(session: Session, titles: Collection[str] | None = None) -> dict[str, datetime]:
    """Return when the newest file of each title that may air came, by title in small letters."""
    title = func.lower(AssetRow.title)
    question = select(title, func.max(AssetRow.uploaded)).where(
        AssetRow.state == "ready", AssetRow.archived.is_(False)
    )
    if titles is not None:
        # The index of the library finds titles that are spelt alike, of fifty thousand at once.
        alike = select(SearchEntryRow.asset_id).where(
            SearchEntryRow.archived.is_(False),
            SearchEntryRow.title.in_({fold(one)[:LONGEST_FOLDED] for one in titles}),
        )
        wanted = {one.lower() for one in titles}
        question = question.where(AssetRow.id.in_(alike), title.in_(wanted))
    return {name: at for name, at in session.execute(question.group_by(title))}  # noqa: C416


def deleted(session: Session) -> Sequence[AssetRow]:
    """Return the files in the trash, the first to go first."""
    question = select(AssetRow).where(AssetRow.deleted.is_not(None), AssetRow.state != "gone")
    return session.scalars(question.order_by(AssetRow.deleted, AssetRow.id)).all()


def with_class(
    session: Session, ids: Collection[str], recordings: bool, uploads: bool
) -> Sequence[AssetRow]:
    """Return the files of the library whose class is one of `ids`; with `recordings` or `uploads`
    also those of that kind that have no class of their own.
    """
    recorded = select(RecordingRow.asset_id)
    of_class: list[ColumnElement[bool]] = [AssetRow.retention.in_(ids)]
    if recordings:
        of_class.append(AssetRow.retention.is_(None) & AssetRow.id.in_(recorded))
    if uploads:
        of_class.append(AssetRow.retention.is_(None) & AssetRow.id.not_in(recorded))
    question = select(AssetRow).where(
        or_(*of_class), AssetRow.deleted.is_(None), AssetRow.state.in_(["ready", "refused"])
    )
    return session.scalars(question.order_by(AssetRow.uploaded, AssetRow.id)).all()


def disposals(session: Session) -> Sequence[DisposalRow]:
    """Return every signed disposal, the newest first."""
    return session.scalars(select(DisposalRow).order_by(DisposalRow.signed.desc())).all()


def disposal_items(session: Session, disposal: str) -> Sequence[DisposalItemRow]:
    """Return the files of a disposal, by title."""
    question = select(DisposalItemRow).where(DisposalItemRow.disposal_id == disposal)
    return session.scalars(question.order_by(DisposalItemRow.title, DisposalItemRow.asset_id)).all()


def open_items_of(session: Session, asset: str) -> Sequence[DisposalItemRow]:
    """Return the entries of signed disposals that wait for this file to be destroyed."""
    question = select(DisposalItemRow).where(
        DisposalItemRow.asset_id == asset,
        DisposalItemRow.taken_back.is_(None),
        DisposalItemRow.destroyed.is_(None),
    )
    return session.scalars(question).all()


def unremoved(session: Session) -> Sequence[LetGoRow]:
    """Return the bytes that were let go and are not removed yet, the first let go first."""
    question = select(LetGoRow).where(LetGoRow.removed.is_(None), LetGoRow.kept.is_(False))
    return session.scalars(question.order_by(LetGoRow.number)).all()


def let_go_of(session: Session, asset: str) -> Sequence[LetGoRow]:
    """Return the bytes of a file that were let go."""
    question = select(LetGoRow).where(LetGoRow.asset_id == asset)
    return session.scalars(question.order_by(LetGoRow.number)).all()


def is_let_go(session: Session, key: str) -> bool:
    """Return whether these bytes were let go by rule, and nothing has named them again since."""
    gone = select(LetGoRow.number).where(
        LetGoRow.key == key, LetGoRow.removed.is_not(None), LetGoRow.kept.is_(False)
    )
    return session.scalars(gone.limit(1)).first() is not None and not is_named(session, key)


def is_named(session: Session, key: str, *, beside: Collection[str] = ()) -> bool:
    """Return whether any row that counts names these bytes, in a column or inside its JSON.

    Every table and column is looked through, because files share bytes in many ways (a duplicate,
    a cut, captions, a logo), and a table that is added later must count without anybody thinking
    of it. Tables named in `beside` do not count.
    """
    for made in Base.metadata.sorted_tables:
        if made.name in PAST_TABLES or made.name in beside:
            continue
        holds = [
            cast(column, Text).contains(key)
            if isinstance(column.type, JSON | Text)
            else column == key
            for column in made.columns
            if _may_name(column)
        ]
        counts = [JobRow.state.in_(["waiting", "working"])] if made.name == "job" else []
        named = select(literal(1)).select_from(made).where(or_(false(), *holds), *counts).limit(1)
        if holds and session.scalar(named):
            return True
    return False


def _may_name(column: ColumnElement[object]) -> bool:
    kind = column.type
    if isinstance(kind, JSON | Text):
        return True
    return isinstance(kind, String) and (kind.length or 0) >= SHORTEST_KEY_COLUMN


def published_naming(session: Session, key: str) -> Sequence[str]:
    """Return the channels whose newest published plan names these bytes."""
    question = _newest_plans(PublishedRow.channel_id).where(PublishedRow.body.contains(key))
    return session.scalars(question.order_by(PublishedRow.channel_id)).all()


def published_keys(session: Session) -> frozenset[str]:
    """Return every hash that the newest published plan of a channel names."""
    bodies = session.scalars(_newest_plans(PublishedRow.body))
    return frozenset(key for body in bodies for key in _KEY.findall(body))


def _newest_plans(column: InstrumentedAttribute[str]) -> Select[str]:
    """Return the question for a column of the newest published plan of each channel."""
    newest = (
        select(PublishedRow.channel_id, func.max(PublishedRow.revision).label("revision"))
        .group_by(PublishedRow.channel_id)
        .subquery()
    )
    is_newest = (PublishedRow.channel_id == newest.c.channel_id) & (
        PublishedRow.revision == newest.c.revision
    )
    return select(column).join(newest, is_newest)


def documents(session: Session, asset: str) -> Sequence[DocumentRow]:
    """Return every document of a file, removed ones too, for their bytes are kept for undo."""
    return session.scalars(select(DocumentRow).where(DocumentRow.asset_id == asset)).all()


def archivable(session: Session) -> Sequence[tuple[str, str, str | None, datetime]]:
    """Return id, key, chosen class and arrival of every file that may air and is no cut, the oldest
    first.
    """
    question = select(AssetRow.id, AssetRow.key, AssetRow.retention, AssetRow.uploaded).where(
        AssetRow.state == "ready",
        AssetRow.key.is_not(None),
        AssetRow.deleted.is_(None),
        AssetRow.cut_of.is_(None),
        AssetRow.id.not_in(AWAY),
    )
    rows = session.execute(question.order_by(AssetRow.uploaded, AssetRow.id))
    return [(id, str(key), retention, uploaded) for id, key, retention, uploaded in rows]


def let_go_in(session: Session, keys: Collection[str]) -> Sequence[LetGoRow]:
    """Return what was let go of these bytes and is removed from the server."""
    question = select(LetGoRow).where(
        LetGoRow.key.in_(keys), LetGoRow.removed.is_not(None), LetGoRow.kept.is_(False)
    )
    return session.scalars(question.order_by(LetGoRow.number)).all()


def tried_at(session: Session, kind: JobKind) -> dict[str, datetime]:
    """Return when the last job of this kind for each file ended, well or not, as far as it is kept
    (`HISTORY_KEPT_FOR`).
    """
    question = select(JobRow.asset_id, func.max(JobRow.finished)).where(
        JobRow.kind == kind.value, JobRow.finished.is_not(None)
    )
    rows = session.execute(question.group_by(JobRow.asset_id))
    return {id: at for id, at in rows if id is not None and at is not None}
