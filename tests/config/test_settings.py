from pathlib import Path

import pytest

from config.settings import SettingsError, load_settings


@pytest.fixture
def gavel_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def write(text: str) -> None:
        path = tmp_path / "gavel.toml"
        path.write_text(text)
        monkeypatch.setenv("GAVEL_CONFIG", str(path))

    return write


def test_the_environment_outranks_the_file(gavel_toml, monkeypatch) -> None:
    gavel_toml('station = "File"\nbind = "127.0.0.1:9000"')
    monkeypatch.setenv("GAVEL_STATION", "Environment")

    settings = load_settings()

    assert (settings.station, settings.bind) == ("Environment", "127.0.0.1:9000")


def test_every_wrong_key_is_named_at_once(gavel_toml) -> None:
    gavel_toml('base_url = "tv"\n[channels.ch13]\nformat = "huge"')

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert "base_url" in str(caught.value)
    assert "channels.ch13.format" in str(caught.value)
    assert "1280x720@30000/1001" in str(caught.value)


def test_an_unknown_key_is_refused(gavel_toml) -> None:
    gavel_toml('statoin = "x"')

    with pytest.raises(SettingsError, match="statoin"):
        load_settings()


def test_a_named_file_that_is_not_there_is_an_error(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("GAVEL_CONFIG", str(tmp_path / "none.toml"))

    with pytest.raises(SettingsError, match="not a file"):
        load_settings()


def test_the_host_key_may_come_from_a_file(gavel_toml, tmp_path) -> None:
    (tmp_path / "key").write_text("secret\n")
    gavel_toml(f'host_key_file = "{tmp_path / "key"}"')

    assert load_settings().key() == "secret"


def test_secrets_are_not_printed(gavel_toml) -> None:
    gavel_toml('host_key = "canary"')

    assert "canary" not in repr(load_settings())


def test_a_file_that_is_not_toml_is_named_with_its_line(gavel_toml) -> None:
    gavel_toml('data_dir = "x\n')

    with pytest.raises(SettingsError, match=r"gavel.toml cannot be read: .*line 1"):
        load_settings()


def test_common_mistakes_are_explained_in_plain_words(gavel_toml) -> None:
    gavel_toml('data_dirr = "/x"\n[channels.ch13]\noutputs = "udp://h:1"')

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert "data_dirr: there is no such setting" in str(caught.value)
    assert "channels.ch13.outputs: write a list" in str(caught.value)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('channel_number = "13"', "write it like 13.1"),
        ('language = "english"', "write three letters, like eng or spa"),
        ('audio = "ac3"\naudio_kbps = 200', "audio_kbps for ac3 is one of 96, 112, 128"),
        ('audio = "aac"', "'mp2' or 'ac3'"),
        ('scan = "interlaced"\nformat = "1280x720@24"', "has no fields"),
        ('scan = "interlaced"\nformat = "640x362@25"', "height that divides by four"),
        ("coded_width = 704", "480 or 576 lines"),
        ('coded_width = 720\nformat = "720x480@30"', "640x480@60000/1001"),
        ('coded_width = 640\nformat = "640x480@30"', "coded_width"),
        ("stream_kbps = -1", "greater than or equal to 0"),
    ],
)
def test_a_stream_that_cannot_be_is_refused_with_what_to_write(gavel_toml, line, words) -> None:
    gavel_toml(f"[channels.ch13]\n{line}")

    with pytest.raises(SettingsError, match="channels.ch13") as caught:
        load_settings()

    assert words in str(caught.value)
