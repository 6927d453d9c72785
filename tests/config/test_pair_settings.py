from pathlib import Path

import pytest
from pydantic import ValidationError

from config.pair_settings import PairSettings, host_and_port

WHOLE = {"name": "a", "listen": "10.0.0.11:5113", "peer": "10.0.0.12:5113"}


def test_a_key_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sixteen letters or more\n")

    assert PairSettings(**WHOLE, key_file=tmp_path / "key").secret() == b"sixteen letters or more"


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"listen": "10.0.0.11"}, "write it like 10.0.0.11:5113"),
        ({"peer": "host:99999"}, "write it like"),
        ({"name": "Rack 2"}, "lowercase"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_write(
    over: dict[str, str], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        PairSettings(**{**WHOLE, **over})


@pytest.mark.parametrize(("key", "words"), [("short", "16 characters"), ("", "16 characters")])
def test_a_key_that_is_too_short_is_refused_when_it_is_used(key: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        PairSettings(**WHOLE, key=key).secret()


def test_a_key_file_that_is_not_there_is_named_as_the_cause(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        PairSettings(**WHOLE, key_file=tmp_path / "none").secret()


def test_an_ipv6_address_stands_in_brackets() -> None:
    assert host_and_port("[fd00::1]:5113") == ("fd00::1", 5113)
