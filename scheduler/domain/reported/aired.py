"""The account of a span of time: each instant once, as what was seen on air then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from playout.model.commands import Verb
from playout.model.cue_ids import BY_HAND, command_of, origin_of
from playout.model.wire import AsRun, SeenStretch

SHORTEST_HOLE = timedelta(seconds=1)
"""A shorter hole between two stretches is rounding, not dark air."""


@dataclass(frozen=True)
class AiredPiece:
    """One unbroken stretch [start, end), UTC, of one thing on one layer."""

    start: datetime
    end: datetime
    layer: str
    """`deck`, `board` or `slate`: what viewers saw."""
    run: AsRun
    running: bool = False
    """True for what is on air or not over yet: its outcome is not known."""


@dataclass(frozen=True)
class ButtonPress:
    """One press of a button that the broadcast machine obeyed."""

    at: datetime
    verb: Verb
    by: str
    command: str
    """Its id: cues that it put on air are named after it."""
    title: str = ""
    """What it was about: the airing, the source, or the words of a message."""
    minutes: int | None = None
    until: datetime | None = None
    """For a message: when it was taken down or ended by itself."""
    about: frozenset[str] = frozenset()
    """Items that it was about: the one meant, and the one the operator was looking at."""


@dataclass(frozen=True)
class Account:
    """Everything on record of [since, told)."""

    pieces: tuple[AiredPiece, ...]
    """In order of time; no two of them share an instant."""
    unaired: tuple[AsRun, ...]
    """What was to air and was never seen, by its planned start."""
    presses: tuple[ButtonPress, ...]
    holes: tuple[tuple[datetime, datetime], ...]
    """Stretches of which nothing is on record."""
    since: datetime
    """From here on the account speaks: not before the channel's first start."""
    told: datetime
    """How far the account reaches; what comes after is not told yet."""


def account(
    runs: Sequence[AsRun],
    running: Sequence[AsRun],
    presses: Sequence[ButtonPress],
    since: datetime,
    told: datetime,
    until: datetime | None = None,
) -> Account:
    """Put together what was judged, what is running, and who pressed what.

    Running rows may carry the account further than it was `told`, but not past `until`.
    """
    # Of two machines that sent one airing in turn, the first has closed its part.
    judged: dict[str, datetime] = {}
    for run in runs:
        judged[run.cue] = max(run.end, judged.get(run.cue, run.end))
    open_now = [run for run in running if run.cue not in judged or run.start >= judged[run.cue]]
    told = max([told, *(run.end for run in open_now)])
    told = min(told, until) if until is not None else told
    pieces = _once([*_pieces(runs), *_pieces(open_now, running=True)], since, told)
    return Account(
        pieces=tuple(pieces),
        unaired=tuple(sorted(_unseen(runs), key=lambda run: run.planned_start)),
        presses=tuple(sorted(presses, key=lambda press: press.at)),
        holes=tuple(_holes(pieces, since, told)),
        since=since,
        told=max(since, told),
    )


def _pieces(runs: Iterable[AsRun], *, running: bool = False) -> Iterable[AiredPiece]:
    for run in runs:
        # A host of the version before tells one stretch, from the first picture to the last.
        whole = (SeenStretch(run.start, run.end, run.layer),) if run.ticks else ()
        for seen in run.seen or whole:
            if seen.end > seen.start:
                yield AiredPiece(seen.start, seen.end, seen.layer, run, running)


def _unseen(runs: Iterable[AsRun]) -> Iterable[AsRun]:
    return (run for run in runs if not run.ticks and not run.seen)


def _once(pieces: Iterable[AiredPiece], since: datetime, told: datetime) -> list[AiredPiece]:
    """Return each instant once: of two pieces that overlap, the one that began later lay on top."""
    whole: list[AiredPiece] = []
    for piece in sorted(pieces, key=lambda one: (one.start, one.end)):
        one = replace(piece, start=max(piece.start, since), end=min(piece.end, told))
        if one.end <= one.start:
            continue
        rest: list[AiredPiece] = []
        while whole and whole[-1].end > one.start:
            last = whole.pop()
            if last.end > one.end:
                rest.append(replace(last, start=max(last.start, one.end)))
            if last.start < one.start:
                whole.append(replace(last, end=one.start))
                break
        whole += [one, *reversed(rest)]
    return whole


def _holes(
    pieces: Sequence[AiredPiece], since: datetime, told: datetime
) -> Iterable[tuple[datetime, datetime]]:
    at = since
    for piece in pieces:
        if piece.start - at >= SHORTEST_HOLE:
            yield at, piece.start
        at = max(at, piece.end)
    if told - at >= SHORTEST_HOLE:
        yield at, told


def is_by_hand(run: AsRun) -> bool:
    """Tell whether an operator put it on: a source, the slate, or a program before its time."""
    return origin_of(run.cue) in BY_HAND


def pressed_for(run: AsRun, presses: Iterable[ButtonPress]) -> ButtonPress | None:
    """The press that put it on air; None for what aired by the schedule, or from before then."""
    command = command_of(run.cue)
    return next((press for press in presses if command and press.command == command), None)
