"""The content of a file that is made of a cut (pure)."""

from collections.abc import Sequence
from datetime import date

from media.export import Export
from playout.model.pieces import Piece, place_of, seconds_at
from scheduler.domain.library.cuts import Chapter
from scheduler.domain.model.asset import Asset

LARGEST = (1920, 1080)
"""Largest picture that airs; of a larger one a copy of this size does."""


def export_of(asset: Asset, day: date | None, piece: int = 0) -> Export | None:
    """Return the file of a cut, or of its piece number `piece`, from 1; None where there is none.

    `day` is that of the material.
    """
    media = asset.media
    if media is None or asset.cut_of is None or not 0 <= piece <= len(media.pieces):
        return None
    pieces = media.pieces[piece - 1 : piece] if piece else media.pieces
    facts = asset.facts if asset.facts.get("key") == media.key else {}
    entry = asset.caption_entry
    return Export(
        key=media.key,
        suffix=media.suffix,
        rate=media.rate,
        size=_size(asset),
        pieces=pieces,
        has_picture=media.has_picture,
        has_sound=media.has_sound,
        interlaced=bool(facts.get("interlaced")),
        title=f"{asset.title}, part {piece}" if piece else asset.title,
        day=day.isoformat() if day else "",
        captions=entry.key if entry is not None else None,
        language=entry.facts.language if entry is not None else "",
        chapters=_chapters(asset.chapters, pieces, asset.title),
    )


def _size(asset: Asset) -> tuple[int, int]:
    width, height = (int(asset.facts.get(side) or 0) for side in ("width", "height"))
    if not width or not height:
        return LARGEST
    return min(width, LARGEST[0]), min(height, LARGEST[1])


def _chapters(
    chapters: Sequence[Chapter], pieces: Sequence[Piece], title: str
) -> tuple[tuple[int, str], ...]:
    """Return the chapters that begin in these pieces. Platforms want the first at zero, so one with
    the title begins there where none does.
    """
    placed = [(place_of(pieces, one.frame), one.name) for one in chapters]
    known = sorted((place, name) for place, name in placed if place is not None)
    if known and known[0][0]:
        known.insert(0, (0, title))
    return tuple(known)


def chapter_list(export: Export) -> str:
    """Write the chapters as video platforms read them in a description: `1:05:20 Budget`."""
    lines = []
    for frame, name in export.chapters:
        seconds = int(seconds_at(frame, export.rate))
        minutes = f"{seconds // 60 % 60:02}" if seconds >= 3600 else f"{seconds // 60}"
        hours = f"{seconds // 3600}:" if seconds >= 3600 else ""
        lines.append(f"{hours}{minutes}:{seconds % 60:02} {name}\n")
    return "".join(lines)
