"""The judge of what a decoder shows (pure): each caption in time, and none over the next item."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from soak.caption_judge import FIELD_1, Fault, command_of
from support.caption_code import text_ident
from support.caption_decoders import CaptionedPicture, DrawnPicture
from support.marks import Mark

OVERLAP = 8
"""Pictures at 59.94 for which the last item's caption may still be seen: four pairs of a field
clear a screen. At 29.97 half as many."""


def overlaps(
    shown: Iterable[tuple[Mark | None, int | None]],
) -> Iterator[tuple[int, int, int, int]]:
    """Yield each run of pictures with the caption of another item: place, ident of the pictures,
    that of the caption (-1 where it cannot be read), and how many pictures since the item's first
    the last of them was. `shown` is the mark of each picture and the ident of what is over it.
    """
    place, since, before = 0, 0, -1
    keyed: list[tuple[int, int, int, int] | None] = []
    for place, (mark, caption) in enumerate(shown):
        ident = mark.ident if mark is not None else -1
        since = since + 1 if ident == before else 1
        before = ident
        is_wrong = mark is not None and caption is not None and caption != ident
        keyed.append((place, ident, caption or -1, since) if is_wrong else None)
    for is_wrong, run in groupby(keyed, key=lambda one: one is not None):
        if is_wrong:
            several = [one for one in run if one is not None]
            yield (*several[0][:3], several[-1][3])


def of_texts(
    seen: Sequence[CaptionedPicture], texts: Sequence[str]
) -> list[tuple[Mark | None, int | None]]:
    """Return mark and ident of the text over each picture; -1 for a text that is not ours."""
    idents = [None if not text else (text_ident(text) or -1) for text in texts]
    return [(one.mark, ident) for one, ident in zip(seen, idents, strict=True)]


def of_drawn(seen: Sequence[DrawnPicture]) -> list[tuple[Mark | None, int | None]]:
    """Return mark and ident of the drawn caption of each picture."""
    return [(one.mark, one.caption[0] if one.caption else None) for one in seen]


def first_shown(
    shown: Sequence[tuple[Mark | None, str]],
) -> dict[tuple[int, int], list[tuple[str, int]]]:
    """Return the texts that appeared in each stretch of pictures of one ident, each with the frame
    of its first picture; the key is place and ident.
    """
    found: dict[tuple[int, int], list[tuple[str, int]]] = {}
    key, before, text = (0, -1), -1, ""
    for place, (mark, now) in enumerate(shown):
        if mark is None:
            continue
        if mark.ident != before:
            key, before = (place, mark.ident), mark.ident
            found[key] = []
        if now and now != text:
            found[key].append((now, mark.frame))
        text = now
    return found


@dataclass(frozen=True)
class Shown:
    """When a caption of a clip loads and shows, by frame."""

    number: int
    loads: int
    shows: int


def captions_of(triplets: Mapping[int, Sequence[bytes]]) -> list[Shown]:
    """Return the pop-on captions of field 1 in order: each loads, and shows on its EOC."""
    found: list[Shown] = []
    loads = 0
    before = b""
    for frame, triplet in sorted((f, t) for f, some in triplets.items() for t in some):
        if triplet[0] != FIELD_1:
            continue
        code, is_double = command_of(triplet), triplet == before
        before = b"" if is_double else triplet
        if code == 0x20 and not is_double:
            loads = frame
        if code == 0x2F and not is_double:
            found.append(Shown(len(found), loads, frame))
    return found


@dataclass
class ShownCaptions:
    """What a decoder showed of the captions that went in."""

    judged: int = 0
    faults: list[Fault] = field(default_factory=list)
    """Captions that were not shown, or too late or early."""
    latest: int = 0
    """Pictures by which the latest of the others was late."""


def standing(shown: Sequence[tuple[Mark | None, int | None]]) -> int:
    """Return how many items ended with a caption on the screen."""
    return sum(
        caption is not None and before is not None and (now is None or now.ident != before.ident)
        for (before, caption), (now, _) in pairwise(shown)
    )


def text_faults(
    shown: Sequence[tuple[Mark | None, str]],
    inside: Mapping[int, Mapping[int, Sequence[bytes]]],
    text: Callable[[int, int], str],
    most_late: int,
) -> ShownCaptions:
    """Judge the captions that a decoder showed. A caption counts if all of it, from its load on,
    lies in unbroken pictures.
    """
    found = ShownCaptions()
    for run in _unbroken(shown):
        (_, first), (_, last) = run[0], run[-1]
        ident, begin, end = first.ident, first.frame, last.frame
        for one in captions_of(inside.get(ident, {})):
            if not (begin <= one.loads and one.shows + most_late < end):
                continue
            words = text(ident, one.number % 8)
            frames = [mark.frame for place, mark in run if shown[place][1] == words]
            late = min((at - one.shows for at in frames if at >= one.shows - 2), default=10**6)
            found.judged += 1
            if late > most_late:
                wrong = f"{words} of {one.shows}: {late}"
                found.faults.append(Fault("text", ident, run[0][0], wrong))
            else:
                found.latest = max(found.latest, late)
    return found


def _unbroken(shown: Sequence[tuple[Mark | None, str]]) -> Iterator[list[tuple[int, Mark]]]:
    """Yield runs of pictures of one clip, one frame after the other, with their places."""
    run: list[tuple[int, Mark]] = []
    for place, (mark, _) in enumerate(shown):
        before = run[-1][1] if run else None
        if before is not None and (
            mark is None or mark.ident != before.ident or not 0 <= mark.frame - before.frame <= 3
        ):
            yield run
            run = []
        if mark is not None:
            run.append((place, mark))
    if run:
        yield run
