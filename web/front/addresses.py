"""Limits on one network address: open connections, and requests a second."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

SUBSCRIBER_BITS = 64
"""Leading bits of an IPv6 address that identify a subscriber; they choose the rest themselves."""
SESSION_COST = 0.2
"""Weight of a request with a session. It is low because a whole city hall shares one address."""


def counted_address(address: str) -> str:
    """Return the address as limits count it: IPv4 whole, IPv6 by its /64 prefix.

    Return an empty string, which is not counted, for this machine's own addresses and for callers
    without an address, as behind a unix socket: a proxy of ours, or an operator at the console.
    """
    try:
        parsed = ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    if parsed.is_loopback:
        return ""
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return str(ip_network((parsed, SUBSCRIBER_BITS), strict=False))


def visitor_address(peer: str, chain: Sequence[str], proxies: int) -> str:
    """Return the caller that the outermost of our own proxies saw; `peer` where there is none."""
    callers = [caller.strip() for value in chain for caller in value.split(",")]
    return callers[-proxies] if proxies and len(callers) >= proxies else peer


@dataclass
class Addresses:
    """Open connections and recent requests by address. It remembers at most `most` addresses.

    Requests are counted by a leaky bucket: it holds `burst` requests and drains `per_second`.
    """

    connections: int = 256
    per_second: float = 60.0
    burst: float = 240.0
    most: int = 10_000
    _open: dict[str, int] = field(default_factory=dict)
    _asked: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def enter(self, address: str) -> bool:
        """Count a new connection; return False when the address already holds all it may."""
        if not address:
            return True
        held = self._open.get(address, 0)
        if held >= self.connections:
            return False
        self._open[address] = held + 1
        return True

    def leave(self, address: str) -> None:
        """Count a connection as closed."""
        held = self._open.get(address, 0) - 1
        if held > 0:
            self._open[address] = held
        else:
            self._open.pop(address, None)

    def ask(self, address: str, now: float, cost: float = 1.0) -> bool:
        """Count a request at `now`, in seconds; return False when the address asks too often."""
        if not address:
            return True
        level, at = self._asked.get(address, (0.0, now))
        level = max(0.0, level - (now - at) * self.per_second)
        taken = level + cost <= self.burst
        self._asked[address] = (level + cost if taken else level, now)
        self._asked.move_to_end(address)
        while len(self._asked) > self.most:
            self._asked.popitem(last=False)
        return taken

    @property
    def known(self) -> int:
        """Return the number of addresses remembered."""
        return len(self._open.keys() | self._asked.keys())
