"""The result of a button's last press, also when the press replaced the button."""

from datetime import timedelta

import pytest
from support.desk import NOW

from playout.model.commands import Verb
from scheduler.queries.onair import CommandStatus
from web.onair.buttons import Button
from web.onair.desk import DONE_SHOWN_FOR, REFUSED_SHOWN_FOR, with_press_results

LIVE = (Verb.HOLD, Verb.EXTEND, Verb.ADJOURN, Verb.RECESS, Verb.SLATE)
AFTER = (Verb.RESUME, Verb.TAKE, Verb.SKIP, Verb.SLATE)


def told(verb: Verb, answer: str = "accepted", minutes: int | None = None) -> CommandStatus:
    return CommandStatus("c", verb.value, "Otto", NOW, answer, "", minutes)


def act(verb: Verb) -> Button:
    minutes = 15 if verb is Verb.EXTEND else None
    return Button(verb, verb.value, "", "", "", key=verb.value, minutes=minutes)


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
def test_the_result_of_a_press_is_on_its_button_or_on_the_one_that_replaced_it(
    buttons: tuple[Verb, ...], pressed: tuple[CommandStatus, ...], says: dict[str, str]
) -> None:
    shown = with_press_results(tuple(act(verb) for verb in buttons), pressed, NOW)
    assert {one.key: one.result for one in shown if one.result} == says
    added = shown[len(buttons) :]
    assert not any(one.possible for one in added), "what stands for a lost button does nothing"


@pytest.mark.parametrize(
    ("answer", "span"), [("accepted", DONE_SHOWN_FOR), ("refused", REFUSED_SHOWN_FOR)]
)
@pytest.mark.parametrize("verb", [Verb.HOLD, Verb.RESUME, Verb.GO])
def test_the_result_of_a_press_disappears_after_its_time(
    verb: Verb, answer: str, span: timedelta
) -> None:
    buttons = tuple(act(one) for one in LIVE)
    at = NOW + span
    assert any(one.result for one in with_press_results(buttons, (told(verb, answer),), at))
    late = with_press_results(buttons, (told(verb, answer),), at + timedelta(seconds=1))
    assert late == buttons
