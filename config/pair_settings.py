"""The settings of a channel that two broadcast machines may send."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

SHORTEST_KEY = 16
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class PairSettings(BaseModel):
    """This machine and the other one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """Name of this machine on pages, such as `a` or `rack-2`."""
    preferred: bool = False
    """Whether this machine sends when both can and neither does. One of the two is."""
    listen: str
    """Address and port of this machine on which it hears the other, such as `10.0.0.11:5113`."""
    peer: str
    """The same of the other machine."""
    key: SecretStr = SecretStr("")
    """A secret that both machines know, of at least 16 characters; it signs what they tell each
    other."""
    key_file: Path | None = None
    """A file holding it, read where `key` is empty."""
    when_alone: Literal["stop", "continue"] = "stop"
    """What the preferred machine does while neither the other machine nor the server is heard. To
    continue is for the time in which the other machine is out of service: see
    docs/decisions/0022-a-lease-of-three-votes.md."""
    clock_milliseconds: Annotated[float, Field(ge=1.0, le=1000.0)] = 20.0
    """Difference of the two machines' clocks from which a change would be seen."""

    @field_validator("name")
    @classmethod
    def _plain_name(cls, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a name; use lowercase letters, digits and dashes")
        return name

    @field_validator("listen", "peer")
    @classmethod
    def _address_and_port(cls, text: str) -> str:
        host, _, port = text.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise ValueError(f"{text!r} is no address and port; write it like 10.0.0.11:5113")
        return text

    def secret(self) -> bytes:
        """Return the common key. Raises ValueError, in words, where there is none that is long
        enough.
        """
        text = self.key.get_secret_value()
        if not text and self.key_file is not None:
            try:
                text = self.key_file.read_text().strip()
            except OSError as error:
                raise ValueError(f"the key of the pair cannot be read: {error.strerror}") from error
        if len(text) < SHORTEST_KEY:
            raise ValueError(f"the key of the pair needs at least {SHORTEST_KEY} characters")
        return text.encode()


def host_and_port(text: str) -> tuple[str, int]:
    """Return the parts of an address and port; an IPv6 address stands in brackets."""
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)
