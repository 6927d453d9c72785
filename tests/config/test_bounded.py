"""Control characters in a JSON text, however they are written."""

import json

import pytest

from config.bounded import has_controls, without_controls


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("plain", "plain"),
        ("a\x00b\x1fc\x7f", "a b c "),
        ("\b\f", "  "),
        ("tab\tand\nbreak\r", "tab\tand\nbreak\r"),
        ("typed \\u0000 and \\b", "typed \\u0000 and \\b"),
        ("\\\x00", "\\ "),
        ('"quoted"', '"quoted"'),
    ],
)
def test_control_characters_become_spaces_and_lookalikes_stay(said: str, heard: str) -> None:
    body = json.dumps({"text": said}).encode()

    assert json.loads(without_controls(body))["text"] == heard
    assert has_controls(body) == (said != heard)
    assert not has_controls(without_controls(body))
