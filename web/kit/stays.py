"""Times for which a name stays on the picture, as pages offer them."""

from datetime import timedelta

from config import bounded
from playout.commands.limits import UNTIL_TAKEN_OFF

_LAST = f"{UNTIL_TAKEN_OFF.total_seconds():g}"
NAMES_STAY = (
    ("5", "5 seconds"), ("8", "8 seconds"), ("15", "15 seconds"), ("30", "30 seconds"),
    ("60", "1 minute"), ("300", "5 minutes"), (_LAST, "until taken off"),
)  # fmt: skip
"""Seconds as a form sends them, each with its words."""


def stay_of(seconds: str) -> timedelta:
    """Return the time that a form sent; zero, which no rule accepts, for anything else."""
    return timedelta(seconds=bounded.whole(seconds, 0, int(_LAST)) or 0)
