"""The state of a target, written by its process each second and read by agent and doctor."""

import json
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from config.readjson import read_json

MOST_TARGETS = 64
_LONGEST_TEXT = 2000


@dataclass(frozen=True)
class TargetState:
    """The state of one target. It holds no secret."""

    shown: str
    """The target without its secrets."""
    since: datetime | None = None
    """Instant (UTC) from which on it has taken the stream without a break; None while it does
    not."""
    sent: int = 0
    """Bytes sent since the channel started."""
    dropped: int = 0
    """Bytes that the target's process dropped, because the target did not take them."""
    problem: str = ""
    """The fault, in a sentence for staff; empty while there is none."""
    note: str = ""
    """A condition that is no fault, such as that no receiver has called."""
    failing_since: datetime | None = None
    """Instant (UTC) of the first fault since it last took the stream for a while; None while there
    is no problem."""
    run: str = ""
    """Name of the channel's run, by which a process knows the state of the one before it."""

    def to_json(self) -> bytes:
        """Return the state as it is written to disk."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        for name in _INSTANTS:
            values[name] = values[name].isoformat() if values[name] is not None else None
        return json.dumps(values).encode()


def state_file(folder: Path, number: int) -> Path:
    """Return the file of a target's state; `number` counts the channel's outputs from 0."""
    return folder / "targets" / f"{number + 1}.json"


def state_files(folder: Path) -> list[Path]:
    """Return the files of all targets' states. Raises OSError where the folder cannot be read."""
    return sorted((folder / "targets").glob("*.json"))[:MOST_TARGETS]


def forget_states(folder: Path) -> None:
    """Remove the states of an earlier run of the channel, whose targets may be gone."""
    with suppress(OSError):
        for path in state_files(folder):
            path.unlink()


def read_state(path: Path) -> TargetState | None:
    """Return the state that a file holds; None for a file that is missing or damaged."""
    try:
        value = read_json(path)
        return _state(value) if isinstance(value, dict) else None
    except (OSError, ValueError, TypeError):
        return None


def _state(value: dict[str, Any]) -> TargetState:
    since, failing_since = (_instant(value.get(name)) for name in _INSTANTS)
    texts = {name: str(value.get(name, ""))[:_LONGEST_TEXT] for name in _TEXTS}
    return TargetState(
        since=since,
        failing_since=failing_since,
        sent=int(value.get("sent", 0)),
        dropped=int(value.get("dropped", 0)),
        shown=texts["shown"],
        problem=texts["problem"],
        note=texts["note"],
        run=texts["run"],
    )


def _instant(text: object) -> datetime | None:
    """Return the instant that a text names. Raises ValueError for one that names none."""
    return None if text is None else datetime.fromisoformat(str(text))


_INSTANTS = ("since", "failing_since")
_TEXTS = ("shown", "problem", "note", "run")
