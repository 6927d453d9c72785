"""The air a command is judged against, and the word by which it is refused."""

from dataclasses import dataclass
from datetime import datetime

from playout.model.rundown import Cue, Plan, Rundown
from playout.state.air_state import Happened


class Refused(Exception):
    """The command is not obeyed; the text tells the operator why."""


@dataclass(frozen=True)
class Air:
    """What a command is judged against."""

    plan: Plan
    rundown: Rundown
    happened: Happened
    current: Cue
    now: datetime
