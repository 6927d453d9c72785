"""What a change would run into, what may be done about it, and what viewers would then see."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from config.names import AiringId
from playout.model.plan import StartRule
from playout.model.rundown import Rundown
from scheduler.domain.clashes.compare import Edits, Effect, Plan, consequences, lost, stated
from scheduler.domain.clashes.ripple import free_slot, overlap, push_along
from scheduler.domain.model.airing import AiringDraft

SHORTEST_LEFT = timedelta(seconds=1)

ON_AIR_REASON = "it is on air"


class Way(StrEnum):
    """How a clash may be resolved."""

    CUT = "cut"
    RIPPLE = "ripple"
    SKIP = "skip"
    JOIN = "join"
    MOVE = "move"
    ELSEWHERE = "elsewhere"
    RULES = "rules"


@dataclass(frozen=True)
class WayOut:
    """One way out: what it changes, and what follows on air; `edits` is empty when it cannot be."""

    way: Way
    about: str
    """The other airing's title, or this one's for `elsewhere`; nothing for several at once."""
    at: datetime | None
    """Where something goes, or is cut."""
    moves: int
    """How many of the others go elsewhere."""
    edits: Edits
    effects: tuple[Effect, ...]
    why_not: str = ""
    short: timedelta = timedelta(0)
    """How much of the airing being changed viewers would not see."""
    left: tuple[tuple[AiringDraft, str], ...] = ()
    """Of several at once, those that are left out; why, where it is not for the clash alone."""

    @property
    def possible(self) -> bool:
        """True when it can be chosen."""
        return not self.why_not


@dataclass(frozen=True)
class Clash:
    """The airing being changed, as it would be, among the others of its channel."""

    subject: AiringId
    plan: Plan
    """Every airing of the channel, the subject as it would be."""
    fixed: Mapping[AiringId, str]
    """Airings nothing may move, cut or leave out, and why: live, locked, protected, on air."""
    now: datetime

    @property
    def others(self) -> tuple[AiringId, ...]:
        """What the subject overlaps, in order of time."""
        mine = self.plan[self.subject]
        found = [
            id for id, draft in self.plan.items() if id != self.subject and overlap(draft, mine)
        ]
        return tuple(sorted(found, key=lambda id: (self.plan[id].start, id)))


Settled = Callable[[Edits], Rundown]


def ways_out(clash: Clash, before: Rundown, standing: Plan, settled: Settled) -> tuple[WayOut, ...]:
    """Every way out with its consequence on air; none where nothing is overlapped.

    `before` is the channel as it stands, `standing` its airings; `settled` says what would air
    after some edits. A way that cannot be taken says why.
    """
    others = clash.others
    if not others:
        return ()
    made = []
    for way, found in (
        (Way.CUT, _cut(clash, others)),
        (Way.RIPPLE, _ripple(clash, others)),
        (Way.JOIN, _join(clash, others)),
        (Way.SKIP, _skip(clash, others)),
        (Way.MOVE, _move(clash, others)),
        (Way.ELSEWHERE, _elsewhere(clash)),
        (Way.RULES, _Found({})),
    ):
        about = clash.plan[clash.subject if way is Way.ELSEWHERE else others[0]].title
        if found.why_not:
            made.append(WayOut(way, about, None, 0, {}, (), found.why_not))
            continue
        edits = {clash.subject: clash.plan[clash.subject], **found.edits}
        after = settled(edits)
        effects = consequences(before, after, standing, edits)
        if way is Way.RULES:
            # Whoever leaves both wants to know which of them airs, also where that is no news.
            pair = {id: clash.plan[id] for id in (clash.subject, *others)}
            rest = (effect for effect in effects if effect.airing not in pair)
            effects = (*stated(after, pair), *rest)
        moves = sum(
            1
            for id, draft in edits.items()
            if draft and id != clash.subject and draft.start != clash.plan[id].start
        )
        short = lost(after, clash.subject, clash.plan[clash.subject])
        made.append(WayOut(way, about, found.at, moves, edits, effects, short=short))
    return tuple(made)


@dataclass(frozen=True)
class _Found:
    edits: Edits
    at: datetime | None = None
    why_not: str = ""


def _cut(clash: Clash, others: Sequence[AiringId]) -> _Found:
    """The later one starts at its time; the earlier one ends there."""
    edits: dict[AiringId, AiringDraft | None] = {}
    first_cut: datetime | None = None
    for other in others:
        first, second = _in_order(clash, other)
        early = edits.get(first) or clash.plan[first]
        late = edits.get(second) or clash.plan[second]
        if late.start - early.start < SHORTEST_LEFT:
            return _Found({}, why_not=f"{early.title} and {late.title} start together.")
        if first in clash.fixed:
            return _Found({}, why_not=f"{early.title} cannot be cut: {clash.fixed[first]}.")
        edits[first] = replace(early, length=min(early.length, late.start - early.start))
        if second not in clash.fixed and late.start_rule is not StartRule.HARD:
            edits[second] = replace(late, start_rule=StartRule.HARD, wait_limit=timedelta(0))
        first_cut = min(first_cut or late.start, late.start)
    return _Found(edits, first_cut)


def _ripple(clash: Clash, others: Sequence[AiringId]) -> _Found:
    """The earlier one finishes; the later ones, and all they run into, move as far as they must."""
    first = min((clash.subject, *others), key=lambda id: (clash.plan[id].start, id != others[0]))
    stuck = [id for id in (*others, clash.subject) if id != first and id in clash.fixed]
    if stuck:
        why = f"{clash.plan[stuck[0]].title} cannot move: {clash.fixed[stuck[0]]}."
        return _Found({}, why_not=why)
    away = push_along(clash.plan, first, frozenset(clash.fixed))
    if not away:
        return _Found({}, why_not="Nothing would have to move.")
    late = max(away.values(), key=lambda draft: draft.start)
    if late.start - clash.plan[first].start > timedelta(days=2):
        return _Found({}, why_not="There is no open slot in the next two days.")
    return _Found(dict(away), clash.plan[first].start + clash.plan[first].length)


def _join(clash: Clash, others: Sequence[AiringId]) -> _Found:
    """The later one is joined in progress when the earlier one has ended."""
    edits: dict[AiringId, AiringDraft | None] = {}
    at: datetime | None = None
    for other in others:
        first, second = _in_order(clash, other)
        early = edits.get(first) or clash.plan[first]
        late = edits.get(second) or clash.plan[second]
        if second in clash.fixed:
            return _Found({}, why_not=f"{late.title} cannot change: {clash.fixed[second]}.")
        missed = early.start + early.length - late.start
        if late.length - missed < SHORTEST_LEFT:
            why = f"{late.title} would be over when {early.title} ends."
            return _Found({}, why_not=why)
        edits[second] = replace(
            late,
            start=late.start + missed,
            length=late.length - missed,
            in_point=late.in_point + (timedelta(0) if late.source else missed),
        )
        at = late.start + missed
    return _Found(edits, at)


def _skip(clash: Clash, others: Sequence[AiringId]) -> _Found:
    for other in others:
        if other in clash.fixed:
            title = clash.plan[other].title
            return _Found({}, why_not=f"{title} cannot be skipped: {clash.fixed[other]}.")
    return _Found(dict.fromkeys(others))


def _move(clash: Clash, others: Sequence[AiringId]) -> _Found:
    """Each other one goes to the next free time after this one."""
    edits: dict[AiringId, AiringDraft | None] = {}
    plan = dict(clash.plan)
    at: datetime | None = None
    for other in others:
        draft = plan[other]
        if other in clash.fixed:
            return _Found({}, why_not=f"{draft.title} cannot move: {clash.fixed[other]}.")
        mine = plan[clash.subject]
        found = free_slot(plan, other, max(mine.start + mine.length, clash.now))
        if found is None:
            return _Found({}, why_not=f"There is no open slot for {draft.title} within two days.")
        plan[other] = edits[other] = moved(draft, found)
        at = at or found
    return _Found(edits, at)


def _elsewhere(clash: Clash) -> _Found:
    mine = clash.plan[clash.subject]
    if clash.fixed.get(clash.subject) == ON_AIR_REASON:
        return _Found({}, why_not=f"{mine.title} cannot move: {ON_AIR_REASON}.")
    found = free_slot(clash.plan, clash.subject, max(mine.start, clash.now))
    if found is None:
        return _Found({}, why_not=f"There is no open slot for {mine.title} within two days.")
    return _Found({clash.subject: moved(mine, found)}, found)


def moved(draft: AiringDraft, start: datetime) -> AiringDraft:
    """The airing at another start; a hard limit moves along."""
    limit = draft.hard_limit + (start - draft.start) if draft.hard_limit else None
    return replace(draft, start=start, hard_limit=limit)


def _in_order(clash: Clash, other: AiringId) -> tuple[AiringId, AiringId]:
    if clash.plan[other].start <= clash.plan[clash.subject].start:
        return other, clash.subject
    return clash.subject, other
