"""Rows into items: what travels, what is left out, and when two plans say the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from support.desk import CH13, HOUR, MINUTE, NOW, a_draft
from support.domain_values import airing, asset

from config.names import AiringId, ChannelId, Revision
from playout.host import journal_memory
from playout.model.history import digest
from playout.model.plan import ContentKind, EndRule, Plan, Rank, StartRule
from playout.state.air_state import NAMES_KEPT_FOR, AirState
from playout.timing.settle import settle
from scheduler.domain.air.build_plan import Snapshot, build_plan, window
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.asset import Asset, AssetState
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.ids import AssetId, SlideId
from scheduler.domain.model.slide import Slide, SlideDraft

CHANNEL = Channel(
    CH13, "City Channel 13", "America/New_York", "1280x720@30000/1001", "", "", "Back soon",
    HOUR, False, 1, 1,
)  # fmt: skip


def plan(
    *airings: Airing,
    assets: tuple[Asset, ...] = (asset(),),
    filler: tuple[Asset, ...] = (),
    slides: tuple[Slide, ...] = (),
    now: datetime = NOW,
) -> Plan:
    known = {one.id: one for one in assets}
    starts, ends = window(now)
    return build_plan(
        Snapshot(CHANNEL, airings, known, filler, slides), starts, ends, now, Revision(7)
    )


FILE = a_draft(asset=AssetId("a"))


def test_an_airing_with_a_file_is_an_item_with_its_rules() -> None:
    draft = replace(
        FILE, start_rule=StartRule.WAIT, wait_limit=MINUTE, locked=True, in_point=MINUTE
    )
    (item,) = plan(airing(draft)).items
    assert (item.id, item.airing, item.kind, item.rank) == ("a1", "a1", ContentKind.FILE, Rank.SOFT)
    assert (item.wait_limit, item.locked, item.in_point) == (MINUTE, True, MINUTE)
    assert item.media == asset().media


def test_a_live_airing_carries_its_source_and_its_limit() -> None:
    limit = NOW + 9 * HOUR
    draft = a_draft(source="chamber", end_rule=EndRule.HOLD, hard_limit=limit)
    (item,) = plan(airing(draft)).items
    assert (item.kind, item.source, item.end_rule) == (ContentKind.LIVE, "chamber", EndRule.HOLD)
    assert (item.hard_limit, item.media) == (limit, None)


def test_a_replay_is_known_as_one_with_and_without_its_file() -> None:
    named, awaited, plain = plan(
        airing(replace(FILE, replay_of=AiringId("m"))),
        airing(a_draft(replay_of=AiringId("m"))),
        airing(FILE),
    ).items

    assert (named.replay, awaited.replay, plain.replay) == (True, True, False)
    assert (named.replay_of, awaited.replay_of) == (None, "m")


def test_an_airing_with_words_only_is_a_slate() -> None:
    (item,) = plan(airing(a_draft(slate_text="Recess until 2"))).items
    assert (item.kind, item.slate_text) == (ContentKind.SLATE, "Recess until 2")


@pytest.mark.parametrize(
    "left_out",
    [
        airing(a_draft()),
        airing(replace(FILE, asset=AssetId("gone"))),
        airing(FILE, cancelled=True),
        airing(replace(FILE, start=NOW + timedelta(days=10))),
        airing(replace(FILE, start=NOW - timedelta(days=10))),
    ],
)
def test_airings_that_cannot_air_are_left_out(left_out: Airing) -> None:
    assert plan(left_out).items == ()


def test_a_refused_file_does_not_air() -> None:
    assert plan(airing(FILE), assets=(asset(state=AssetState.REFUSED),)).items == ()


def test_a_still_plays_as_long_as_its_airing() -> None:
    picture = asset(minutes=0)
    assert picture.media is not None
    still = replace(picture, media=replace(picture.media, rate=None))
    (item,) = plan(airing(FILE), assets=(still,)).items
    assert item.media is not None
    assert item.media.length == HOUR
    assert plan(filler=(still,)).filler == ()


def test_a_plan_carries_the_channels_filler_and_slides() -> None:
    ours = Slide(SlideId("s1"), SlideDraft("Ours", "Text", CH13, NOW), 2, 1)
    every = Slide(SlideId("s2"), SlideDraft("Every", "Text", None, NOW), 1, 1)
    other = Slide(SlideId("s3"), SlideDraft("Other", "Text", ChannelId("ch14"), NOW), 3, 1)
    over = Slide(
        SlideId("s4"), SlideDraft("Over", "", CH13, NOW - 99 * HOUR, NOW - 80 * HOUR), 4, 1
    )
    made = plan(filler=(asset(),), slides=(ours, every, other, over))
    assert [page.heading for page in made.board] == ["Every", "Ours"]
    assert made.filler_titles == ("File a",)
    assert (made.station, made.slate_text) == ("City Channel 13", "Back soon")


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Honolulu", "Australia/Lord_Howe"])
def test_a_plan_reaches_eight_local_days_ahead_in_every_hour_of_a_year(zone: str) -> None:
    for hours in range(366 * 24):
        now = NOW + hours * HOUR + 17 * MINUTE
        starts, ends = window(now)
        # Adding days to a local time keeps the wall clock, so this is 191 to 193 hours.
        assert ends >= (now.astimezone(ZoneInfo(zone)) + timedelta(days=8)).astimezone(UTC)
        assert now - starts >= timedelta(hours=24)


def test_a_machine_alone_with_a_plan_remembers_what_aired_of_it_until_it_ends() -> None:
    starts, ends = window(NOW)
    assert ends - starts < NAMES_KEPT_FOR < journal_memory.NAMES_KEPT_FOR


def test_the_window_moves_in_steps() -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert window(noon) == window(noon + timedelta(hours=5, minutes=59))
    assert window(noon) != window(noon + timedelta(hours=6))


def test_equal_plans_have_equal_digests() -> None:
    one, two = plan(airing(FILE)), plan(airing(FILE), now=NOW + MINUTE)
    assert digest(one) == digest(replace(two, revision=Revision(9)))
    assert digest(one) != digest(plan(airing(replace(FILE, title="Other"))))
    assert digest(one) != digest(plan(airing(FILE), filler=(asset("b"),)))


def test_a_plan_settles_without_a_hole() -> None:
    made = plan(airing(FILE), airing(a_draft(NOW + 2 * HOUR, source="chamber"), 2))
    rundown = settle(made, AirState(), NOW)
    assert (rundown.starts, rundown.ends) == (made.starts, made.ends)
    assert {cue.airing for cue in rundown.cues} == {None, "a1", "a2"}
    assert Fraction(30000, 1001) == made.items[0].media.rate  # type: ignore[union-attr]
