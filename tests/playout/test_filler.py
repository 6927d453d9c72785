"""Gaps are filled to the instant, with whole clips, and nothing airs again too soon."""

from datetime import datetime, timedelta

from support.plans import DAY, at, clips, minutes, page, plan

from config.names import AssetKey
from playout.filler import Pool, fill, gap_of, pool_of
from playout.rundown import Cue, Kind, Media, Page, Rank


def pool(*clip: Media, board: tuple[Page, ...] = ()) -> Pool:
    return pool_of(plan(filler=clip, board=board, filler_no_repeat=minutes(60)), {})


def spans(cues: tuple[Cue, ...]) -> bool:
    return all(a.end == b.start for a, b in zip(cues, cues[1:], strict=False))


def test_an_exact_combination_is_found() -> None:
    cues = fill(at("10:00"), at("10:03"), pool(*clips(100, 70, 65, 15)), {})

    assert {cue.kind for cue in cues} == {Kind.FILE}
    assert (cues[0].start, cues[-1].end) == (at("10:00"), at("10:03"))
    assert sorted(c.media.length.total_seconds() for c in cues if c.media) == [15, 65, 100]


def test_no_clip_is_ever_cut_and_the_board_takes_the_rest() -> None:
    cues = fill(at("10:00"), at("10:05"), pool(*clips(100, 150), board=(page(),)), {})

    assert spans(cues) and cues[-1].end == at("10:05")
    assert all(c.end - c.start == c.media.length for c in cues if c.media)
    assert (cues[-1].kind, cues[-1].end - cues[-1].start) == (Kind.BOARD, timedelta(seconds=50))


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
    slate = sum((c.end - c.start for c in cues if c.kind is Kind.SLATE), timedelta(0))

    assert slate < minutes(3)


def test_the_least_recently_aired_goes_first() -> None:
    some = clips(60, 61, 62)
    history = {some[0].key: at("8:00"), some[1].key: at("7:00"), some[2].key: at("9:00")}
    cues = fill(at("10:30"), at("11:30"), pool(*some, board=(page(),)), history)

    assert [c.media for c in cues if c.media][:2] == [some[1], some[0]]


def test_the_seed_decides_among_clips_that_never_aired() -> None:
    some = clips(*range(20, 40))
    one = pool_of(plan(filler=some, seed=1), {}).clips
    two = pool_of(plan(filler=some, seed=2), {}).clips

    assert one != two and set(one) == set(two)


def test_a_file_that_does_not_play_is_left_out() -> None:
    some = clips(60, 90)

    assert [m for m, _ in pool_of(plan(filler=some), {some[0].key: DAY}).clips] == [some[1]]


def test_a_short_gap_gets_no_clip() -> None:
    (cue,) = fill(at("10:00"), at("10:00:04"), pool(*clips(3, 4)), {})

    assert cue.kind is Kind.SLATE


def test_the_board_gives_way_to_the_slate_where_no_page_is_in_force() -> None:
    early = Page("p", "h", "b", 10.0, at("9:00"), at("10:20"))
    cues = fill(at("10:00"), at("10:40"), pool(board=(early,)), {})

    assert [(c.kind, c.end) for c in cues] == [
        (Kind.BOARD, at("10:20")),
        (Kind.SLATE, at("10:40")),
    ]


def test_the_lead_is_a_layer_that_is_always_ready() -> None:
    cues = fill(at("10:00"), at("10:30"), pool(*clips(60, 90)), {}, lead=timedelta(seconds=3))

    assert (cues[0].rank, cues[0].end) == (Rank.SLATE, at("10:00:03"))


def test_a_filling_cue_knows_its_gap() -> None:
    cues = fill(at("10:00:00.25"), at("10:30"), pool(*clips(60, 90)), {})

    assert {gap_of(cue.id) for cue in cues} == {at("10:00:00.25")}
