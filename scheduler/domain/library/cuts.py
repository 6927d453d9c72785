"""Cuts: which pieces of a file air, and their chapters, as staff mark them.

A cut is an entry of the library of its own, with the bytes of the file that it was made from. So
everything that takes a file takes a cut, and the file itself is never changed.

Places are written `1:07:30:12`: hours, minutes, seconds, and the picture within that second. Sound
alone has hundredths in place of pictures.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from math import ceil

from playout.model.media import Media
from playout.model.pieces import MOST_PIECES, Piece, joined, length_of, place_of, steps_of
from scheduler.domain.model.text import one_line

SHORTEST_PIECE = timedelta(seconds=2)
"""On air one deck plays a piece while the other is cued with the next; a shorter one leaves no time
for that."""
MOST_CHAPTERS = 200
LONGEST_CHAPTER = 120
LONGEST_TITLE = 200
_PLACE = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,2}):)?(\d{1,2})[:;.](\d{1,2})\Z")


@dataclass(frozen=True)
class Chapter:
    """A chapter of a cut; it lasts until the next one, or to the end."""

    frame: int
    """Its first frame, counted in the file."""
    name: str


@dataclass(frozen=True)
class CutDraft:
    """A cut as staff mark it."""

    title: str
    pieces: tuple[Piece, ...]
    """[first frame, frame after the last) of the file each, in the order in which they air."""
    chapters: tuple[Chapter, ...] = ()


def frames_of(length: timedelta, rate: Fraction | None) -> int:
    """Return how many frames a file of this length has; for sound alone, hundredths of a second."""
    microseconds = length // timedelta(microseconds=1)
    return round(Fraction(microseconds, 10**6) * steps_of(rate))


def place_words(frame: int, rate: Fraction | None) -> str:
    """Write a place in a file: `1:07:30:12`."""
    steps = steps_of(rate)
    whole = int(frame / steps)
    rest = frame - ceil(whole * steps)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}:{rest:02}"


def read_place(text: str, rate: Fraction | None) -> int | None:
    """Return the frame that `1:07:30:12`, `7:30:12` or `30:12` names; None for anything else."""
    found = _PLACE.match(text.strip())
    if found is None:
        return None
    hours, minutes, seconds, rest = (int(part or 0) for part in found.groups())
    steps = steps_of(rate)
    whole = hours * 3600 + minutes * 60 + seconds
    frame = ceil(whole * steps) + rest
    fits = minutes < 60 and seconds < 60 and frame < ceil((whole + 1) * steps)
    return frame if fits else None


def tidied(draft: CutDraft) -> CutDraft:
    """Return the draft with its words on one line, pieces that meet as one, chapters in order."""
    chapters = {chapter.frame: one_line(chapter.name) for chapter in draft.chapters}
    order = sorted(chapters.items(), key=lambda chapter: (_place(draft, chapter[0]), chapter[0]))
    made = tuple(Chapter(frame, name) for frame, name in order)
    return CutDraft(one_line(draft.title), joined(draft.pieces), made)


def _place(draft: CutDraft, frame: int) -> int:
    place = place_of(draft.pieces, frame)
    return frame if place is None else place


def problems(draft: CutDraft, frames: int, rate: Fraction | None) -> dict[str, str]:
    """Return what is wrong with a tidied cut of a file of so many frames, by field."""
    wrong: dict[str, str] = {}
    if not draft.title or len(draft.title) > LONGEST_TITLE:
        wrong["title"] = f"Give the cut a title of up to {LONGEST_TITLE} characters."
    trouble = _of_pieces(draft.pieces, frames, rate)
    if trouble:
        wrong["pieces"] = trouble
    trouble = "" if trouble else _of_chapters(draft, rate)
    if trouble:
        wrong["chapters"] = trouble
    return wrong


def _of_pieces(pieces: Sequence[Piece], frames: int, rate: Fraction | None) -> str:
    if not pieces:
        return "Mark at least one piece, with its first and its last picture."
    if len(pieces) > MOST_PIECES:
        return f"A cut has at most {MOST_PIECES} pieces."
    each = (_of_piece(piece, frames, rate) for piece in pieces)
    wrong = next((f"Piece {n} {words}" for n, words in enumerate(each, start=1) if words), "")
    return wrong or _overlap(pieces, rate)


def _of_piece(piece: Piece, frames: int, rate: Fraction | None) -> str:
    first, after = piece
    if after > frames:
        return f"ends after the file, at {place_words(after, rate)}."
    if after <= first:
        return "ends before it begins."
    if length_of((piece,), rate) < SHORTEST_PIECE:
        shortest = f"{SHORTEST_PIECE.total_seconds():.0f} seconds"
        return f"is shorter than {shortest}, too short to be cued on air."
    return ""


def _overlap(pieces: Sequence[Piece], rate: Fraction | None) -> str:
    numbered = sorted((piece, number) for number, piece in enumerate(pieces, start=1))
    for ((_, after), one), ((first, _), other) in zip(numbered, numbered[1:], strict=False):
        if first < after:
            pair = " and ".join(str(number) for number in sorted((one, other)))
            return f"Pieces {pair} overlap at {place_words(first, rate)}."
    return ""


def _of_chapters(draft: CutDraft, rate: Fraction | None) -> str:
    if len(draft.chapters) > MOST_CHAPTERS:
        return f"A cut has at most {MOST_CHAPTERS} chapters."
    for chapter in draft.chapters:
        where = place_words(chapter.frame, rate)
        if place_of(draft.pieces, chapter.frame) is None:
            return f"The chapter at {where} is in no piece of the cut."
        if not chapter.name or len(chapter.name) > LONGEST_CHAPTER:
            return f"Give the chapter at {where} a name of up to {LONGEST_CHAPTER} characters."
    return ""


def leave_out(pieces: Iterable[Piece], first: int, after: int) -> tuple[Piece, ...]:
    """Return the pieces without the frames [first, after): a piece around them becomes two."""
    left: list[Piece] = []
    for begins, ends in pieces:
        parts = ((begins, min(ends, first)), (max(begins, after), ends))
        left += [part for part in parts if part[1] > part[0]]
    return joined(left)


def split(draft: CutDraft, frame: int) -> tuple[CutDraft, CutDraft] | None:
    """Return what airs of a cut before a frame of the file, and from it on, chapters included.

    None where nothing would be left of one of them, or where the frame is not in the cut.
    """
    place = place_of(draft.pieces, frame)
    if not place:
        return None
    before: list[Piece] = []
    behind: list[Piece] = []
    found = False
    for first, after in draft.pieces:
        if found or not first <= frame < after:
            (behind if found else before).append((first, after))
            continue
        found = True
        before += [(first, frame)] if frame > first else []
        behind.append((frame, after))
    halves = (tuple(before), tuple(behind))
    one, other = (
        replace(draft, pieces=half, chapters=_within(draft.chapters, half)) for half in halves
    )
    return one, other


def _within(chapters: Iterable[Chapter], pieces: Sequence[Piece]) -> tuple[Chapter, ...]:
    return tuple(one for one in chapters if place_of(pieces, one.frame) is not None)


def cut_media(whole: Media, pieces: tuple[Piece, ...]) -> Media:
    """Return a file of the library as a cut of it airs."""
    return replace(whole, pieces=pieces, length=length_of(pieces, whole.rate))
