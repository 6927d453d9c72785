"""Cuts of a file as its page shows them."""

from dataclasses import dataclass

from playout.model.media import Media
from playout.model.pieces import Piece
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.plan import AssetRow
from scheduler.db.tables.recordings import RecordingRow
from scheduler.domain.library.cuts import SHORTEST_PIECE, frames_of
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import AssetId
from scheduler.refusals import Missing


@dataclass(frozen=True)
class CutsOfFile:
    """A file, the cuts of it, and what its first cut might be."""

    whole: Asset
    cuts: tuple[Asset, ...]
    """The oldest first; without those that were retired."""
    offered: tuple[Piece, ...]
    """What a new cut begins with: of a recording the meeting, from its in point to its out point.
    """


def cuts_of(db: Database, asset: AssetId) -> CutsOfFile:
    """Return the cuts of a file, or of the file that this is a cut of. Raises Missing."""
    with db.read() as session:
        row = session.get(AssetRow, asset)
        if row is not None and row.cut_of is not None:
            row = session.get(AssetRow, row.cut_of)
        if row is None:
            raise Missing("file")
        whole = load.plan.asset(row)
        cuts = tuple(map(load.plan.asset, find.plan.cuts_of(session, row.id)))
        return CutsOfFile(whole, cuts, _offered(whole.media, session.get(RecordingRow, row.id)))


def _offered(media: Media | None, recording: RecordingRow | None) -> tuple[Piece, ...]:
    if media is None or not media.length:
        return ()
    end = frames_of(media.length, media.rate)
    if recording is None:
        return ((0, end),)
    first, last = (frames_of(at, media.rate) for at in (recording.first, recording.last))
    is_sound = 0 <= first < last <= end and recording.last - recording.first >= SHORTEST_PIECE
    return ((first, last),) if is_sound else ((0, end),)
