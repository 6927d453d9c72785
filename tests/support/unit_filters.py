"""The system call filters that a unit's lines ask of systemd, put on this process by libseccomp.

systemd is not needed, so the program is tried under the filters themselves. Each line is made as
systemd 252 makes it: the calls, and the error that they get. `python -m support.unit_filters UNIT
COMMAND…` runs a command under the filters of a unit file.
"""

import ctypes
import ctypes.util
import errno
import os
import platform
import socket
import sys
from collections.abc import Iterator
from configparser import RawConfigParser
from pathlib import Path

ALLOW, ERRNO = 0x7FFF0000, 0x00050000
NOT_EQUAL, MASKED_EQUAL = 1, 7
NAMESPACES = {
    "cgroup": 0x02000000, "ipc": 0x08000000, "net": 0x40000000, "mnt": 0x00020000,
    "pid": 0x20000000, "user": 0x10000000, "uts": 0x04000000,
}  # fmt: skip
SUID_BITS = (0o4000, 0o2000)
FAMILIES = range(1, 46)
"""Every address family of Linux 6.1."""

CHANGES_OF_MODE = (("chmod", 1), ("fchmod", 1), ("fchmodat", 2), ("mkdir", 1))
Rule = tuple[str, int, tuple[tuple[int, int, int, int], ...]]
"""A call, its error, and comparisons of arguments: number, kind, and two values."""


def _never(*calls: str) -> list[Rule]:
    return [(call, errno.EPERM, ()) for call in calls]


SIMPLE: dict[str, list[Rule]] = {
    "RestrictSUIDSGID": [
        (call, errno.EPERM, ((argument, MASKED_EQUAL, bit, bit),))
        for bit in SUID_BITS
        for call, argument in CHANGES_OF_MODE
    ],
    "LockPersonality": [("personality", errno.EPERM, ((0, NOT_EQUAL, 0, 0),))],
    "ProtectClock": _never("adjtimex", "clock_adjtime", "clock_settime", "settimeofday"),
    "ProtectKernelModules": _never("init_module", "finit_module", "delete_module"),
    "ProtectHostname": _never("sethostname", "setdomainname"),
}
"""What each line forbids that is only yes or no."""


class _Compare(ctypes.Structure):
    _fields_ = (
        ("arg", ctypes.c_uint), ("op", ctypes.c_int),
        ("first", ctypes.c_uint64), ("second", ctypes.c_uint64),
    )  # fmt: skip


def service_of(unit: Path) -> dict[str, str]:
    """Return the lines of a unit's service."""
    read = RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(unit)
    return dict(read["Service"])


def rules_of(service: dict[str, str]) -> Iterator[Rule]:
    """Yield what the unit's lines forbid."""
    yield from _families(service.get("RestrictAddressFamilies", ""))
    yield from _namespaces(service.get("RestrictNamespaces", "no"))
    for line, rules in SIMPLE.items():
        if service.get(line) == "yes":
            yield from rules


def _families(allowed: str) -> Iterator[Rule]:
    numbers = {int(getattr(socket, name)) for name in allowed.split()}
    for family in set(FAMILIES) - numbers if numbers else ():
        yield "socket", errno.EAFNOSUPPORT, ((0, MASKED_EQUAL, 0xFFFFFFFF, family),)


def _namespaces(kept: str) -> Iterator[Rule]:
    if kept == "no":
        return
    yield "clone3", errno.ENOSYS, ()
    for flag in (NAMESPACES[name] for name in set(NAMESPACES) - set(kept.split())):
        for call, argument in (("unshare", 0), ("clone", 0), ("setns", 1)):
            yield call, errno.EPERM, ((argument, MASKED_EQUAL, flag, flag),)


def filter_myself(service: dict[str, str]) -> None:
    """Put the filters on this process and all that it starts. There is no way back."""
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    rules = ctypes.c_void_p(library.seccomp_init(ALLOW))
    for call, error, compared in rules_of(service):
        number = library.seccomp_syscall_resolve_name(call.encode())
        pairs = (_Compare * max(1, len(compared)))(*(_Compare(*one) for one in compared))
        done = library.seccomp_rule_add_array(rules, ERRNO | error, number, len(compared), pairs)
        if done != 0:
            raise OSError(-done, f"the rule for {call} cannot be made")
    if library.seccomp_load(rules) != 0:
        raise OSError("the filters cannot be loaded")


def can_filter() -> bool:
    """Return whether this machine has what the filters need."""
    return ctypes.util.find_library("seccomp") is not None and platform.machine() == "x86_64"


if __name__ == "__main__":
    filter_myself(service_of(Path(sys.argv[1])))
    os.execvp(sys.argv[2], sys.argv[2:])
