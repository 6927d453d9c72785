"""A server and the two machines of one channel, each in a network namespace of its own."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from support.apart import FORMAT, SOURCE_PORT, ServerAndMachines
from support.two_hosts import (
    CHANNEL,
    GROUP,
    NETWORK,
    PORT,
    kill_group,
    newest_sender,
    pair_settings,
)
from support.two_hosts import pair_status as status_of

from config.names import ChannelId
from playout.model.commands import Verb
from scheduler.actions import commands, pairs
from scheduler.actions.commands import Order
from scheduler.domain.model.people import SYSTEM_ACTOR

HALL_GROUP = "239.77.0.14"
"""The multicast group of the meeting, which both machines receive."""


class ServerAndPair(ServerAndMachines):
    """The server `s`, and the machines `a`, which is preferred, and `b` of one channel."""

    channels: ClassVar[Mapping[str, ChannelId]] = dict.fromkeys("ab", ChannelId(CHANNEL))
    hall_address: ClassVar[str] = f"udp://{HALL_GROUP}:{SOURCE_PORT}"

    def channel_settings(self, name: str) -> str:
        """Return the settings of a machine's channel, with the other machine's address."""
        return f"""
                [channels.{CHANNEL}]
                format = "{FORMAT}"
                outputs = ["udp://{GROUP}:{PORT}?ttl=2"]
                video_kbps = 1500
                preset = "ultrafast"
                {pair_settings(name)}
        """

    def add_machines(self, now: datetime) -> None:
        """Add both machines, with no return by itself."""
        super().add_machines(now)
        a, b = self.ids["a"], self.ids["b"]
        pairs.set_pair(self.db, SYSTEM_ACTOR, now, ChannelId(CHANNEL), a, b, None)

    def capture(self, path: Path) -> None:
        """Begin to write what both machines send, with its sender, into a file."""
        words = ("support.multicast_capture", GROUP, str(PORT), f"{NETWORK}.1", str(path))
        self.popen("n", "capture", "python", "-m", *words)

    def press(self, verb: Verb, *, to: str = "") -> None:
        """Press a button on the server's desk."""
        order = Order(verb, to=self.ids[to] if to else None)
        commands.give(self.db, SYSTEM_ACTOR, datetime.now(UTC), ChannelId(CHANNEL), order)

    def power_off(self, name: str) -> None:
        """Kill all of a machine at once, as when its power fails."""
        kill_group(self.processes.pop(name))

    def wait_for_pair(self, sender: str, seconds: float) -> None:
        """Wait until this machine sends and the other is ready."""
        end, other = time.monotonic() + seconds, {"a": "b", "b": "a"}[sender]
        told: dict[str, dict[str, object]] = {}
        while time.monotonic() < end:
            told = {name: status_of(self.home(name)) for name in self.channels}
            if newest_sender(told) == sender and told[other].get("ready"):
                return
            time.sleep(0.2)
        raise AssertionError(f"{sender} does not send beside a machine that is ready: {told}")
