"""A confined child: what its words and its end mean, and what it may not do."""

import errno
import json
import signal
import socket
import sys
from typing import Any

import av
import pytest
from support.resource_limits import without_free_descriptors

from media.confine import ConfinedError, LackError, Limits, SlowError, run_confined, say_refused
from media.formats import FormatError


def child(script: str, progress: Any = None, **limits: Any) -> dict[str, Any]:
    """Run a shell script in the place of the confined module."""
    return run_confined("x", {}, Limits(**limits), progress, python=("sh", "-c", script))


def says(*messages: object) -> str:
    """Return a script that prints these messages, each as a line of JSON."""
    return "; ".join(f"printf '%s\\n' '{json.dumps(message)}'" for message in messages)


@pytest.mark.parametrize(
    ("script", "result"),
    [
        pytest.param(says({"result": {"x": 1}}), {"x": 1}, id="a result"),
        pytest.param(says({"progress": 0.5}, {"result": {}}), {}, id="progress before the result"),
        pytest.param("echo warning; " + says({"result": {}}), {}, id="a line that is no JSON"),
        pytest.param(says({"result": {}}, {"progress": 1.0}), {}, id="progress after the result"),
        pytest.param(says({"refused": "no"}, {"result": {}}), {}, id="the last answer counts"),
    ],
)
def test_a_child_that_answers_gives_its_result(script: str, result: dict[str, Any]) -> None:
    assert child(script) == result


@pytest.mark.parametrize(
    ("script", "error", "words"),
    [
        pytest.param(says({"refused": "It is empty."}), ConfinedError, "It is empty", id="refused"),
        pytest.param(says({"lacks": "the disk is full"}), LackError, "Try again", id="lacks"),
        pytest.param(
            says({"memory": True}) + "; exit 1", ConfinedError, "more memory", id="out of memory"
        ),
        pytest.param("kill -XCPU $$", SlowError, "too long", id="out of processor time"),
        pytest.param("kill -KILL $$", SlowError, "too long", id="killed"),
        pytest.param("kill -SEGV $$", ConfinedError, "checker crash", id="crashed"),
        pytest.param(
            says({"result": {}}) + "; exit 3", ConfinedError, "checker crash",
            id="crashed after its result",
        ),
        pytest.param("true", ConfinedError, "checker crash", id="ended without an answer"),
    ],
)  # fmt: skip
def test_a_child_that_fails_is_judged_by_its_words_then_by_its_end(
    script: str, error: type[ConfinedError], words: str
) -> None:
    with pytest.raises(error, match=words) as raised:
        child(script)

    assert type(raised.value) is error


def test_a_child_that_hangs_is_killed() -> None:
    with pytest.raises(ConfinedError, match="took too long"):
        child("exec sleep 30", wall_seconds=0.3)


def test_progress_reaches_the_parent_in_order() -> None:
    heard: list[float] = []
    child(says({"progress": 0.1}, {"progress": 0.7}, {"result": {}}), heard.append)

    assert heard == [0.1, 0.7]


def test_a_child_that_cannot_be_started_says_nothing_of_the_file() -> None:
    with pytest.raises(LackError, match="no checker starts"):
        run_confined("x", {}, Limits(), python=("/no/such/program",))


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC])
def test_a_file_is_not_called_damaged_for_what_the_machine_lacks(number, monkeypatch, capsys):
    """libav raises an error of its own, our reader another one with a cause."""
    bare = OSError(number, "")
    own = FormatError("The file cannot be opened.")
    own.__cause__ = bare
    for error in (bare, own, av.error.FFmpegError(number, "")):
        say_refused(error, "The file is damaged.")
        (words,) = capsys.readouterr().out.splitlines()
        answer = f"printf '%s\\n' '{words}'"
        with pytest.raises(LackError, match="Try again when that is over"):
            run_confined("x", {}, Limits(), python=("sh", "-c", answer))
    say_refused(OSError(errno.EIO, ""), "The file is damaged.")
    assert json.loads(capsys.readouterr().out) == {"refused": "The file is damaged."}


def test_without_descriptors_no_file_is_judged():
    with without_free_descriptors(), pytest.raises(LackError, match="no file descriptors left"):
        run_confined("media.probe_child", {}, Limits())


CONFINED = """
import json, sys, socket
from media.confine import Limits, confine_myself, say
confine_myself(Limits(**json.loads(sys.argv[-1])["limits"]))
order = json.loads(sys.argv[-1])
to, door = order["job"]["to"], ("127.0.0.1", order["job"]["port"])
found = {}
def tried(name, act):
    try:
        act(); found[name] = "done"
    except BaseException as error:
        found[name] = type(error).__name__
tried("memory", lambda: bytearray(4 << 30))
tried("file", lambda: open(to, "wb", 0).write(bytes(99999)))
tried("network", lambda: socket.create_connection(door, 1))
say(result=found)
"""


def test_a_confined_child_has_no_network_little_memory_and_writes_nothing(tmp_path):
    signal_was = signal.getsignal(signal.SIGXFSZ)
    with socket.create_server(("127.0.0.1", 0)) as door:
        job = {"to": str(tmp_path / "x"), "port": door.getsockname()[1]}
        found = run_confined("x", job, Limits(), python=(sys.executable, "-P", "-c", CONFINED))
    assert signal.getsignal(signal.SIGXFSZ) == signal_was
    assert found["memory"] == "MemoryError"
    assert found["file"] == "OSError" and (tmp_path / "x").stat().st_size == 0
    assert found["network"] != "done"
