"""Mail at a real server: its headers, signing in, and secrets that stay secret."""

import ssl
import subprocess
from datetime import UTC, datetime
from email.header import decode_header, make_header
from pathlib import Path

import pytest
from support.mailbox import PASSWORD, USER, mail_server

from config.alert_settings import MailSettings
from playout.notify.mail import Mail
from playout.notify.notifier import NotifyError, OutgoingMessage

MESSAGE = OutgoingMessage(
    "m1",
    "City Channel 13: “Black”\r\nBcc: all@example.gov",
    "Black picture · 13\n.\nEnd\n",
    datetime(2026, 11, 24, 19, 4, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a certificate for 127.0.0.1, with its key in one file."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-nodes", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    return folder


def server_context(folder: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_a_mail_has_one_subject_line_its_date_and_the_same_id_at_each_try() -> None:
    with mail_server() as box:
        settings = MailSettings(host="127.0.0.1", port=box.port, security="none")
        for _ in range(2):
            Mail(settings, "tv.example.gov").send("tv@example.gov", MESSAGE)

    (to, first), (_, second) = box.mails
    assert to == "tv@example.gov"
    assert first["Message-ID"] == second["Message-ID"] == "<m1@tv.example.gov>"
    subject = str(make_header(decode_header(str(first["Subject"]).replace("\n", ""))))
    assert subject == "City Channel 13: “Black” Bcc: all@example.gov"
    assert first["Bcc"] is None
    assert (first["From"], first["Auto-Submitted"]) == ("gavel@tv.example.gov", "auto-generated")
    assert first["Date"] == "Tue, 24 Nov 2026 19:04:00 +0000"
    assert box.texts()[0].replace("\r\n", "\n") == MESSAGE.text


def test_it_signs_in_over_starttls(certificate: Path, tmp_path: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    with mail_server(server_context(certificate), must_sign_in=True) as box:
        settings = MailSettings(
            host="127.0.0.1", port=box.port, user=USER, password_file=tmp_path / "password"
        )
        Mail(settings, "example.gov", trusting).send("tv@example.gov", MESSAGE)
        wrong = settings.model_copy(update={"password": "canary-wrong", "password_file": None})
        wrong = MailSettings(**wrong.model_dump())
        with pytest.raises(NotifyError) as caught:
            Mail(wrong, "example.gov", trusting).send("tv@example.gov", MESSAGE)

    assert len(box.mails) == 1
    assert str(caught.value) == "The mail server refuses the user name or password."


def test_an_unknown_certificate_is_refused(certificate: Path) -> None:
    with mail_server(server_context(certificate)) as box:
        settings = MailSettings(host="127.0.0.1", port=box.port)
        with pytest.raises(NotifyError, match="No secure connection"):
            Mail(settings, "example.gov").send("tv@example.gov", MESSAGE)


def test_a_password_never_goes_over_a_plain_connection() -> None:
    with mail_server() as box:
        settings = MailSettings(
            host="127.0.0.1", port=box.port, security="none", user=USER, password=PASSWORD
        )
        with pytest.raises(NotifyError, match="over starttls or tls only"):
            Mail(settings, "example.gov").send("tv@example.gov", MESSAGE)


def test_a_server_without_starttls_is_not_trusted_with_anything() -> None:
    with mail_server() as box, pytest.raises(NotifyError, match="cannot do what is set"):
        Mail(MailSettings(host="127.0.0.1", port=box.port), "x.gov").send("a@b.gov", MESSAGE)

    assert box.mails == []


def test_secrets_are_not_printed() -> None:
    settings = MailSettings(user=USER, password=PASSWORD)

    assert PASSWORD not in repr(settings) + repr(Mail(settings, "x.gov").__dict__)
