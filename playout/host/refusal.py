"""The search for the part of a report that the server refuses for good.

A report carries a status, perhaps a rundown, and journal entries. A server that answers 422 does
not say which of them it means, and an older server never will. So the next reports carry less.

Example: 200 entries are refused; 100 are, 50 are, 25 are accepted, 25 are refused, and so on until
one is refused alone. It may still be the rundown's or the status' fault. So one report goes without
entries and rundown, then one with the rundown. Both are accepted, so it is the entry. It is set
aside, and the next report begins after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from playout.host.journal import ENTRIES_PER_REPORT
from playout.model.rundown import Rundown
from playout.model.wire import JournalEntry


class Culprit(Enum):
    """The part of a report that the server refuses for good."""

    STATUS = "status"
    RUNDOWN = "rundown"
    ENTRY = "entry"


class _Step(Enum):
    ALL = 1
    STATUS = 2
    RUNDOWN = 3


@dataclass
class RefusalSearch:
    """Decides what the next report may carry, and learns from what becomes of it."""

    step: _Step = _Step.ALL
    most: int = ENTRIES_PER_REPORT
    suspect: str = ""
    """Id of the entry that was refused alone."""

    def part(
        self, expected: Rundown | None, entries: Sequence[JournalEntry]
    ) -> tuple[Rundown | None, Sequence[JournalEntry]]:
        """Return rundown and entries of the next report."""
        if self.step is _Step.ALL:
            return expected, entries[: self.most]
        return (None if self.step is _Step.STATUS else expected), ()

    def refused(self, expected: Rundown | None, entries: Sequence[JournalEntry]) -> Culprit | None:
        """Note that this report was refused. Return the culprit once it is known."""
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
        """Note that a report was accepted while the rundown `waiting` was still to be sent.

        Return the culprit once it is known.
        """
        if self.step is _Step.ALL:
            # Back to whole reports step by step: the next refused entry may follow at once.
            self.most = min(ENTRIES_PER_REPORT, self.most * 2)
            return None
        if self.step is _Step.STATUS and waiting is not None:
            self.step = _Step.RUNDOWN
            return None
        self.step, self.most = _Step.ALL, ENTRIES_PER_REPORT
        return Culprit.ENTRY if self.suspect else None
