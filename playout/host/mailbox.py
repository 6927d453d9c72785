"""The mailbox between a channel's agent and the thread that talks with the server."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from config.names import AssetKey
from playout.model.commands import Command
from playout.model.plan import Media, Plan
from playout.model.rundown import Rundown
from playout.model.wire import Ack, JournalEntry, Status


@dataclass
class Mailbox:
    """What the agent and the server conversation leave for each other."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    status: Status | None = None
    expected: Rundown | None = None
    """Set when the rundown changed; cleared when the server has it."""
    entries: Sequence[JournalEntry] = ()
    acknowledged: str = ""
    """Id of the last entry before these: the server has acknowledged all up to it."""
    in_force: str = ""
    """Tag of the plan in force."""
    plan: Plan | None = None
    """A plan that came and was not looked at yet."""
    tag: str = ""
    """Tag of the plan that came last, as the server gave it."""
    commands: list[Command] = field(default_factory=list)
    ack: Ack | None = None
    looking: tuple[str, ...] = ()
    """Sources somebody looks at, by id."""
    fetch: Sequence[Media] = ()
    """Files to fetch, most needed first."""
    soon: frozenset[AssetKey] = frozenset()
    """Those of the plan's files that air within two days."""
    short: str = ""
    """What the disk has no room for, in words."""
    refused: tuple[str, str] | None = None
    """Id of an entry that the server refuses for good, and why; the agent sets it aside."""
    problem: str = ""
    """Why the server cannot be heard, in words; empty while it can."""

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
