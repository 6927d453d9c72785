"""Gaps are filled to the instant, with whole clips, and nothing airs again too soon."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from support.plans import DAY, at, clips, media, minutes, page, plan, policy

from config.names import AssetKey
from playout.model.cue_ids import Origin
from playout.model.plan import ContentKind, FillerPolicy, Media, Page, Rank
from playout.model.rundown import Cue
from playout.timing.filler import fill
from playout.timing.filler_pool import FillerPool, pool_of


def pool(*clip: Media, board: tuple[Page, ...] = ()) -> FillerPool:
    return pool_of(plan(filler=clip, board=board, filler_no_repeat=minutes(60)), {})


def spans(cues: tuple[Cue, ...]) -> bool:
    return all(a.end == b.start for a, b in zip(cues, cues[1:], strict=False))


def test_an_exact_combination_is_found() -> None:
    cues = fill(at("10:00"), at("10:03"), pool(*clips(100, 70, 65, 15)), {})

    assert {cue.kind for cue in cues} == {ContentKind.FILE}
    assert (cues[0].start, cues[-1].end) == (at("10:00"), at("10:03"))
    assert sorted(c.media.length.total_seconds() for c in cues if c.media) == [15, 65, 100]


def test_no_clip_is_ever_cut_and_the_board_takes_the_rest() -> None:
    cues = fill(at("10:00"), at("10:05"), pool(*clips(100, 150), board=(page(),)), {})

    assert spans(cues) and cues[-1].end == at("10:05")
    assert all(c.end - c.start == c.media.length for c in cues if c.media)
    assert (cues[-1].kind, cues[-1].end - cues[-1].start) == (
        ContentKind.BOARD,
        timedelta(seconds=50),
    )


def test_a_flash_of_the_board_is_avoided() -> None:
    cues = fill(at("10:00"), at("10:01"), pool(*clips(59.5, 40), board=(page(),)), {})

    assert cues[0].media is not None and cues[0].media.length.total_seconds() == 40


def test_nothing_airs_again_within_the_limit_while_there_is_a_board() -> None:
    cues = fill(at("10:00"), at("16:00"), pool(*clips(60, 90, 120), board=(page(),)), {})
    last: dict[AssetKey, datetime] = {}
    for cue in cues:
        if cue.media is not None:
            assert cue.start - last.get(cue.media.key, DAY) >= minutes(60)
            last[cue.media.key] = cue.start

    assert len(last) == 3


def test_without_a_board_a_repeat_is_better_than_an_hour_of_slate() -> None:
    cues = fill(at("10:00"), at("11:00"), pool(*clips(60, 90)), {})
    slate = sum((c.end - c.start for c in cues if c.kind is ContentKind.SLATE), timedelta(0))

    assert slate < minutes(3)


def test_the_least_recently_aired_goes_first() -> None:
    some = clips(60, 61, 62)
    history = {some[0].key: at("8:00"), some[1].key: at("7:00"), some[2].key: at("9:00")}
    cues = fill(at("10:30"), at("11:30"), pool(*some, board=(page(),)), history)

    assert [c.media for c in cues if c.media][:2] == [some[1], some[0]]


def test_the_seed_decides_among_clips_that_never_aired() -> None:
    some = clips(*range(20, 40))
    one = pool_of(plan(filler=some, seed=1), {}).whole.clips
    two = pool_of(plan(filler=some, seed=2), {}).whole.clips

    assert one != two and set(one) == set(two)


def test_a_file_that_does_not_play_is_left_out() -> None:
    some = clips(60, 90)

    assert [m for m, _ in pool_of(plan(filler=some), {some[0].key: DAY}).whole.clips] == [some[1]]


def test_a_short_gap_gets_no_clip() -> None:
    (cue,) = fill(at("10:00"), at("10:00:04"), pool(*clips(3, 4)), {})

    assert cue.kind is ContentKind.SLATE


def test_the_board_gives_way_to_the_slate_where_no_page_is_in_force() -> None:
    early = Page("p", "h", "b", 10.0, at("9:00"), at("10:20"))
    cues = fill(at("10:00"), at("10:40"), pool(board=(early,)), {})

    assert [(c.kind, c.end) for c in cues] == [
        (ContentKind.BOARD, at("10:20")),
        (ContentKind.SLATE, at("10:40")),
    ]


def test_the_lead_of_a_gap_shows_board_or_slate() -> None:
    cues = fill(at("10:00"), at("10:30"), pool(*clips(60, 90)), {}, lead=timedelta(seconds=3))

    assert (cues[0].rank, cues[0].end) == (Rank.SLATE, at("10:00:03"))


@pytest.mark.parametrize("left", [0.1, 0.5, 1.5])
def test_the_lead_reaches_to_the_end_of_a_gap_that_would_leave_a_flash(
    left: float,
) -> None:
    seconds = timedelta(seconds=3 + left)
    cues = fill(at("10:00"), at("10:00") + seconds, pool(), {}, lead=timedelta(seconds=3))
    longer = fill(at("10:00"), at("10:00:06"), pool(), {}, lead=timedelta(seconds=3))

    assert [cue.end for cue in cues] == [at("10:00") + seconds]
    assert [cue.end for cue in longer] == [at("10:00:03"), at("10:00:06")]


def test_a_filling_cue_knows_its_gap() -> None:
    cues = fill(at("10:00:00.25"), at("10:30"), pool(*clips(60, 90)), {})

    assert {(cue.origin, cue.planned) for cue in cues} == {(Origin.FILL, at("10:00:00.25"))}


SPOTS = tuple(media(f"spot-{n}", timedelta(seconds=n)) for n in (40, 50))
NIGHT = at("11:00"), at("12:00")
EARLY = Page("p", "h", "b", 10.0, at("9:00"), at("11:20"))


def told(
    *policies: FillerPolicy,
    board: tuple[Page, ...] = (),
    broken: tuple[Media, ...] = (),
    since: str = "10:30",
    until: str = "12:30",
) -> list[tuple[str, str, str, set[str]]]:
    """The gap as stretches of one policy: from, until, whose choice, and what airs in them."""
    made = plan(filler=clips(60, 90), board=board, policies=policies)
    pool = pool_of(made, {one.key: DAY for one in broken})
    stretches: list[tuple[str, str, str, set[str]]] = []
    for cue in fill(at(since), at(until), pool, {}):
        what = cue.title.split()[0] if cue.media else cue.kind.value
        start, _, policy, airs = stretches[-1] if stretches else ("", "", None, set())
        if policy == cue.policy:
            stretches[-1] = (start, f"{cue.end:%H:%M}", cue.policy, airs | {what})
        else:
            stretches.append((f"{cue.start:%H:%M}", f"{cue.end:%H:%M}", cue.policy, {what}))
    return stretches


@pytest.mark.parametrize(
    ("policies", "rest", "expected"),
    [
        pytest.param(
            [policy("night", *NIGHT, *SPOTS)], {"board": (page(),)},
            [("10:30", "11:00", "", {"Filler", "board"}),
             ("11:00", "12:00", "night", {"night", "board"}),
             ("12:00", "12:30", "", {"Filler", "board"})],
            id="only its own files, and what is left is bulletins",
        ),
        pytest.param(
            [policy("night", *NIGHT)], {"board": (page(),)},
            [("10:30", "11:00", "", {"Filler", "board"}),
             ("11:00", "12:00", "night", {"board"}),
             ("12:00", "12:30", "", {"Filler", "board"})],
            id="bulletins only",
        ),
        pytest.param(
            [policy("night", *NIGHT)], {"board": (EARLY,)},
            [("10:30", "11:00", "", {"Filler", "board"}),
             ("11:00", "11:20", "night", {"board"}),
             ("11:20", "12:30", "", {"Filler"})],
            id="bulletins only, until there is none: the whole pool",
        ),
        pytest.param(
            [policy("night", *NIGHT, *SPOTS)], {"board": (page(),), "broken": SPOTS},
            [("10:30", "12:30", "", {"Filler", "board"})],
            id="none of its files plays: the whole pool",
        ),
        pytest.param(
            [policy("night", *NIGHT, media("feature", minutes(50)))], {"since": "11:05"},
            [("11:05", "11:55", "night", {"night"}), ("11:55", "12:30", "", {"Filler"})],
            id="where only the slate could follow, the whole pool helps out",
        ),
        pytest.param(
            [policy("night", *NIGHT, *SPOTS), policy("early", at("12:00"), at("12:10"))],
            {"board": (page(),), "since": "11:30"},
            [("11:30", "12:00", "night", {"night", "board"}),
             ("12:00", "12:10", "early", {"board"}),
             ("12:10", "12:30", "", {"Filler", "board"})],
            id="one after another",
        ),
        pytest.param(
            [policy("night", *NIGHT)],
            {"board": (page(),), "since": "10:59:57", "until": "12:00:03"},
            [("10:59", "12:00", "night", {"board"})],
            id="a stretch too short for a clip goes with its neighbour",
        ),
    ],
)  # fmt: skip
def test_each_part_of_the_day_uses_its_own_filler(
    policies: list[FillerPolicy], rest: dict[str, Any], expected: list[Any]
) -> None:
    assert told(*policies, **rest) == expected


def test_a_filler_policy_has_its_own_time_without_repeats() -> None:
    spots = policy("night", *NIGHT, *SPOTS, no_repeat=minutes(20))
    pool = pool_of(plan(board=(page(),), policies=(spots,)), {})
    starts = [c.start for c in fill(*NIGHT, pool, {}) if c.media and c.media == SPOTS[0]]

    assert len(starts) == 3
    assert all(b - a >= minutes(20) for a, b in zip(starts, starts[1:], strict=False))


def test_no_filler_clip_is_cut_or_runs_over_into_another_part_of_the_day() -> None:
    spots = policy("night", *NIGHT, *SPOTS)
    pool = pool_of(plan(filler=clips(601, 833), policies=(spots,)), {})
    cues = fill(at("10:30"), at("12:30"), pool, {})

    assert spans(cues)
    assert all(c.end - c.start == c.media.length for c in cues if c.media)
    assert {at("11:00"), at("12:00")} <= {c.start for c in cues}


def test_the_example_of_a_gap_is_filled_as_it_says() -> None:
    pool = pool_of(plan(filler=clips(200, 160, 130, 95), board=(page(),)), {})
    cues = fill(at("10:00"), at("10:09"), pool, {}, lead=timedelta(seconds=3))

    assert [(f"{cue.start:%H:%M:%S}", cue.kind, (cue.end - cue.start).seconds) for cue in cues] == [
        ("10:00:00", ContentKind.BOARD, 3),
        ("10:00:03", ContentKind.FILE, 200),
        ("10:03:23", ContentKind.FILE, 95),
        ("10:04:58", ContentKind.FILE, 160),
        ("10:07:38", ContentKind.BOARD, 82),
    ]


def test_two_cuts_of_one_recording_are_not_one_anothers_repeat() -> None:
    whole = clips(120)[0]
    cuts = [
        replace(whole, pieces=piece, length=timedelta(seconds=60))
        for piece in (((0, 1800),), ((1800, 3600),))
    ]
    filled = fill(at("10:00"), at("10:02"), pool(*cuts, board=(page(),)), {})
    assert [cue.media for cue in filled] in (cuts, cuts[::-1])
    again = fill(at("10:02"), at("10:04"), pool(*cuts, board=(page(),)), {
        one.material: at("10:00") for one in cuts
    })  # fmt: skip
    assert {cue.kind for cue in again} == {ContentKind.BOARD}
