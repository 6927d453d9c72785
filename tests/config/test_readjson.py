"""JSON of others is read within bounds of size and depth."""

from pathlib import Path

import pytest

from config.readjson import DEEPEST_LEVELS, parse_json, read_bounded, read_json


@pytest.mark.parametrize(
    "text",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * (DEEPEST_LEVELS + 1) + b"]" * (DEEPEST_LEVELS + 1),
        b'["' + b"x" * 200 + b'"]',
        b"{",
        b"\xff",
    ],
)
def test_an_oversized_or_deep_text_is_an_error_in_words(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_json(text, most=1_000_000 if b"x" not in text else 100)


def test_brackets_inside_strings_add_no_depth() -> None:
    words = '[{"\\"' * 100

    assert parse_json(b'["' + b"[{" * 100 + b'"]') == ["[{" * 100]
    assert parse_json(f'["{words.replace(chr(92), chr(92) * 2).replace(chr(34), "")}"]'.encode())
    assert parse_json(b"[" * DEEPEST_LEVELS + b"]" * DEEPEST_LEVELS)


def test_a_file_larger_than_allowed_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    (tmp_path / "large.json").write_bytes(b"[" + b" " * 100 + b"]")

    assert read_json(tmp_path / "large.json") == []
    with pytest.raises(OSError, match="larger than 50 bytes"):
        read_bounded(tmp_path / "large.json", 50)
