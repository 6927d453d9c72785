"""The copies section of a file's page: where the file is, and where a recording is from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from config import times
from config.names import AssetKey
from playout.model.media import Media
from scheduler.domain.library.copies import BACKUP, LEAST_COPIES, SECOND_STORE, SERVER, Copy
from scheduler.domain.library.recorded import RecordedAsset
from scheduler.queries import copies as query
from scheduler.queries import resting
from scheduler.queries.copies import FilePlaces, PlacedCopy
from scheduler.queries.library import LibraryEntry
from web.kit import words
from web.kit.context import database, now, services
from web.library.archive_words import offer_words, outlook_words
from web.library.asset import SectionData, section

PLACES = {SERVER: "Server", SECOND_STORE: "Archive", BACKUP: "Backup"}
MOST_GAPS = 5
"""Gaps that the section lists one by one."""


@dataclass(frozen=True)
class CopyLine:
    """One place, in words."""

    place: str
    size: str
    checked: str


@dataclass(frozen=True)
class Resting:
    """A file that rests in the archive, in words."""

    words: str
    share: float | None
    """How much of it has come back, 0 to 1; None where nobody asked for it."""


@section("copies")
def copies_section(entry: LibraryEntry, again: Any) -> SectionData | None:
    """Return what the section shows; None for a file that is not checked yet."""
    del again
    media = entry.asset.media
    if media is None:
        return None
    places = query.places_of(database(), entry.asset)
    return {
        "heading": "Recording and copies" if places.recorded is not None else "Copies",
        "recorded": places.recorded,
        "meeting": places.meeting,
        "from_words": tuple(_from(places)),
        "coming": _coming(places, media),
        "share": _share(media) if _is_coming(places) else None,
        "resting": _resting(entry, places),
        "copies": tuple(_line(one, places) for one in places.copies),
        "advice": _advice(places),
    }


def _from(places: FilePlaces) -> Iterator[str]:
    """Yield what is known of a recording, a sentence each."""
    made = places.recorded
    if made is None:
        return
    local = made.began.astimezone(places.zone)
    by = f", by {places.machine}" if places.machine else ""
    day = times.long_day(local.date(), year=True)
    yield f"Recorded on {places.channel}, {day}, from {times.civil(made.began, places.zone)}{by}."
    if made.body:
        yield f"{made.body}."
    before, length = times.length(made.first), times.length(made.length)
    yield f"Airs {length} of it, from {before} after its beginning, unless a cut says otherwise."
    yield from _gaps(made, places)


def _gaps(made: RecordedAsset, places: FilePlaces) -> Iterator[str]:
    if not made.gaps:
        yield "Nothing is missing from it."
        return
    spans = [
        f"{times.clock(gap.start, places.zone, seconds=True)} to "
        f"{times.clock(gap.end, places.zone, seconds=True)}"
        for gap in made.gaps[:MOST_GAPS]
    ]
    more = f" and {len(made.gaps) - MOST_GAPS} more" if len(made.gaps) > MOST_GAPS else ""
    yield f"Missing are {times.length(made.lost)}: {', '.join(spans)}{more}."


def _is_coming(places: FilePlaces) -> bool:
    return places.recorded is not None and places.recorded.here is None


def _share(media: Media) -> float:
    """Return how much of a file the server has, from 0 to 1."""
    return services().store.partials().get(media.key, 0) / max(1, media.size)


def _coming(places: FilePlaces, media: Media) -> str:
    """Return `On playout-1, coming: 43 %.`; empty where the server has the file."""
    if not _is_coming(places):
        return ""
    where = f"On {places.machine}" if places.machine else "On the broadcast machine"
    share = _share(media)
    if share >= 1:
        return f"{where}. All of it has come and is being checked."
    return f"{where}, coming: {int(share * 100)} %."


def _resting(entry: LibraryEntry, places: FilePlaces) -> Resting | None:
    """Return what is said of a file that rests in the archive; None for any other."""
    asset = entry.asset
    keys = [asset.media.key if asset.media else None, str(asset.facts.get("key", ""))]
    found = resting.resting_of(database(), keys)
    if not found:
        return None
    one = found[0]
    since = times.long_day(one.since.astimezone(places.zone).date(), year=True)
    words = f"Since {since} it rests in the archive, and the server's disk has its room."
    outlook = resting.outlook(database(), keys, now())
    if outlook is None:
        return None  # It came back just now.
    if not outlook.is_due:
        return Resting(f"{words} {offer_words(outlook)}", None)
    share = services().store.partials().get(AssetKey(one.bytes.key), 0) / max(1, one.size)
    return Resting(f"{words} {outlook_words(outlook)}", share)


def _line(placed: PlacedCopy, places: FilePlaces) -> CopyLine:
    copy = placed.copy
    name = PLACES.get(copy.place) or placed.machine or "A machine that was removed"
    return CopyLine(name, words.size(copy.size), _checked(copy, places))


def _checked(copy: Copy, places: FilePlaces) -> str:
    if copy.leaving is not None and copy.place == SECOND_STORE:
        return "damaged, so it does not count"
    if copy.leaving is not None:
        return "making room for other files"
    at = copy.verified
    return f"checked {times.when(at, places.zone, now())}" if at is not None else "not checked yet"


def _advice(places: FilePlaces) -> str:
    """Return what to do where a recording has too few copies; empty otherwise."""
    if places.recorded is None or _is_coming(places):
        return ""
    if len([one for one in places.copies if one.copy.leaving is None]) >= LEAST_COPIES:
        return ""
    return "There is one copy only. A backup or an archive makes a second one."
