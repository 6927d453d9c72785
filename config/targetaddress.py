"""The targets of a channel: where its stream goes, one value for each kind.

`config.targetgrammar` reads them from the settings. Passphrases and stream keys are secrets: no
refusal, no `shown` form and no repr holds one.
"""

from dataclasses import dataclass, field
from pathlib import Path

LONGEST_SECRET = 512
"""Most characters of a stream key or stream id; libsrt takes no longer id."""


class NotATarget(ValueError):
    """A target that cannot be used as written. The message holds no part of a secret."""


@dataclass(frozen=True)
class Secret:
    """A passphrase or key. Only `reveal` returns its text."""

    _text: str = field(default="", repr=False)

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __str__(self) -> str:
        return "…" if self._text else ""


@dataclass(frozen=True)
class UdpTarget:
    """TS in UDP datagrams, to one machine or to a multicast group."""

    host: str
    port: int
    ttl: int = 1
    """Routers that a multicast packet may pass, and one."""
    interface: str = ""
    """Network interface of a multicast group, like `eth1`; empty for that of the routes."""

    @property
    def shown(self) -> str:
        """The target as a page or a log may show it."""
        return f"udp://{_place(self.host, self.port)}"


@dataclass(frozen=True)
class RtpTarget:
    """TS in RTP packets, with forward error correction where both sizes are set."""

    host: str
    port: int
    ttl: int = 1
    interface: str = ""
    fec_columns: int = 0
    fec_rows: int = 0

    @property
    def shown(self) -> str:
        """The target as a page or a log may show it."""
        return f"rtp://{_place(self.host, self.port)}"


@dataclass(frozen=True)
class SrtTarget:
    """TS over SRT: this machine calls a receiver, or listens for receivers that call."""

    host: str
    """Empty only for a listener, on every address of this machine."""
    port: int
    listens: bool = False
    latency: int = 250
    """Milliseconds in which lost packets are sent again."""
    passphrase: Secret = Secret()
    passphrase_file: Path | None = None
    stream_id: Secret = Secret()

    @property
    def shown(self) -> str:
        """The target as a page or a log may show it."""
        mode = "?mode=listener" if self.listens else ""
        return f"srt://{_place(self.host, self.port)}{mode}"


@dataclass(frozen=True)
class RtmpTarget:
    """A platform that takes RTMP, or RTMPS where `is_secure`."""

    host: str
    port: int
    app: str
    key: Secret = Secret()
    """The stream key, with the query that some platforms add to it."""
    key_file: Path | None = None
    is_secure: bool = False

    @property
    def shown(self) -> str:
        """The target as a page or a log may show it."""
        scheme, usual = ("rtmps", 443) if self.is_secure else ("rtmp", 1935)
        port = "" if self.port == usual else f":{self.port}"
        return f"{scheme}://{_place(self.host, 0)}{port}/{self.app}/…"


@dataclass(frozen=True)
class HlsTarget:
    """A folder of HLS: a playlist and segments for a web server."""

    folder: Path
    seconds: int = 2
    """Length at which a segment ends, at its next key frame."""
    keep: int = 60
    """Seconds of program in the playlist: how far back viewers can go."""

    @property
    def shown(self) -> str:
        """The target as a page or a log may show it."""
        return f"hls:{self.folder}"


@dataclass(frozen=True)
class FileTarget:
    """A TS file, written from its beginning at each start."""

    path: Path

    @property
    def shown(self) -> str:
        """The target as a page or a log may show it."""
        return str(self.path)


@dataclass(frozen=True)
class ScreenTarget:
    """A screen of this machine."""

    @property
    def shown(self) -> str:
        """The target as a page or a log may show it."""
        return "screen"


Target = UdpTarget | RtpTarget | SrtTarget | RtmpTarget | HlsTarget | FileTarget | ScreenTarget


def secret_of(written: Secret, file: Path | None) -> Secret:
    """Return the secret as written in the settings, or as its file holds it now.

    Raises NotATarget when the file cannot be read.
    """
    if file is None:
        return written
    try:
        with file.open(encoding="utf-8") as opened:
            text = opened.read(2 * LONGEST_SECRET).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NotATarget(f"The file {file} with its secret cannot be read.") from error
    if not text or len(text) > LONGEST_SECRET or not text.isprintable():
        raise NotATarget(f"The file {file} should hold the secret alone, on one line.")
    return Secret(text)


def _place(host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"{name}:{port}" if port else name
