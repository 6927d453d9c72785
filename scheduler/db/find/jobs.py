"""Queries of jobs: what waits, what is worked on, and what is over."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, delete, func, or_, select

from scheduler.db.store import Session
from scheduler.db.tables.plan import AssetRow, JobRow
from scheduler.domain.model.job import CAPTIONS, LONGEST_PAUSE, JobKind, JobState

OVER = (JobState.DONE.value, JobState.FAILED.value, JobState.CANCELLED.value)


def waiting_job(
    session: Session, kinds: Collection[JobKind], now: datetime, *, asked_first: bool = True
) -> JobRow | None:
    """Return the oldest waiting job of these kinds whose time has come, locked so that only one
    worker takes it; of those that somebody asked for, if one waits, or else of the others.
    """
    question = select(JobRow).where(
        JobRow.state == JobState.WAITING.value,
        JobRow.kind.in_([kind.value for kind in kinds]),
        or_(
            JobRow.not_before.is_(None),
            JobRow.not_before <= now,
            # It was put off by a clock that was ahead.
            JobRow.not_before > now + LONGEST_PAUSE,
        ),
    )
    later = JobRow.by_name == "" if asked_first else JobRow.by_name != ""
    question = question.order_by(case((later, 1), else_=0), JobRow.created, JobRow.id)
    return session.scalars(question.limit(1).with_for_update(skip_locked=True)).first()


def last_begun(session: Session, kinds: Collection[JobKind], most: int) -> list[bool]:
    """Return of the last jobs of these kinds that were begun, the newest first, whether somebody
    had asked for each.
    """
    question = select(JobRow.by_name != "").where(
        JobRow.kind.in_([kind.value for kind in kinds]), JobRow.started.is_not(None)
    )
    return list(session.scalars(question.order_by(JobRow.started.desc(), JobRow.id).limit(most)))


def jobs(session: Session, states: Iterable[JobState]) -> Sequence[JobRow]:
    """Return the jobs in one of these states, the oldest first."""
    question = select(JobRow).where(JobRow.state.in_([state.value for state in states]))
    return session.scalars(question.order_by(JobRow.created, JobRow.id)).all()


def uploads_needed(session: Session) -> Sequence[str]:
    """Return the names of uploads that a job has yet to read, or would read if tried again."""
    question = select(JobRow.upload).where(JobRow.upload != "", JobRow.state != JobState.DONE.value)
    return session.scalars(question).all()


def open_job(session: Session, kind: JobKind, asset: str | None) -> JobRow | None:
    """Return a job of this kind for this file that waits or is worked on."""
    question = select(JobRow).where(
        JobRow.kind == kind.value,
        JobRow.state.in_([JobState.WAITING.value, JobState.WORKING.value]),
        JobRow.asset_id == asset if asset is not None else JobRow.asset_id.is_(None),
    )
    return session.scalars(question.limit(1)).first()


def has_open_job(
    session: Session, assets: Iterable[str], *, apart_from: Collection[JobKind]
) -> bool:
    """Return whether a job of any other kind waits for one of these files or works on it."""
    question = select(JobRow.id).where(
        JobRow.asset_id.in_(list(assets)),
        JobRow.state.not_in(OVER),
        JobRow.kind.not_in([kind.value for kind in apart_from]),
    )
    return session.scalars(question.limit(1)).first() is not None


def open_returns(session: Session) -> dict[str, JobRow]:
    """Return the jobs that bring a file back from the archive and are not over, by file."""
    question = select(JobRow).where(JobRow.kind == JobKind.RETURN.value, JobRow.state.not_in(OVER))
    return {row.asset_id: row for row in session.scalars(question) if row.asset_id}


def stuck_returns(session: Session) -> list[tuple[str, str]]:
    """Return title and reason of each return from the archive that failed and is tried again, the
    oldest first.
    """
    question = (
        select(AssetRow.title, JobRow.note)
        .join(AssetRow, AssetRow.id == JobRow.asset_id)
        .where(
            JobRow.kind == JobKind.RETURN.value,
            JobRow.state == JobState.WAITING.value,
            JobRow.note != "",
        )
        .order_by(JobRow.created, JobRow.id)
    )
    return [(title, note) for title, note in session.execute(question)]


def return_pace(session: Session) -> int | None:
    """Return the bytes a second of the last return that was measured; None before the first."""
    pace = JobRow.what["pace"].as_integer()
    question = select(pace).where(
        JobRow.kind == JobKind.RETURN.value,
        JobRow.state == JobState.DONE.value,
        pace.is_not(None),
    )
    return session.scalar(question.order_by(JobRow.finished.desc()).limit(1))


def check_of_content(session: Session, content: str) -> JobRow | None:
    """Return a check of a file from a watch folder with these bytes, done or still to do."""
    question = select(JobRow).where(
        JobRow.kind == JobKind.FILE.value,
        JobRow.state.not_in([JobState.FAILED.value, JobState.CANCELLED.value]),
        JobRow.what["content"].as_string() == content,
    )
    return session.scalars(question.limit(1)).first()


def count_waiting(session: Session, kinds: Collection[JobKind]) -> int:
    """Return how many jobs of these kinds wait or are worked on."""
    question = select(func.count()).where(
        JobRow.state.not_in(OVER), JobRow.kind.in_([kind.value for kind in kinds])
    )
    return session.scalar(question) or 0


def latest(session: Session, kind: JobKind, asset: str) -> JobRow | None:
    """Return the newest job of this kind for this file."""
    question = select(JobRow).where(JobRow.kind == kind.value, JobRow.asset_id == asset)
    return session.scalars(question.order_by(JobRow.created.desc(), JobRow.id).limit(1)).first()


def of_asset(session: Session, kind: JobKind, asset: str) -> Sequence[JobRow]:
    """Return the jobs of this kind for this file, the newest first."""
    question = select(JobRow).where(JobRow.kind == kind.value, JobRow.asset_id == asset)
    return session.scalars(question.order_by(JobRow.created.desc(), JobRow.id)).all()


def assets_not_done(session: Session, kind: JobKind) -> frozenset[str]:
    """Return the files that have a job of this kind which is not done."""
    question = select(JobRow.asset_id).where(
        JobRow.kind == kind.value, JobRow.state != JobState.DONE.value
    )
    return frozenset(one for one in session.scalars(question) if one is not None)


def jobs_of_assets(
    session: Session, assets: Iterable[str], *, captions: bool = False
) -> dict[str, JobRow]:
    """Return the latest check of each of these files; with `captions`, the latest reading of
    its captions.
    """
    kinds = [kind.value for kind in CAPTIONS] if captions else [JobKind.FILE.value]
    question = select(JobRow).where(JobRow.asset_id.in_(list(assets)), JobRow.kind.in_(kinds))
    question = question.order_by(JobRow.created)
    return {row.asset_id: row for row in session.scalars(question) if row.asset_id}


def listed(
    session: Session, condition: Iterable[JobState], since: datetime | None, most: int
) -> Sequence[tuple[JobRow, str, str]]:
    """Return up to `most` jobs in these states, each with the original name and the title of its
    file; with `since`, those that ended after it, the newest first. Others come oldest first.
    """
    question = (
        select(JobRow, AssetRow.original_name, AssetRow.title)
        .outerjoin(AssetRow, AssetRow.id == JobRow.asset_id)
        .where(JobRow.state.in_([state.value for state in condition]))
    )
    if since is not None:
        question = question.where(JobRow.finished >= since)
        question = question.order_by(JobRow.finished.desc(), JobRow.id)
    else:
        question = question.order_by(JobRow.created, JobRow.id)
    rows = session.execute(question.limit(most))
    return [(row, name or "", title or "") for row, name, title in rows]


def counted(session: Session, since: datetime) -> dict[str, int]:
    """Return how many jobs are in each state; of those that are over, since then."""
    recent: ColumnElement[bool] = or_(JobRow.state.not_in(OVER), JobRow.finished >= since)
    question = select(JobRow.state, func.count().label("number")).where(recent)
    return {row.state: row.number for row in session.execute(question.group_by(JobRow.state))}


def prune(session: Session, before: datetime) -> int:
    """Delete jobs that ended before then; return how many.

    The writing of draft captions stays: its row says that a file was heard once.
    """
    removed = session.execute(
        delete(JobRow).where(
            JobRow.state.in_(OVER),
            JobRow.finished < before,
            JobRow.kind != JobKind.CAPTION_DRAFT.value,
        )
    )
    return int(removed.rowcount)  # type: ignore[attr-defined]
