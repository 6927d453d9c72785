"""Actions of watch folders on the library: each file is taken in once, whatever crashes."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from scheduler.changing.jobs import queue_job
from scheduler.changing.transaction import changing
from scheduler.changing.uploads import add_upload
from scheduler.db import find
from scheduler.db.store import Database
from scheduler.db.tables.plan import AssetRow, JobRow
from scheduler.domain.library.details import Details
from scheduler.domain.library.names import captioned_stems, owner_of_captions, title_from
from scheduler.domain.model.asset import AssetState
from scheduler.domain.model.ids import ProgramId
from scheduler.domain.model.job import UPLOADED, JobKind, JobState
from scheduler.domain.model.people import Actor, Right, Role
from scheduler.domain.model.text import one_line

SAME = (
    "This is the same file, byte for byte, as “{title}” in the library, so it was not taken again."
)


class Fate(Enum):
    """The fate of a file that a watch folder gave to the library."""

    UNKNOWN = "the library does not know it yet"
    PENDING = "it waits for its check, or is being checked"
    TAKEN = "it is in the library"
    REFUSED = "it was not taken"


@dataclass(frozen=True)
class Verdict:
    """The fate of a file, with the reason where it was refused."""

    fate: Fate
    words: str = ""


def actor_of(folder: str) -> Actor:
    """Return a watch folder of this name as the actor who uploads its files."""
    return Actor("watch folder", one_line(folder)[:120], frozenset({Role.PRODUCER}))


@dataclass(frozen=True)
class Arrival:
    """A file that a watch folder gives to the library."""

    id: str
    """The id that its library entry gets."""
    upload: str
    """Its path below the uploads folder."""
    name: str
    content: str
    """The hash of its bytes as they came."""
    tags: tuple[str, ...] = ()
    program: str = ""
    """Title of the program that it belongs to; ignored where there is no such program."""


def take_in(db: Database, now: datetime, folder: str, file: Arrival) -> None:
    """Add a file to the library, and queue its check; nothing if it is there."""
    with changing(db, actor_of(folder), now, Right.PREPARE, "upload") as work:
        if work.session.get(AssetRow, file.id) is not None:
            return
        title = title_from(file.name) or "Untitled"
        what = {"content": file.content}
        programs = [one.id for one in find.plan.programs(work.session) if one.title == file.program]
        given = Details(tags=file.tags, program=ProgramId(programs[0]) if programs else None)
        add_upload(work, file.upload, file.name, title, id=file.id, what=what, given=given)


def take_in_captions(
    db: Database, now: datetime, folder: str, id: str, upload: str, name: str, asset: str
) -> None:
    """Queue the reading of a caption file as a job of this id; nothing if it is queued."""
    with db.write() as session:
        if session.get(JobRow, id) is None:
            queue_job(
                session, JobKind.CAPTION_FILE, now,
                id=id, asset=asset, upload=upload, name=name, by=actor_of(folder).name,
            )  # fmt: skip


def fate_of_file(db: Database, id: str) -> Verdict:
    """Return what became of the file that was taken in under this id."""
    with db.read() as session:
        row = session.get(AssetRow, id)
        if row is None:
            return Verdict(Fate.UNKNOWN)
        if row.state == AssetState.READY.value:
            return Verdict(Fate.TAKEN)
        refused = row.state == AssetState.REFUSED.value
        return Verdict(Fate.REFUSED, row.summary) if refused else Verdict(Fate.PENDING)


def fate_of_captions(db: Database, id: str) -> Verdict:
    """Return what became of the caption file whose reading has this id."""
    with db.read() as session:
        row = session.get(JobRow, id)
        if row is None:
            return Verdict(Fate.UNKNOWN)
        if row.state == JobState.DONE.value:
            return Verdict(Fate.TAKEN)
        over = row.state in (JobState.FAILED.value, JobState.CANCELLED.value)
        return Verdict(Fate.REFUSED, row.step) if over else Verdict(Fate.PENDING)


def same_content(db: Database, content: str, id: str) -> str:
    """Return a sentence where the library has these bytes already, under another id; else empty."""
    with db.read() as session:
        known = find.plan.asset_of_content(session, content)
        if known is None:
            check = find.jobs.check_of_content(session, content)
            known = session.get(AssetRow, check.asset_id) if check else None
        if known is None or known.id == id or known.archived:
            return ""
        return SAME.format(title=known.title)


def owner(db: Database, name: str) -> tuple[str, Verdict] | None:
    """Return the file of the library to which captions of this name belong, and its fate; None
    where there is none.
    """
    with db.read() as session:
        named = find.plan.asset_names(session, captioned_stems(name))
        id = owner_of_captions(named, name)
    return (id, fate_of_file(db, id)) if id is not None else None


def checks_waiting(db: Database) -> int:
    """Return how many uploads wait for their check, or are being checked."""
    with db.read() as session:
        return find.jobs.count_waiting(session, UPLOADED)
