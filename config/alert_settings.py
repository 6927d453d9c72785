"""The settings of alerts: how messages leave this machine, and whom it tells when it is alone.

Passwords and addresses that hold keys are here and nowhere else. Pages and the database know only
the names under which they stand here.
"""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from config import webaddress

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class MailSettings(BaseModel):
    """The mail server that takes messages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = ""
    """Name of the mail server; empty for none."""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    """`starttls` (port 587), `tls` from the first byte (465), or `none` for a relay of the house
    (25). A password is never sent without either."""
    user: str = ""
    """Empty where the server asks for none."""
    password: SecretStr = SecretStr("")
    password_file: Path | None = None
    """A file holding the password, read where password is empty."""
    sender: str = ""
    """From address; empty for gavel@ the domain."""
    timeout: Annotated[float, Field(ge=1.0, le=120.0)] = 20.0
    """Seconds that each step of the conversation may take."""


class AlertSettings(BaseModel):
    """The ways by which alerts leave this machine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mail: MailSettings = MailSettings()
    webhooks: dict[str, SecretStr] = {}
    """Addresses that take JSON by POST, by name."""
    services: dict[str, SecretStr] = {}
    """Apprise addresses, by name; they need the extra `gavel[alerts]`."""
    heartbeat: dict[str, SecretStr] = {}
    """Addresses asked every few minutes while all is well, by the slug of a channel this machine
    airs, and `scheduler` on the server. When the requests stop, the far end raises the alarm."""
    heartbeat_minutes: Annotated[float, Field(ge=0.5, le=1440.0)] = 5.0
    tell: tuple[str, ...] = ()
    """Broadcast machine: whom it tells by itself while the server is away, like
    `mail:tv@example.gov`, `webhook:NAME` or `service:NAME`."""
    server_away_minutes: Annotated[float, Field(ge=1.0, le=1440.0)] = 5.0
    """Broadcast machine: how long the server must be away before it tells them."""

    @field_validator("webhooks", "heartbeat")
    @classmethod
    def _web_addresses(cls, named: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name, address in named.items():
            _checked_name(name)
            text = address.get_secret_value()
            if not text or webaddress.problem(text):
                # The address may hold a key, so it is not repeated.
                raise ValueError(f"{name} is not an address; write it like https://example.gov/x")
        return named

    @field_validator("services")
    @classmethod
    def _service_addresses(cls, named: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name, address in named.items():
            _checked_name(name)
            if "://" not in address.get_secret_value():
                raise ValueError(f"{name} is not an Apprise address, which looks like ntfy://topic")
        return named

    @field_validator("tell")
    @classmethod
    def _targets(cls, targets: tuple[str, ...]) -> tuple[str, ...]:
        for target in targets:
            way, _, name = target.partition(":")
            if way not in ("mail", "webhook", "service") or not name:
                raise ValueError(
                    f"{way!r} is not a way; write mail:ADDRESS, webhook:NAME or service:NAME"
                )
        return targets


def _checked_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a name; use lowercase letters, digits and dashes")
