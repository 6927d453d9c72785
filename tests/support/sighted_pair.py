"""A pair whose machines see their outputs: faults of each output, and of each machine's sight."""

from dataclasses import dataclass, field

from support.pair_world import Machine, PairWorld

from playout.model.sight import Sight, View

SECOND = 1_000_000_000
SEEN_AFTER: dict[View, int] = {"absent": 8 * SECOND // 10}
"""Nanoseconds after which the watcher sees a fault; any other takes USUALLY_AFTER."""
USUALLY_AFTER = 5 * SECOND
RECEIVED_FOR = 10 * SECOND


@dataclass
class Output:
    """One machine's output, as it is, and as that machine can see it."""

    fault: View = "right"
    since: int = 0
    port_is_up: bool = True
    """Whether the machine sees that its own port is up."""
    is_deaf: bool = False
    """Whether it receives nothing of the other's output."""
    is_blind: bool = False
    """Whether its watcher does not run."""
    receives_since: int | None = None


@dataclass
class SightedWorld(PairWorld):
    """The world of two machines, with what their watchers see."""

    outputs: dict[str, Output] = field(default_factory=lambda: {"a": Output(), "b": Output()})
    changes: list[tuple[int, str]] = field(default_factory=list)

    def spoil(self, name: str, fault: View) -> None:
        """Let a machine's output be faulty from now on; `right` mends it."""
        self.outputs[name].fault, self.outputs[name].since = fault, self.now

    def sight(self, machine: Machine) -> Sight:
        """Return what a machine's watcher sees now."""
        own, sends = self.outputs[machine.name], self.sending
        if sends and (not self.changes or self.changes[-1][1] != sends[0]):
            self.changes.append((self.now, sends[0]))
        if own.is_blind:
            return Sight()
        return Sight(self._own_view(own), self._other_view(machine, own))

    def _own_view(self, own: Output) -> View:
        if not own.port_is_up:
            return "absent"
        return "right" if own.fault == "absent" else self._fault(own)

    def _fault(self, of: Output) -> View:
        age = self.now - of.since
        return of.fault if age > SEEN_AFTER.get(of.fault, USUALLY_AFTER) else "unknown"

    def _other_view(self, machine: Machine, own: Output) -> View:
        if machine.name in self.sending:
            own.receives_since = None
            return "unknown"
        other = self.outputs["b" if machine.name == "a" else "a"]
        if not own.is_deaf and other.fault != "absent" and self.sending:
            own.receives_since = own.receives_since or self.now
            return self._fault(other)
        if own.receives_since is None or self.now - own.receives_since < RECEIVED_FOR:
            own.receives_since = None
            return "unknown"
        return "absent" if own.is_deaf else self._fault(other)
