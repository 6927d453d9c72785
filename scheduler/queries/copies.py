"""The places of one file, and the facts of a recording, as the page of the file shows them."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.meetings import MeetingRow
from scheduler.db.tables.plan import ChannelRow
from scheduler.domain.library.copies import SERVER, Copy, host_of
from scheduler.domain.library.recorded import RecordedAsset
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import AssetId


@dataclass(frozen=True)
class PlacedCopy:
    """One place of a file."""

    copy: Copy
    machine: str = ""
    """Name of the broadcast machine; empty for another place."""


@dataclass(frozen=True)
class FilePlaces:
    """Everything about where a file is and where it is from."""

    copies: tuple[PlacedCopy, ...]
    """The server first."""
    recorded: RecordedAsset | None
    """What only a recording has; None for an upload."""
    meeting: str
    """Title of the meeting that was recorded; empty for none."""
    machine: str
    """Name of the machine that recorded it; empty where it is not known."""
    channel: str
    """Name of the channel that recorded it; empty for an upload."""
    zone: ZoneInfo
    """The zone in which its times are written."""


def places_of(db: Database, asset: Asset) -> FilePlaces:
    """Return where a file of the library is, and what is known of its recording."""
    with db.read() as session:
        names = {row.id: row.name for row in find.machines.hosts(session)}
        row = find.recordings.of_assets(session, [asset.cut_of or asset.id]).get(
            asset.cut_of or AssetId(asset.id)
        )
        recorded = load.recordings.recorded(row) if row is not None else None
        channel = _channel(session, recorded)
        meeting = session.get(MeetingRow, recorded.meeting or "") if recorded else None
        key = asset.media.key if asset.media is not None else None
        rows = find.recordings.copies(session, [key]) if key is not None else ()
        return FilePlaces(
            copies=tuple(
                PlacedCopy(one, names.get(host_of(one.place) or "", ""))
                for one in sorted(map(load.recordings.copy, rows), key=_server_first)
            ),
            recorded=recorded,
            meeting=meeting.title if meeting is not None else "",
            machine=names.get(host_of(recorded.place) or "", "") if recorded else "",
            channel=channel.name if channel is not None and recorded is not None else "",
            zone=ZoneInfo(channel.zone if channel is not None else "UTC"),
        )


def _server_first(copy: Copy) -> tuple[bool, str]:
    return copy.place != SERVER, copy.place


def _channel(session: Session, recorded: RecordedAsset | None) -> ChannelRow | None:
    """Return the channel that recorded it; for an upload the first, whose zone is the station's."""
    if recorded is not None:
        return session.get(ChannelRow, recorded.channel)
    return next((row for row, _ in find.plan.channels(session)), None)
