"""N1 and N5 on a station: the file on air is deleted or breaks, or the item ends just before the
next.
"""

from collections.abc import Sequence
from pathlib import Path

from bench.figures import Figure
from soak.evening import Evening
from soak.faults import NEVER, of_items
from support.station import Station

from playout.model.events import Off
from playout.model.plan import Outcome

EACH = 9
"""Seconds of each item."""
UNLINKED, FAILED = 3.0, 5.0
"""Seconds into the first item at which its file is removed, and before the end of the second at
which its file is overwritten."""
ENDED = (4.6, 3.4, 2.3, 1.3)
"""Seconds before the next start at which adjourn is pressed."""
MARGIN = 0.2
NEXT = 5.0
"""Seconds before its start from which on the next item is cued, and once was lost."""


def evening(folder: Path) -> list[Figure]:
    """Air seven hard-start items: the first loses its file, the second breaks, four are ended by
    hand within five seconds of the next start, and the last one airs whole.
    """
    with Station(folder / "station") as station:
        night = Evening(station)
        clips = {one: night.library(folder, one, EACH + 2) for one in (1, 2, 4)}
        clips[3] = night.library(folder, 3, EACH + 2, bit_rate=6_000_000, faststart=True)
        plan(night, clips)
        with night.captured(folder):
            happen(night)
        rows = night.rows_of([due.title for due in night.dues])
        offs = [one.fact for one in night.journal() if isinstance(one.fact, Off)]
    verdicts = night.verdicts(UNLINKED - 0.5)
    figures = [
        *of_items("N5", "a file removed while it airs", verdicts[:1], rows),
        *of_items("N5", "what comes after it", verdicts[1:2], rows),
        just_before(night, offs),
        *of_items("N1", "what comes after an early end", verdicts[2:], rows),
    ]
    return night.write_note(
        "faults_ends", "Faults: what is on air fails or ends", verdicts, figures
    )


def plan(night: Evening, clips: dict[int, str]) -> None:
    """Plan the items; one that is ended early must be right until then."""
    night.starts_in(14)
    night.plan(clips[4], "Unlinked", 4, 0, EACH)
    broken, until = (Outcome.SUBSTITUTED, Outcome.CUT_SHORT), EACH - FAILED - MARGIN
    night.plan(clips[3], "Overwritten", 3, EACH, EACH, until=until, outcomes=broken)
    for place, lead in enumerate(ENDED):
        ident, until = 1 + place % 2, EACH - lead - MARGIN
        at, ended = EACH * (place + 2), (Outcome.TERMINATED,)
        night.plan(clips[ident], f"Item {place + 1}", ident, at, EACH, until=until, outcomes=ended)
    last = len(ENDED)
    night.plan(clips[1 + last % 2], f"Item {last + 1}", 1 + last % 2, EACH * (last + 2), EACH)


def happen(night: Evening) -> None:
    """Delete and overwrite the files, and press adjourn, each at its time."""
    first, second = night.file_of("Unlinked"), night.file_of("Overwritten")
    night.wait(UNLINKED)
    first.unlink()
    night.wait(2 * EACH - FAILED)
    second.chmod(0o644)
    second.write_text("not a film " * 500)
    for place, lead in enumerate(ENDED):
        night.wait(EACH * (place + 3) - lead)
        night.press("adjourn")
    night.wait(EACH * (len(ENDED) + 3) + 1.5)


def just_before(night: Evening, offs: Sequence[Off]) -> Figure:
    """Return how many items were not ended in time; without that, the next item proves nothing."""
    leads = []
    for due in night.dues[2:]:
        before = [due.begin - one.at.timestamp() for one in offs]
        leads.append(min((one for one in before if 0 < one <= NEXT), default=NEVER))
    told = ", ".join(f"{lead:.2f}" if lead < NEVER else "none" for lead in leads)
    missed = sum(lead == NEVER for lead in leads)
    name = "N1, items not ended within five seconds before the next"
    return Figure("N1", name, missed, "items", 0, note=f"seconds before it: {told}")
