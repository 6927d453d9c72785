"""Names for what host and server both count, so that neither mistakes a restored past for its own.

A server restored from a backup counts on from an older number and gives the same numbers to other
things. So each side also names the thing itself: commands and journal entries by their unique ids,
plans and rundowns by a digest of their content. A side that does not know the name says from where
to go on. `docs/design/air.md`, "Two lines of history", has a worked example.
"""

import hashlib
from dataclasses import dataclass, replace

from config.names import Revision
from playout.model.plan import Plan
from playout.model.rundown import Rundown
from playout.model.wire import encode


@dataclass(frozen=True)
class HistoryMark:
    """The newest command or entry that a machine knows: its number and its id."""

    number: int = 0
    id: str = ""
    """Empty before the first, and where the version before kept only the number."""


@dataclass(frozen=True)
class ServerKnowledge:
    """A host's belief about what its server has. A server of the version before has no names."""

    plan: str = ""
    """Tag of the plan in force, as the server gave it."""
    expected: str = ""
    """Tag of the rundown that was sent last, in this report or before."""
    acknowledged: str = ""
    """Id of the last journal entry that the server acknowledged."""


def digest(plan: Plan) -> str:
    """Return a digest that is equal for plans of equal content, whatever their revision and
    date."""
    plain = replace(plan, revision=Revision(0), made_at=plan.starts)
    return hashlib.sha256(encode(plain)).hexdigest()


def tag_of(rundown: Rundown) -> str:
    """Return a name for a rundown that follows from its content."""
    return hashlib.sha256(encode(rundown)).hexdigest()[:32]
