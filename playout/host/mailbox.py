"""The mailbox between a channel's agent and the thread that talks with the server."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from playout.host.journal import Journal
from playout.host.metrics import PictureCounts
from playout.model.commands import Command
from playout.model.engine import Observation
from playout.model.plan import Media, Plan
from playout.model.rundown import Rundown
from playout.model.wire import Ack, HostTold, JournalEntry, Status
from playout.timing.media_need import MediaNeed


@dataclass
class Mailbox:
    """Messages that the agent and the server conversation leave for each other."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    status: Status | None = None
    expected: Rundown | None = None
    """Set when the rundown changed; cleared when the server has it."""
    entries: Sequence[JournalEntry] = ()
    acknowledged: str = ""
    """Id of the entry before these, the last that the server has acknowledged."""
    in_force: str = ""
    """ETag of the plan in force."""
    plan: Plan | None = None
    """A plan that arrived and that the agent has not seen yet."""
    tag: str = ""
    """The server's ETag of the plan that arrived last."""
    commands: list[Command] = field(default_factory=list)
    ack: Ack | None = None
    looking: tuple[str, ...] = ()
    """Ids of the sources that someone watches before air."""
    fetch: Sequence[Media] = ()
    """Files to fetch, most needed first."""
    lacking: Sequence[MediaNeed] = ()
    """Those of them that do not fit on the disk, most needed first."""
    sending: str = ""
    """Why recordings cannot go to the server, in words; empty while they can."""
    certificates: str = ""
    """Certificates of this machine's far ends that end soon, in words; empty for none."""
    seen: Observation | None = None
    """The engine's last observation, for metrics."""
    pictures: PictureCounts = PictureCounts()
    contact: int | None = None
    """When the server last answered, in nanoseconds of the monotonic clock; None before."""
    refused: tuple[str, str] | None = None
    """Id of the entry that the server refuses for good, and why; for the agent to set aside."""
    told: tuple[HostTold, ...] = ()
    """Faults that this machine told people of and that are still there."""
    scheduler_away: bool = False
    """Whether the server said last that its scheduler has stopped."""
    problem: str = ""
    """Why there is no contact with the server, in words; empty while there is."""

    def leave(self, status: Status, journal: Journal) -> None:
        """Leave the status, and the entries that the server does not have yet."""
        with self.lock:
            self.status, self.entries = status, journal.waiting()
            self.acknowledged = journal.acknowledged_id

    def take_ack(self) -> Ack | None:
        """Return the answer to the last report, once."""
        with self.lock:
            ack, self.ack = self.ack, None
            return ack

    def take_refused(self) -> tuple[str, str] | None:
        """Return the entry that the server refuses for good and why, once."""
        with self.lock:
            refused, self.refused = self.refused, None
            return refused

    def take_plan(self) -> tuple[Plan, str] | None:
        """Return the plan that arrived and its tag, once."""
        with self.lock:
            plan, self.plan = self.plan, None
            return None if plan is None else (plan, self.tag)

    def take_commands(self) -> list[Command]:
        """Return the commands that arrived, once."""
        with self.lock:
            commands, self.commands = self.commands, []
            return commands
