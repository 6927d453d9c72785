"""The pages of alerts: what is wrong, acknowledging it, who is told, and the test button."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from support.desk import ADMIN, CH13, NOW
from support.mailbox import Mailbox, mail_server
from support.page import read
from support.webhooks import hook_server
from support.website import Site, post

from config.alert_settings import AlertSettings, MailSettings
from config.signing import secret_key, signature
from playout.alerts.conditions import RULES, Condition
from scheduler.actions import alert_messages, alerts, contacts
from scheduler.actions.undo import undo
from scheduler.domain.model.alerts import ContactDraft, Way
from scheduler.domain.model.people import Role
from scheduler.queries import alert_pages, changes
from web.alerts.views import ACKNOWLEDGE
from web.kit.context import SERVICES_KEY

KEY = "canary-4711"
FORM = {
    "name": "Night operator", "way": "mail", "target": "night@example.gov", "least": "urgent",
    "after": "15", "remind": "30", "days": ["0", "4"], "starts": "22:00", "until": "6:00",
    "channels": [CH13],
}  # fmt: skip


def fault(site: Site, condition: Condition = Condition.BLACK) -> str:
    """Raise a fault on the first channel, and return the id of its alert."""
    for after in (timedelta(minutes=-5), timedelta(0)):
        alerts.observe(
            site.db, condition, holds=True, at=site.clock.utc() + after, reporter="test",
            detail="The picture on air is black.", channel=CH13,
        )  # fmt: skip
    return alert_pages.open_alerts(site.db)[0].id


def told(site: Site) -> tuple[str, str]:
    """Return the id of a message that told Ann of a fault, and the address of its link."""
    contacts.add(site.db, ADMIN, NOW, ContactDraft("Ann", Way.MAIL, "ann@example.gov"))
    fault(site)
    assert alert_messages.make(site.db, site.clock.utc(), "Test City") == 1
    [waiting] = alert_messages.waiting(site.db, site.clock.utc())
    signed = signature(secret_key(site.settings.data_dir), ACKNOWLEDGE, waiting.id)
    return waiting.id, f"/alerts/message/{waiting.id}/{signed}"


@pytest.fixture
def mailbox(site: Site) -> Iterator[Mailbox]:
    """Give the site a mail server and a webhook."""
    with mail_server() as box, hook_server() as hooks:
        given = AlertSettings(
            mail=MailSettings(
                host="127.0.0.1", port=box.port, security="none", password=SecretStr(KEY)
            ),
            webhooks={"pager": SecretStr(f"{hooks.address}/{KEY}")},
        )
        services = site.app.extensions[SERVICES_KEY]
        object.__setattr__(services, "settings", site.settings.model_copy(update={"alerts": given}))
        yield box


def test_the_page_says_what_is_wrong_since_when_and_what_to_do(site: Site) -> None:
    fault(site)
    text = site.browser(Role.VIEWER).get("/alerts").text

    rule = RULES[Condition.BLACK]
    assert f"{rule.title} · City Channel 13" in " ".join(text.split())
    assert rule.advice in text and "The picture on air is black." in text
    assert "Began at 12:55." in text


def test_an_urgent_alert_is_on_every_page_until_someone_acknowledges(site: Site) -> None:
    id = fault(site)
    client = site.browser(Role.OPERATOR)
    words = "City Channel 13: Black picture. The picture on air is black."
    assert words in client.get("/live/banner").text

    answer = post(client, f"/alerts/{id}/acknowledge")

    assert answer.status_code == 303
    assert words not in client.get("/live/banner").text
    assert "Acknowledged by operator." in client.get("/alerts").text


def test_what_is_not_urgent_is_on_its_page_only(site: Site) -> None:
    fault(site, Condition.DISK)
    client = site.browser(Role.OPERATOR)

    assert "Disk nearly full" in client.get("/alerts").text
    assert "Disk nearly full" not in client.get("/live/banner").text


def test_a_viewer_cannot_acknowledge(site: Site) -> None:
    id, client = fault(site), site.browser(Role.VIEWER)

    assert "Acknowledge" not in client.get("/alerts").text
    assert post(client, f"/alerts/{id}/acknowledge").status_code == 403


def test_opening_the_link_of_a_message_changes_nothing_and_pressing_acknowledges(
    site: Site,
) -> None:
    _, link = told(site)
    stranger: FlaskClient = site.visitor()
    for _ in range(3):
        assert "I take care of it" in stranger.get(link).text
    stranger.head(link)
    assert alert_pages.open_alerts(site.db)[0].acknowledged is None

    answer = post(stranger, link)

    assert "Thank you." in answer.text and "I take care of it" not in answer.text
    [alert] = alert_pages.open_alerts(site.db)
    assert alert.acknowledged_by == "Ann, from the message"
    assert "Nothing is left to acknowledge." in stranger.get(link).text


def test_a_link_opens_nothing_else_and_a_wrong_one_nothing_at_all(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    id, link = told(site)
    stranger = site.visitor()
    signed = link.rsplit("/", 1)[1]
    assert stranger.get(link).status_code == 200
    assert stranger.get("/alerts").status_code == 302
    for wrong in (
        f"/alerts/message/{id}/{'0' * 32}",
        f"/alerts/message/{'0' * 32}/{signed}",
        f"/alerts/message/{id}/{signed}é",
    ):
        assert stranger.get(wrong).status_code == 404
        assert post(stranger, wrong).status_code == 404
    assert signed not in caplog.text
    assert alert_pages.open_alerts(site.db)[0].acknowledged is None


def test_a_press_without_the_page_s_own_token_is_refused(site: Site) -> None:
    _, link = told(site)

    assert site.visitor().post(link).status_code == 400


def test_a_contact_is_added_changed_removed_and_brought_back(site: Site) -> None:
    client = site.browser(Role.ENGINEER)
    assert post(client, "/settings/alerts", **FORM).status_code == 303
    [added] = alert_pages.contacts(site.db)
    text = " ".join(client.get("/settings/alerts").text.split())
    assert (
        "mail to night@example.gov · ch13 · urgent only: viewers see it now · after 15 min without "
        "an acknowledgement · reminded every 30 min · Monday and Friday · 22:00–06:00"
    ) in text

    shown = read(client.get(f"/settings/alerts/{added.id}"))
    assert shown.one("input", name="starts").get("value") == "22:00"
    changed = {**FORM, "name": "Day operator", "version": str(added.version)}
    assert post(client, f"/settings/alerts/{added.id}", **changed).status_code == 303
    version = str(alert_pages.contact(site.db, added.id).version)
    assert post(client, f"/settings/alerts/{added.id}/remove", version=version).status_code == 303
    assert alert_pages.contacts(site.db) == ()

    entry = changes.latest(site.db, "contact", added.id)
    assert entry is not None and entry.can_undo
    undo(site.db, ADMIN, site.clock.utc(), entry.id)
    assert [one.name for one in alert_pages.contacts(site.db)] == ["Day operator"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Please fill this in."),
        ("target", "not a mail address", "Enter one mail address"),
        ("target", "a@b.gov, c@d.gov", "Enter one mail address"),
        ("after", "99999", "Enter 0 to 1440 minutes."),
        ("after", "-1", "Enter 0 to 1440 minutes."),
        ("remind", "1", "Enter 5 to 1440 minutes"),
        ("starts", "noonish", ""),
        ("days", "9", ""),
        ("channels", "ch99", ""),
        ("least", "loud", ""),
        ("way", "pigeon", ""),
    ],
)
def test_a_mistake_is_named_and_nothing_is_stored(
    site: Site, field: str, value: str, said: str
) -> None:
    client = site.browser(Role.ENGINEER)
    answer = post(client, "/settings/alerts", **{**FORM, field: value})

    assert answer.status_code == 422
    assert said in answer.text
    assert alert_pages.contacts(site.db) == ()


def test_an_old_version_is_not_written_over(site: Site) -> None:
    client = site.browser(Role.ENGINEER)
    post(client, "/settings/alerts", **FORM)
    [added] = alert_pages.contacts(site.db)
    old = {**FORM, "version": str(added.version)}
    assert post(client, f"/settings/alerts/{added.id}", **{**old, "after": "5"}).status_code == 303
    answer = post(client, f"/settings/alerts/{added.id}", **{**old, "after": "7"})

    assert answer.status_code == 422 and "Save again to use yours." in answer.text


def test_the_test_button_really_sends_and_shows_the_true_result(
    site: Site, mailbox: Mailbox
) -> None:
    client = site.browser(Role.ENGINEER)
    post(client, "/settings/alerts", **FORM)
    [added] = alert_pages.contacts(site.db)

    good = post(client, f"/settings/alerts/{added.id}/test")
    mailbox.refusal = "550 no such box"
    bad = post(client, f"/settings/alerts/{added.id}/test")

    assert "The test to Night operator was accepted." in good.text
    assert mailbox.subjects() == ["Test City: test of alerts"]
    assert "was not sent. The mail server refuses night@example.gov: 550 no such box" in bad.text


def test_pages_name_what_the_settings_hold_and_no_secret(site: Site, mailbox: Mailbox) -> None:
    client = site.browser(Role.ENGINEER)
    post(client, "/settings/alerts", **{**FORM, "way": "webhook", "target": "pager"})
    [added] = alert_pages.contacts(site.db)
    pages = [
        client.get("/settings/alerts").text,
        client.get(f"/settings/alerts/{added.id}").text,
        post(client, f"/settings/alerts/{added.id}/test").text,
        client.get("/reports/history").text,
    ]

    assert "pager" in pages[0] and "127.0.0.1, port" in pages[0]
    assert not any(KEY in page for page in pages)


def test_only_engineers_see_and_change_who_is_told(site: Site) -> None:
    client = site.browser(Role.OPERATOR)

    assert client.get("/settings/alerts").status_code == 403
    assert post(client, "/settings/alerts", **FORM).status_code == 403
