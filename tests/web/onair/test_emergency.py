"""The emergency page: preview before sending, and the state of the message on each channel."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PIL import Image
from support.desk import CH13, HOUR, NOW
from support.website import Site, post

from playout.model.commands import Verb
from playout.model.events import Message, MessagePlacement
from scheduler.domain.model.people import Role
from scheduler.queries.host_api import commands_after
from scheduler.queries.onair import CommandStatus
from web.onair.emergency import SHOWN_WITHIN_SECONDS, message_state, preview

MESSAGE = Message("m", "Boil water.", MessagePlacement.FULL, NOW, NOW + HOUR, "Eve")
SENT = CommandStatus("c", Verb.EMERGENCY, "Eve", NOW, "waiting", "")
TYPED: dict[str, Any] = {
    "text": "Boil water in Zone 4. Call 311.",
    "placement": "full",
    "minutes": "60",
    "channels": ["ch13", "ch14"],
}


def channel(
    message: Message | None = None,
    shown: bool = False,
    commands: tuple[CommandStatus, ...] = (),
    **more: Any,
) -> Any:
    status = SimpleNamespace(message=message, message_shown=shown)
    kept = {"state": "on air", "heard_at": NOW, "status": status, "commands": commands, **more}
    return SimpleNamespace(channel=SimpleNamespace(tz=ZoneInfo("America/New_York")), **kept)


NEVER = channel(state="never", heard_at=None, status=None)


@pytest.mark.parametrize(
    ("on", "after", "state", "word", "said"),
    [
        (channel(), 0, "", "no message", ""),
        (channel(commands=(SENT,)), 1, "selected", "sending", "Waiting for the broadcast machine"),
        (
            channel(commands=(replace(SENT, answer="unanswered"),)),
            30,
            "amber",
            "no answer",
            "Send it",
        ),
        (
            channel(commands=(replace(SENT, answer="refused", reason="Too late."),)),
            1,
            "amber",
            "not shown",
            "Too late.",
        ),
        (channel(MESSAGE), 2, "selected", "sending", "The machine has it."),
        (channel(MESSAGE), SHOWN_WITHIN_SECONDS + 1, "amber", "not shown", "does not show it"),
        (channel(MESSAGE, True), 5, "red", "on air since 13:00", "Ends automatically at 14:00."),
        (
            channel(MESSAGE, True, (replace(SENT, verb=Verb.CLEAR),)),
            9,
            "red",
            "being taken down",
            "Ends automatically",
        ),
        (channel(MESSAGE, True), 3601, "", "no message", ""),
        (channel(state="silent"), 60, "amber", "machine silent", "silent since 13:00"),
        (channel(MESSAGE, True, state="silent"), 60, "amber", "on air at its last report", "since"),
        (channel(MESSAGE, state="silent"), 60, "amber", "machine silent", "silent"),
        (channel(MESSAGE, True, state="silent"), 3601, "amber", "machine silent", "silent"),
        (channel(commands=(SENT,), state="silent"), 1, "selected", "sending", "silent since 13:00"),
        (
            channel(commands=(replace(SENT, answer="unanswered"),), state="silent"),
            30,
            "amber",
            "no answer",
            "silent since 13:00",
        ),
        (NEVER, 0, "amber", "machine silent", "has never reported"),
        (channel(MESSAGE, True, (SENT,)), 1, "selected", "sending", "Waiting"),
    ],
)
def test_each_channel_shows_the_state_of_its_message(
    on: Any, after: float, state: str, word: str, said: str
) -> None:
    shown = message_state(on, NOW + timedelta(seconds=after))
    assert (shown.state, shown.word) == (state, word)
    assert said in shown.said


@pytest.mark.parametrize("placement", list(MessagePlacement))
def test_the_preview_has_air_size_and_shows_the_words(
    placement: MessagePlacement,
) -> None:
    def drawn(text: str) -> Any:
        made = Image.open(BytesIO(preview(text, placement, 1280, 720, "City")))
        assert made.size == (1280, 720)
        return np.asarray(made, dtype=int)

    changed = np.abs(drawn("Boil water.") - drawn("Stay at home.")).sum(axis=(1, 2)) > 0
    assert changed.any()
    assert changed[:360].any() == (placement is MessagePlacement.FULL)


def test_a_message_is_previewed_and_confirmed_before_it_is_sent(site: Site) -> None:
    desk = site.browser(Role.OPERATOR, Role.EMERGENCY)
    answer = post(desk, "/emergency/check", **TYPED)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200 and commands_after(site.db, CH13, 0) == ()
    for said in (TYPED["text"], "the full screen, without sound", "after 1 hour, at 14:00"):
        assert said in page
    assert "Put it on air on City Channel 13, City Channel 14" in page
    again = post(desk, "/emergency/rewrite", **TYPED).get_data(as_text=True)
    assert TYPED["text"] in again and "Preview" in again
    for wrong in ("", "x" * 301):
        assert post(desk, "/emergency/check", **{**TYPED, "text": wrong}).status_code == 422
    assert post(desk, "/emergency", **TYPED).status_code == 303
    assert commands_after(site.db, CH13, 0)[-1].text == TYPED["text"]
    state = desk.get("/emergency/state").get_data(as_text=True)
    assert "Take it down" not in state and "sending" in state and "never reported" in state
    site.clock.advance(timedelta(seconds=11))
    assert "no answer" in desk.get("/emergency/state").get_data(as_text=True)
    site.clock.advance(timedelta(minutes=2))
    state = desk.get("/emergency/state").get_data(as_text=True)
    assert "machine silent" in state and "not shown" not in state


def test_only_people_who_may_send_can_see_the_preview(site: Site) -> None:
    path = "/emergency/preview.png?channel=ch13&placement=strip&text=Boil+water."
    answer = site.browser(Role.EMERGENCY).get(path)
    assert answer.mimetype == "image/png"
    assert Image.open(BytesIO(answer.data)).size == (1280, 720)
    assert site.browser(Role.OPERATOR).get(path).status_code == 403
