"""Ids of the plan's own nouns; those that travel to the broadcast machine are in config.names."""

from typing import NewType

ProgramId = NewType("ProgramId", str)
SeriesId = NewType("SeriesId", str)
AssetId = NewType("AssetId", str)
"""A library entry; its bytes have an AssetKey once they are ingested."""
SlideId = NewType("SlideId", str)
PersonId = NewType("PersonId", str)
HostId = NewType("HostId", str)
JobId = NewType("JobId", str)
MeetingId = NewType("MeetingId", str)
MeetingSeriesId = NewType("MeetingSeriesId", str)
BodyId = NewType("BodyId", str)
SourceId = NewType("SourceId", str)
CalendarId = NewType("CalendarId", str)
BlockId = NewType("BlockId", str)
CrawlId = NewType("CrawlId", str)
AnchorId = NewType("AnchorId", str)
ProposalId = NewType("ProposalId", str)
PictureId = NewType("PictureId", str)
"""An uploaded picture that may lie over others; its bytes have an AssetKey."""
SearchId = NewType("SearchId", str)
"""A saved search of the library."""
ChangeId = NewType("ChangeId", int)
STATION_KEY = "station"
"""Key of the one row of what is set for the whole station."""
