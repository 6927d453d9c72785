"""Names beside the numbers that host and server count together, so that a server restored from a
backup never takes another line of history for its own.

A number says how far; only a name says of what. A restored server counts on from an older number
and gives the numbers between once more, to other things. So each side names the thing itself: a
command and a journal entry by their ids, which nobody gives twice, a plan and a rundown by their
content. Whoever does not know the name says from where to go on. `docs/design.md`, "Two lines of
history", has a worked example.
"""

import hashlib
from dataclasses import dataclass, replace

from config.names import Revision
from playout.model.plan import Plan
from playout.model.rundown import Rundown
from playout.model.wire import encode


@dataclass(frozen=True)
class HistoryMark:
    """The last thing of its kind that a machine knows of: its number and its id."""

    number: int = 0
    id: str = ""
    """Empty before the first, and where the version before kept the number alone."""


@dataclass(frozen=True)
class ServerKnowledge:
    """What a host believes that its server has; every name is empty with the version before."""

    plan: str = ""
    """Tag of the plan in force, as the server gave it."""
    expected: str = ""
    """Tag of the rundown that was sent last, in this report or before."""
    acknowledged: str = ""
    """Id of the last journal entry that the server acknowledged."""


def digest(plan: Plan) -> str:
    """Equal for plans that say the same, whatever their number and the instant they were made."""
    plain = replace(plan, revision=Revision(0), made_at=plan.starts)
    return hashlib.sha256(encode(plain)).hexdigest()


def tag_of(rundown: Rundown) -> str:
    """Names a rundown by its content."""
    return hashlib.sha256(encode(rundown)).hexdigest()[:32]
