"""The end of the certificates that this machine and its people depend on.

A certificate is read as a client of it would: over a connection whose other side must prove it. So
one that was renewed and not loaded is told as well.
"""

import logging
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from pydantic import SecretStr

from config.alert_settings import MailSettings
from config.settings import Settings
from config.targetaddress import NotATarget, RtmpTarget
from config.targetgrammar import read
from config.times import about, day

log = logging.getLogger(__name__)
TOLD_BEFORE = timedelta(days=14)
"""Time before its end from which a certificate is a fault. Usual renewals leave thirty days."""
PATIENCE_SECONDS = 10.0
HAS_EXPIRED = 10
"""OpenSSL's number for a certificate whose time is over (X509_V_ERR_CERT_HAS_EXPIRED)."""
LOOK_EVERY = timedelta(hours=6)


@dataclass(frozen=True)
class TlsPlace:
    """A place that shows a certificate."""

    name: str
    """The place as people know it, without any secret: `the web address tv.example.gov`."""
    host: str
    port: int
    is_mail: bool = False
    """True where TLS begins by SMTP's STARTTLS."""


class CertificateExpiredError(Exception):
    """A certificate whose time is over."""


Reader = Callable[[TlsPlace], datetime | None]
"""A function that returns the end of a place's certificate, UTC, or None where it cannot be read.
Raises CertificateExpiredError."""


def certificate_end(place: TlsPlace, trust: ssl.SSLContext | None = None) -> datetime | None:
    """Return the end of the certificate that a place shows, UTC; None where it cannot be read.

    Raises CertificateExpiredError.
    """
    context = trust or ssl.create_default_context()
    try:
        ends = _shown(place, context)
    except ssl.SSLCertVerificationError as error:
        if error.verify_code == HAS_EXPIRED:
            raise CertificateExpiredError from None
        log.info("the certificate of %s is not one that this machine trusts", place.name)
        return None
    except (OSError, ValueError, smtplib.SMTPException) as error:
        log.info("the certificate of %s cannot be read: %s", place.name, type(error).__name__)
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if ends else None


def _shown(place: TlsPlace, context: ssl.SSLContext) -> str:
    """Return the end of the certificate in OpenSSL's words."""
    if place.is_mail:
        with smtplib.SMTP(place.host, place.port, timeout=PATIENCE_SECONDS) as server:
            server.starttls(context=context)
            return _end_of(server.sock)
    at = (place.host, place.port)
    with (
        socket.create_connection(at, PATIENCE_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=place.host) as connection,
    ):
        return _end_of(connection)


def _end_of(connection: object) -> str:
    shown = connection.getpeercert() if isinstance(connection, ssl.SSLSocket) else None
    return str((shown or {}).get("notAfter", ""))


class CertificateWatch:
    """Remembers the ends of certificates, so that a place out of reach is judged by its last."""

    def __init__(self, places: Sequence[TlsPlace], reader: Reader = certificate_end) -> None:
        self.places, self._reader = tuple(places), reader
        self._ends: dict[TlsPlace, datetime] = {}

    def look(self, now: datetime) -> None:
        """Read every certificate; this may take PATIENCE_SECONDS for each."""
        for place in self.places:
            try:
                end = self._reader(place)
            except CertificateExpiredError:
                end = min(now, self._ends.get(place, now))
            if end is not None:
                self._ends[place] = end

    def ending(self, now: datetime) -> tuple[tuple[TlsPlace, str], ...]:
        """Return the places whose certificate ends soon or has ended, each with a sentence."""
        return tuple(
            (place, _sentence(place, end, now))
            for place, end in self._ends.items()
            if end - now < TOLD_BEFORE
        )


def _sentence(place: TlsPlace, end: datetime, now: datetime) -> str:
    if end <= now:
        return f"The certificate of {place.name} has expired."
    return f"The certificate of {place.name} ends on {day(end.date())}, in {about(end - now)}."


def places_of_server(settings: Settings) -> tuple[TlsPlace, ...]:
    """Return the places on which people and messages of the server depend."""
    given = settings.alerts
    return (
        *_web("the web address", settings.base_url),
        *_mail(given.mail),
        *_secret("the webhook", given.webhooks),
        *_secret("the heartbeat", given.heartbeat),
    )


def places_of_machine(settings: Settings, channel: str) -> tuple[TlsPlace, ...]:
    """Return the places on which a channel of a broadcast machine depends; those of the whole
    machine belong to its first channel.
    """
    targets = tuple(_targets(settings, channel))
    if channel != next(iter(settings.channels), channel):
        return targets
    mail = _mail(settings.alerts.mail) if settings.alerts.tell else ()
    return (*_web("the server", settings.server_url), *mail, *targets)


def _web(what: str, address: str) -> Iterator[TlsPlace]:
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname:
        yield TlsPlace(f"{what} {parts.hostname}", parts.hostname, parts.port or 443)


def _secret(what: str, addresses: dict[str, SecretStr]) -> Iterator[TlsPlace]:
    """Yield places whose address may hold a key; they are known by their name in the settings."""
    for name, address in addresses.items():
        for place in _web(what, address.get_secret_value()):
            yield TlsPlace(f"{what} {name}", place.host, place.port)


def _mail(mail: MailSettings) -> Iterator[TlsPlace]:
    if mail.host and mail.security != "none":
        name = f"the mail server {mail.host}"
        yield TlsPlace(name, mail.host, mail.port, mail.security == "starttls")


def _targets(settings: Settings, channel: str) -> Iterator[TlsPlace]:
    for text in settings.channels[channel].outputs:
        try:
            target = read(text)
        except NotATarget:
            continue  # the doctor says so
        if isinstance(target, RtmpTarget) and target.is_secure:
            yield TlsPlace(f"{target.host}, which takes the stream,", target.host, target.port)
