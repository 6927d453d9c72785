"""The broadcast machines of a channel: which journal each writes, and which one the server obeys.

Machine A airs channel 13, and somebody starts a clone B of its disk:

    18:00:00  A  run a1 reports              -> A holds the channel and gets its commands
    18:05:00  A  its agent restarts: run a2  -> the same journal, a new run: A still holds
    18:10:00  B  the clone starts: run b1    -> it looks like a restart, so it holds
    18:10:00  A  run a2 reports              -> may be a request that a dead agent sent: not obeyed
    18:10:01  A  run a2 reports again        -> so a2 lives: A holds again, and B is a rival
    18:10:20  A  is switched off
    18:10:36  B  run b1 reports              -> A is silent, so B holds

Of two machines with journals of their own the first holds, and the other is a rival at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from playout.model.identity import MachineIdentity
from scheduler.domain.model.ids import HostId

HOST_SILENT_AFTER = timedelta(seconds=15)
"""A machine that has not reported for so long is silent, and another may take its place."""
HEARD_TOGETHER_WITHIN = timedelta(seconds=8)
"""Two machines that both reported within so long are on at the same time."""
TWIN_RESTARTS_AFTER = timedelta(seconds=3)
"""Of two clones, one that was silent for so long is the one that restarts as a new run."""
RETURNS_OF_A_TWIN = 2
"""An agent that died may leave one request behind. So one that returns twice is alive."""


@dataclass(frozen=True)
class Caller:
    """A machine that asks or reports now."""

    host: HostId
    """The machine whose key it has."""
    name: str
    """Its own name for itself."""
    address: str
    identity: MachineIdentity | None
    """None from a machine of a version that names none."""


@dataclass(frozen=True)
class Machine:
    """One journal of a channel, and the machine that writes it."""

    tag: str
    """Tells its entries from those of other journals; empty for the channel's first."""
    host: HostId
    name: str
    address: str
    machine: str
    """Identity of the journal; empty from a machine that names none."""
    run: str
    since: datetime
    """When this run was first heard, UTC."""
    at: datetime
    """When it was last heard, UTC."""
    holds: bool = False
    """True while it is the one that the server obeys and believes, at its place."""
    held_from: datetime | None = None
    """From here on its account counts; None for always."""
    held_until: datetime | None = None
    """Up to here its account counts; None while it holds."""
    before: str = ""
    """The run before this one."""
    before_since: datetime | None = None
    returns: int = 0
    """How often the run before was heard again."""

    def is_silent(self, now: datetime) -> bool:
        """Return True when it has not reported for fifteen seconds."""
        return now - self.at > HOST_SILENT_AFTER

    def counts(self, at: datetime) -> bool:
        """Return True when what it saw at `at` is the channel's account, not that of a rival."""
        if self.held_from is None and not self.holds and self.held_until is None:
            return False
        begins = self.held_from is None or at >= self.held_from
        return begins and (self.held_until is None or at < self.held_until)


@dataclass(frozen=True)
class Pair:
    """The two machines that air a channel together."""

    primary: HostId
    standby: HostId


@dataclass(frozen=True)
class Heard:
    """The machines of a channel after one of them was heard."""

    machines: tuple[Machine, ...]
    caller: Machine
    obeyed: bool
    """True when the caller may have the channel's commands."""


def hear(
    known: Sequence[Machine], caller: Caller, pair: Pair | None, now: datetime, fresh: str
) -> Heard:
    """Return the machines after `caller` was heard at `now`; `fresh` names a new journal."""
    others, own, is_stale = _recognised(known, caller, now, fresh)
    if is_stale:
        return Heard((*others, own), own, obeyed=False)
    machines = _seated((*others, replace(own, at=now)), own.tag, pair, now)
    seated = next(one for one in machines if one.tag == own.tag)
    return Heard(machines, seated, seated.holds)


def _recognised(
    known: Sequence[Machine], caller: Caller, now: datetime, fresh: str
) -> tuple[tuple[Machine, ...], Machine, bool]:
    """Return the other machines, the caller's own, and whether it may be a dead agent's request."""
    own = _same_run(known, caller)
    if own is not None:
        return _without(known, own), _at_address(own, caller), False
    own = next((one for one in known if caller.identity and one.before == _run(caller)), None)
    if own is not None and own.machine == _journal(caller):
        return _returned(known, own, caller, fresh)
    own = _restarted(known, caller, now)
    if own is not None:
        run = replace(
            own, machine=_journal(caller), run=_run(caller), since=now, before=own.run,
            before_since=own.since, returns=0,
        )  # fmt: skip
        return _without(known, own), _at_address(run, caller), False
    new = Machine(
        fresh if known else "", caller.host, caller.name, caller.address, _journal(caller),
        _run(caller), now, now,
    )  # fmt: skip
    return tuple(known), new, False


def _same_run(known: Sequence[Machine], caller: Caller) -> Machine | None:
    if caller.identity is not None:
        same = (_journal(caller), _run(caller))
        return next((one for one in known if (one.machine, one.run) == same), None)
    # A machine that names no identity is known by its key and its name alone.
    own = [one for one in known if one.host == caller.host and caller.name in ("", one.name)]
    return max(own, key=lambda one: one.at, default=None)


def _returned(
    known: Sequence[Machine], own: Machine, caller: Caller, fresh: str
) -> tuple[tuple[Machine, ...], Machine, bool]:
    """Return the machines after a run was heard that another seemed to have replaced."""
    if own.returns + 1 < RETURNS_OF_A_TWIN:
        return _without(known, own), replace(own, returns=own.returns + 1), True
    clone = replace(
        own, tag=fresh, holds=False, held_from=None, held_until=None, before="", returns=0,
        before_since=None,
    )  # fmt: skip
    first = replace(
        own, run=own.before, since=own.before_since or own.since, before="", before_since=None,
        returns=0,
    )  # fmt: skip
    return (*_without(known, own), clone), _at_address(first, caller), False


def _restarted(known: Sequence[Machine], caller: Caller, now: datetime) -> Machine | None:
    """Return the machine whose agent has started again as the caller; None for a new one."""
    if caller.identity is None:
        return None
    family = [one for one in known if one.machine == _journal(caller)]
    # A machine that was upgraded names an identity for the first time.
    named = [one for one in known if not one.machine and one.host == caller.host]
    clones = min(family or named, key=lambda one: one.at, default=None)
    if clones is None or len(family) < 2 or now - clones.at > TWIN_RESTARTS_AFTER:
        return clones
    return None


def _seated(
    machines: Sequence[Machine], tag: str, pair: Pair | None, now: datetime
) -> tuple[Machine, ...]:
    """Return the machines with the caller at its place, if it is free."""
    own = next(one for one in machines if one.tag == tag)
    place = place_of(own, pair)
    holder = next((one for one in machines if one.holds and place_of(one, pair) == place), None)
    if place is None:
        return tuple(_leaves(one, now) if one.tag == tag else one for one in machines)
    if holder is not None and (holder.tag == tag or not holder.is_silent(now)):
        return tuple(machines)
    from_here = holder.at if holder is not None and pair is None else None
    return tuple(
        _takes(one, from_here) if one.tag == tag
        else _leaves(one, now) if holder is not None and one.tag == holder.tag
        else one
        for one in machines
    )  # fmt: skip


def place_of(machine: Machine, pair: Pair | None) -> str | None:
    """Return the place at which a machine airs the channel; None where it has none.

    Without a pair there is one place, and with a pair one for the key of each of the two.
    """
    if pair is None:
        return ""
    return machine.host if machine.host in (pair.primary, pair.standby) else None


def _takes(one: Machine, held_from: datetime | None) -> Machine:
    return replace(one, holds=True, held_from=held_from, held_until=None)


def _leaves(one: Machine, now: datetime) -> Machine:
    return replace(one, holds=False, held_until=min(one.at, now)) if one.holds else one


def rivals(
    machines: Sequence[Machine], pair: Pair | None, now: datetime
) -> tuple[tuple[Machine, Machine], ...]:
    """Return each machine that airs the channel beside the one at its place, as (first, second)."""
    on = [one for one in machines if now - one.at <= HEARD_TOGETHER_WITHIN]
    held = [one for one in on if one.holds]
    found = []
    for second in on:
        if second.holds:
            continue
        place = place_of(second, pair)
        first = next((one for one in held if place is None or place_of(one, pair) == place), None)
        if first is not None:
            found.append((first, second))
    return tuple(found)


def _without(known: Sequence[Machine], own: Machine) -> tuple[Machine, ...]:
    return tuple(one for one in known if one.tag != own.tag)


def _at_address(one: Machine, caller: Caller) -> Machine:
    return replace(one, host=caller.host, name=caller.name, address=caller.address)


def _journal(caller: Caller) -> str:
    return caller.identity.machine if caller.identity else ""


def _run(caller: Caller) -> str:
    return caller.identity.run if caller.identity else ""
