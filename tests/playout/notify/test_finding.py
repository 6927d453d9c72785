"""The doctors' look at the settings of alerts: what is incomplete, and what to write."""

from pathlib import Path

import pytest

from config.finding import MachineFinding
from config.settings import Settings
from playout.notify.finding import alert_findings

SMTP = {"host": "smtp.example.gov"}


def found(**alerts: object) -> list[MachineFinding]:
    """Judge these settings of alerts."""
    return alert_findings(Settings(domain="tv.example.gov", alerts=alerts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("alerts", "said"),
    [
        ({"mail": {"host": "smtp://gavel:canary@smtp.example.gov"}}, "alerts.mail.host is no name"),
        ({"mail": {"host": "smtp.example.gov:587"}}, "alerts.mail.host is no name"),
        ({"mail": {**SMTP, "sender": "Gavel"}}, "Mail would come from Gavel"),
        ({"mail": {**SMTP, "user": "gavel"}}, "a user and no password"),
        ({"mail": {**SMTP, "user": "gavel", "password_file": "/nowhere"}}, "cannot be read"),
        (
            {"mail": {**SMTP, "user": "gavel", "password": "canary", "security": "none"}},
            "never sent without encryption",
        ),
        ({"tell": ["mail:tv@example.gov"]}, "no mail server is set"),
        ({"mail": SMTP, "tell": ["mail:tv"]}, "is no mail address"),
        ({"tell": ["webhook:pager"]}, "tell names webhook:pager, and there is none"),
        ({"tell": ["service:phone"]}, "tell names service:phone, and there is none"),
    ],
)
def test_what_is_incomplete_is_named_with_what_to_write(
    alerts: dict[str, object], said: str
) -> None:
    [finding] = found(**alerts)
    assert finding.grade == "wrong" and said in finding.text and finding.mend
    assert "canary" not in finding.text + finding.mend


@pytest.mark.parametrize("host", ["smtp.example.gov", "10.0.0.7", "localhost", "::1", "fd00::25"])
def test_complete_settings_are_good(host: str, tmp_path: Path) -> None:
    file = tmp_path / "mail-password"
    file.write_text("canary")
    mail = {"host": host, "user": "gavel", "password_file": file}
    [finding] = found(mail=mail, tell=["mail:tv@example.gov"])
    assert finding.grade == "good"


def test_an_empty_password_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "mail-password"
    file.touch()
    [finding] = found(mail={**SMTP, "user": "gavel", "password_file": file})
    assert "is empty" in finding.text


def test_a_domain_that_is_not_set_is_no_sender() -> None:
    [finding] = alert_findings(Settings(alerts={"mail": SMTP}))  # type: ignore[arg-type]
    assert "gavel@gavel.invalid" in finding.text


def test_no_way_at_all_is_a_note() -> None:
    [finding] = found()
    assert finding.grade == "note" and "gavel doctor" in finding.mend
