"""A lack of the machine, told apart from a fault of a file."""

import errno
from pathlib import Path

import pytest
from support.resource_limits import without_free_descriptors

from config.means import lack, lack_to_open, lack_to_start


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EMFILE, ""), "this process has no file descriptors left"),
        (OSError(errno.ENFILE, ""), "this machine has no file descriptors left"),
        (OSError(errno.ENOMEM, ""), "this machine has no memory left"),
        (MemoryError(), "this machine has no memory left"),
        (OSError(errno.ENOSPC, ""), "the disk is full"),
        (OSError(errno.EAGAIN, ""), ""),
        (OSError(errno.EIO, ""), ""),
        (FileNotFoundError(errno.ENOENT, ""), ""),
        (ValueError(), ""),
    ],
)
def test_an_error_says_whether_the_machine_is_to_blame(error: Exception, words: str) -> None:
    assert lack(error) == words


def test_no_more_processes_is_a_lack_where_one_is_started() -> None:
    refused = OSError(errno.EAGAIN, "")
    assert lack_to_start(refused) == "this machine may start no more processes"


def test_a_process_notices_that_it_has_no_descriptors_left(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    with without_free_descriptors():
        with pytest.raises(OSError, match="Too many open files"):
            (tmp_path / "a").write_text("")
        found = lack_to_open()
    assert found == "this process has no file descriptors left"
    assert lack_to_open() == ""
    assert len(list(Path("/proc/self/fd").iterdir())) == before
