"""The address of a live source: one grammar for the form that takes it and the gateway that opens
it.

Names of devices are the reason for it. libav passes them to libraries that read a language in them:
an ALSA name like `file:'|touch …',raw` runs a command. So only these few forms are passed on.
"""

import ipaddress
import re
from dataclasses import dataclass, field

from config.addressoptions import WrittenTwiceError, last_options_of, options_of

SCHEMES = ("udp", "rtp", "srt", "rtsp", "rtmp", "http", "https", "v4l2", "test")
HOSTLESS = frozenset({"udp", "rtp", "v4l2", "test"})
"""Schemes without a host: they listen, or are on this machine."""
OTHERS_OPTIONS = frozenset({"http", "https"})
"""Schemes whose options are the other machine's: passed on as they are written, and not read."""
LONGEST_ADDRESS = 800
_ADDRESS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?://(?:(?P<user>[^@/?#\s]*)@)?"
    r"(?P<host>\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9._-]+)?\]|[A-Za-z0-9._-]*)(?::(?P<port>\d{1,5}))?)?"
    r"(?P<path>[^?#@\s]*)(?:\?(?P<query>[^#@\s]*))?",
    re.ASCII,
)
_VIDEO = re.compile(r"/dev/video\d{1,3}", re.ASCII)
_SOUND = re.compile(r"(?:plug)?hw:\d{1,2}(?:,\d{1,2})?", re.ASCII)
_SIZE = re.compile(r"\d{2,5}x\d{2,5}", re.ASCII)
_LATENCY = re.compile(r"\d{1,5}", re.ASCII)
_RATE = re.compile(r"\d{1,6}(?:/\d{1,5})?", re.ASCII)
DEVICE = {"audio": _SOUND, "size": _SIZE, "rate": _RATE}
"""Options of a capture card, and how each is written."""
METADATA = tuple(
    ipaddress.ip_network(network)
    for network in (
        "169.254.0.0/16",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "192.0.0.192/32",
        "fd00:ec2::/32",
        "fd20:ce::254/128",
    )
)
"""Networks where clouds serve a machine's secrets; never a source, whatever the settings allow."""


class NotASource(ValueError):
    """An address that cannot be opened. The message holds no part of the address."""


@dataclass(frozen=True)
class SourceAddress:
    """An address in its parts. Its full text is a secret."""

    text: str = field(repr=False)
    scheme: str
    user: str = field(repr=False)
    host: str
    """Without brackets; empty where none is named."""
    port: int
    """0 where none is named."""
    path: str = field(repr=False)
    query: dict[str, str] = field(repr=False)
    tail: str = field(repr=False)
    """Path and query as they were written."""
    is_doubled: bool = False
    """True for a stored address in which an option stands twice; its last value counts."""

    def at(self, host: str) -> str:
        """Return the address with this numeric host in place of the name."""
        user = f"{self.user}@" if self.user else ""
        place = f"[{host}]" if ":" in host else host
        return f"{self.scheme}://{user}{place}{f':{self.port}' if self.port else ''}{self.tail}"


def read_stored(text: str) -> SourceAddress:
    """Take an address apart that was taken before, perhaps by a version that let an option stand
    twice. Raises NotASource.
    """
    return _read(text, is_stored=True)


def read(text: str) -> SourceAddress:
    """Take a new address apart. Raises NotASource with a sentence that staff can act on."""
    return _read(text, is_stored=False)


def _read(text: str, *, is_stored: bool) -> SourceAddress:
    match = _ADDRESS.fullmatch(text)
    if match is None or len(text) > LONGEST_ADDRESS or not text.isprintable():
        raise NotASource(
            "This address cannot be read. Write it like srt://10.0.0.5:9000?passphrase=…; "
            "an @, / or ? inside a password is written %40, %2F or %3F."
        )
    scheme, port = match["scheme"].lower(), int(match["port"] or 0)
    if scheme not in SCHEMES:
        known = ", ".join(scheme for scheme in SCHEMES if scheme != "test")
        raise NotASource(f"Use one of {known}, or test: for a test picture.")
    if port > 65535:
        raise NotASource("A port is a number up to 65535.")
    options = match["query"] or ""
    query: dict[str, str] = {}
    is_doubled = False
    if scheme not in OTHERS_OPTIONS:
        query, is_doubled = _query(options, is_stored=is_stored)
    host = (match["host"] or "").strip("[]")
    written = f"?{match['query']}" if match["query"] is not None else ""
    path = match["path"] or ""
    address = SourceAddress(
        text, scheme, match["user"] or "", host, port, path, query, path + written, is_doubled
    )
    _check(address)
    return address


def _query(text: str, *, is_stored: bool) -> tuple[dict[str, str], bool]:
    """Return the options by name, and whether one stands twice; one without a value counts as one
    that is not set.
    """
    try:
        return {name: value for name, value in options_of(text).items() if value}, False
    except WrittenTwiceError as error:
        if is_stored:
            return last_options_of(text), True
        raise NotASource(str(error)) from error


def _check(address: SourceAddress) -> None:
    if address.scheme == "v4l2":
        _check_device(address)
        return
    listens = address.scheme in HOSTLESS or address.query.get("mode") == "listener"
    if not address.host and not listens:
        raise NotASource("Enter the machine's name or address: the part after //.")
    if not _LATENCY.fullmatch(address.query.get("latency", "0")):
        raise NotASource("The latency of SRT is a number of milliseconds.")


def _check_device(address: SourceAddress) -> None:
    if address.host or not _VIDEO.fullmatch(address.path):
        raise NotASource("A capture card is written like v4l2:/dev/video0?audio=hw:1.")
    for name, value in address.query.items():
        if name not in DEVICE or not DEVICE[name].fullmatch(value):
            raise NotASource(
                "A capture card takes audio=hw:1 (or plughw:1,0), size=1280x720 and rate=30, "
                "and nothing else."
            )


def is_metadata(address: str) -> bool:
    """Return whether a numeric address, however written, is one where a cloud serves a machine's
    secrets.
    """
    at = plain(address)
    return any(at in network for network in METADATA if network.version == at.version)


def plain(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return a numeric address as a value; an IPv4 address written as IPv6 becomes IPv4."""
    at = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(at, "ipv4_mapped", None)
    return mapped if mapped is not None else at
