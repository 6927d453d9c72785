"""What operators do to graphics: shown and taken down by hand, whatever is on air."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.plans import at, item, minutes, plan

from config.names import CueId
from playout.commands.obey import obey
from playout.model.commands import Command, Verb
from playout.model.events import Event
from playout.model.graphic_events import BugSet, Keyed, Unkeyed
from playout.model.graphics import Bug, Crawl, GraphicsRules, LowerThird
from playout.model.plan import ContentKind
from playout.model.rundown import cue_at
from playout.state.air_state import AirState, CommandRefused, Situation
from playout.state.fold import fold
from playout.timing.settle import settle

NOW = at("10:30")
BUG = Bug("13")
MAYOR = LowerThird("x", "Ann\n Lee", " Mayor")
NEWS = Crawl("x", "Road  closed.", times=2)


def air(*events: Event, bug: Bug | None = BUG) -> Situation:
    made = plan(item("film", at("10:00"), minutes(60)))
    made = replace(made, graphics=GraphicsRules(bug=bug))
    rundown = settle(made, AirState(), NOW)
    return Situation(made, rundown, fold(events), cue_at(rundown, NOW), NOW)


def press(verb: Verb, **rest: object) -> Command:
    given = Command("c9", 1, verb, NOW, NOW + timedelta(seconds=10), "ann")
    return replace(given, **rest)  # type: ignore[arg-type]


def refused(command: Command, stands: Situation) -> str:
    with pytest.raises(CommandRefused) as refusal:
        obey(command, stands)
    return str(refusal.value)


def test_a_graphic_is_shown_from_now_on_one_line_under_the_name_of_its_command() -> None:
    (third,) = obey(press(Verb.GRAPHIC, graphic=MAYOR), air())
    (crawl,) = obey(press(Verb.GRAPHIC, graphic=NEWS), air())

    assert third == Keyed(LowerThird("c9", "Ann Lee", "Mayor", begins=NOW), NOW, "ann")
    assert crawl == Keyed(Crawl("c9", "Road closed.", times=2, begins=NOW), NOW, "ann")


@pytest.mark.parametrize(
    ("graphic", "words"),
    [
        (None, "Write what to show."),
        (LowerThird("x", "  "), "first line"),
        (replace(MAYOR, shown_for=timedelta(seconds=1)), "2 seconds to 5 minutes"),
        (replace(MAYOR, shown_for=minutes(6)), "2 seconds to 5 minutes"),
        (Crawl("x", " "), "text of the crawl"),
        (replace(NEWS, times=0), "how often"),
        (replace(NEWS, ends=NOW), "end time in the future"),
        (replace(NEWS, times=0, ends=NOW + minutes(721)), "twelve hours"),
    ],
)
def test_a_graphic_that_says_nothing_or_never_ends_is_refused(
    graphic: LowerThird | Crawl | None, words: str
) -> None:
    assert words in refused(press(Verb.GRAPHIC, graphic=graphic), air())


def test_a_lower_third_counts_only_for_the_program_its_sender_saw() -> None:
    assert "on air now" in refused(press(Verb.GRAPHIC, graphic=MAYOR, cue=CueId("other")), air())
    hidden = obey(press(Verb.HIDE_LOWER_THIRD, cue=CueId("other")), air())
    assert hidden == (Unkeyed("lower third", NOW, "ann"),)


def test_a_lower_third_over_slides_is_refused_but_a_crawl_is_not() -> None:
    stands = air()
    board = replace(stands.current, item=None, kind=ContentKind.BOARD)
    slides = replace(stands, current=board)

    assert "No program is on air now" in refused(press(Verb.GRAPHIC, graphic=MAYOR), slides)
    assert len(obey(press(Verb.GRAPHIC, graphic=NEWS), slides)) == 1


def test_the_state_knows_the_newest_of_each_kind_and_whether_it_was_taken_down() -> None:
    third, crawl = Keyed(MAYOR, NOW, "ann"), Keyed(NEWS, NOW, "ann")
    later = replace(third, at=NOW + minutes(2))
    down = fold([third, crawl, Unkeyed("lower third", NOW + minutes(1), "bob")])
    again = fold([later], down)

    assert (down.keyed, down.unkeyed) == (
        {"lower third": third, "crawl": crawl}, {"lower third": NOW + minutes(1)},
    )  # fmt: skip
    assert (again.keyed["lower third"], again.unkeyed) == (later, {})


def test_the_bug_goes_off_once_and_comes_back_once() -> None:
    off = BugSet(False, NOW, "ann")
    assert obey(press(Verb.BUG_OFF), air()) == (off,)
    assert obey(press(Verb.BUG_ON), air(off)) == (BugSet(True, NOW, "ann"),)

    assert "already off" in refused(press(Verb.BUG_OFF), air(off))
    assert "already on" in refused(press(Verb.BUG_ON), air())
    assert "has no bug" in refused(press(Verb.BUG_OFF), air(bug=None))
