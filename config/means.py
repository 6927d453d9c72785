"""Errors that mean the machine lacks something, told apart from errors in a file.

A file that cannot be opened may be bad. But where a process or the machine has no file descriptors,
no memory or no disk space left, the file is not to blame: it is tried again, and staff read what is
really lacking.
"""

import errno
import os

SPARE_DESCRIPTORS = 16
"""Descriptors that opening one media file may use at once, including those of its libraries."""
LACKS = {
    errno.EMFILE: "this process has no file descriptors left",
    errno.ENFILE: "this machine has no file descriptors left",
    errno.ENOMEM: "this machine has no memory left",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EAGAIN: "this machine may start no more processes",
}


def lack(error: BaseException) -> str:
    """Say what the machine lacked when this error was raised; empty where the machine is not to
    blame.

    EAGAIN counts only when a process is started: in reading it means that no data has come yet.
    """
    number = errno.ENOMEM if isinstance(error, MemoryError) else getattr(error, "errno", None)
    if isinstance(error, BlockingIOError) or not isinstance(number, int):
        return ""
    return LACKS.get(number, "")


def lack_to_start(error: OSError) -> str:
    """Say what the machine lacked when a process could not be started; empty for another reason."""
    return LACKS.get(error.errno or 0, "")


def lack_to_open(spare: int = SPARE_DESCRIPTORS) -> str:
    """Say what this process lacks to open a file now; empty where it lacks nothing.

    For use after a library has failed without saying why.
    """
    taken: list[int] = []
    try:
        while len(taken) < spare:
            taken.append(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
    except OSError as error:
        return lack(error)
    finally:
        for handle in taken:
            os.close(handle)
    return ""
