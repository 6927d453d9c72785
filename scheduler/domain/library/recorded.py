"""A recording in the library: what it has beside its file."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.names import AiringId, ChannelId
from playout.model.recording import RecordingGap
from scheduler.domain.model.ids import AssetId, MeetingId, ProgramId


@dataclass(frozen=True)
class RecordedAsset:
    """The facts of a recording that no upload has; the file itself is an asset like any other."""

    asset: AssetId
    airing: AiringId
    """The live airing that was recorded."""
    channel: ChannelId
    """The channel that recorded it."""
    meeting: MeetingId | None
    program: ProgramId | None
    body: str
    """Public body, as the meeting named it when it was recorded; empty for none."""
    began: datetime
    """First instant that the file holds, UTC."""
    first: timedelta
    """In point in the file: the mark, else the take or the go."""
    last: timedelta
    """Out point in the file: the adjournment."""
    gaps: tuple[RecordingGap, ...]
    """What is missing from it, in order of time."""
    note: str
    """What staff should know of it, in the machine's words; empty when all is well."""
    place: str
    """The machine that recorded it, as `copies.machine_place` names it; empty if not known."""
    reported: datetime
    here: datetime | None
    """Since when the server has its bytes, UTC; None while they are on the machine alone."""

    @property
    def length(self) -> timedelta:
        """Its length from in point to out point."""
        return self.last - self.first

    @property
    def lost(self) -> timedelta:
        """The time that is missing from it."""
        return sum((gap.end - gap.start for gap in self.gaps), timedelta(0))
