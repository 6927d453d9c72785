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

A disk that fills lets files rest earlier (`rests_after`). With 180 days:

server's disk at its pace    rests after
full in a year               180 days
full in 30 days              30 days
full in 7 days               7 days
full in 7 days, never set    never
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from scheduler.domain.library.copies import LEAST_COPIES, SECOND_STORE, SERVER, Copy
from scheduler.domain.library.keeping import FileUse, UseKind
from scheduler.domain.library.pace import DiskPace

RETURNS_AHEAD = timedelta(days=14)
"""How long before a planned need a file comes back. Plans reach eight days, and machines fetch what
is in them."""
STAYS_AHEAD = timedelta(days=60)
"""A file that is needed within this time does not go: it would be back soon."""
NEVER = timedelta(days=36_500)
"""The setting of a station whose server keeps every file."""
SOON_FULL = timedelta(days=30)
"""Where the disk is full within this time, files rest after as long."""
NEARLY_FULL = timedelta(days=7)
_NO_NEED = frozenset({UseKind.CUT, UseKind.JOB})
"""A cut is judged as a file of its own; whether work on the file is open is asked beside."""


def needed_within(uses: Iterable[FileUse], now: datetime, ahead: timedelta) -> bool:
    """Return whether one of these needs comes within `ahead` of `now`, or has no one time."""
    return any(one.at is None or one.at - now <= ahead for one in uses if one.kind not in _NO_NEED)


def rests_after(setting: timedelta, pace: DiskPace | None) -> timedelta:
    """Return how long nothing must have needed a file; `pace` is that of the server's disk, None
    where it does not fill.
    """
    if pace is None or setting >= NEVER:
        return setting
    full_in = timedelta(days=pace.full_in)
    earlier = next((one for one in (NEARLY_FULL, SOON_FULL) if full_in <= one), setting)
    return min(setting, earlier)


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
