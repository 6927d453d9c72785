"""What a gateway may open: allow-listed kinds of address on allow-listed networks, and how."""

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
    """A source's address may not or cannot be opened; the text tells staff why and never
    holds the address."""


@dataclass(frozen=True)
class SourceOpening:
    """How libav (or our own reader) is to open a source. Its host is the numeric address that was
    checked: no name is resolved a second time."""

    scheme: str
    url: str = field(repr=False)
    format: str | None = None
    options: dict[str, str] = field(default_factory=dict, repr=False)
    query: dict[str, str] = field(default_factory=dict, repr=False)
    host: str = ""
    port: int = 0

    @property
    def bursty(self) -> bool:
        """It is a list of segments (HLS), each of several seconds."""
        return self.url.partition("?")[0].endswith(".m3u8")


def resolve(host: str) -> Sequence[str]:
    """The addresses of a name. Raises AddressError."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError) as error:
        raise AddressError("The name of the source's machine is not known here.") from error
    return [str(entry[4][0]) for entry in found]


def source_opening(
    address: str, networks: Sequence[str], names: Resolver = resolve
) -> SourceOpening:
    """How to open it. Raises AddressError when it is of no known kind or not on these networks."""
    try:
        parts = sourceaddress.read(address.strip())
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
    """The numeric address to connect to, where all addresses of the name may be connected to.

    Raises AddressError. What is connected to is what was checked: between two looks a name may
    come to mean another machine.
    """
    allowed = [ipaddress.ip_network(network) for network in networks]
    found = list(names(host))
    for one in found:
        at = sourceaddress.plain(one)
        fine = any(at in net for net in allowed if net.version == at.version)
        if not fine or sourceaddress.is_metadata(one):
            raise AddressError(
                "The source is not on a network that sources may be on; "
                "an engineer can add it to source_networks in the settings."
            )
    if not found:
        raise AddressError("The name of the source's machine is not known here.")
    return found[0]


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
    """Servers choose the application by the name that was called, so it is told beside."""
    if parts.query.get("mode") == "listener":
        return parts.at(host).partition("?")[0], "flv", options | {"listen": "1"}
    place = f"{parts.host}:{parts.port}" if parts.port else parts.host
    application = "/".join(parts.path.lstrip("/").split("/")[:1])
    named = host != parts.host and application
    told = {"rtmp_tcurl": f"rtmp://{place}/{application}"} if named else {}
    return parts.at(host), "flv", options | told


def _device(parts: SourceAddress) -> SourceOpening:
    options = {}
    if "size" in parts.query:
        options["video_size"] = parts.query["size"]
    if "rate" in parts.query:
        options["framerate"] = parts.query["rate"]
    return SourceOpening("v4l2", parts.path, "v4l2", options, parts.query)
