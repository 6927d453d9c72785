"""Cleaning of typed or pasted text: no control characters, no stray line breaks."""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def clean(text: str) -> str:
    """Return the text without control characters, with plain line breaks and trimmed ends."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(text: str) -> str:
    """Return the `clean` text with every run of white space as one space."""
    return " ".join(clean(text).split())
