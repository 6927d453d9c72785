"""The status tells whether what airs has its captions, and whether they leave."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.plans import at, item, live, media, minutes, plan

from config.names import AssetKey
from playout.host.captions import NOT_LEAVING, CaptionWatch
from playout.model.caption_status import AirCaptions, CaptionKind, CaptionStatus
from playout.model.engine import DeckReport, DeckState, Observation
from playout.model.layer import Layer
from playout.model.plan import CaptionFile
from playout.model.rundown import Cue
from playout.state.air_state import AirState
from playout.timing.settle import settle

NOW = at("2:05")
FILM = media("film", minutes(60))
CAPTIONED = replace(FILM, captions=CaptionFile(AssetKey("c" * 64), 9))


def cue(name: str) -> Cue:
    made = plan(
        item("captioned", at("2:00"), minutes(60), media=CAPTIONED),
        item("bare", at("3:00"), minutes(60), media=FILM),
        live("meeting", at("4:00"), minutes(60)),
    )
    cues = settle(made, AirState(), NOW).cues
    return next(one for one in cues if one.item == name)


NOTHING = AirCaptions()


def seen(captions: AirCaptions = NOTHING, *decks: DeckReport) -> Observation:
    return Observation(1, NOW, Layer.DECK, None, 1, 0, decks=decks, captions=captions)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("captioned", CaptionKind.FILE), ("bare", CaptionKind.NONE),
        ("meeting", CaptionKind.LIVE),
    ],
)  # fmt: skip
def test_the_status_names_where_captions_come_from(name: str, kind: CaptionKind) -> None:
    counted = AirCaptions(40, 38, NOW)
    status, wrong = CaptionWatch().look(cue(name), seen(counted), NOW, are_here=True)

    assert (status, wrong) == (CaptionStatus(kind, 40, 38, NOW), [])


def test_captions_that_are_not_here_yet_are_reported_and_the_file_airs() -> None:
    status, wrong = CaptionWatch().look(cue("captioned"), seen(), NOW, are_here=False)

    assert status.missing == "they are not on this machine yet"
    assert wrong == ["captioned airs without its captions: they are not on this machine yet."]


def test_captions_that_the_deck_cannot_read_are_reported_with_its_reason() -> None:
    shown = cue("captioned")
    deck = DeckReport(DeckState.ON_AIR, shown.id, no_captions="This is no caption track.")
    status, _ = CaptionWatch().look(shown, seen(NOTHING, deck), NOW, are_here=True)

    assert status.missing == "This is no caption track."


def test_a_file_without_captions_misses_none() -> None:
    status, wrong = CaptionWatch().look(cue("bare"), seen(), NOW, are_here=False)

    assert (status.missing, wrong) == ("", [])


@pytest.mark.parametrize(
    ("left", "seconds", "wrong"),
    [(0, 9, []), (0, 10, [NOT_LEAVING]), (1, 60, []), (None, 60, [])],
)
def test_captions_that_are_aired_and_do_not_leave_are_a_problem_once_that_lasts(
    left: int | None, seconds: float, wrong: list[str]
) -> None:
    watch, counted = CaptionWatch(), seen(AirCaptions(40, left, NOW))
    first = watch.look(cue("captioned"), counted, NOW, are_here=True)[1]
    later = NOW + timedelta(seconds=seconds)

    assert first == []
    assert watch.look(cue("captioned"), counted, later, are_here=True)[1] == wrong


def test_captions_that_leave_again_end_the_problem() -> None:
    watch = CaptionWatch()
    for seconds, left in ((0, 0), (9, 3), (10, 0)):
        now = NOW + timedelta(seconds=seconds)
        wrong = watch.look(cue("captioned"), seen(AirCaptions(40, left)), now, are_here=True)[1]

        assert wrong == []
