"""The report of the relay on its stream, written once a second into a file that the agent reads.

Counts are since the relay started; `recent` holds what came in the last ten seconds.
"""

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

RECENT_SECONDS = 10
"""Seconds that count as recent; the status is written once a second."""


@dataclass
class StatusHistory:
    """The counts of the last seconds, for what is recent of each."""

    _past: deque[dict[str, int]] = field(default_factory=lambda: deque(maxlen=RECENT_SECONDS + 1))

    def recent(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Take the counts of this second; return by how much each rose recently."""
        self._past.append(dict(counts))
        first = self._past[0]
        return {name: count - first.get(name, 0) for name, count in counts.items()}


def status_text(
    facts: Mapping[str, object], counts: Mapping[str, int], targets: Mapping[int, int],
    closed: Mapping[int, str], history: StatusHistory,
) -> bytes:  # fmt: skip
    """Return the status as JSON. `targets` has the dropped chunks of each target, `closed` a reason
    for each that cannot be opened.
    """
    dropped = {f"target {number}": count for number, count in targets.items()}
    recent = history.recent({**counts, **dropped})
    ways = {
        str(number): {"dropped": count, "recent": recent[f"target {number}"]}
        for number, count in sorted(targets.items())
    }
    told = {name: recent[name] for name in counts}
    whole = {**facts, **counts, "recent": told, "targets": ways}
    whole["closed"] = {str(number): reason for number, reason in sorted(closed.items())}
    return json.dumps(whole).encode()
