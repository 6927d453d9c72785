"""What to do when the server refuses a report for good: find which part it is, and go on without.

A report carries a status, perhaps a rundown, and entries of the journal. A server that answers 422
to all of it says nothing of which; and an older one never will. So the next reports carry less.

Example: 200 entries are refused; 100 are, 50 are, 25 are taken, 25 are refused … until one is sent
alone and refused. It may still be the rundown or the status that is at fault: a report with
neither goes, then one with the rundown. Both are taken, so it is the entry. It is set aside, and
the next report begins behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from playout.model.rundown import Rundown
from playout.model.wire import JournalEntry

MOST = 200
"""Entries that one report carries while nothing is refused."""


class Culprit(Enum):
    """Which part of a report a server refuses for good."""

    STATUS = "status"
    RUNDOWN = "rundown"
    ENTRY = "entry"


class _Step(Enum):
    ALL = 1
    STATUS = 2
    RUNDOWN = 3


@dataclass
class RefusalSearch:
    """Says what the next report may carry, and learns from what becomes of it."""

    step: _Step = _Step.ALL
    most: int = MOST
    suspect: str = ""
    """Id of the entry that was refused when it was sent alone."""

    def part(
        self, expected: Rundown | None, entries: Sequence[JournalEntry]
    ) -> tuple[Rundown | None, Sequence[JournalEntry]]:
        """Rundown and entries of the next report."""
        if self.step is _Step.ALL:
            return expected, entries[: self.most]
        return (None if self.step is _Step.STATUS else expected), ()

    def refused(self, expected: Rundown | None, entries: Sequence[JournalEntry]) -> Culprit | None:
        """The report with this part was refused; which part it is, once that is known."""
        if len(entries) > 1:
            self.most = len(entries) // 2
            return None
        if self.step is _Step.ALL and (entries or expected is not None):
            self.step, self.suspect = _Step.STATUS, entries[0].id if entries else ""
            return None
        if self.step is _Step.RUNDOWN and expected is not None:
            self.step = _Step.ALL
            return Culprit.RUNDOWN
        return Culprit.STATUS

    def taken(self, waiting: Rundown | None) -> Culprit | None:
        """A report was taken while this rundown waited to be told; the part that is at fault, once
        that is known."""
        if self.step is _Step.ALL:
            self.most = min(MOST, self.most * 2)
            return None
        if self.step is _Step.STATUS and waiting is not None:
            self.step = _Step.RUNDOWN
            return None
        self.step, self.most = _Step.ALL, MOST
        return Culprit.ENTRY if self.suspect else None
