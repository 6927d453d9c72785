"""Text as people type or paste it, made plain: no control characters, no stray line breaks."""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def clean(text: str) -> str:
    """Text without control characters; line breaks become plain ones, the ends are trimmed."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(text: str) -> str:
    """`clean` text with every run of white space as one space."""
    return " ".join(clean(text).split())
