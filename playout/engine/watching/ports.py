"""The network ports through which multicasts leave, and whether they have a carrier."""

import socket
import struct
from collections.abc import Sequence
from pathlib import Path

from config.targetaddress import RtpTarget, UdpTarget

_ROUTE_FIELDS = 8


class Ports:
    """The ports of some targets. Its files are given, so that a test can write them."""

    def __init__(
        self,
        targets: Sequence[UdpTarget | RtpTarget],
        routes: Path = Path("/proc/net/route"),
        interfaces: Path = Path("/sys/class/net"),
    ) -> None:
        self._targets, self._routes, self._interfaces = targets, routes, interfaces
        self._names: dict[str, str] = {}

    def are_up(self) -> bool | None:
        """Return whether any port has a carrier; None where no port is known."""
        known = [up for up in map(self._is_up, self._targets) if up is not None]
        return any(known) if known else None

    def _is_up(self, target: UdpTarget | RtpTarget) -> bool | None:
        name = target.interface or self._routed(target.host)
        if not name or not (self._interfaces / name).is_dir():
            return None
        try:
            return (self._interfaces / name / "carrier").read_text().strip() == "1"
        except OSError:
            # Linux answers EINVAL for a port that was switched off.
            return False

    def _routed(self, host: str) -> str:
        """Return the port to which the kernel's table sends an IPv4 group; as it was known last,
        because a port that is switched off loses its routes.
        """
        try:
            group = struct.unpack("=I", socket.inet_aton(host))[0]
            lines = self._routes.read_text().splitlines()[1:]
        except OSError:
            return self._names.get(host, "")
        fitting = [route for line in lines if (route := _route(line, group)) is not None]
        if fitting:
            self._names[host] = max(fitting)[-1]
        return self._names.get(host, "")


def _route(line: str, group: int) -> tuple[int, int, str] | None:
    """Return length of the mask, the metric turned round, and the port of a route for a group."""
    fields = line.split()
    if len(fields) < _ROUTE_FIELDS:
        return None
    try:
        goal, metric, mask = int(fields[1], 16), int(fields[6]), int(fields[7], 16)
    except ValueError:
        return None
    return (mask.bit_count(), -metric, fields[0]) if group & mask == goal else None
