"""The captions of what is on air, as the status reports them, and what is wrong with them."""

from datetime import datetime, timedelta

from playout.model.caption_status import CaptionKind, CaptionStatus
from playout.model.engine import Observation
from playout.model.plan import ContentKind
from playout.model.rundown import Cue

LOST_AFTER = timedelta(seconds=10)
"""How long captions must be aired without leaving until staff are told: the encoder takes two of
these seconds, and each report one."""
NOT_HERE = "they are not on this machine yet"
NOT_LEAVING = (
    "The captions on air do not leave with the stream: none was found in it in the last half "
    "minute. Restart the channel, and if that does not help, look at the log of the stream relay."
)


class CaptionWatch:
    """Remembers since when captions have been aired that did not leave."""

    def __init__(self) -> None:
        self._lost_since: datetime | None = None

    def look(
        self, cue: Cue, seen: Observation, now: datetime, *, are_here: bool
    ) -> tuple[CaptionStatus, list[str]]:
        """Return the captions of `cue` as it airs, and what is wrong, in sentences. `are_here`
        tells whether the captions that the plan names for its file are on this machine.
        """
        kind = _kind(cue)
        missing = _missing(cue, seen, are_here=are_here) if kind is CaptionKind.FILE else ""
        aired = seen.captions
        status = CaptionStatus(kind, aired.aired, aired.left, aired.last, missing[:200])
        lost = aired.aired > 0 and aired.left == 0
        self._lost_since = (self._lost_since or now) if lost else None
        problems = [f"{cue.title} airs without its captions: {missing}."] if missing else []
        if self._lost_since is not None and now - self._lost_since >= LOST_AFTER:
            problems.append(NOT_LEAVING)
        return status, problems


def _kind(cue: Cue) -> CaptionKind:
    """Return where the captions of a cue come from."""
    if cue.kind is ContentKind.LIVE and cue.source is not None:
        return CaptionKind.LIVE
    has_file = cue.kind is ContentKind.FILE and cue.media is not None
    has_captions = cue.media is not None and cue.media.captions is not None
    return CaptionKind.FILE if has_file and has_captions else CaptionKind.NONE


def _missing(cue: Cue, seen: Observation, *, are_here: bool) -> str:
    """Return why a file airs without its captions; empty while it has them."""
    reasons = [deck.no_captions for deck in seen.decks if deck.cue == cue.id and deck.no_captions]
    if reasons:
        return reasons[0]
    return "" if are_here else NOT_HERE
