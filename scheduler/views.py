"""Airings with all that pages show beside them, read in a few looks whatever their number."""

from collections.abc import Sequence
from datetime import datetime

from scheduler.db import find, find_live, load, load_live
from scheduler.db.store import Session
from scheduler.db.tables import AiringRow, SeriesRow
from scheduler.domain.readiness import AiringView, light, replay_light
from scheduler.domain.recurrence import in_words


def airing_views(
    session: Session, rows: Sequence[AiringRow], now: datetime
) -> tuple[AiringView, ...]:
    """Each airing with its light, its program, its file and its series, in the order given."""
    airings = [load.airing(row) for row in rows]
    files = find.assets_by_id(session, (row.asset_id for row in rows))
    assets = {id: load.asset(row) for id, row in files.items()}
    programs = find.programs_by_id(session, (row.program_id for row in rows))
    known = find_live.meetings_by_id(session, (row.meeting_id for row in rows))
    meetings = {id: load_live.meeting(row) for id, row in known.items()}
    words: dict[str, str] = {}
    made = []
    for airing in airings:
        asset = assets.get(airing.draft.asset) if airing.draft.asset else None
        program = programs.get(airing.draft.program) if airing.draft.program else None
        if airing.series and airing.series not in words:
            series = session.get(SeriesRow, airing.series)
            words[airing.series] = in_words(load.series(series).draft.rule) if series else ""
        colour, why = light(airing, asset, now)
        meeting = meetings.get(airing.draft.meeting) if airing.draft.meeting else None
        if meeting is not None and asset is None and airing.end > now:
            colour, why = replay_light(airing, meeting) or (colour, why)
        made.append(
            AiringView(
                airing=airing,
                readiness=colour,
                why=why,
                program_title=program.title if program else "",
                asset=asset,
                series_words=words.get(airing.series or "", ""),
                series_id=airing.series,
            )
        )
    return tuple(made)
