"""Loudness of a day is printed on the broadcast machine, by hour and by cue."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.measured_sound import fill

from config.clock import machine_zone
from playout.cli.main import main
from playout.engine.loudness.book import LoudnessBook

NOON = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gavel.toml").write_text(f'data_dir = "{tmp_path}"\n[channels.ch13]\n')
    monkeypatch.setenv("GAVEL_CONFIG", str(tmp_path / "gavel.toml"))


def printed(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["loudness", *words])
    return result.exit_code, result.output


def test_each_hour_and_each_cue_is_printed(tmp_path: Path) -> None:
    book = LoudnessBook(tmp_path / "air" / "ch13", machine_zone())
    fill(book, NOON, -20.0, 10.0)
    book.name("council", NOON, NOON + timedelta(seconds=10))
    book.save()
    code, text = printed("ch13", "--day", NOON.astimezone(machine_zone()).date().isoformat())

    assert code == 0
    assert text.count("-20.0 LKFS, highest peak -20.0 dBTP, 10 s") == 2
    assert "council: " in text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("ch13", "--day", "2026-01-01"), "Nothing was measured on 2026-01-01."),
        (("ch13", "--day", "soon"), "soon is not a day; write it like 2026-11-30"),
        (("ch99",), "There is no channel ch99 on this machine."),
    ],
)
def test_what_cannot_be_printed_is_said_in_words(words: tuple[str, ...], sentence: str) -> None:
    code, text = printed(*words)
    assert code == 1 and sentence in text
