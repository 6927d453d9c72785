"""The rules of files that rest in the archive: when the server lets its own copy go, and when the
copy comes back.

A file rests once nothing has needed it for long, nothing will for two months, and enough verified
copies stay elsewhere. It comes back two weeks before it airs, or when a person or a machine asks.
With 180 days, judged on December 1:

file              needed last   needed next               copies beside the server   judged
Council, March    March 20      -                         archive, backup            may rest
Council, March    March 20      airs on March 3           archive, backup            may rest
Council, March    March 20      airs on January 9         archive, backup            stays
Council, March    March 20      -                         archive                    stays: too few
Council, October  October 8     -                         archive, backup            stays: 54 days
Station ident     January 2     fills gaps                archive, backup            stays
Council, March    resting       airs on December 14       archive, backup            comes back
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from scheduler.domain.library.copies import LEAST_COPIES, SECOND_STORE, SERVER, Copy
from scheduler.domain.library.keeping import FileUse, UseKind

RETURNS_AHEAD = timedelta(days=14)
"""How long before a planned need a file comes back. Plans reach eight days, and machines fetch what
is in them."""
STAYS_AHEAD = timedelta(days=60)
"""A file that is needed within this time does not go: it would be back soon."""
_NO_NEED = frozenset({UseKind.CUT, UseKind.JOB})
"""A cut is judged as a file of its own; whether work on the file is open is asked beside."""


def needed_within(uses: Iterable[FileUse], now: datetime, ahead: timedelta) -> bool:
    """Return whether one of these needs comes within `ahead` of `now`, or has no one time."""
    return any(one.at is None or one.at - now <= ahead for one in uses if one.kind not in _NO_NEED)


def why_not_rest(
    copies: Iterable[Copy],
    uses: Iterable[FileUse],
    last_needed: datetime,
    now: datetime,
    after: timedelta,
) -> str:
    """Return why the server keeps its copy of a file, as a sentence; empty where it may rest.

    `last_needed` is when it aired last, came, or came back; `after` is the setting.
    """
    sound = {one.place for one in copies if one.leaving is None and one.place != SERVER}
    checked = any(one.place == SECOND_STORE and one.verified for one in copies)
    if SECOND_STORE not in sound or not checked:
        return "The archive has no checked copy of it."
    if len(sound) < LEAST_COPIES:
        return "The archive would have the only copy. A backup makes a second one."
    if now - last_needed < after:
        return "It was needed not long ago."
    if needed_within(uses, now, STAYS_AHEAD):
        return "Something needs it."
    return ""
