"""The dry run: the coming days aired by the real code, on a clock of its own.

Everything is assumed to go as planned: files play, meetings are adjourned at their planned end.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from config.names import AiringId, CueId
from config.times import length
from playout.asrun.judge import judge
from playout.asrun.tally import Tally, layer_of
from playout.model.events import Absent, Event, Off, On
from playout.model.plan import ContentKind, Outcome, Plan, Rank
from playout.model.rundown import Cue, Displaced, Rundown
from playout.model.wire import AsRun
from playout.state.air_state import AirState
from playout.state.fold import fold
from playout.timing.resolving import resolve
from playout.timing.settle import settle
from scheduler.domain.air.build_plan import Snapshot, searched
from scheduler.domain.air.readiness import AiringFinding, AiringView, Light, findings
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.ids import BlockId
from scheduler.domain.model.slide import ALWAYS_UNTIL, Slide
from scheduler.domain.reported.states import would_words
from scheduler.domain.series.blocks import Fill, block_runs
from scheduler.domain.series.gap_policies import empty_blocks

WALK_STEP = timedelta(hours=6)
SLATE_GAP_AFTER = timedelta(seconds=5)
"""An unplanned slate that stays this long is a gap."""
BULLETINS_DULL_AFTER = timedelta(hours=3)
"""Bulletins alone for this long are worth a look."""
SLIDE_STALE_AFTER = timedelta(days=60)
"""A slide without a last day is asked about after this long."""
SETTLED_PAST_STEP = timedelta(hours=1)
"""Settled past each step; more, where something that began in the step lasts longer."""
INSTANCES_KEPT = 8
"""Cues kept as pinned; earlier ones are over, and their items are remembered as aired."""
WENT_WELL = frozenset({Outcome.AIRED, Outcome.OVERRAN})

Plans = Callable[[datetime], Plan]
"""The plan the broadcast machine would have at this moment."""


class FindingKind(StrEnum):
    """The kind of a finding."""

    GAP = "gap"
    MISS = "miss"
    CLASH = "clash"
    STALE = "stale"


@dataclass(frozen=True)
class DryRunFinding:
    """One thing somebody should look at before it airs."""

    at: datetime
    trouble: FindingKind
    light: Light
    sentence: str
    airing: AiringId | None = None
    other: AiringId | None = None
    until: datetime | None = None
    """For a gap: its end."""
    block: BlockId | None = None
    """The block that should fill gaps then, and has nothing for it."""


@dataclass(frozen=True)
class SimulatedAir:
    """Everything that aired in the simulation."""

    cues: tuple[Cue, ...]
    runs: Mapping[AiringId, AsRun]
    """Each airing's outcome, judged as the broadcast machine judges its own."""
    displaced: Mapping[AiringId, Displaced]


def walk(plans: Plans, happened: AirState, now: datetime, until: datetime) -> SimulatedAir:
    """Air everything from `now` to `until`: pin each cue as its time comes, settle, repeat."""
    if not happened.pinned and happened.since is None:
        happened = fold([Absent(now)], happened)
    clock, displaced = now, {}
    runs: dict[AiringId, AsRun] = {}
    known = {cue.id for cue in happened.pinned}
    cues = [cue for cue in happened.pinned if cue.end > now]
    while clock < until:
        plan, step = resolve(plans(clock), happened), min(clock + WALK_STEP, until)
        rundown = settle(plan, happened, clock, horizon=step + SETTLED_PAST_STEP)
        if rundown.cues[-1].start < step:
            rundown = settle(plan, happened, clock)
        new, step = _up_to_a_held_end(rundown, known, clock, step)
        happened = fold(new, replace(happened, pinned=happened.pinned[-INSTANCES_KEPT:]))
        begun = [event.cue for event in new if isinstance(event, On)]
        known |= {cue.id for cue in begun}
        cues += begun
        displaced.update({d.airing: d for d in rundown.displaced if d.airing and d.planned >= now})
        clock = step
        runs.update(_judged(begun, rundown, plan, happened))
    shown = tuple(one for one in _lasting(cues, happened, until) if one.end > now)
    return SimulatedAir(shown, runs, {id: d for id, d in displaced.items() if id not in runs})


def _up_to_a_held_end(
    rundown: Rundown, known: set[CueId], clock: datetime, step: datetime
) -> tuple[list[Event], datetime]:
    """Return the events of one step. A held live is adjourned at its planned end, which ends the
    step.
    """
    events: list[Event] = []
    for cue in rundown.cues:
        if cue.start >= step:
            break
        if cue.id not in known and cue.end > clock:
            events.append(On(cue))
        if cue.held and clock < cue.end <= step:
            events.append(Off(cue.id, cue.end, "adjourned"))
            return events, cue.end
    return events, step


def _judged(
    begun: Sequence[Cue], rundown: Rundown, plan: Plan, happened: AirState
) -> dict[AiringId, AsRun]:
    ends = {cue.id: cue.end for cue in rundown.cues}
    made: dict[AiringId, AsRun] = {}
    for cue in begun:
        if cue.airing is None or cue.airing in made:
            continue
        end = ends.get(cue.id, cue.end)
        tally = Tally(
            cue,
            end,
            start=cue.start,
            end=end,
            first_own=cue.start,
            ticks={layer_of(cue): 1},
            joined_at=cue.offset,
        )
        made[cue.airing] = judge(tally, plan.item(cue.item), happened)
    return made


def _lasting(cues: list[Cue], happened: AirState, until: datetime) -> Iterator[Cue]:
    """Yield the cues with the ends they really had: where the next one began."""
    ordered = sorted(cues, key=lambda cue: cue.start)
    for cue, after in zip(ordered, [*ordered[1:], None], strict=True):
        end = min(after.start if after else until, happened.ended.get(cue.id, until), until)
        if end > cue.start:
            yield replace(cue, end=end)


def found(
    seen: SimulatedAir, read: Snapshot, views: Sequence[AiringView], now: datetime
) -> tuple[DryRunFinding, ...]:
    """Return what to look at in these airings and around them, in order of time."""
    known = {view.id: view.airing for view in views}
    meant = {one.id for one in read.blocks if one.draft.fill is Fill.BULLETINS}
    to_look_at = [
        *(_of_finding(one) for one in findings(views, now)),
        *_gaps(seen.cues, meant),
        *_without_choice(seen, read, now),
        *_unplanned(seen, known),
        *_stale(read.slides, now),
    ]
    return tuple(sorted(to_look_at, key=lambda one: (one.at, one.trouble, one.sentence)))


def _of_finding(one: AiringFinding) -> DryRunFinding:
    trouble = FindingKind.CLASH if one.other else FindingKind.MISS
    return DryRunFinding(one.at, trouble, one.light, one.sentence, one.airing, one.other)


def _gaps(cues: Sequence[Cue], meant: Collection[str]) -> Iterator[DryRunFinding]:
    """Yield unplanned slates, and long stretches of bulletins that no block asks for."""
    for kind, least in (
        (ContentKind.SLATE, SLATE_GAP_AFTER),
        (ContentKind.BOARD, BULLETINS_DULL_AFTER),
    ):
        start: datetime | None = None
        end = start
        for cue in [*cues, None]:
            same = cue is not None and cue.item is None and cue.kind is kind
            if same and cue is not None and cue.policy not in meant:
                start, end = (cue.start if start is None or cue.start != end else start), cue.end
                continue
            if start is not None and end is not None and end - start >= least:
                yield _gap(kind, start, end)
            start = None


def _gap(kind: ContentKind, start: datetime, end: datetime) -> DryRunFinding:
    minutes = round((end - start) / timedelta(minutes=1))
    span = length(timedelta(minutes=minutes))
    if kind is ContentKind.BOARD:
        text = f"Nothing but bulletins for {span}."
        return DryRunFinding(start, FindingKind.GAP, Light.AMBER, text, until=end)
    text = f"Nothing but the slate for {span if minutes else 'some seconds'}: no filler, no slide."
    return DryRunFinding(start, FindingKind.GAP, Light.RED, text, until=end)


def _without_choice(seen: SimulatedAir, read: Snapshot, now: datetime) -> Iterator[DryRunFinding]:
    """Yield blocks that should fill gaps and have nothing for it, each the first time."""
    named = set()
    runs = block_runs(read.blocks, read.channel.tz, now, seen.cues[-1].end)
    for one in sorted(
        empty_blocks(runs, read.assets, read.slides, searched(read, now)), key=lambda one: one.start
    ):
        if one.block.id not in named:
            named.add(one.block.id)
            at = max(one.start, now)
            yield DryRunFinding(at, FindingKind.GAP, Light.AMBER, one.sentence, block=one.block.id)


def _unplanned(seen: SimulatedAir, known: Mapping[AiringId, Airing]) -> Iterator[DryRunFinding]:
    """Yield airings that did not air as planned in the simulation."""
    for id, run in seen.runs.items():
        if id in known and run.outcome not in WENT_WELL:
            text = f"{run.title} {would_words(run.outcome, run.reason)}."
            yield DryRunFinding(run.planned_start, FindingKind.CLASH, Light.AMBER, text, id)
    for id, gone in seen.displaced.items():
        if id in known:
            text = f"{gone.title} would not air: {gone.reason}."
            yield DryRunFinding(gone.planned, FindingKind.MISS, Light.RED, text, id)


def _stale(slides: Sequence[Slide], now: datetime) -> Iterator[DryRunFinding]:
    for slide in slides:
        draft = slide.draft
        if draft.shown_until == ALWAYS_UNTIL and now - draft.shown_from >= SLIDE_STALE_AFTER:
            days = (now - draft.shown_from).days
            text = (
                f"The bulletin “{draft.heading}” has been up for {days} days and has no last day."
            )
            yield DryRunFinding(now, FindingKind.STALE, Light.AMBER, text)


def share(cues: Sequence[Cue]) -> dict[str, timedelta]:
    """Return how long each kind of content was on: programs, blocks, filler, bulletins, slate."""
    total = dict.fromkeys(("programs", "blocks", "filler", "bulletins", "slate"), timedelta(0))
    for cue in cues:
        total[_share_of(cue)] += cue.end - cue.start
    return total


def _share_of(cue: Cue) -> str:
    if cue.airing is not None:
        return "programs"
    if cue.item is not None and cue.rank == Rank.BLOCK:
        return "blocks"
    if cue.kind is ContentKind.BOARD:
        return "bulletins"
    return "filler" if cue.kind is ContentKind.FILE else "slate"
