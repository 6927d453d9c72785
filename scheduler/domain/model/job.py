"""Work that continues after its page is closed: its kinds, lanes and states, and when it is tried
again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from scheduler.domain.model.ids import AssetId, JobId


class JobKind(StrEnum):
    """The kinds of work that continues after its page is closed."""

    FILE = "file"
    """The check of an uploaded file."""
    CAPTION_FILE = "caption file"
    """The reading of an uploaded caption file."""
    CAPTIONS_INSIDE = "captions inside"
    """The reading of the captions inside a file of the library."""
    CAPTION_DRAFT = "caption draft"
    """The writing of captions by a speech model."""
    RECORDING = "recording"
    """The check of a recording that has come to the server."""
    COMPANION = "companion"
    """The making of strips, and of a small copy where browsers cannot play the file."""
    CUT_PICTURE = "cut picture"
    """The taking of a cut's own picture from its first piece."""
    EXPORT = "export"
    """The making of a file from a cut, or from a piece of one: `what` has `piece`, 0 for all."""
    ARCHIVE = "archive"
    """The copy of a file to the second store, or from it."""
    REST = "rest"
    """The removal of the server's copy of a file that the archive has."""
    RETURN = "return"
    """The return of a file that rests in the archive."""


class Lane(StrEnum):
    """One thread of the scheduler process: jobs of one lane never wait for those of another."""

    CHECK = "check"
    """What a person waits for, such as the check of an upload."""
    MAKE = "make"
    """Long work of the processor at the lowest priority, such as a companion for the browser."""
    COPY = "copy"
    """Long work of disks and network at the lowest priority, such as a copy to the archive."""
    RETURN = "return"
    """What somebody or a plan waits for from the archive: it does not wait for copies to it."""
    SPEECH = "speech"
    """The speech model, which takes longer than the file plays."""


LANES: Mapping[JobKind, Lane] = {
    JobKind.FILE: Lane.CHECK,
    JobKind.CAPTION_FILE: Lane.CHECK,
    JobKind.CAPTIONS_INSIDE: Lane.CHECK,
    JobKind.CAPTION_DRAFT: Lane.SPEECH,
    JobKind.RECORDING: Lane.CHECK,
    JobKind.COMPANION: Lane.MAKE,
    JobKind.CUT_PICTURE: Lane.CHECK,
    JobKind.EXPORT: Lane.MAKE,
    JobKind.ARCHIVE: Lane.COPY,
    JobKind.REST: Lane.COPY,
    JobKind.RETURN: Lane.RETURN,
}
"""The lane of each kind of job."""
UPLOADED = frozenset({JobKind.FILE, JobKind.CAPTION_FILE})
"""The kinds that read an uploaded file, and cannot be done without it."""
CAPTIONS = frozenset({JobKind.CAPTION_FILE, JobKind.CAPTIONS_INSIDE, JobKind.CAPTION_DRAFT})
"""The kinds that give a file captions."""


def kinds_of(lane: Lane) -> frozenset[JobKind]:
    """Return the kinds of job that a lane does."""
    return frozenset(kind for kind, its in LANES.items() if its is lane)


class JobState(StrEnum):
    """The stages of a job."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


MOST_TRIES = 8
"""Times that a job is begun before it counts as failed; the last try is about 17 hours after the
first."""
MOST_KILLS = 3
"""Times that the scheduler process may die while it does a job; then the job counts as failed."""
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
HISTORY_KEPT_FOR = timedelta(days=14)
"""How long a job that is over stays on the page, and can be tried again."""
KILLED = f"The scheduler stopped {MOST_KILLS} times while it did this, so it is not begun again."


def pause_after(tries: int) -> timedelta:
    """Return how long a job waits after its `tries`-th try failed: 1, 4, 16, 64, 256 minutes, then
    6 hours.
    """
    factor: int = 4 ** max(0, min(tries, MOST_TRIES) - 1)
    return min(FIRST_PAUSE * factor, LONGEST_PAUSE)


def has_come(not_before: datetime | None, now: datetime) -> bool:
    """Return whether a job may begin, or is put off by longer than any pause: the clock was ahead.

    `find.jobs.waiting_job` asks the database the same.
    """
    return not_before is None or not timedelta(0) < not_before - now <= LONGEST_PAUSE


ASKED_IN_A_ROW = 3
"""Jobs that people asked for which a lane begins before one that nobody asked for has its turn."""


def is_turn_of_asked(last: Sequence[bool]) -> bool:
    """Return whether a job that somebody asked for comes next, if one waits.

    `last` says of the jobs that were begun, the newest first, whether somebody had asked for each.
    Three exports (x) and three companions (c) that wait are begun as x x x c, then c c; a fourth
    export that comes before that is begun after the first c.
    """
    return len(last) < ASKED_IN_A_ROW or not all(last[:ASKED_IN_A_ROW])


@dataclass(frozen=True)
class Job:
    """Work that continues after its page is closed."""

    id: JobId
    asset: AssetId | None
    """The library entry that it is about, if any."""
    upload: str
    """Where the uploaded bytes lie, below the uploads folder; empty if there are none."""
    original_name: str
    """The name of the uploaded file, whatever it holds; else a name of the work."""
    state: JobState
    progress: float
    """0 to 1."""
    step: str
    """What is being done now, in words; of a failed job, why it failed."""
    kind: JobKind = JobKind.FILE
    by_name: str = ""
    """Who asked for it."""
    tries: int = 0
    """How often it was begun."""
    note: str = ""
    """Why the last try failed; empty if none did."""
    what: Mapping[str, Any] = field(default_factory=dict)
    """What else its handler needs to know, as JSON."""
    created: datetime | None = None
    started: datetime | None = None
    finished: datetime | None = None
    not_before: datetime | None = None
    """The time of its next try, after one that failed."""

    cancelled_by: str = ""
    """Who cancelled it, or put its failure aside."""

    @property
    def over(self) -> bool:
        """True when it is neither waiting nor worked on."""
        return self.state not in (JobState.WAITING, JobState.WORKING)

    @property
    def repeatable(self) -> bool:
        """True when it can be begun again: what it would read is still there."""
        return bool(self.upload) or self.kind not in UPLOADED
