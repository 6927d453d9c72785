"""The listing of blocks for viewers: programs by name, short clips under the name of the block."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from config.names import AssetKey, ItemId
from config.steps import next_step
from config.webaddress import WebAddress
from playout.model.rundown import Rundown
from scheduler.domain.model.ids import BlockId
from scheduler.domain.model.spans import TimeSpan
from scheduler.domain.model.text import one_line
from scheduler.domain.reported.outcome import MISSED_AFTER
from scheduler.domain.reported.retimed import (
    ANNOUNCED_AT_MOST_EVERY,
    GUESS_STEP,
    WORTH_ANNOUNCING,
    whole_minute,
)
from scheduler.domain.series.blocks import block_of, planned_start

PROGRAM_LASTS_AT_LEAST = timedelta(minutes=10)
"""A shorter file is a clip: an afternoon of forty clips is one listing, that of the block."""
SHORTEST_LISTED = timedelta(minutes=5)
"""A program of which less is left is not told; clips are told from ten minutes on, so that neither
an opener nor the one clip between two films is a line."""
CLIPS_JOINED_WITHIN = timedelta(minutes=10)
"""Clips with no longer gap than this between them share a listing."""
SAME_PROGRAM_WITHIN = timedelta(hours=12)
"""A program that moves by less keeps its listing."""
CLIPS_NAMED = 8
"""Most clips that a listing names."""


@dataclass(frozen=True)
class ListingWords:
    """The text of a listing, as viewers read it."""

    title: str
    summary: str = ""
    category: str = ""
    link: WebAddress = WebAddress("")


@dataclass(frozen=True)
class BlockPiece:
    """A stretch of a block's file on air, seen or expected."""

    item: ItemId
    key: AssetKey | None
    title: str
    start: datetime
    end: datetime
    guessed: bool = False
    """Its time rests on the guessed end of a held live."""
    cut: bool = False
    """It may have begun before; nobody said when."""

    @property
    def block(self) -> BlockId:
        """The block that put it on the plan."""
        return BlockId(block_of(self.item))


@dataclass(frozen=True)
class Listing:
    """One listing for viewers as things stand now."""

    block: BlockId
    what: str
    """Key of the program's file; empty for the block itself."""
    words: ListingWords
    start: datetime
    end: datetime
    guessed: bool = False
    cut: bool = False


@dataclass(frozen=True)
class PublishedListing:
    """One listing as it was published last."""

    id: str
    """The same whenever it is told anew; it stands in calendars."""
    block: BlockId
    what: str
    words: ListingWords
    start: datetime
    end: datetime
    count: int
    """How often it was told anew; never falls."""
    at: datetime
    """When it was told last, in whole seconds, UTC."""
    gone: bool = False
    """It is not on after all. A feed leaves it out: clients drop what a feed no longer has."""


def expected(rundown: Rundown, account: datetime | None, now: datetime) -> Iterator[BlockPiece]:
    """Yield the pieces of blocks in the rundown that come after the account of what aired.

    A rundown may begin in the middle of a file. Such a piece starts at its planned start, or where
    the account ends.
    """
    held = False
    since = min(account or rundown.starts, now)
    for cue in rundown.cues:
        held = held or cue.held
        if cue.item is None or not block_of(cue.item) or cue.end <= since:
            continue
        key = cue.media.key if cue.media else None
        first = cue.start <= rundown.starts
        start = min(cue.start, planned_start(cue.item)) if first else cue.start
        cut = first and account is None
        title = one_line(cue.title)
        yield BlockPiece(cue.item, key, title, max(start, account or start), cue.end, held, cut)


def compose(
    pieces: Iterable[BlockPiece],
    names: Mapping[BlockId, str],
    lengths: Mapping[AssetKey, timedelta],
    words: Mapping[AssetKey, ListingWords],
    begins: Mapping[BlockId, Sequence[datetime]],
    blind: TimeSpan | None = None,
) -> tuple[Listing, ...]:
    """Return the listings that describe these pieces, by start.

    For example, a film of 25 minutes, four clips of three minutes and a film make three listings,
    the middle one under the name of the block. `words` are those of programs; any other file is
    listed by its title. A new run of a block (`begins`) begins a new listing. In `blind` it is not
    known yet what aired, so a gap there does not part clips.
    """
    listings: list[Listing] = []
    clips: list[BlockPiece] = []
    for piece in _whole(pieces):
        length = lengths.get(piece.key) if piece.key else None
        if (length or piece.end - piece.start) >= PROGRAM_LASTS_AT_LEAST:
            listings += [*_group(clips, names), _program(piece, words)]
            clips = []
        elif clips and _go_on(clips[-1], piece, begins, blind):
            clips.append(piece)
        else:
            listings += _group(clips, names)
            clips = [piece]
    listings += _group(clips, names)
    return tuple(
        one
        for one in listings
        if one.end - one.start >= (SHORTEST_LISTED if one.what else PROGRAM_LASTS_AT_LEAST)
    )


def _whole(pieces: Iterable[BlockPiece]) -> list[BlockPiece]:
    """Return each file once, from its first moment on air to its last, by start."""
    whole: dict[ItemId, BlockPiece] = {}
    for piece in sorted(pieces, key=lambda one: (one.start, one.item)):
        first = whole.get(piece.item, piece)
        whole[piece.item] = replace(first, end=max(first.end, piece.end))
    return sorted(whole.values(), key=lambda one: (one.start, one.item))


def _go_on(
    before: BlockPiece,
    after: BlockPiece,
    begins: Mapping[BlockId, Sequence[datetime]],
    blind: TimeSpan | None,
) -> bool:
    """Return whether two clips belong to one listing."""
    anew = any(before.start < at <= after.start for at in begins.get(after.block, ()))
    if anew or before.block != after.block:
        return False
    apart = after.start - before.end
    if blind is not None:
        apart -= max(timedelta(0), min(after.start, blind[1]) - max(before.end, blind[0]))
    return apart <= CLIPS_JOINED_WITHIN


def _program(piece: BlockPiece, words: Mapping[AssetKey, ListingWords]) -> Listing:
    known = words.get(piece.key) if piece.key else None
    what = piece.key or piece.title[:64]
    shown = known or ListingWords(piece.title)
    return Listing(piece.block, what, shown, piece.start, piece.end, piece.guessed, piece.cut)


def _group(clips: Sequence[BlockPiece], names: Mapping[BlockId, str]) -> list[Listing]:
    if not clips:
        return []
    first = clips[0]
    titles = list(dict.fromkeys(clip.title for clip in clips))
    more = f", and {len(titles) - CLIPS_NAMED} more" if len(titles) > CLIPS_NAMED else ""
    words = ListingWords(
        names.get(first.block, first.title), f"With {', '.join(titles[:CLIPS_NAMED])}{more}."
    )
    return [Listing(first.block, "", words, first.start, clips[-1].end, first.guessed, first.cut)]


def changed_listings(
    known: Sequence[PublishedListing],
    wanted: Iterable[Listing],
    account: datetime | None,
    now: datetime,
    *,
    patient: bool = True,
) -> tuple[PublishedListing, ...]:
    """Return the listings that must be published again, with new ones and those that are gone.

    A program keeps its listing when it moves: the same block and file, at the nearest time within
    half a day. `account` is how far the report of what aired reaches; a listing that is over stays
    as published until then. A `patient` feed publishes a guessed time at most every five minutes.
    """
    lines, left = {line.id: line for line in known}, list(wanted)
    changed: list[PublishedListing] = []
    for line, one in _matched(known, left):
        lines.pop(line.id)
        left.remove(one)
        again = _again(line, one, now, patient=patient)
        soon = patient and one.guessed and now - line.at < ANNOUNCED_AT_MOST_EVERY
        if again is not None and not soon:
            changed.append(again)
    for line in lines.values():
        over = line.end <= now
        unheard = account is None or account < line.end + MISSED_AFTER
        if not line.gone and not (over and unheard):
            changed.append(_stamped(replace(line, gone=True), line, now))
    return (*changed, *_new(left, {line.id for line in known}, now))


def _matched(
    known: Sequence[PublishedListing], wanted: Sequence[Listing]
) -> Iterator[tuple[PublishedListing, Listing]]:
    """Yield each published listing with its counterpart of now, the nearest pairs first."""
    near: dict[tuple[str, str], list[PublishedListing]] = {}
    for line in known:
        near.setdefault((line.block, line.what), []).append(line)
    pairs = [
        ((line.gone, abs(line.start - one.start), line.id), line, number, one)
        for number, one in enumerate(wanted)
        for line in near.get((one.block, one.what), ())
        if abs(line.start - one.start) < SAME_PROGRAM_WITHIN
    ]
    used: set[str | int] = set()
    for _, line, number, one in sorted(pairs, key=lambda pair: (pair[0], pair[2])):
        if line.id not in used and number not in used:
            used |= {line.id, number}
            yield line, one


def _again(
    line: PublishedListing, one: Listing, now: datetime, *, patient: bool
) -> PublishedListing | None:
    """Return the listing as it must be published now; None while the published one still holds."""
    began = one.cut and line.start <= now and line.start < one.start
    guessed = one.guessed and patient
    start = line.start if began else _moment(line.start, one.start, guessed=guessed)
    end = _moment(line.end, one.end, guessed=guessed)
    changed = replace(line, words=one.words, start=start, end=end, gone=False)
    if (
        end - start < SHORTEST_LISTED
    ):  # by the quarter from which it may be on, nearly nothing of it is left
        changed = replace(line, gone=True)
    return None if changed == line else _stamped(changed, line, now)


def _moment(told: datetime, is_now: datetime, *, guessed: bool) -> datetime:
    """Return the moment to publish: a change below a minute is ignored, a guess goes in quarter
    hours.
    """
    if abs(is_now - told) < WORTH_ANNOUNCING:
        return told
    if not guessed:
        return whole_minute(is_now)
    return next_step(is_now, GUESS_STEP)


def _stamped(said: PublishedListing, before: PublishedListing, now: datetime) -> PublishedListing:
    at = max(now.replace(microsecond=0), before.at + timedelta(seconds=1))
    return replace(said, count=before.count + 1, at=at)


def _new(left: Iterable[Listing], taken: set[str], now: datetime) -> Iterator[PublishedListing]:
    for one in left:
        start, end = whole_minute(one.start), whole_minute(one.end)
        stem = f"{one.block}-{start:%Y%m%dT%H%M}-{one.what[:8] or 'block'}"
        id = next(name for name in _names(stem) if name not in taken)
        taken.add(id)
        at = now.replace(microsecond=0)
        yield PublishedListing(id, one.block, one.what, one.words, start, end, 0, at)


def _names(stem: str) -> Iterator[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1
