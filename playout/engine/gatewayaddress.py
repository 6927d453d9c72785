"""What a gateway may open: allow-listed kinds of address on allow-listed networks, and how."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

LIVE_FORMATS = "mpegts,hls,flv,live_flv,aac,mp3"
PROTOCOLS = {
    "udp": "udp",
    "rtp": "rtp,udp",
    "rtsp": "rtsp,tcp,udp,rtp",
    "rtmp": "rtmp,tcp",
    "http": "http,tcp",
    "https": "https,http,tls,tcp,crypto",
}
SCHEMES = (*PROTOCOLS, "srt", "v4l2", "test")
UDP_BUFFER = 4 << 20
"""Bytes the kernel may hold while this process is busy."""

Resolver = Callable[[str], Sequence[str]]


class AddressError(Exception):
    """A source's address may not or cannot be opened; the text tells staff why and never
    holds the address."""


@dataclass(frozen=True)
class Opening:
    """How libav (or our own reader) is to open a source."""

    scheme: str
    url: str
    format: str | None = None
    options: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
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
    except OSError as error:
        raise AddressError("The name of the source's machine is not known here.") from error
    return [str(entry[4][0]).partition("%")[0] for entry in found]


def opening(address: str, networks: Sequence[str], names: Resolver = resolve) -> Opening:
    """How to open it. Raises AddressError when it is of no known kind or not on these networks."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port or 0
    except ValueError as error:
        raise AddressError("The address of this source cannot be read.") from error
    scheme = parts.scheme.lower()
    if scheme not in SCHEMES:
        known = ", ".join(SCHEMES)
        raise AddressError(f"A source begins with one of {known}, then a colon.")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if scheme == "test":
        return Opening(scheme, "", query=query)
    if scheme == "v4l2":
        return _device(parts.path, query)
    host = (parts.hostname or "").removeprefix("@")
    _check_host(host, scheme, networks, names)
    if scheme not in ("http", "https") and not port and scheme in ("udp", "rtp", "srt"):
        raise AddressError(f"A source of {scheme} needs a port, like {scheme}://@:5000.")
    url, kind, options = _network(scheme, address.strip(), host, port, query)
    return Opening(scheme, url, kind, options, query, host, port)


def _check_host(host: str, scheme: str, networks: Sequence[str], names: Resolver) -> None:
    if not host:
        if scheme in ("udp", "rtp", "srt"):
            return
        raise AddressError("The address names no machine.")
    allowed = [ipaddress.ip_network(network) for network in networks]
    for found in names(host):
        address = ipaddress.ip_address(found)
        if not any(address in net for net in allowed if net.version == address.version):
            raise AddressError(
                "The source is not on a network that sources may be on; "
                "an engineer can add it to source_networks in the settings."
            )


def _network(
    scheme: str, address: str, host: str, port: int, query: dict[str, str]
) -> tuple[str, str | None, dict[str, str]]:
    options = {"protocol_whitelist": PROTOCOLS.get(scheme, "")}
    if scheme in ("udp", "rtp"):
        place = f"[{host}]" if ":" in host else host
        url = f"{scheme}://{place}:{port}"
        if scheme == "udp":
            url += f"?fifo_size=100000&overrun_nonfatal=1&reuse=1&buffer_size={UDP_BUFFER}"
        return url, "mpegts" if scheme == "udp" else "rtp", options
    if scheme == "srt":
        return "", "mpegts", {}
    if scheme == "rtsp":
        way = "udp" if query.get("transport") == "udp" else "tcp"
        return address, "rtsp", options | {"rtsp_transport": way}
    if scheme == "rtmp":
        if query.get("mode") == "listener":
            return address.partition("?")[0], "flv", options | {"listen": "1"}
        return address, "flv", options
    options["format_whitelist"] = LIVE_FORMATS
    return address, None, options | {"live_start_index": "-3"}


def _device(path: str, query: dict[str, str]) -> Opening:
    if not path.startswith("/dev/"):
        raise AddressError("A capture card is written like v4l2:/dev/video0?audio=hw:1.")
    options = {}
    if "size" in query:
        options["video_size"] = query["size"]
    if "rate" in query:
        options["framerate"] = query["rate"]
    return Opening("v4l2", path, "v4l2", options, query)
