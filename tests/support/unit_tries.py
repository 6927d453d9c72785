"""What a process may do in its place: each try says `done`, or the error that refused it.

It runs below a unit's lines on a machine with systemd (`soak.unit_lines`), by the system's own
Python, and prints one JSON object. So it imports nothing of Gavel.
"""

import ctypes
import errno
import json
import mmap
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

NEW_MOUNTS, NEW_USER, NEW_NET = 0x00020000, 0x10000000, 0x40000000
PTRACE_CALL = 101
"""Number of the system call ptrace on x86_64."""
CODE_OF_32_BITS = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"
"""`mov eax, 20; int 0x80; ret`: asks for the process id as a program of 32 bits does."""
BEACON = Path("/usr/local/lib/gavel-try")
"""Folder that the drill fills: a program that runs as its owner, root, and this file."""
OWN = Path("/var/lib/gavel")
PIECE = 64 << 20

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p


def checked(answer: int | None) -> None:
    """Raise OSError for the -1 of a C function."""
    if answer == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def said_no(found: bool) -> None:
    """Raise PermissionError where what a line hides was not found."""
    if not found:
        raise PermissionError(errno.ENOENT, "hidden")


def write_below(folder: str) -> None:
    """Make and delete a file in a folder."""
    path = Path(folder) / "gavel-try-file"
    path.touch()
    path.unlink()


def apart(work: Callable[[], object]) -> None:
    """Do the work in a child, which may lose or die of what it does."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except OSError as error:
            os._exit(error.errno or 1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        raise OSError(0, signal.Signals(os.WTERMSIG(status)).name)
    if code := os.WEXITSTATUS(status):
        raise OSError(code, os.strerror(code))


def mounts_of_its_own() -> None:
    """Make the namespace of users and, with the rights that this gives, one of mounts."""
    checked(libc.unshare(NEW_USER))
    checked(libc.unshare(NEW_MOUNTS))


def run_as_its_owner() -> None:
    """Run a program with the set-user-ID bit of root."""
    shown = subprocess.run([BEACON / "id", "-u"], capture_output=True, text=True, check=True)
    said_no(shown.stdout.strip() == "0")


def call_32_bits() -> None:
    """Ask the kernel for something as a program of 32 bits does."""
    with tempfile.TemporaryFile(dir=OWN) as file:
        file.write(CODE_OF_32_BITS.ljust(mmap.PAGESIZE, b"\x90"))
        file.flush()
        place = libc.mmap(None, mmap.PAGESIZE, 5, 1, file.fileno(), 0)
        ctypes.CFUNCTYPE(ctypes.c_int)(place)()


def writable_code() -> None:
    """Map memory that can be written and run."""
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def readable_by_all() -> None:
    """Make a file that users outside the group can read."""
    path = OWN / "gavel-try-mode"
    path.touch(0o666)
    mode = path.stat().st_mode
    path.unlink()
    said_no(bool(mode & 0o006))


def run_as_owner_later() -> None:
    """Make a file that runs as its owner."""
    path = OWN / "gavel-try-bits"
    path.touch()
    try:
        path.chmod(0o4755)
    finally:
        path.unlink()


def fill_memory() -> None:
    """Take five gigabytes, which is more than any unit allows."""
    taken = [mmap.mmap(-1, PIECE) for _ in range(80)]
    for piece in taken:
        for at in range(0, PIECE, mmap.PAGESIZE):
            piece[at] = 1


def many_threads() -> None:
    """Run 600 threads at once."""
    leave = threading.Event()
    started = []
    try:
        for _ in range(600):
            started.append(threading.Thread(target=leave.wait))
            started[-1].start()
    except RuntimeError as error:
        raise OSError(errno.EAGAIN, str(error)) from error
    finally:
        leave.set()


def same_name_of_the_machine() -> None:
    """See the name that the machine has, instead of a copy of one's own."""
    said_no(str(Path("/proc/self/ns/uts").readlink()) == sys.argv[1])


def be_realtime(priority: int) -> None:
    """Ask for a real-time priority."""
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(priority))


TRIES: dict[str, Callable[[], object]] = {
    "write /usr": lambda: write_below("/usr/local/lib"),
    "write /etc": lambda: write_below("/etc"),
    "write /srv": lambda: write_below("/srv"),
    "write state": lambda: write_below("/var/lib/gavel"),
    "write logs": lambda: write_below("/var/log/gavel"),
    "see homes": lambda: said_no(Path("/home/gavel-try") in Path("/home").iterdir()),
    "see another's /tmp": lambda: said_no(Path("/tmp/gavel-try").exists()),  # noqa: S108
    "write /proc/sys": lambda: os.open("/proc/sys/kernel/domainname", os.O_WRONLY),
    "write cgroups": lambda: write_below("/sys/fs/cgroup"),
    "see modules": lambda: list(Path("/usr/lib/modules").iterdir()),
    "see the log of the kernel": lambda: said_no(Path("/proc/kmsg").stat().st_mode & 0o777 != 0),
    "see the name of the machine": same_name_of_the_machine,
    "ask the clock": lambda: checked(libc.adjtimex(ctypes.create_string_buffer(512))),
    "make users": lambda: apart(lambda: checked(libc.unshare(NEW_USER))),
    "make mounts": lambda: apart(mounts_of_its_own),
    "drop the network": lambda: apart(lambda: checked(libc.unshare(NEW_USER | NEW_NET))),
    "make a file that runs as its owner": run_as_owner_later,
    "run as root": run_as_its_owner,
    "have root's rights": lambda: said_no(bounding() != 0),
    "change the personality": lambda: apart(lambda: checked(libc.personality(0x0040000))),
    "use netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close(),
    "use the kernel's ciphers": lambda: socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET).close(),
    "call as 32 bits": lambda: apart(call_32_bits),
    "dump core": lambda: said_no(resource.getrlimit(resource.RLIMIT_CORE)[1] != 0),
    "make a file for all": readable_by_all,
    "open a capture card": lambda: os.close(os.open("/dev/video9", os.O_RDWR)),
    "open another's card": lambda: os.close(os.open("/dev/gavel-try", os.O_RDWR)),
    "see other processes": lambda: said_no(Path("/proc/1").exists()),
    "map writable code": writable_code,
    "trace": lambda: apart(lambda: checked(libc.syscall(PTRACE_CALL, 0, 0, 0, 0))),
    "be real-time": lambda: apart(lambda: be_realtime(10)),
    "be more real-time": lambda: apart(lambda: be_realtime(60)),
    "be preferred": lambda: apart(lambda: os.setpriority(os.PRIO_PROCESS, 0, -5)),
}
HEAVY: dict[str, Callable[[], object]] = {
    "run 600 threads": many_threads,
    "take 5 GB": fill_memory,
}
"""Tries that run only when they are named, last."""


def bounding() -> int:
    """Return the capabilities that this process could ever have, as bits."""
    lines = dict(
        line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines()
    )
    return int(lines["CapBnd"], 16)


def outcome(work: Callable[[], object]) -> str:
    """Return `done`, or the name of the error."""
    try:
        work()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, error.strerror or "refused")
    except subprocess.SubprocessError:
        return "refused"
    return "done"


if __name__ == "__main__":
    chosen = {name: HEAVY[name] for name in sys.argv[2:]} or TRIES
    print(json.dumps({name: outcome(work) for name, work in chosen.items()}), flush=True)
