"""A host's journal of months on air, made without running them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from support.plans import media

from config.names import AiringId, ItemId, Revision
from playout.host.journal_memory import as_run_id
from playout.model.commands import Command, Verb
from playout.model.cue_ids import Origin, fill_cue_ids, item_cue_id
from playout.model.events import Event, Failed, Off, On, Recorded
from playout.model.plan import ContentKind, Outcome, Rank
from playout.model.recording import Recording, RecordingState
from playout.model.rundown import Cue
from playout.model.wire import AsRun, JournalEntry, encode

STRETCHES_PER_DAY = 465
"""Stretches of air per day, so that a year makes 135 MB, as on a busy channel."""


def entries(begin: datetime, days: float, first: int = 1) -> Iterator[JournalEntry]:
    """Yield entries from `begin` on: stretches of air with their rows, commands, plans, files,
    recordings.
    """
    number, every = first - 1, timedelta(days=1) / STRETCHES_PER_DAY
    for n in range(round(days * STRETCHES_PER_DAY)):
        at = begin + n * every
        cue = _cue(n, at, every)
        facts: list[Event] = [On(cue)]
        if n % 31 == 7 and cue.item is not None:
            facts.append(Failed(at, "it is damaged", item=ItemId(f"bad-{n}")))
        if n % 97 == 3:
            facts.append(Off(cue.id, at + every / 2, "taken"))
        if n % 300 == 5:
            told = Recording(AiringId(f"meeting-{n}"), RecordingState.WHOLE, at, media("m", every))
            facts.append(Recorded(at, told))
        for fact in facts:
            number += 1
            yield JournalEntry(number, f"{number}-f", at, "fact", fact=fact)
        number += 1
        row = _row(cue)
        yield JournalEntry(number, as_run_id(cue.id, cue.start), at, "as-run", as_run=row)
        if n % 200 == 0:
            number += 1
            command = Command(f"c{n}", n + 1, Verb.SKIP, at, at, "ann")
            yield JournalEntry(number, f"command:c{n}", at, "command", command=command)
        if n % 20 == 0:
            number += 1
            revision = Revision(n)
            yield JournalEntry(number, f"{number}-a", at, "adopted", revision=revision)


def write(path: Path, begin: datetime, days: float) -> int:
    """Write the entries into one file, as the version before did. Return their count."""
    count = 0
    with path.open("wb") as file:
        for entry in entries(begin, days):
            file.write(encode(entry) + b"\n")
            count += 1
    return count


def _cue(n: int, at: datetime, length: timedelta) -> Cue:
    fills = n % 3 > 0
    name = f"clip-{n % 40}" if fills else f"item-{n}"
    return Cue(
        next(fill_cue_ids(at)) if fills else item_cue_id(ItemId(name), at, "x", 1),
        None if fills else ItemId(name),
        ContentKind.FILE,
        f"The title of {name}",
        at,
        at + length,
        Rank.FILLER if fills else Rank.HARD,
        media(name, length),
        origin=Origin.FILL if fills else Origin.PLANNED,
        planned=at,
    )


def _row(cue: Cue) -> AsRun:
    return AsRun(
        cue.id, cue.item, None, cue.title, cue.start, cue.end, cue.start, cue.end, 5400, 0, 0,
        Outcome.AIRED, "deck", cue.media.key if cue.media is not None else None,
    )  # fmt: skip
