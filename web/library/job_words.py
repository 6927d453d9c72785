"""Words and lines of the page Jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.db.passing import WatchedFolder
from scheduler.domain.model.job import Job, JobKind, JobState
from scheduler.queries.jobs import JobCounts, ListedJob
from scheduler.queries.library_faults import folder_fault
from web.kit import words

KIND_WORDS: Mapping[JobKind, str] = {
    JobKind.FILE: "Check the file",
    JobKind.CAPTION_FILE: "Read a caption file",
    JobKind.CAPTIONS_INSIDE: "Read the captions inside",
    JobKind.CAPTION_DRAFT: "Write draft captions",
    JobKind.ARCHIVE: "Copy to the archive",
    JobKind.REST: "Let the server's copy go",
    JobKind.RETURN: "Bring back to the server",
    JobKind.EXPORT: "Make a file of the cut",
    JobKind.CUT_PICTURE: "Take a picture of the cut",
    JobKind.RECORDING: "Check a recording that came home",
    JobKind.COMPANION: "Make strips and a small copy",
}
"""What a job of each kind does, as the page Jobs names it."""


@dataclass(frozen=True)
class JobLine:
    """One job as the page shows it."""

    id: str
    asset: str
    """The library entry that it is about; empty for none."""
    title: str
    what: str
    step: str
    """What it is doing, why it failed, or what it waits for."""
    progress: float
    asked: str
    """Who asked for it, and when."""
    tries: str
    repeatable: bool
    stopping: bool = False


def job_lines(jobs: Sequence[ListedJob], tz: ZoneInfo, now: datetime) -> tuple[JobLine, ...]:
    """Return the lines of one list."""
    return tuple(_line(one, tz, now) for one in jobs)


@dataclass(frozen=True)
class FolderLine:
    """One watch folder as the page shows it."""

    name: str
    path: str
    words: str
    is_wrong: bool


def folder_line(folder: WatchedFolder, now: datetime) -> FolderLine:
    """Return the line of a watch folder, with a warning where it gives no files."""
    fault = said = folder_fault(folder, now)
    if not fault:
        parts = [(folder.waiting, "waiting"), (folder.checking, "being taken")]
        counts = [f"{words.a_count(number, 'file')} {what}" for number, what in parts if number]
        said = ", ".join(counts) or "Empty: everything in it is in the library."
    return FolderLine(folder.name, folder.path, said, bool(fault))


def counted(counts: JobCounts) -> str:
    """Write how many jobs there are: `2 running, 1 waiting, 1 failed`; empty for none."""
    said = [
        f"{number} {word}"
        for number, word in (
            (counts.working, "running"),
            (counts.waiting, "waiting"),
            (counts.failed, "failed"),
        )
        if number
    ]
    return ", ".join(said)


def _line(listed: ListedJob, tz: ZoneInfo, now: datetime) -> JobLine:
    job = listed.job
    return JobLine(
        id=job.id,
        asset=job.asset or "",
        title=listed.title,
        what=KIND_WORDS[job.kind],
        step=_step(job, tz, now),
        progress=job.progress,
        asked=_asked(job, tz, now),
        tries=_tries(job),
        repeatable=job.repeatable,
        stopping=job.state is JobState.WORKING and bool(job.cancelled_by),
    )


def _step(job: Job, tz: ZoneInfo, now: datetime) -> str:
    if job.state is JobState.WAITING and job.not_before is not None:
        return f"{job.note} Next try {words.when(job.not_before, tz, now)}."
    if job.state is JobState.WAITING:
        return "Waits for its turn."
    return job.step


def _asked(job: Job, tz: ZoneInfo, now: datetime) -> str:
    at = job.finished or job.started or job.created
    when = words.when(at, tz, now) if at else ""
    return f"{job.by_name}, {when}" if job.by_name and when else job.by_name or when


def _tries(job: Job) -> str:
    """Write which try it is, from the second on; of one that is over, how many there were."""
    if job.over:
        return f"{job.tries} tries" if job.tries > 1 else ""
    coming = job.tries if job.state is JobState.WORKING else job.tries + 1
    return f"try {coming}" if coming > 1 else ""
