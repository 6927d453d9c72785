"""The ways out of one overlap: what each changes, and what viewers would then see.

One worked example. Council 19:00–20:00 is extended to 20:45 and overlaps Planning 20:00–21:00;
Zoning follows at 21:30.

    way        edits                                    then on air
    CUT        Council ends at 20:00                    as before
    RIPPLE     Planning 20:45, Zoning 21:45             both 45 and 15 minutes later
    JOIN       Planning starts 20:45, 45 minutes in     its last 15 minutes only
    SKIP       Planning is left out                     Council, filler, Zoning
    MOVE       Planning goes to the next free slot      Planning at 22:30
    ELSEWHERE  Council itself goes to a free slot       Planning and Zoning as before
    RULES      nothing else                             what the start rules of both make of it

Each way is a set of edits. Each is settled by the code that airs it, so what the desk shows is what
then happens.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from config.names import AiringId
from playout.model.plan import StartRule
from playout.model.rundown import Rundown
from scheduler.domain.clashes.consequences import (
    AiringChange,
    Drafts,
    Edits,
    consequences,
    lost,
    outcome_of_each,
)
from scheduler.domain.clashes.ripple import free_slot, overlap, push_along
from scheduler.domain.model.airing import AiringDraft, moved

SHORTEST_LEFT = timedelta(seconds=1)
"""Least of an airing that may be left after a cut or a late join."""

ON_AIR_REASON = "it is on air"


class Way(StrEnum):
    """A way out of an overlap."""

    CUT = "cut"
    RIPPLE = "ripple"
    SKIP = "skip"
    JOIN = "join"
    MOVE = "move"
    ELSEWHERE = "elsewhere"
    RULES = "rules"


@dataclass(frozen=True)
class WayOut:
    """One way out: its edits and what follows on air; `edits` is empty when it is not possible."""

    way: Way
    about: str
    """The other airing's title, or this one's for `elsewhere`; nothing for several at once."""
    at: datetime | None
    """The instant at which something starts or is cut."""
    moves: int
    """Number of other airings that move."""
    edits: Edits
    effects: tuple[AiringChange, ...]
    why_not: str = ""
    short: timedelta = timedelta(0)
    """Length of the changed airing that viewers would not see."""
    left: tuple[tuple[AiringDraft, str], ...] = ()
    """Of several at once, those left out, with the reason where it is not the overlap itself."""

    @property
    def possible(self) -> bool:
        """True when it can be chosen."""
        return not self.why_not


@dataclass(frozen=True)
class Clash:
    """The airing being changed, as it would be, among the others of its channel."""

    subject: AiringId
    plan: Drafts
    """Every airing of the channel, the subject as it would be."""
    fixed: Mapping[AiringId, str]
    """Airings nothing may move, cut or leave out, and why: live, locked, protected, on air."""
    now: datetime

    @property
    def others(self) -> tuple[AiringId, ...]:
        """The airings that the subject overlaps, in order of time."""
        mine = self.plan[self.subject]
        overlapped = [
            id for id, draft in self.plan.items() if id != self.subject and overlap(draft, mine)
        ]
        return tuple(sorted(overlapped, key=lambda id: (self.plan[id].start, id)))


Settled = Callable[[Edits], Rundown]


def ways_out(
    clash: Clash, before: Rundown, standing: Drafts, settled: Settled
) -> tuple[WayOut, ...]:
    """Return every way out with its consequence on air; none where nothing overlaps.

    `before` is the settled rundown as the channel stands, `standing` its airings; `settled` returns
    the rundown after some edits. A way that is not possible says why.
    """
    others = clash.others
    if not others:
        return ()
    ways = []
    for way, edited in (
        (Way.CUT, _cut(clash, others)),
        (Way.RIPPLE, _ripple(clash, others)),
        (Way.JOIN, _join(clash, others)),
        (Way.SKIP, _skip(clash, others)),
        (Way.MOVE, _move(clash, others)),
        (Way.ELSEWHERE, _elsewhere(clash)),
        (Way.RULES, _Edited({})),
    ):
        about = clash.plan[clash.subject if way is Way.ELSEWHERE else others[0]].title
        if edited.why_not:
            ways.append(WayOut(way, about, None, 0, {}, (), edited.why_not))
            continue
        edits = {clash.subject: clash.plan[clash.subject], **edited.edits}
        after = settled(edits)
        effects = consequences(before, after, standing, edits)
        if way is Way.RULES:
            effects = _with_both_outcomes(clash, after, effects)
        short = lost(after, clash.subject, clash.plan[clash.subject])
        moves = _count_moved(clash, edits)
        ways.append(WayOut(way, about, edited.at, moves, edits, effects, short=short))
    return tuple(ways)


def _with_both_outcomes(
    clash: Clash, after: Rundown, effects: Sequence[AiringChange]
) -> tuple[AiringChange, ...]:
    """Put first what becomes of the airings that overlap, whether or not that is news.

    Staff who leave both as they are want to know which of them airs.
    """
    pair = {id: clash.plan[id] for id in (clash.subject, *clash.others)}
    rest = (effect for effect in effects if effect.id not in pair)
    return (*outcome_of_each(after, pair), *rest)


def _count_moved(clash: Clash, edits: Edits) -> int:
    """Count the airings other than the subject that the edits move."""
    return sum(
        1
        for id, draft in edits.items()
        if draft and id != clash.subject and draft.start != clash.plan[id].start
    )


@dataclass(frozen=True)
class _Edited:
    """The edits of one way, or why it is not possible."""

    edits: Edits
    at: datetime | None = None
    why_not: str = ""


def _cut(clash: Clash, others: Sequence[AiringId]) -> _Edited:
    """Start the later one at its time; the earlier one ends there."""
    edits: dict[AiringId, AiringDraft | None] = {}
    first_cut: datetime | None = None
    for other in others:
        first, second = _in_order(clash, other)
        early = edits.get(first) or clash.plan[first]
        late = edits.get(second) or clash.plan[second]
        if late.start - early.start < SHORTEST_LEFT:
            return _Edited({}, why_not=f"{early.title} and {late.title} start together.")
        if first in clash.fixed:
            return _Edited({}, why_not=f"{early.title} cannot be cut: {clash.fixed[first]}.")
        edits[first] = replace(early, length=min(early.length, late.start - early.start))
        if second not in clash.fixed and late.start_rule is not StartRule.HARD:
            edits[second] = replace(late, start_rule=StartRule.HARD, wait_limit=timedelta(0))
        first_cut = min(first_cut or late.start, late.start)
    return _Edited(edits, first_cut)


def _ripple(clash: Clash, others: Sequence[AiringId]) -> _Edited:
    """Let the earlier one finish; the later ones, and all they run into, move as far as they
    must."""
    first = min((clash.subject, *others), key=lambda id: (clash.plan[id].start, id != others[0]))
    stuck = [id for id in (*others, clash.subject) if id != first and id in clash.fixed]
    if stuck:
        why = f"{clash.plan[stuck[0]].title} cannot move: {clash.fixed[stuck[0]]}."
        return _Edited({}, why_not=why)
    away = push_along(clash.plan, first, frozenset(clash.fixed))
    if not away:
        return _Edited({}, why_not="Nothing would have to move.")
    late = max(away.values(), key=lambda draft: draft.start)
    if late.start - clash.plan[first].start > timedelta(days=2):
        return _Edited({}, why_not="There is no open slot in the next two days.")
    return _Edited(dict(away), clash.plan[first].start + clash.plan[first].length)


def _join(clash: Clash, others: Sequence[AiringId]) -> _Edited:
    """Join the later one in progress when the earlier one has ended."""
    edits: dict[AiringId, AiringDraft | None] = {}
    at: datetime | None = None
    for other in others:
        first, second = _in_order(clash, other)
        early = edits.get(first) or clash.plan[first]
        late = edits.get(second) or clash.plan[second]
        if second in clash.fixed:
            return _Edited({}, why_not=f"{late.title} cannot change: {clash.fixed[second]}.")
        missed = early.start + early.length - late.start
        if late.length - missed < SHORTEST_LEFT:
            why = f"{late.title} would be over when {early.title} ends."
            return _Edited({}, why_not=why)
        edits[second] = replace(
            late,
            start=late.start + missed,
            length=late.length - missed,
            in_point=late.in_point + (timedelta(0) if late.source else missed),
        )
        at = late.start + missed
    return _Edited(edits, at)


def _skip(clash: Clash, others: Sequence[AiringId]) -> _Edited:
    """Leave out every airing that the subject overlaps."""
    for other in others:
        if other in clash.fixed:
            title = clash.plan[other].title
            return _Edited({}, why_not=f"{title} cannot be skipped: {clash.fixed[other]}.")
    return _Edited(dict.fromkeys(others))


def _move(clash: Clash, others: Sequence[AiringId]) -> _Edited:
    """Move each of the others to the next free slot after the subject."""
    edits: dict[AiringId, AiringDraft | None] = {}
    plan = dict(clash.plan)
    at: datetime | None = None
    for other in others:
        draft = plan[other]
        if other in clash.fixed:
            return _Edited({}, why_not=f"{draft.title} cannot move: {clash.fixed[other]}.")
        mine = plan[clash.subject]
        slot = free_slot(plan, other, max(mine.start + mine.length, clash.now))
        if slot is None:
            return _Edited({}, why_not=f"There is no open slot for {draft.title} within two days.")
        plan[other] = edits[other] = moved(draft, slot)
        at = at or slot
    return _Edited(edits, at)


def _elsewhere(clash: Clash) -> _Edited:
    """Move the subject itself to the next free slot."""
    mine = clash.plan[clash.subject]
    if clash.fixed.get(clash.subject) == ON_AIR_REASON:
        return _Edited({}, why_not=f"{mine.title} cannot move: {ON_AIR_REASON}.")
    slot = free_slot(clash.plan, clash.subject, max(mine.start, clash.now))
    if slot is None:
        return _Edited({}, why_not=f"There is no open slot for {mine.title} within two days.")
    return _Edited({clash.subject: moved(mine, slot)}, slot)


def _in_order(clash: Clash, other: AiringId) -> tuple[AiringId, AiringId]:
    """Return the subject and the other airing, the one that starts first in front."""
    if clash.plan[other].start <= clash.plan[clash.subject].start:
        return other, clash.subject
    return clash.subject, other
