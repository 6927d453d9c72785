"""The `gavel` command when it cannot start."""

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from web.cli import main, ways_out


def test_a_taken_port_names_the_settings_to_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        bind = f"127.0.0.1:{other.getsockname()[1]}"
        toml = tmp_path / "gavel.toml"
        toml.write_text(f'data_dir = "{tmp_path}/data"\nbind = "{bind}"\n')
        monkeypatch.setenv("GAVEL_CONFIG", str(toml))
        ran = CliRunner().invoke(main, ["up"])
    assert ran.exit_code == 1
    assert f"cannot be served at {bind}: Address already in use" in ran.output
    assert "bind, base_url and server_url" in ran.output and str(toml) in ran.output
    assert not (tmp_path / "data").exists()


def test_the_start_says_where_a_channel_goes_without_its_secrets() -> None:
    lines = ways_out("ch13", ["udp://239.1.1.1:5000", "srt://h:9000?passphrase=correct-horse"])

    assert lines == [
        "ch13 goes to udp://239.1.1.1:5000, srt://h:9000",
        "  watch it: vlc udp://@:5000",
    ]


def test_the_start_says_what_is_wrong_with_an_output() -> None:
    lines = ways_out("ch13", ["srt://h:9000?passphrase=short"])

    assert lines == ["ch13 cannot go out: A passphrase of SRT has 10 to 79 characters."]
