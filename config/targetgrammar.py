"""The grammar of a target as people write it in the settings, and its refusals in plain words."""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path

from config.addressoptions import WrittenTwiceError, options_of
from config.targetaddress import (
    LONGEST_SECRET,
    FileTarget,
    HlsTarget,
    NotATarget,
    RtmpTarget,
    RtpTarget,
    ScreenTarget,
    Secret,
    SrtTarget,
    Target,
    UdpTarget,
)

LONGEST_TARGET = 1000
PASSPHRASE_LENGTHS = range(10, 80)
"""Bytes of an SRT passphrase, as libsrt has it."""
MOST_FEC_PACKETS = 100
"""Largest matrix of packets that forward error correction covers (SMPTE 2022-1)."""
FORMS = (
    "udp://HOST:PORT, rtp://HOST:PORT, srt://HOST:PORT, rtmps://HOST/APP/KEY, hls:/FOLDER, "
    "a file path ending in .ts, or screen"
)
_PLACE = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]*)(?::(\d{1,5}))?", re.ASCII)
_INTERFACE = re.compile(r"[A-Za-z0-9._-]{1,15}", re.ASCII)
_FEC = re.compile(r"(\d{1,2})x(\d{1,2})", re.ASCII)
_APP = re.compile(r"[A-Za-z0-9._~-]{1,100}", re.ASCII)
_APP_ALONE = re.compile(r"(?P<app>[^/?]*)/?\?(?P<options>.*)", re.DOTALL)
_PATH = re.compile(r"[^'\"{}\\,#\x00-\x1f]+\.ts")


def read(text: str) -> Target:
    """Return the target that this text names. Raises NotATarget with a sentence for staff."""
    if len(text) > LONGEST_TARGET or not text.isprintable():
        raise NotATarget(f"A target is up to {LONGEST_TARGET} characters without line breaks.")
    if text == "screen":
        return ScreenTarget()
    scheme, colon, rest = text.partition(":")
    reader = _READERS.get(scheme.lower()) if colon else None
    if reader is not None:
        return reader(scheme.lower(), rest)
    if "://" not in text and _PATH.fullmatch(text):
        return FileTarget(Path(text).absolute())
    raise NotATarget(f"This is not a target; write {FORMS}.")


class _Options:
    """The part of a target after its question mark. Each option may be taken once, and `end` makes
    sure that none is left.
    """

    def __init__(self, text: str, known: str) -> None:
        self._known = known
        try:
            self._values = options_of(text)
        except WrittenTwiceError as error:
            raise NotATarget(f"Write each option of a target once: {known}.") from error
        if not all(self._values.values()):
            raise NotATarget(f"Write each option of a target with a value: {known}.")

    def take(self, name: str) -> str:
        """Return the value of an option, empty where it is not set."""
        return self._values.pop(name, "")

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """Return an option that is a whole number from `least` to `most`."""
        text = self.take(name) or str(default)
        if not (text.isascii() and text.isdigit() and len(text) < 9):
            raise NotATarget(f"{name} is a whole number from {least} to {most}.")
        if not least <= int(text) <= most:
            raise NotATarget(f"{name} is from {least} to {most}.")
        return int(text)

    def file(self, name: str) -> Path | None:
        """Return an option that names a file by its absolute path."""
        text = self.take(name)
        if text and not Path(text).is_absolute():
            raise NotATarget(f"{name} is the absolute path of a file that holds the secret.")
        return Path(text) if text else None

    def end(self) -> None:
        """Raise NotATarget where an option is left that no one took."""
        if self._values:
            raise NotATarget(f"The options of this target are {self._known}, and no others.")


def _udp(_scheme: str, rest: str) -> UdpTarget:
    host, port, options = _network(rest, "udp://HOST:PORT", "ttl and interface")
    ttl, interface = _multicast(host, options)
    options.end()
    return UdpTarget(host, port, ttl, interface)


def _rtp(_scheme: str, rest: str) -> RtpTarget:
    host, port, options = _network(rest, "rtp://HOST:PORT", "ttl, interface and fec")
    ttl, interface = _multicast(host, options)
    columns = rows = 0
    fec = options.take("fec")
    options.end()
    if fec:
        match = _FEC.fullmatch(fec)
        columns, rows = (int(match[1]), int(match[2])) if match else (0, 0)
        if not (4 <= columns <= 20 and 4 <= rows <= 20 and columns * rows <= MOST_FEC_PACKETS):
            raise NotATarget(
                "fec is COLUMNSxROWS, like fec=10x8: each from 4 to 20, and at most "
                f"{MOST_FEC_PACKETS} packets together."
            )
        if port > 65531:
            raise NotATarget("fec uses the ports 2 and 4 above this one: choose a lower one.")
    return RtpTarget(host, port, ttl, interface, columns, rows)


def _srt(_scheme: str, rest: str) -> SrtTarget:
    known = "mode, latency, passphrase or passphrase_file, and streamid"
    host, port, options = _network(rest, "srt://HOST:PORT", known, may_lack_host=True)
    mode = options.take("mode") or ("caller" if host else "listener")
    latency = options.number("latency", 250, 20, 10_000)
    passphrase, file = options.take("passphrase"), options.file("passphrase_file")
    stream_id = options.take("streamid")
    options.end()
    if mode not in ("caller", "listener"):
        raise NotATarget("mode is caller (this machine calls) or listener (receivers call).")
    if mode == "caller" and not host:
        raise NotATarget("Name the machine that is called: srt://HOST:PORT.")
    if passphrase and file:
        raise NotATarget("Write passphrase or passphrase_file, not both.")
    if passphrase and len(passphrase.encode()) not in PASSPHRASE_LENGTHS:
        raise NotATarget("A passphrase of SRT has 10 to 79 characters.")
    if len(stream_id.encode()) > LONGEST_SECRET:
        raise NotATarget(f"A streamid has up to {LONGEST_SECRET} characters.")
    secret, name = Secret(passphrase), Secret(stream_id)
    return SrtTarget(host, port, mode == "listener", latency, secret, file, name)


def _rtmp(scheme: str, rest: str) -> RtmpTarget:
    form = f"{scheme}://HOST/APP/KEY"
    if "@" in rest.partition("?")[0]:
        raise NotATarget(f"Gavel sends no user name to a platform; write {form}.")
    place, _, path = rest.removeprefix("//").partition("/")
    match = _PLACE.fullmatch(place)
    alone = _APP_ALONE.fullmatch(path)
    app, _, key = (alone["app"], "", "") if alone else path.partition("/")
    options = _Options(alone["options"] if alone else "", "key_file")
    file = options.file("key_file")
    options.end()
    if not rest.startswith("//") or match is None or not match[1] or not _APP.fullmatch(app):
        raise NotATarget(f"Write {form}, or {scheme}://HOST/APP?key_file=/PATH.")
    if (not key and file is None) or len(key) > LONGEST_SECRET or " " in key:
        raise NotATarget(f"Enter the stream key that the platform gave you: {form}.")
    port = _port(match[2]) if match[2] else (443 if scheme == "rtmps" else 1935)
    return RtmpTarget(match[1].strip("[]"), port, app, Secret(key), file, scheme == "rtmps")


def _hls(_scheme: str, rest: str) -> HlsTarget:
    folder, _, query = rest.partition("?")
    options = _Options(query, "seconds and keep")
    seconds = options.number("seconds", 2, 1, 10)
    keep = options.number("keep", 60, 10, 14_400)
    options.end()
    if not Path(folder).is_absolute() or ".." in Path(folder).parts or Path(folder) == Path("/"):
        raise NotATarget("HLS is written to a folder: hls:/absolute/path/of/the/folder.")
    if keep < 4 * seconds:
        raise NotATarget("keep is at least four times seconds, or players run out of segments.")
    return HlsTarget(Path(folder), seconds, keep)


def _network(
    rest: str, form: str, known: str, may_lack_host: bool = False
) -> tuple[str, int, _Options]:
    """Take apart `//HOST:PORT?options`; the host comes without its brackets."""
    place, _, query = rest.partition("?")
    match = _PLACE.fullmatch(place.removeprefix("//").removesuffix("/"))
    if not place.startswith("//") or match is None or not match[2]:
        raise NotATarget(f"Write {form}; its options are {known}.")
    if not match[1] and not may_lack_host:
        raise NotATarget(f"Name the machine or the multicast group: {form}.")
    return match[1].strip("[]"), _port(match[2]), _Options(query, known)


def _port(text: str) -> int:
    if not 0 < int(text) < 65536:
        raise NotATarget("A port is a number from 1 to 65535.")
    return int(text)


def _multicast(host: str, options: _Options) -> tuple[int, str]:
    """Return the TTL and the interface, which only a multicast group takes."""
    ttl, interface = options.number("ttl", 1, 1, 255), options.take("interface")
    if interface and not is_multicast(host):
        raise NotATarget("interface is for multicast groups, 224.0.0.0 to 239.255.255.255 or ff…")
    if interface and not _INTERFACE.fullmatch(interface):
        raise NotATarget("interface is the name of a network interface, like eth1.")
    return ttl, interface


def is_multicast(host: str) -> bool:
    """Return whether this is the address of a multicast group in numbers; False for a name."""
    try:
        return ipaddress.ip_address(host).is_multicast
    except ValueError:
        return False


_READERS: dict[str, Callable[[str, str], Target]] = {
    "udp": _udp,
    "rtp": _rtp,
    "srt": _srt,
    "rtmp": _rtmp,
    "rtmps": _rtmp,
    "hls": _hls,
}
