"""What a button says of its last press, also when the press took the button away."""

from datetime import timedelta

import pytest
from support.desk import NOW

from playout.model.commands import Verb
from scheduler.queries.onair import CommandStatus
from web.onair.buttons import Act
from web.onair.desk import DONE_SHOWN, REFUSED_SHOWN, answered_with

LIVE = (Verb.HOLD, Verb.EXTEND, Verb.ADJOURN, Verb.RECESS, Verb.SLATE)
AFTER = (Verb.RESUME, Verb.TAKE, Verb.SKIP, Verb.SLATE)


def told(verb: Verb, answer: str = "accepted", minutes: int | None = None) -> CommandStatus:
    return CommandStatus("c", verb.value, "Otto", NOW, answer, "", minutes)


def act(verb: Verb) -> Act:
    minutes = 15 if verb is Verb.EXTEND else None
    return Act(verb, verb.value, "", "", "", key=verb.value, minutes=minutes)


@pytest.mark.parametrize(
    ("buttons", "pressed", "says"),
    [
        (LIVE, (told(Verb.HOLD),), {"hold": "Done"}),
        (LIVE, (told(Verb.HOLD, "waiting"),), {"hold": "Sending…"}),
        (LIVE, (told(Verb.EXTEND, minutes=15),), {"extend": "Done"}),
        (LIVE, (told(Verb.EXTEND, minutes=30),), {"extend-30": "Done"}),
        ((Verb.RESUME, Verb.HOLD), (told(Verb.RECESS),), {"resume": "Recess: done"}),
        (LIVE, (told(Verb.RESUME), told(Verb.RECESS)), {"recess": "Resume: done"}),
        (LIVE, (told(Verb.RECESS, "refused"),), {"recess": "Refused: see above"}),
        (AFTER, (told(Verb.ADJOURN),), {"resume": "Adjourn: done"}),
        (
            (Verb.RESUME,),
            (told(Verb.RECESS, "refused"),),
            {"resume": "Recess: refused: see above"},
        ),
        (LIVE, (told(Verb.GO),), {"go": "Done"}),
        (LIVE, (told(Verb.UNMARK),), {"unmark": "Done"}),
        (LIVE, (told(Verb.EMERGENCY),), {}),
        (LIVE, (), {}),
    ],
)
def test_a_press_is_answered_by_its_button_or_by_what_stands_in_its_place(
    buttons: tuple[Verb, ...], pressed: tuple[CommandStatus, ...], says: dict[str, str]
) -> None:
    shown = answered_with(tuple(act(verb) for verb in buttons), pressed, NOW)
    assert {one.key: one.said for one in shown if one.said} == says
    added = shown[len(buttons) :]
    assert not any(one.possible for one in added), "what stands for a lost button does nothing"


@pytest.mark.parametrize(("answer", "span"), [("accepted", DONE_SHOWN), ("refused", REFUSED_SHOWN)])
@pytest.mark.parametrize("verb", [Verb.HOLD, Verb.RESUME, Verb.GO])
def test_the_answer_goes_after_its_time(verb: Verb, answer: str, span: timedelta) -> None:
    buttons = tuple(act(one) for one in LIVE)
    at = NOW + span
    assert any(one.said for one in answered_with(buttons, (told(verb, answer),), at))
    late = answered_with(buttons, (told(verb, answer),), at + timedelta(seconds=1))
    assert late == buttons
