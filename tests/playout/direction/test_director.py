"""The desired state follows from the rundown, the time and the observation."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.plans import DAY, at, item, live, media, minutes, page, plan

from config.names import CueId
from playout.direction.director import DirectorInput, covered_for, decide, refused_by_a_deck
from playout.model.engine import DeckReport, DeckState, Observation
from playout.model.events import Absent, On
from playout.model.graphics import GraphicsRules
from playout.model.layer import Layer
from playout.model.plan import Media
from playout.model.rundown import Rundown, cue_at, next_change, next_cue, next_item, position
from playout.state.air_state import AirState
from playout.state.fold import fold
from playout.timing.adoption import commit_observed, next_to_commit, replacement_refused
from playout.timing.settle import settle

MADE = plan(
    item("a", at("10:00"), minutes(60)), item("b", at("11:00"), minutes(30)), board=(page(),)
)
SETTLED = settle(MADE, AirState(), DAY)


def find(media: Media) -> str | None:
    return f"/media/{media.key[:4]}"


def seen(cue: str | None, layer: Layer = Layer.DECK, **rest: object) -> Observation:
    return Observation(1, DAY, layer, CueId(cue) if cue else None, 1, 0, **rest)  # type: ignore[arg-type]


def scene(now: datetime, rundown: Rundown = SETTLED) -> DirectorInput:
    return DirectorInput(rundown, now, find)


def test_desired_state_has_the_shot_on_air_and_the_next() -> None:
    wanted = decide(scene(at("10:30")), None)

    assert (wanted.on_air.layer, wanted.on_air.at, wanted.on_air.until) == (
        Layer.DECK, at("10:00"), at("11:00"),
    )  # fmt: skip
    assert wanted.next is not None
    assert (wanted.next.at, wanted.next.offset) == (at("11:00"), 0.0)


def test_the_director_never_goes_back_behind_the_cue_on_air() -> None:
    later = cue_at(SETTLED, at("11:00")).id

    assert decide(scene(at("10:59:58")), seen(later)).on_air.cue == later


def test_a_missing_file_gets_no_deck() -> None:
    nowhere = DirectorInput(SETTLED, at("10:30"), lambda media: None)

    assert decide(nowhere, None).on_air.layer is Layer.SLATE


def test_a_shot_names_the_captions_of_its_file_where_they_are_here() -> None:
    here = replace(scene(at("10:30")), captions=lambda media: f"/media/{media.key[:4]}.cc")
    shot = decide(here, None).on_air

    assert shot.captions == f"{shot.path}.cc"
    assert decide(scene(at("10:30")), None).on_air.captions is None


@pytest.mark.parametrize(
    ("rules", "names"),
    [(None, ()), (GraphicsRules(caption_lives=True, caption_names=("Kraus",)), ("Kraus",))],
)
def test_the_engine_gets_the_names_that_automatic_captions_spell(
    rules: GraphicsRules | None, names: tuple[str, ...]
) -> None:
    assert decide(replace(scene(at("10:30")), rules=rules), None).caption_names == names


def test_a_file_without_picture_shows_a_slate_with_its_title() -> None:
    song = item(
        "song", at("10:00"), minutes(30), media=media("song", minutes(30), has_picture=False)
    )
    settled = settle(plan(item("a", at("9:00"), minutes(60)), song), AirState(), DAY)
    drawn = DirectorInput(settled, at("10:10"), find, slate=lambda text: f"/drawn/{text}")

    assert decide(drawn, None).slate == "/drawn/song"
    assert decide(replace(drawn, now=at("9:59")), None).slate == "/drawn/song"


def test_nothing_is_cued_behind_a_held_live() -> None:
    made = plan(live("council", at("10:00"), minutes(60)), item("b", at("11:00"), minutes(30)))
    wanted = decide(scene(at("10:30"), settle(made, AirState(), DAY)), None)

    assert wanted.next is None
    assert wanted.on_air.until > at("0:00", 7)


def test_only_a_failed_deck_of_a_desired_cue_is_a_fault() -> None:
    wanted = decide(scene(at("10:30")), None)
    assert wanted.next is not None
    failed = DeckReport(DeckState.FAILED, wanted.next.cue, reason="damaged")
    other = DeckReport(DeckState.FAILED, CueId("gone"))
    trouble = refused_by_a_deck(wanted, seen(None, decks=(other, failed)))

    assert trouble is not None and (trouble.cue, trouble.reason) == (failed.cue, "damaged")
    assert refused_by_a_deck(wanted, seen(None, decks=(other,))) is None


def test_only_the_cue_on_air_counts_as_covered() -> None:
    wanted = decide(scene(at("10:30")), None)

    assert covered_for(wanted, seen(wanted.on_air.cue, Layer.BOARD))
    assert not covered_for(wanted, seen(wanted.on_air.cue))
    assert not covered_for(wanted, seen("another", Layer.BOARD))


def test_cue_at_answers_for_every_instant() -> None:
    assert cue_at(SETTLED, at("0:00", -3)).end == SETTLED.starts
    assert cue_at(SETTLED, at("0:00", 9)).start == SETTLED.ends
    assert cue_at(SETTLED, at("10:00")).item == "a"
    assert cue_at(SETTLED, at("11:00") - timedelta(microseconds=1)).item == "a"


def test_next_item_and_position_in_the_current_one() -> None:
    now = at("10:30")
    following = next_item(SETTLED, now)

    assert next_change(SETTLED, now) == at("11:00")
    assert following is not None and following.item == "b"
    assert position(cue_at(SETTLED, now), now) == minutes(30)
    assert next_cue(SETTLED, at("0:00", 9)) is None


def test_a_cue_is_committed_five_seconds_before_its_start() -> None:
    happened = fold([Absent(at("9:59")), On(cue_at(SETTLED, at("10:00")))])
    rundown = settle(MADE, happened, at("10:30"))
    early, late = (
        next_to_commit(rundown, happened, at("10:59:54")),
        next_to_commit(rundown, happened, at("10:59:55")),
    )

    assert early is None
    assert late is not None and late.cue.item == "b"


def test_only_the_same_plan_or_another_channels_is_refused() -> None:
    from dataclasses import replace

    newer = replace(MADE, revision=MADE.revision + 1)

    assert replacement_refused(None, MADE, "ch13") is None
    assert replacement_refused(MADE, newer, "ch13") is None
    assert replacement_refused(newer, MADE, "ch13") is None, (
        "a restored server counts from an older number"
    )
    assert "already" in (replacement_refused(MADE, MADE, "ch13") or "")
    assert replacement_refused(newer, replace(MADE, made_at=at("1:00")), "ch13") is None
    assert "ch14" in (replacement_refused(None, MADE, "ch14") or "")


def test_a_cue_the_engine_moved_to_alone_is_committed() -> None:
    cue = cue_at(SETTLED, at("11:00"))

    assert commit_observed(SETTLED, AirState(), cue.id, at("11:01")) == On(cue)
    assert commit_observed(SETTLED, fold([On(cue)]), cue.id, at("11:01")) is None
    assert commit_observed(None, AirState(), cue.id, at("11:01")) is None
