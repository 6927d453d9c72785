"""Several airings put on a channel at once: what they run into, and one way out for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.names import AiringId
from playout.model.plan import ContentKind
from playout.model.rundown import Rundown
from scheduler.domain.clashes.compare import Edits, Plan, Turn, by_time, consequences, otherwise
from scheduler.domain.clashes.one import Settled, Way, WayOut, moved
from scheduler.domain.clashes.ripple import free_slot, overlap
from scheduler.domain.model.airing import AiringDraft, kind_of

Overlaps = Mapping[AiringId, Sequence[AiringId]]
"""What each airing would overlap, in order of time."""
LeftOutReasons = Mapping[AiringId, str]
"""What is left out; why, where it is not for the clash alone."""
WORSE = (Turn.MOVED, Turn.SHORTER, Turn.GONE)


@dataclass(frozen=True)
class AiringGroup:
    """Airings that are to be put on a channel by one change, among those that stand there."""

    wanted: Edits
    """What each is to be; None takes it off the schedule."""
    standing: Plan
    """Every airing of the channel that is not over, as it stands."""
    fixed: Mapping[AiringId, str]
    """Those that nothing may displace, and why: live, locked, protected, on air."""
    now: datetime

    @property
    def coming(self) -> Plan:
        """What is to be put there."""
        return {id: draft for id, draft in self.wanted.items() if draft is not None}

    @property
    def others(self) -> Plan:
        """What stands and is not changed itself."""
        return {id: draft for id, draft in self.standing.items() if id not in self.wanted}


def met(group: AiringGroup) -> Overlaps:
    """Each airing that would overlap others that stand; where it overlapped just so, it may."""
    others = sorted(group.others.items(), key=lambda pair: (pair[1].start, pair[0]))
    found = {}
    for id, draft in sorted(group.coming.items(), key=lambda pair: (pair[1].start, pair[0])):
        before = group.standing.get(id)
        if before and (before.start, before.length) == (draft.start, draft.length):
            continue
        over = [other for other, stands in others if overlap(draft, stands)]
        if over:
            found[id] = over
    return found


def ways(
    group: AiringGroup, meets: Overlaps, before: Rundown, settled: Settled
) -> tuple[WayOut, ...]:
    """Leave out those that collide, air them all the same, or move them; none changes what stands.

    `before` is the channel as it stands; `settled` says what would air after some edits. One that
    would displace what nothing may is never aired all the same: it is left out, with why.
    """
    made = []
    for way, (edits, left) in (
        (Way.SKIP, _leave_out(meets)),
        (Way.RULES, _all_the_same(group, meets, before, settled)),
        (Way.ELSEWHERE, _elsewhere(group, meets)),
    ):
        wanted = {**group.wanted, **edits}
        after = settled(_kept(group, wanted))
        why = next(iter(left.values()), "") if len(left) == len(meets) else ""
        if way is Way.RULES and not why:
            why = next(iter(_displaced(group, before, after).values()), "")
        if why:
            made.append(WayOut(way, "", None, 0, {}, (), why))
            continue
        effects = consequences(before, after, group.others, {})
        effects += otherwise(after, group.coming, wanted)
        made.append(WayOut(
            way,
            about="",
            at=None,
            moves=sum(1 for draft in edits.values() if draft),
            edits=wanted,
            effects=tuple(sorted(effects, key=by_time)),
            left=tuple((group.coming[id], why) for id, why in left.items()),
        ))  # fmt: skip
    return tuple(made)


def _kept(group: AiringGroup, wanted: Edits) -> Edits:
    """What it takes to have it so; what is new and left out takes nothing."""
    return {id: draft for id, draft in wanted.items() if draft or id in group.standing}


def _displaced(group: AiringGroup, before: Rundown, after: Rundown) -> dict[AiringId, str]:
    """What nothing may displace and would air otherwise, each in a sentence."""
    return {
        one.airing: f"{one.title} cannot give way: {group.fixed[one.airing]}."
        for one in consequences(before, after, group.others, {})
        if one.airing in group.fixed and one.turn in WORSE
    }


def _leave_out(meets: Overlaps) -> tuple[Edits, LeftOutReasons]:
    return dict.fromkeys(meets), dict.fromkeys(meets, "")


def _all_the_same(
    group: AiringGroup, meets: Overlaps, before: Rundown, settled: Settled
) -> tuple[Edits, LeftOutReasons]:
    displaced = _displaced(group, before, settled(_kept(group, group.wanted)))
    left = {}
    for id, others in meets.items():
        stuck = next((other for other in others if other in displaced), None)
        if stuck is not None:
            left[id] = displaced[stuck]
    return dict.fromkeys(left), left


def _elsewhere(group: AiringGroup, meets: Overlaps) -> tuple[Edits, LeftOutReasons]:
    """Each goes to the next free time, in their order; those that collide with nothing stay."""
    plan = {**group.others, **{id: d for id, d in group.coming.items() if id not in meets}}
    edits: dict[AiringId, AiringDraft | None] = {}
    left = {}
    for id in meets:
        draft = group.coming[id]
        live = kind_of(draft) is ContentKind.LIVE
        at = None if live else free_slot({**plan, id: draft}, id, max(draft.start, group.now))
        if at is None:
            edits[id] = None
            why = "it is live" if live else "there is no open slot within two days"
            left[id] = f"{draft.title} cannot move: {why}."
        else:
            plan[id] = edits[id] = moved(draft, at)
    return edits, left
