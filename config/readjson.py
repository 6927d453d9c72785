"""JSON from others, read within bounds. A file or line that is damaged, endless or nested without
end raises an error, and never ends the process that reads it.
"""

import json
import re
from itertools import accumulate
from pathlib import Path
from typing import Any

LARGEST_BYTES = 1 << 20
"""Most bytes read unless the caller allows more; the largest text of ours has a tenth."""
DEEPEST_LEVELS = 64
"""Most levels of lists and objects; the deepest of ours has nine."""
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")


def read_bounded(path: Path, most: int = LARGEST_BYTES) -> bytes:
    """Read a whole file of at most `most` bytes. Raises OSError, also for a larger one."""
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(27, f"it is larger than {most} bytes", str(path))
    return content


def parse_json(text: bytes, most: int = LARGEST_BYTES) -> Any:
    """Parse one JSON text. Raises ValueError for other text, and for one too large or nested too
    deeply.
    """
    if len(text) > most:
        raise ValueError(f"it has {len(text)} bytes, and at most {most} are read")
    if text.count(b"[") + text.count(b"{") > DEEPEST_LEVELS and _depth(text) > DEEPEST_LEVELS:
        raise ValueError(f"it is nested more than {DEEPEST_LEVELS} levels deep")
    return json.loads(text)


def read_json(path: Path, most: int = LARGEST_BYTES) -> Any:
    """Read and parse one JSON file. Raises OSError or ValueError."""
    return parse_json(read_bounded(path, most), most)


def _depth(text: bytes) -> int:
    brackets = _BRACKETS.findall(_QUOTED.sub(b"", text))
    return max(accumulate(1 if one in b"[{" else -1 for one in brackets), default=0)
