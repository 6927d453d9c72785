"""Tries each confining line of a unit on a machine with systemd: with the line, and without it.

The unit is copied with its start and its watchdog taken out and `support/unit_tries.py` put in
their place; every other line stays. A line is shown to be true if what it forbids is refused, and
allowed as soon as this one line is gone. Where something else refuses it as well, the table says
what: then only the refusal is shown.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from support.systemd_machine import SystemdMachine

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "config" / "systemd"
FOLDER = "/usr/local/lib/gavel-try"
NOT_KEPT = re.compile(
    r"(?m)^(?:Type|NotifyAccess|Watchdog\w*|Restart\w*|TimeoutSt\w+|ExecStart|OOMPolicy)=.*\n"
)
SECTION = re.compile(r"(?s)\n\[Install\].*")


@dataclass(frozen=True)
class Forbids:
    """One try that a line refuses."""

    line: str
    name: str
    also: str = ""
    """What refuses it too, so that it stays refused without the line."""


LINES = (
    Forbids("ProtectSystem", "write /usr", "files belong to root"),
    Forbids("ProtectSystem", "write /etc", "files belong to root"),
    Forbids("ProtectSystem", "write /srv", "files belong to root"),
    Forbids("ProtectHome", "see homes"),
    Forbids("PrivateTmp", "see another's /tmp"),
    Forbids("PrivateDevices", "open another's card"),
    Forbids("ProtectProc", "see other processes"),
    Forbids("ProtectKernelTunables", "write /proc/sys", "files belong to root"),
    Forbids("ProtectControlGroups", "write cgroups", "files belong to root"),
    Forbids("ProtectKernelModules", "see modules"),
    Forbids("ProtectKernelLogs", "see the log of the kernel"),
    Forbids("ProtectHostname", "see the name of the machine"),
    Forbids("ProtectClock", "ask the clock", "SystemCallFilter"),
    Forbids("RestrictNamespaces", "make mounts"),
    Forbids("RestrictSUIDSGID", "make a file that runs as its owner"),
    Forbids("NoNewPrivileges", "run as root", "every filter of system calls brings it"),
    Forbids("LockPersonality", "change the personality"),
    Forbids("RestrictAddressFamilies", "use netlink"),
    Forbids("SystemCallArchitectures", "call as 32 bits"),
    Forbids("SystemCallFilter", "trace"),
    Forbids("MemoryDenyWriteExecute", "map writable code"),
    Forbids("RestrictRealtime", "be real-time", "no limit of the unit allows it"),
    Forbids("LimitRTPRIO", "be more real-time", "the limit of the machine"),
    Forbids("CapabilityBoundingSet", "have root's rights"),
    Forbids("LimitCORE", "dump core"),
    Forbids("UMask", "make a file for all"),
)
MAY = {
    "gavel-web": ("write state", "write logs"),
    "gavel-scheduler": ("write state", "write logs", "drop the network"),
    "gavel-playout@": (
        "write state", "write logs", "drop the network", "ask the clock", "open a capture card",
    ),
}  # fmt: skip
"""What a service needs, and must be able to do under all its lines."""
NEEDS = {"open a capture card": "SupplementaryGroups"}
"""Lines that give something: without the line it must be refused."""


def units() -> list[str]:
    """Return the names of all units, without their endings."""
    return sorted(path.stem for path in UNITS.glob("*.service"))


def lines_of(text: str) -> set[str]:
    """Return the keys of a unit's text."""
    return set(re.findall(r"(?m)^(\w+)=", text))


def tried_unit(unit: str, machine_name: str, without: str = "", heavy: str = "") -> str:
    """Return the unit with the tries in place of its program, and without one of its lines."""
    text = NOT_KEPT.sub("", (UNITS / f"{unit}.service").read_text())
    text = SECTION.sub("\n", text)
    if without:
        text = re.sub(rf"(?m)^{without}=.*\n", "", text)
    program = f"/usr/bin/python3 {FOLDER}/unit_tries.py {machine_name} {heavy}".rstrip()
    output = "StandardOutput=file:/run/gavel-try.json"
    return text.replace(
        "[Service]\n", f"[Service]\nType=oneshot\n{output}\nExecStart={program}\n"
    ).replace("%i", "try")


class Tried:
    """The tries of every unit on one machine."""

    def __init__(self, machine: SystemdMachine) -> None:
        self._machine = machine
        code = (ROOT / "tests" / "support" / "unit_tries.py").read_text()
        place = machine.root / FOLDER.lstrip("/")
        place.mkdir(parents=True, exist_ok=True)
        (place / "unit_tries.py").write_text(code)
        machine.tell(
            f"cp /usr/bin/id {FOLDER}/id; chmod 4755 {FOLDER}/id; touch /tmp/gavel-try;"
            " mkdir -p /home/gavel-try /usr/lib/modules"
        )
        machine.make_device("video9", "video", "660")
        machine.make_device("gavel-try", "root", "666")
        self._name = machine.tell("readlink /proc/self/ns/uts").strip()

    def outcomes(self, unit: str, without: str = "", heavy: str = "") -> Mapping[str, str]:
        """Return what each try ended with under the lines of a unit; none if it was killed."""
        text = tried_unit(unit, f'"{self._name}"', without, heavy)
        (self._machine.root / "etc/systemd/system/gavel-try.service").write_text(text)
        self._machine.try_to(
            "rm -f /run/gavel-try.json; systemctl daemon-reload; systemctl start gavel-try"
        )
        printed = self._machine.try_to("cat /run/gavel-try.json").stdout
        return json.loads(printed) if printed.startswith("{") else {}

    def wrong(self, unit: str) -> tuple[list[str], int]:
        """Return what is not as the unit says, one sentence each, and how many tries were made."""
        text = (UNITS / f"{unit}.service").read_text()
        asked = [one for one in LINES if one.line in lines_of(text)]
        found = judged(unit, text, lambda without: self.outcomes(unit, without))
        return found, len(asked) + len(MAY[unit])


def judged(unit: str, text: str, outcomes: Callable[[str], Mapping[str, str]]) -> list[str]:
    """Return what is not as the text of a unit says, one sentence each. `outcomes` tells what the
    tries end with under the unit without the line that it is given; "" for all its lines.
    """
    under_all, keys, found = outcomes(""), lines_of(text), list[str]()
    found += [f"{unit} may not {name}" for name in MAY[unit] if under_all.get(name) != "done"]
    for one in (one for one in LINES if one.line in keys):
        if under_all.get(one.name, "done") == "done":
            found.append(f"{unit}: {one.line} does not forbid to {one.name}")
        elif not one.also and outcomes(one.line).get(one.name) != "done":
            found.append(f"{unit}: it is not {one.line} that forbids to {one.name}")
    for name, line in NEEDS.items():
        if line in keys and outcomes(line).get(name) == "done":
            found.append(f"{unit}: {line} is not what allows to {name}")
    return found
