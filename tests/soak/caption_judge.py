"""The judge of captions over joins (pure): what went in on a frame leaves on that frame.

It knows line 21 by its own few codes, and reckons by itself when each triplet may leave: after the
clear at the beginning of an item, one pair of a field a turn, in order, never before its frame.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from support.caption_decoders import CaptionedPicture
from support.marks import Mark

FIELD_1, FIELD_2, DATA, START = 0xFC, 0xFD, 0xFE, 0xFF
ERASE_SHOWN, ERASE_HIDDEN = 0x2C, 0x2E
BEGINS = frozenset((0x20, 0x25, 0x26, 0x27, 0x29, 0x2A, 0x2B))
"""Second bytes of the commands that begin a caption."""


@dataclass(frozen=True)
class Source:
    """What went in with the pictures of one ident: triplets by frame."""

    ident: int
    triplets: Mapping[int, Sequence[bytes]] = field(default_factory=dict)
    slack: int = 0
    """Pictures by which a triplet may leave later than reckoned: those of a live wait for their
    double."""


@dataclass(frozen=True)
class Stretch:
    """Unbroken pictures of one item, the first at place `first` of the capture."""

    ident: int
    first: int
    pictures: tuple[CaptionedPicture, ...]
    after_loss: bool = False
    """Pictures before it were lost, or of no item."""

    @property
    def frames(self) -> list[int]:
        return [one.mark.frame for one in self.pictures if one.mark is not None]


@dataclass(frozen=True)
class Fault:
    """A picture whose captions were wrong."""

    kind: str
    ident: int
    place: int
    """Number of the picture in the capture."""
    words: str = ""


def stretches(seen: Sequence[CaptionedPicture], live: frozenset[int]) -> list[Stretch]:
    """Part a capture where the item changes, and where frames of a file are missing. Frames of a
    live may be repeated or left out.
    """
    found: list[Stretch] = []
    begin, lost = 0, False
    for place in range(1, len(seen) + 1):
        before = seen[place - 1].mark
        now = seen[place].mark if place < len(seen) else None
        if place < len(seen) and _goes_on(before, now, live):
            continue
        if before is not None:
            found.append(Stretch(before.ident, begin, _without_held(seen[begin:place]), lost))
        same = before is not None and now is not None and before.ident == now.ident
        begin, lost = place, before is None or same
    return found


def _without_held(pictures: Sequence[CaptionedPicture]) -> tuple[CaptionedPicture, ...]:
    """Leave out the last picture's repetitions: its deck is away, and the item may be over while
    its picture is held.
    """
    last = len(pictures)
    while last > 1 and pictures[last - 2].mark == pictures[last - 1].mark:
        last -= 1
    return tuple(pictures[:last])


def _goes_on(before: Mark | None, now: Mark | None, live: frozenset[int]) -> bool:
    if before is None or now is None or before.ident != now.ident:
        return before is now is None
    step = now.frame - before.frame
    return step in (0, 1) or (now.ident in live and (step == 2 or step < -30))


def with_shift(one: Stretch, source: Source, ticks_a_pair: int) -> tuple[list[Fault], int]:
    """Return the faults of a stretch, and by how many pictures all of its captions are late.

    A file joined in progress begins with the picture nearest to its time, so its pictures may be
    one off their slots, to which captions belong.
    """
    faults = triplet_faults(one, source, ticks_a_pair)
    if faults and one.frames[0] > 0 and not source.slack:
        for shift in (1, -1):
            if not triplet_faults(one, source, ticks_a_pair, shift):
                return [], shift
    return faults, 0


def triplet_faults(one: Stretch, source: Source, ticks_a_pair: int, shift: int = 0) -> list[Fault]:
    """Return the first fault of each field and of 708, in what a stretch carried; all that went in
    counts as of a frame `shift` later.
    """
    came = [(place + shift, triplet) for place, triplet in _by_place(one, source)]
    came = [x for x in came if x[0] >= -source.slack]
    found = []
    for kind in (FIELD_1, FIELD_2):
        words = _field_fault(one, source, [x for x in came if x[1][0] == kind], kind, ticks_a_pair)
        if words:
            found.append(Fault("triplets", one.ident, one.first, words))
    words = _data_fault(one, source, [x for x in came if x[1][0] in (DATA, START)])
    return [*found, Fault("708", one.ident, one.first, words)] if words else found


Placed = tuple[int, bytes]
"""A triplet with the place of its picture in the stretch."""


def _by_place(one: Stretch, source: Source) -> list[Placed]:
    """Return what went in with the frames shown; of frames left out, with the next one. Those of
    the last pictures before the stretch have places below 0.
    """
    found: list[Placed] = []
    frames = one.frames
    for frame in range(frames[0] - source.slack - 1, frames[0]):
        found += [(frame - frames[0], triplet) for triplet in source.triplets.get(frame, ())]
    last = frames[0] - 1
    for place, frame in enumerate(frames):
        skipped = range(last + 1, frame + 1) if frame >= last else range(frame, frame + 1)
        for number in skipped:
            if number != last or frame < last:
                found += [(place, triplet) for triplet in source.triplets.get(number, ())]
        last = frame
    return found


def _carried(one: Stretch, kinds: tuple[int, ...]) -> list[Placed]:
    return [
        (place, triplet)
        for place, picture in enumerate(one.pictures)
        for triplet in picture.triplets
        if triplet[0] in kinds
    ]


def command_of(triplet: bytes) -> int:
    """Return the second byte of a command of line 21; 0 for anything else."""
    is_command = triplet[1] & 0x77 in (0x14, 0x15) and 0x20 <= triplet[2] & 0x7F <= 0x2F
    return triplet[2] & 0x7F if is_command else 0


def _erases(triplet: bytes) -> bool:
    return command_of(triplet) in (ERASE_SHOWN, ERASE_HIDDEN)


def _field_fault(one: Stretch, source: Source, came: Sequence[Placed], kind: int, step: int) -> str:
    """Return what is wrong with a field's pairs; empty if some lawful reckoning explains them all.

    The reckonings differ in how long the clear is (twice as long after a loss, when both channels
    are cleared), and for a live in which of its last pairs before the join count.
    """
    got = _carried(one, (kind,))
    clears = (8, 4, 0) if one.after_loss else (4, 8)
    words = ""
    for clear in clears:
        for begin in range(-source.slack, 1):
            after = [x for x in came if x[0] >= begin]
            fault = _against(got, _passed(after, one), clear, step, len(one.pictures), source.slack)
            if not fault:
                return ""
            words = words or fault
    return f"field {1 if kind == FIELD_1 else 2}: {words}"


def _passed(came: Sequence[Placed], one: Stretch) -> list[Placed]:
    """Leave out what comes before the first beginning of a caption, where a stretch begins in the
    middle of its item.
    """
    if one.frames[0] == 0:
        return list(came)
    start = next((n for n, (_, x) in enumerate(came) if command_of(x) in BEGINS), len(came))
    return [x for x in came[:start] if _erases(x[1])] + list(came[start:])


def _against(
    got: Sequence[Placed], came: Sequence[Placed], clear: int, step: int, length: int, slack: int
) -> str:
    """Return how what was carried differs from a clear and what came after it; empty if it does
    not.
    """
    opening = got[:clear]
    if length >= clear * step and (
        len(opening) < clear
        or not all(_erases(triplet) for _, triplet in opening)
        or max((place for place, _ in opening), default=0) > clear * step
    ):
        return f"no clear of {clear} pairs: {_words(got[: clear + 1])}"
    due = min(clear * step, length)
    for number, (place, triplet) in enumerate(came):
        due = max(due, place)
        leaves = got[clear + number] if clear + number < len(got) else None
        if leaves is None:
            return "" if due + slack + step > length - 1 else f"{triplet.hex()} of {place} missing"
        if leaves[1] != triplet:
            return f"{leaves[1].hex()} on {leaves[0]}, where {triplet.hex()} of {place} was due"
        if not due <= leaves[0] <= due + slack + step - 1:
            return f"{triplet.hex()} of {place} left on {leaves[0]}, due on {due}"
        due = max(due, leaves[0]) + 1 if slack else due + step
    extra = got[clear + len(came) :]
    return f"not of this item: {_words(extra[:4])}" if extra else ""


def _words(some: Sequence[Placed]) -> str:
    return " ".join(f"{place}:{triplet.hex()}" for place, triplet in some) or "nothing"


def _data_fault(one: Stretch, source: Source, came: Sequence[Placed]) -> str:
    """Return what is wrong with the triplets of 708: after at most one packet that removes windows,
    those that went in, each on its frame.
    """
    got = _carried(one, (DATA, START))
    start = next((n for n, (_, x) in enumerate(came) if x[0] == START and _ >= 0), len(came))
    wanted = list(came[start:])
    if got and (not wanted or got[0] != wanted[0]):
        end = next((n for n, (_, x) in enumerate(got) if n and x[0] == START), len(got))
        removes = b"".join(x[1:] for _, x in got[:end])
        if b"\x8c\xff" not in removes or got[0][0] > 1:
            return f"not of this item: {_words(got[:3])}"
        got = got[end:]
    for (place, triplet), (left, carried) in zip(wanted, got, strict=False):
        if carried != triplet or not place <= left <= place + source.slack + 1:
            return f"{carried.hex()} on {left}, where {triplet.hex()} of {place} was due"
    missing = wanted[len(got) :]
    if missing and missing[0][0] + source.slack + 1 < len(one.pictures):
        return f"{len(missing)} triplets missing from {missing[0][0]} on"
    return f"not of this item: {_words(got[len(wanted) :][:3])}" if len(got) > len(wanted) else ""
