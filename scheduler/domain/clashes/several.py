"""Several airings put on a channel at once: what they overlap, and one way out for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from config.names import AiringId
from playout.model.plan import ContentKind
from playout.model.rundown import Rundown
from playout.timing.compare import Effect
from scheduler.domain.clashes.consequences import Drafts, Edits, consequences, unlike_plan
from scheduler.domain.clashes.one import Settled, Way, WayOut
from scheduler.domain.clashes.ripple import free_slot, overlap
from scheduler.domain.model.airing import AiringDraft, kind_of, moved

Overlaps = Mapping[AiringId, Sequence[AiringId]]
"""The standing airings that each coming one would overlap, in order of time."""
LeftOutReasons = Mapping[AiringId, str]
"""The airings left out, with the reason where it is not the overlap itself."""
WORSE = (Effect.MOVED, Effect.JOINED, Effect.SHORTER, Effect.DROPPED)


@dataclass(frozen=True)
class GroupChange:
    """Airings that one change puts on a channel, among those that stand there."""

    wanted: Edits
    """The draft of each; None takes it off the schedule."""
    standing: Drafts
    """Every airing of the channel that is not over, before the change."""
    fixed: Mapping[AiringId, str]
    """Airings that nothing may displace, and why: live, locked, protected, on air."""
    now: datetime

    @property
    def coming(self) -> Drafts:
        """The airings that the change puts on the schedule."""
        return {id: draft for id, draft in self.wanted.items() if draft is not None}

    @property
    def others(self) -> Drafts:
        """The airings that stand and are not part of the change."""
        return {id: draft for id, draft in self.standing.items() if id not in self.wanted}


def overlaps(group: GroupChange) -> Overlaps:
    """Return what each coming airing overlaps; one whose times do not change is not asked about."""
    others = sorted(group.others.items(), key=lambda pair: (pair[1].start, pair[0]))
    overlapped = {}
    for id, draft in sorted(group.coming.items(), key=lambda pair: (pair[1].start, pair[0])):
        before = group.standing.get(id)
        if before and (before.start, before.length) == (draft.start, draft.length):
            continue
        over = [other for other, stands in others if overlap(draft, stands)]
        if over:
            overlapped[id] = over
    return overlapped


def ways_for_all(
    group: GroupChange, meets: Overlaps, before: Rundown, settled: Settled
) -> tuple[WayOut, ...]:
    """Return the ways out for all: leave out those that collide, air them anyway, or move them.

    No way changes what stands. `before` is the settled rundown as the channel stands; `settled`
    returns the rundown after some edits. A coming airing that would displace a fixed one is never
    aired anyway: it is left out, with the reason.
    """
    ways = []
    for way, (edits, left) in (
        (Way.SKIP, _leave_out(meets)),
        (Way.RULES, _air_anyway(group, meets, before, settled)),
        (Way.ELSEWHERE, _elsewhere(group, meets)),
    ):
        final = {**group.wanted, **edits}
        after = settled(_needed(group, final))
        why = next(iter(left.values()), "") if len(left) == len(meets) else ""
        if way is Way.RULES and not why:
            why = next(iter(_displaced(group, before, after).values()), "")
        if why:
            ways.append(WayOut(way, "", None, 0, {}, (), why))
            continue
        effects = consequences(before, after, group.others, {})
        effects += unlike_plan(after, group.coming, final)
        ways.append(WayOut(
            way,
            about="",
            at=None,
            moves=sum(1 for draft in edits.values() if draft),
            edits=final,
            effects=tuple(sorted(effects, key=attrgetter("at", "title"))),
            left=tuple((group.coming[id], why) for id, why in left.items()),
        ))  # fmt: skip
    return tuple(ways)


def _needed(group: GroupChange, wanted: Edits) -> Edits:
    """Return the edits without those that change nothing: new airings that are left out."""
    return {id: draft for id, draft in wanted.items() if draft or id in group.standing}


def _displaced(group: GroupChange, before: Rundown, after: Rundown) -> dict[AiringId, str]:
    """Return the fixed airings that would air differently, each with a sentence that says why
    not."""
    return {
        one.id: f"{one.title} cannot give way: {group.fixed[one.id]}."
        for one in consequences(before, after, group.others, {})
        if one.id in group.fixed and one.effect in WORSE
    }


def _leave_out(meets: Overlaps) -> tuple[Edits, LeftOutReasons]:
    """Leave out every airing that collides."""
    return dict.fromkeys(meets), dict.fromkeys(meets, "")


def _air_anyway(
    group: GroupChange, meets: Overlaps, before: Rundown, settled: Settled
) -> tuple[Edits, LeftOutReasons]:
    """Air all by the rules of each, but for those that would displace a fixed airing."""
    displaced = _displaced(group, before, settled(_needed(group, group.wanted)))
    left = {}
    for id, others in meets.items():
        stuck = next((other for other in others if other in displaced), None)
        if stuck is not None:
            left[id] = displaced[stuck]
    return dict.fromkeys(left), left


def _elsewhere(group: GroupChange, meets: Overlaps) -> tuple[Edits, LeftOutReasons]:
    """Move each that collides to the next free slot, in order of time; a live is never moved."""
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
