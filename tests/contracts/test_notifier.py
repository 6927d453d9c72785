"""What every way to send promises: the fake and the real ones, at real servers."""

import logging
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr
from support.mailbox import mail_server
from support.webhooks import hook_server

from config.alert_settings import MailSettings
from config.logs import quiet_libraries
from playout.notify.fakes import KeptMessages
from playout.notify.mail import Mail
from playout.notify.notifier import Notifier, NotifyError, OutgoingMessage
from playout.notify.service import Services
from playout.notify.web import Webhooks

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")
"""A module of Apprise imports it."""
KEY = "canary-4711"
MESSAGE = OutgoingMessage(
    "m1",
    "URGENT City Channel 13: Black picture – now",
    "Black picture · City Channel 13\nBegan at 19:04.\n",
    datetime(2026, 11, 24, 19, 4, tzinfo=UTC),
    facts=({"condition": "black"},),
    link="https://tv.example.gov/alerts/m1",
)


@dataclass
class FarEnd:
    """A way to send, a target of it, what arrived there, and how to make it refuse."""

    notifier: Notifier
    target: str
    arrived: Callable[[], list[str]]
    refuse: Callable[[], None]


@pytest.fixture(params=["fake", "mail", "webhook", "service"])
def far_end(request: pytest.FixtureRequest) -> Iterator[FarEnd]:
    if request.param == "fake":
        kept = KeptMessages()

        def refuse() -> None:
            kept.refusal = "no"

        yield FarEnd(kept, "anyone", lambda: [m.subject for _, m in kept.messages], refuse)
    elif request.param == "mail":
        with mail_server() as box:
            settings = MailSettings(host="127.0.0.1", port=box.port, security="none")

            def refuse() -> None:
                box.refusal = "550 no such box"

            yield FarEnd(Mail(settings, "example.gov"), "tv@example.gov", box.subjects, refuse)
    else:
        with hook_server() as hooks:

            def refuse() -> None:
                hooks.status = 500

            def arrived() -> list[str]:
                return [said.get("subject") or said["title"] for _, _, said in hooks.asked]

            secret = SecretStr(f"{hooks.address}/{KEY}")
            if request.param == "service":
                secret = SecretStr(f"json{hooks.address.removeprefix('http')}/{KEY}")
                yield FarEnd(Services({"pager": secret}), "pager", arrived, refuse)
            else:
                yield FarEnd(Webhooks({"pager": secret}), "pager", arrived, refuse)


def test_a_sent_message_has_arrived(far_end: FarEnd) -> None:
    far_end.notifier.send(far_end.target, MESSAGE)

    assert [subject.replace("=?utf-8?", "")[:6] for subject in far_end.arrived()] == ["URGENT"]


def test_a_refusal_is_an_error_in_words_without_a_secret(
    far_end: FarEnd, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    quiet_libraries()
    far_end.refuse()

    with pytest.raises(NotifyError) as caught:
        far_end.notifier.send(far_end.target, MESSAGE)

    assert str(caught.value)
    assert KEY not in str(caught.value) and caught.value.__cause__ is None
    assert KEY not in caplog.text


def test_a_way_that_lacks_its_target_says_which_setting_is_missing() -> None:
    for notifier in (Webhooks({}), Services({})):
        with pytest.raises(NotifyError, match="The settings hold no .* named pager"):
            notifier.send("pager", MESSAGE)
    with pytest.raises(NotifyError, match=r"alerts\.mail\.host"):
        Mail(MailSettings(), "example.gov").send("tv@example.gov", MESSAGE)


def test_a_far_end_that_is_away_is_an_error_in_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(NotifyError, match="not reached"):
        Mail(MailSettings(host="127.0.0.1", port=port, timeout=2), "x.gov").send("a@b.gov", MESSAGE)
    hooks = Webhooks({"pager": SecretStr(f"http://127.0.0.1:{port}/{KEY}")})
    with pytest.raises(NotifyError, match="not reached") as caught:
        hooks.send("pager", MESSAGE)
    assert KEY not in str(caught.value)
