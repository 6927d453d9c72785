"""Sentences about the broadcast machines of a channel, for staff."""

from zoneinfo import ZoneInfo

from config.times import clock
from scheduler.domain.air.machines import Machine


def two_machines(channel: str, first: Machine, second: Machine, zone: ZoneInfo) -> str:
    """Return the sentence that says which two machines air a channel, and which one is obeyed."""
    return (
        f"{machine_words(first, zone)} and {machine_words(second, zone)} both report on {channel}. "
        "Only the first gets commands, and what the second sends does not count as aired."
    )


def machine_words(machine: Machine, zone: ZoneInfo) -> str:
    """Return a machine's name, its address, and since when this run of it is heard."""
    at = f" at {machine.address}" if machine.address else ""
    return f"{machine.name}{at} (since {clock(machine.since, zone, seconds=True)})"
