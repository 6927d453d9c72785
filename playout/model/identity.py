"""The identity that a broadcast machine names in each request to the server."""

import re
from dataclasses import dataclass

MACHINE_HEADER = "X-Gavel-Machine"
_FORM = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{16})")


@dataclass(frozen=True)
class MachineIdentity:
    """The identity of one agent: of its journal, and of the process that writes it.

    A disk that was cloned names the same journal on two machines; their processes differ.
    """

    machine: str
    """32 hexadecimal digits, made once and kept beside the journal."""
    run: str
    """16 hexadecimal digits, made at each start of the agent."""

    def __str__(self) -> str:
        return f"{self.machine}.{self.run}"


def identity_of(header: str) -> MachineIdentity | None:
    """Return the identity in a MACHINE_HEADER; None where there is none that can be read."""
    found = _FORM.fullmatch(header)
    return MachineIdentity(found[1], found[2]) if found else None
