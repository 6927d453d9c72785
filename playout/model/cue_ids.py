"""What the ids of cues say: the gap that one fills, the instance that one belongs to."""

from datetime import UTC, datetime

from config.names import CueId

STAMP = "%Y%m%dT%H%M%S.%f"


def gap_of(cue: CueId) -> datetime | None:
    """The start of the gap that a filling cue belongs to; None for a cue of an item."""
    if not cue.startswith("fill-"):
        return None
    return datetime.strptime(cue.split("-")[1], STAMP).replace(tzinfo=UTC)


def instance_of(cue: CueId) -> str:
    """What all pieces of one planned instance have in common, whatever file it has."""
    if "@" not in cue:
        return cue
    return cue.rpartition("#")[0].rpartition(".")[0]
