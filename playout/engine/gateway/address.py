"""The addresses a gateway may open: allow-listed schemes on allow-listed networks, and libav's
options.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from config import sourceaddress
from config.sourceaddress import NotASource, SourceAddress

LIVE_FORMATS = "mpegts,hls,flv,live_flv,aac,mp3"
PROTOCOLS = {
    "udp": "udp",
    "rtp": "rtp,udp",
    "rtsp": "rtsp,tcp,udp,rtp",
    "rtmp": "rtmp,tcp",
    "http": "http,tcp,crypto",
    "https": "https,http,tls,tcp,crypto,httpproxy",
}
UDP_BUFFER_BYTES = 4 << 20
"""Bytes the kernel may hold while this process is busy."""

Resolver = Callable[[str], Sequence[str]]


class AddressError(Exception):
    """An address that may not or cannot be opened. The text tells staff why and never repeats the
    address, which may hold a key.
    """


@dataclass(frozen=True)
class SourceOpening:
    """The way libav or our own reader opens a source. `host` is the numeric address checked before,
    so no name is resolved a second time.
    """

    scheme: str
    url: str = field(repr=False)
    format: str | None = None
    options: dict[str, str] = field(default_factory=dict, repr=False)
    query: dict[str, str] = field(default_factory=dict, repr=False)
    host: str = ""
    port: int = 0

    @property
    def bursty(self) -> bool:
        """Tell whether the source is a playlist of segments (HLS), each of several seconds."""
        return self.url.partition("?")[0].endswith(".m3u8")


def resolve(host: str) -> Sequence[str]:
    """Look up the numeric addresses of a host name. Raises AddressError."""
    try:
        entries = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError) as error:
        raise AddressError("The name of the source's machine is not known here.") from error
    return [str(entry[4][0]) for entry in entries]


def source_opening(
    address: str, networks: Sequence[str], names: Resolver = resolve
) -> SourceOpening:
    """Work out how to open an address. Raises AddressError for an unknown scheme or another
    network.
    """
    try:
        parts = sourceaddress.read_stored(address.strip())
    except NotASource as error:
        raise AddressError(str(error)) from error
    if parts.scheme == "test":
        return SourceOpening(parts.scheme, "", query=parts.query)
    if parts.scheme == "v4l2":
        return _device(parts)
    if not parts.port and parts.scheme in ("udp", "rtp", "srt"):
        raise AddressError(
            f"A source of {parts.scheme} needs a port, like {parts.scheme}://@:5000."
        )
    host = checked_host(parts.host, networks, names) if parts.host else ""
    url, kind, options = _network(parts, host)
    return SourceOpening(parts.scheme, url, kind, options, parts.query, host, parts.port)


def checked_host(host: str, networks: Sequence[str], names: Resolver = resolve) -> str:
    """Return the numeric address to connect to, after checking every address the name has.

    Raises AddressError when any of them is off `networks` or is a cloud's metadata service. The
    caller connects to the address returned here: between two look-ups a name may come to point at
    another machine.
    """
    allowed = [ipaddress.ip_network(network) for network in networks]
    addresses = list(names(host))
    for text in addresses:
        numeric = sourceaddress.plain(text)
        is_allowed = any(numeric in net for net in allowed if net.version == numeric.version)
        if not is_allowed or sourceaddress.is_metadata(text):
            raise AddressError(
                "The source is not on a network that sources may be on; "
                "an engineer can add it to source_networks in the settings."
            )
    if not addresses:
        raise AddressError("The name of the source's machine is not known here.")
    return addresses[0]


def _network(parts: SourceAddress, host: str) -> tuple[str, str | None, dict[str, str]]:
    scheme, query = parts.scheme, parts.query
    options = {"protocol_whitelist": PROTOCOLS.get(scheme, "")}
    if scheme in ("udp", "rtp"):
        place = f"[{host}]" if ":" in host else host
        url = f"{scheme}://{place}:{parts.port}"
        if scheme == "udp":
            url += f"?fifo_size=100000&overrun_nonfatal=1&reuse=1&buffer_size={UDP_BUFFER_BYTES}"
        return url, "mpegts" if scheme == "udp" else "rtp", options
    if scheme == "srt":
        return "", "mpegts", {}
    if scheme == "rtsp":
        way = "udp" if query.get("transport") == "udp" else "tcp"
        return parts.at(host), "rtsp", options | {"rtsp_transport": way}
    if scheme == "rtmp":
        return _rtmp(parts, host, options)
    options["format_whitelist"] = LIVE_FORMATS
    return parts.text, None, options | {"live_start_index": "-3", "max_redirects": "0"}


def _rtmp(
    parts: SourceAddress, host: str, options: dict[str, str]
) -> tuple[str, str | None, dict[str, str]]:
    """Add the name that was called: an RTMP server chooses its application by it, not by the
    number.
    """
    if parts.query.get("mode") == "listener":
        return parts.at(host).partition("?")[0], "flv", options | {"listen": "1"}
    place = f"{parts.host}:{parts.port}" if parts.port else parts.host
    application = "/".join(parts.path.lstrip("/").split("/")[:1])
    named = host != parts.host and application
    name = {"rtmp_tcurl": f"rtmp://{place}/{application}"} if named else {}
    return parts.at(host), "flv", options | name


def _device(parts: SourceAddress) -> SourceOpening:
    options = {}
    if "size" in parts.query:
        options["video_size"] = parts.query["size"]
    if "rate" in parts.query:
        options["framerate"] = parts.query["rate"]
    return SourceOpening("v4l2", parts.path, "v4l2", options, parts.query)
