"""`gavel-playout run` logs as its settings say, and so does every process of the channel."""

import json
import logging
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner

from config.child import CHILDREN_LOG
from config.clock import Clock
from config.forked import fork
from config.settings import Settings
from playout.cli.main import main
from playout.processes import channel, children

log = logging.getLogger("playout.tested")


@pytest.fixture(autouse=True)
def _own_logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    monkeypatch.delenv(CHILDREN_LOG, raising=False)
    yield
    root.handlers, root.level = before, level
    structlog.contextvars.clear_contextvars()


def speak(word: str) -> None:
    log.debug("%s speaks low", word)
    log.info("%s speaks", word)


def run_with(folder: Path, monkeypatch: pytest.MonkeyPatch, settings: str) -> list[str]:
    """Run a channel whose supervisor and bus say something; return the lines of the log file."""
    path = folder / "air.log"
    (folder / "gavel.toml").write_text(
        f'data_dir = "{folder}"\nlog_file = "{path}"\n{settings}\n[channels.ch13]\n'
    )
    monkeypatch.setenv("GAVEL_CONFIG", str(folder / "gavel.toml"))
    monkeypatch.setitem(children._KINDS, "child-bus", partial(speak, "the bus"))

    def on_air(settings: Settings, name: str, clock: Clock) -> None:
        del settings, name, clock
        speak("the supervisor")
        child = fork(partial(children.run_child, "child-bus", "{}"), [], [], dict(os.environ))
        assert child.wait(30) == 0

    monkeypatch.setattr(channel, "run_channel", on_air)
    answer = CliRunner().invoke(main, ["run", "ch13"], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return path.read_text().splitlines()


def test_lines_of_json_name_the_channel_and_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [json.loads(line) for line in run_with(tmp_path, monkeypatch, "log_json = true")]

    assert [(one["process"], one["channel"], one["event"]) for one in said] == [
        ("playout", "ch13", "the supervisor speaks"),
        ("bus", "ch13", "the bus speaks"),
    ]


def test_the_level_of_the_settings_holds_in_every_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    low = run_with(tmp_path, monkeypatch, 'log_level = "DEBUG"')

    assert [line.split("event=")[1].strip("'") for line in low] == [
        "the supervisor speaks low", "the supervisor speaks", "the bus speaks low",
        "the bus speaks",
    ]  # fmt: skip
