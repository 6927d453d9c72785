"""The file through which the captioner gets the station's names from the agent's client."""

import json
from collections.abc import Sequence
from pathlib import Path

from config.readjson import read_json
from config.wholefile import publish_file

CAPTION_NAMES = "caption-names.json"


class CaptionNamesFile:
    """The client's side: writes the names where they changed."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / CAPTION_NAMES
        self._written: tuple[str, ...] | None = None

    def want(self, names: Sequence[str]) -> None:
        """Write these names, unless they were the last. Raises OSError."""
        wanted = tuple(names)
        if wanted == self._written:
            return
        if wanted or self._path.exists():
            publish_file(self._path, json.dumps(wanted).encode())
        self._written = wanted


class KnownNames:
    """The captioner's side: the names as they are now."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / CAPTION_NAMES
        self._changed = -1
        self._names: tuple[str, ...] = ()

    def now(self) -> tuple[str, ...]:
        """Return the names; those read last where the file cannot be read."""
        try:
            changed = self._path.stat().st_mtime_ns
            if changed != self._changed:
                self._names = tuple(map(str, read_json(self._path)))
                self._changed = changed
        except (OSError, ValueError, TypeError):
            pass
        return self._names
