"""What holds of every rundown, whatever the plan: searched for by hypothesis."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from support.plans import DAY, clips, item, live, media, page, plan, policy

from playout.model.events import Absent, Event, On
from playout.model.plan import EndRule, FillerPolicy, Item, MissedStart, Plan, Rank, StartRule
from playout.model.rundown import Rundown, cue_at
from playout.state.air_state import AirState
from playout.state.fold import fold
from playout.timing.settle import settle

SPOTS = tuple(media(f"spot-{n}", timedelta(seconds=n)) for n in (20, 75, 400))
minutes_ = st.integers(0, 6 * 12).map(lambda n: timedelta(minutes=5 * n))
lengths = st.integers(1, 40).map(lambda n: timedelta(minutes=3 * n))


@st.composite
def items(draw: st.DrawFn, name: str) -> Item:
    start, length = DAY + draw(minutes_), draw(lengths)
    missed = draw(st.sampled_from(MissedStart))
    if draw(st.integers(0, 3)) == 0:
        end = draw(st.sampled_from([EndRule.HOLD, EndRule.CUT]))
        return live(name, start, length, end_rule=end, missed=missed)
    return item(
        name,
        start,
        length,
        start_rule=draw(st.sampled_from(StartRule)),
        wait_limit=draw(st.sampled_from([timedelta(0), timedelta(minutes=7)])),
        end_rule=draw(st.sampled_from([EndRule.CUT, EndRule.FINISH])),
        missed=missed,
        locked=draw(st.booleans()),
        rank=draw(st.sampled_from([Rank.EMERGENCY, Rank.HARD, Rank.SOFT, Rank.BLOCK])),
        media=draw(st.one_of(st.none(), lengths.map(lambda long: media(name, long)))),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    count = draw(st.integers(0, 8))
    made = [draw(items(f"i{number}")) for number in range(count)]
    pool = draw(
        st.sampled_from([(), clips(30), clips(31, 45.5, 60, 200), clips(*range(20, 90, 7))])
    )
    board = draw(st.sampled_from([(), (page(),)]))
    return plan(
        *made, filler=pool, board=board, seed=draw(st.integers(0, 3)), policies=draw(policies())
    )


@st.composite
def policies(draw: st.DrawFn) -> tuple[FillerPolicy, ...]:
    """Parts of the day, one after another, each with files of its own or bulletins only."""
    edges = sorted(draw(st.sets(minutes_, max_size=4)))
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    own = st.sampled_from([(), SPOTS[:1], SPOTS])
    return tuple(
        policy(f"p{n}", DAY + start, DAY + end, *draw(own)) for n, (start, end) in enumerate(spans)
    )


@given(plans())
@settings(max_examples=60)
def test_no_plan_makes_a_hole(made: Plan) -> None:
    rundown = settle(made, AirState(), DAY)

    assert (rundown.starts, rundown.ends) == (made.starts, made.ends)


@given(plans())
@settings(max_examples=40)
def test_every_item_airs_or_is_displaced_with_a_reason(made: Plan) -> None:
    rundown = settle(made, AirState(), DAY)
    named = {cue.item for cue in rundown.cues} | {one.item for one in rundown.displaced}

    assert {one.id for one in made.items} <= named
    assert all(one.reason for one in rundown.displaced)


@given(plans())
@settings(max_examples=40)
def test_locked_items_and_lives_never_move(made: Plan) -> None:
    for cue in settle(made, AirState(), DAY).cues:
        for one in made.items:
            if one.id == cue.item and one.locked and cue.media is not None:
                assert cue.start - cue.offset == one.start - one.in_point


@given(plans(), st.lists(st.integers(1, 3000), min_size=1, max_size=8))
@settings(max_examples=60)
def test_settling_again_after_all_went_as_settled_changes_nothing(
    made: Plan, steps: list[int]
) -> None:
    """A host walks through the day, pinning as it goes; lives end as planned or are adjourned."""
    made = replace(made, items=tuple(_ending(one) for one in made.items))
    now = DAY + timedelta(hours=1)
    happened = fold([Absent(now)])
    first = settle(made, happened, now)
    for step in steps:
        now += timedelta(seconds=step)
        happened = _pin_up_to(made, happened, now)
        again = settle(made, happened, now)
        assert _from(again, now) == _from(first, now)


def _ending(one: Item) -> Item:
    return replace(one, end_rule=EndRule.CUT) if one.end_rule is EndRule.HOLD else one


def _pin_up_to(made: Plan, happened: AirState, now: datetime) -> AirState:
    """Pin each cue as its time comes, settling at the last moment before."""
    horizon = now + timedelta(hours=4)
    while True:
        last = happened.pinned[-1] if happened.pinned else None
        moment = last.start if last is not None else happened.since
        assert moment is not None
        rundown = settle(made, happened, moment, horizon=horizon)
        known = {cue.id for cue in happened.pinned}
        due = [c for c in rundown.cues if c.start <= now + timedelta(seconds=5)]
        new: list[Event] = [On(c) for c in due if c.id not in known]
        if not new:
            return happened
        happened = fold(new, happened)


def _from(rundown: Rundown, now: datetime) -> list[tuple[object, ...]]:
    current = cue_at(rundown, now)
    rest = rundown.cues[rundown.cues.index(current) :]
    return [(c.id, c.start, c.end, c.offset, c.media and c.media.key) for c in rest]


@given(plans())
@settings(max_examples=40)
def test_daypart_filler_is_used_exclusively_while_playable(
    made: Plan,
) -> None:
    for cue in settle(made, AirState(), DAY).cues:
        if cue.item is not None or not made.board or cue.end - cue.start < timedelta(seconds=5):
            continue
        here = [p for p in made.policies for start, end in p.spans if start <= cue.start < end]
        own = here[0].filler if here else made.filler
        assert cue.media is None or cue.media in own
        assert cue.policy == (here[0].id if here else "")
