"""Every button can be typed on the broadcast machine, and its refusal is printed there."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from config.settings import ChannelSettings, Settings
from playout.cli import operator
from playout.cli.graphics import GIVEN
from playout.cli.main import main
from playout.host.control_socket import ControlQueue, ControlServer
from playout.model.commands import Command, Verb
from playout.model.events import MessagePlacement
from playout.model.graphics import Crawl, LowerThird

NOW = datetime(2026, 11, 20, tzinfo=UTC)


class Agent:
    """Answers on the socket, and remembers the requests."""

    def __init__(self, folder: Path, refused: str = "") -> None:
        self.heard: list[Command] = []
        self._refused = refused
        self._door, self._wake, self._over = ControlQueue(), threading.Event(), False
        self._keeper = ControlServer(folder, self._door, lambda: b"{}", lambda: NOW, self._wake)
        self._keeper.start()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while not self._over:
            self._wake.wait(5)
            self._wake.clear()
            for command in self._door.take():
                self.heard.append(command)
                self._door.answer(command.id, self._refused)

    def close(self) -> None:
        self._over = True
        self._wake.set()
        self._thread.join()
        self._keeper.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings = Settings(
        data_dir=tmp_path, channels={"ch13": ChannelSettings(format="64x36@30000/1001")}
    )
    monkeypatch.setattr(operator, "_settings", lambda: settings)
    monkeypatch.setattr(operator, "_who", lambda: "ann")
    return settings.channel_dir("ch13")


@pytest.fixture
def agent(folder: Path) -> Iterator[Agent]:
    made = Agent(folder)
    yield made
    made.close()


@pytest.mark.parametrize(
    "verb",
    [
        "take",
        "skip",
        "slate",
        "rejoin",
        "hold",
        "adjourn",
        "recess",
        "resume",
        "go",
        "clear",
        "hide-lower-third",
        "stop-crawl",
        "bug-on",
        "bug-off",
    ],
)
def test_every_button_has_a_command(agent: Agent, verb: str) -> None:
    result = CliRunner().invoke(main, [verb, "ch13", "--item", "x"])

    assert (result.exit_code, result.output) == (0, "Done.\n")
    assert [(c.verb, c.actor, c.item, c.number) for c in agent.heard] == [(verb, "ann", "x", 0)]


def test_extend_override_and_emergency_take_minutes(agent: Agent) -> None:
    for words in (
        ["extend", "ch13", "15"],
        ["override", "ch13", "chamber", "--minutes", "20", "--title", "The Mayor"],
        ["emergency", "ch13", "Boil water.", "--full", "--minutes", "5"],
    ):
        assert CliRunner().invoke(main, words).exit_code == 0
    extend, override, emergency = agent.heard

    assert (extend.verb, extend.minutes, extend.until) == (Verb.EXTEND, 15, None)
    assert (override.source, override.text) == ("chamber", "The Mayor")
    assert override.until == NOW + timedelta(minutes=20)
    assert (emergency.text, emergency.placement) == ("Boil water.", MessagePlacement.FULL)
    assert emergency.until == NOW + timedelta(minutes=5)


def test_a_lower_third_and_a_crawl_can_be_typed(agent: Agent) -> None:
    for words in (
        ["lower-third", "ch13", "Ann Lee", "Mayor", "--seconds", "12"],
        ["lower-third", "ch13", "Item 4b"],
        ["crawl", "ch13", "Elm Street is closed.", "--times", "3", "--words", "120"],
    ):
        assert CliRunner().invoke(main, words).exit_code == 0
    third, item, crawl = (command.graphic for command in agent.heard)

    assert third == LowerThird(GIVEN, "Ann Lee", "Mayor", shown_for=timedelta(seconds=12))
    assert item == LowerThird(GIVEN, "Item 4b")
    assert crawl == Crawl(GIVEN, "Elm Street is closed.", 120, times=3)


def test_a_crawl_too_long_for_any_channel_is_refused_in_words(agent: Agent) -> None:
    result = CliRunner().invoke(main, ["crawl", "ch13", "x" * 601])

    assert result.exit_code == 1 and "at most 600 characters" in result.output
    assert agent.heard == []


def test_a_refusal_is_printed_and_exits_with_an_error(folder: Path) -> None:
    agent = Agent(folder, "Only a live program can be held.")
    result = CliRunner().invoke(main, ["hold", "ch13"])
    agent.close()

    assert result.exit_code == 1
    assert "Refused: Only a live program can be held." in result.output


def test_an_unknown_channel_is_answered_with_the_known_ones(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAVEL_CONFIG", "/etc/gavel/gavel.toml")
    for name in ("ch31", "../ch13"):
        said = CliRunner().invoke(main, ["status", name]).output
        assert f"There is no channel {name} on this machine." in said
        assert "/etc/gavel/gavel.toml names: ch13." in said
