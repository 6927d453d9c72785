"""The log in a file: whole lines, bounds that hold, several writers, and no secret in it."""

import json
import logging
import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from pydantic import ValidationError

from config.log_file import RotatingLog
from config.logs import set_up_logs_by
from config.settings import ChannelSettings, Settings

CANARY = "canary-4711"
KB = 1000


def write(path: Path, who: str, lines: int) -> None:
    """Append numbered lines of a hundred bytes, as one process does."""
    handler = RotatingLog(path, 20 * KB, 100)
    for number in range(lines):
        text = f"{who} {number:05} ".ljust(99, ".")
        handler.emit(logging.makeLogRecord({"msg": text}))
    handler.close()


def files(path: Path) -> list[Path]:
    return [one for one in path.parent.glob(f"{path.name}*") if one.suffix != ".lock"]


def test_a_full_file_makes_room_and_the_oldest_goes(tmp_path: Path) -> None:
    path = tmp_path / "gavel.log"
    handler = RotatingLog(path, KB, 2)
    for number in range(50):
        handler.emit(logging.makeLogRecord({"msg": f"{number:03}".ljust(99, ".")}))
    handler.close()

    found = {one.name: one.read_text().split("\n")[0][:3] for one in files(path)}
    assert found == {"gavel.log": "040", "gavel.log.1": "030", "gavel.log.2": "020"}
    assert all(one.stat().st_size <= KB for one in files(path))
    assert path.stat().st_mode & 0o007 == 0


def test_several_processes_lose_no_line_and_tear_none(tmp_path: Path) -> None:
    path = tmp_path / "gavel.log"
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write, args=(path, f"w{n}", 400)) for n in range(3)]
    for one in writers:
        one.start()
    for one in writers:
        one.join(60)

    assert [one.exitcode for one in writers] == [0, 0, 0]
    lines = [line for one in files(path) for line in one.read_text().splitlines()]
    told = sorted(line[:8] for line in lines)
    assert told == sorted(f"w{n} {number:05}" for n in range(3) for number in range(400))
    assert {len(line) for line in lines} == {99}
    assert len(files(path)) >= 6, "three writers filled at least six files"
    assert all(one.stat().st_size <= 21 * KB for one in files(path))


def test_a_file_that_was_moved_away_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "gavel.log"
    handler = RotatingLog(path, KB, 2)
    handler.emit(logging.makeLogRecord({"msg": "one"}))
    path.rename(tmp_path / "taken")
    handler.emit(logging.makeLogRecord({"msg": "two"}))
    handler.close()

    assert path.read_text() == "two\n"


def test_what_cannot_be_written_goes_to_standard_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = RotatingLog(tmp_path / "missing" / "gavel.log", KB, 2)
    handler.emit(logging.makeLogRecord({"msg": "one"}))

    told = capsys.readouterr().err
    assert "cannot be written (No such file or directory): one" in told


@pytest.fixture
def own_logs() -> Iterator[None]:
    """Put the log back as it was."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    structlog.contextvars.clear_contextvars()
    yield
    for handler in root.handlers:
        if handler not in before:
            handler.close()
    root.handlers, root.level = before, level
    structlog.contextvars.clear_contextvars()


def test_the_settings_lead_to_a_file_of_json_lines(own_logs: None, tmp_path: Path) -> None:
    path = tmp_path / "gavel.log"
    set_up_logs_by(Settings(log_file=path, log_json=True), process="web")

    logging.getLogger("web.kit.errors").warning("refused: %s", "GET\nforged line")

    [line] = path.read_text().splitlines()
    told = json.loads(line)
    assert (told["process"], told["level"]) == ("web", "warning")
    assert told["event"] == "refused: GET\nforged line"


def test_a_forked_child_logs_in_the_file_and_leaves_its_other_files_alone(tmp_path: Path) -> None:
    path, other = tmp_path / "gavel.log", tmp_path / "other"
    handler = RotatingLog(path, 20 * KB, 3)
    handler.emit(logging.makeLogRecord({"msg": "the supervisor"}))
    number = handler._file
    assert number is not None
    child = os.fork()
    if not child:
        # The supervisor's forked children close every file they were not given; here the number
        # is given to another file at once, as it will be there before long.
        own = os.open(other, os.O_WRONLY | os.O_CREAT)
        os.dup2(own, number)
        handler.emit(logging.makeLogRecord({"msg": "the child"}))
        os._exit(0 if os.write(number, b"air") == 3 else 1)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert other.read_bytes() == b"air"
    assert path.read_text() == "the supervisor\nthe child\n"


@pytest.mark.parametrize("as_json", [False, True])
def test_settings_with_secrets_are_logged_without_them(
    own_logs: None, tmp_path: Path, as_json: bool
) -> None:
    path = tmp_path / "gavel.log"
    secret = {
        "host_key": CANARY,
        "metrics_token": CANARY,
        "alerts": {"mail": {"password": CANARY}, "webhooks": {"a": f"https://b.example/{CANARY}"}},
        "channels": {
            "ch13": ChannelSettings(outputs=(f"srt://10.0.0.1:9000?passphrase={CANARY}",))
        },
    }
    settings = Settings(log_file=path, log_json=as_json, **secret)
    set_up_logs_by(settings, process="web")

    logging.getLogger("any").warning("settings %r %s", settings, settings)
    logging.getLogger("any").warning("channel %r", settings.channels["ch13"])

    assert "ch13" in path.read_text() and CANARY not in path.read_text()


@pytest.mark.parametrize(
    "wrong", [{"log_file_megabytes": 0}, {"log_files_kept": 0}, {"log_files_kept": 10**6}]
)
def test_bounds_that_keep_nothing_or_everything_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)  # type: ignore[arg-type]
