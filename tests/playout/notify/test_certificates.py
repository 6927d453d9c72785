"""Certificates that end soon are told, read from real connections of each kind."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from support.mailbox import mail_server
from support.tls import Authority, TlsFront

from config.alert_settings import AlertSettings, MailSettings
from config.clock import SystemClock
from config.settings import ChannelSettings, Settings
from config.times import Hours, written_in
from playout.notify.certificates import (
    CertificateExpiredError,
    CertificateWatch,
    TlsPlace,
    certificate_end,
    places_of_machine,
    places_of_server,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def trust(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority.file))


@pytest.fixture(params=["tls", "starttls"])
def served(request: pytest.FixtureRequest, authority: Authority) -> Iterator[TlsPlace]:
    """Serve a certificate of nine days, as a web server and as a mail server do."""
    shown = authority.server(days=9)
    if request.param == "starttls":
        with mail_server(tls=shown) as mail:
            yield TlsPlace("the mail server", "localhost", mail.port, is_mail=True)
        return
    front = TlsFront(shown, 9)
    yield TlsPlace("the web address", "localhost", front.port)
    front.close()


def test_the_end_is_read_as_a_client_sees_it(served: TlsPlace, trust: ssl.SSLContext) -> None:
    end = certificate_end(served, trust)

    assert end is not None
    assert abs(end - SystemClock().utc() - 9 * DAY) < timedelta(minutes=5)


def test_one_that_has_expired_is_known_from_one_that_cannot_be_read(
    authority: Authority, trust: ssl.SSLContext
) -> None:
    front = TlsFront(authority.server(days=-1), 9)
    expired = TlsPlace("a", "localhost", front.port)
    with pytest.raises(CertificateExpiredError):
        certificate_end(expired, trust)
    assert certificate_end(expired) is None, "of an authority that this machine does not trust"
    front.close()


def test_a_place_out_of_reach_has_no_known_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert certificate_end(TlsPlace("a", "127.0.0.1", port)) is None


SAID = [
    (timedelta(days=15), ""),
    (timedelta(days=6, hours=1), "The certificate of x ends on Mon, Nov 30, in 6 days."),
    (timedelta(0), "The certificate of x has expired."),
]


@pytest.mark.parametrize(("left", "said"), SAID)
def test_fourteen_days_before_its_end_it_is_told(left: timedelta, said: str) -> None:
    watch = CertificateWatch([TlsPlace("x", "h", 1)], lambda _: NOW + left)
    watch.look(NOW)

    with written_in(Hours.TWELVE):
        assert [words for _, words in watch.ending(NOW)] == ([said] if said else [])


def test_a_place_out_of_reach_is_judged_by_what_it_showed_last() -> None:
    shown: list[datetime | None] = [NOW + 20 * DAY, None]
    watch = CertificateWatch([TlsPlace("x", "h", 1)], lambda _: shown.pop(0))
    watch.look(NOW)
    watch.look(NOW + 7 * DAY)

    assert watch.ending(NOW) == ()
    assert len(watch.ending(NOW + 7 * DAY)) == 1


def test_a_renewed_certificate_is_a_fault_no_more() -> None:
    shown = [NOW + DAY, NOW + 90 * DAY]
    watch = CertificateWatch([TlsPlace("x", "h", 1)], lambda _: shown.pop(0))
    watch.look(NOW)
    before = watch.ending(NOW)
    watch.look(NOW)

    assert (len(before), watch.ending(NOW)) == (1, ())


def settings(folder: Path) -> Settings:
    key = "canary-4711"
    channels = {
        "ch13": ChannelSettings(
            outputs=("udp://239.1.1.1:5000", f"rtmps://a.example:8443/live2/{key}")
        ),
        "ch14": ChannelSettings(outputs=(f"rtmp://b.example/live2/{key}",)),
    }
    given = AlertSettings(
        mail=MailSettings(host="smtp.example.gov"),
        webhooks={"pager": SecretStr(f"https://hook.example/{key}")},
        heartbeat={"scheduler": SecretStr("http://beat.example/a")},
        tell=("mail:tv@example.gov",),
    )
    return Settings(
        data_dir=folder, base_url="https://tv.example.gov", server_url="https://tv.example.gov:444",
        channels=channels, alerts=given,
    )  # fmt: skip


def test_each_place_with_tls_is_looked_at_and_no_name_holds_a_key(tmp_path: Path) -> None:
    of = settings(tmp_path)
    server, first = places_of_server(of), places_of_machine(of, "ch13")

    assert [(one.host, one.port, one.is_mail) for one in server] == [
        ("tv.example.gov", 443, False), ("smtp.example.gov", 587, True),
        ("hook.example", 443, False),
    ]  # fmt: skip
    assert [(one.host, one.port) for one in first] == [
        ("tv.example.gov", 444), ("smtp.example.gov", 587), ("a.example", 8443),
    ]  # fmt: skip
    assert places_of_machine(of, "ch14") == ()
    assert "canary" not in repr((server, first))
