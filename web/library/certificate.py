"""The certificate of a signed disposal, as a CSV file that an archive keeps."""

import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.domain.library.letting_go import Disposal, DisposalItem
from web.kit.spreadsheet import plain

COLUMNS = (
    "title", "file name", "bytes", "sha-256", "recorded or uploaded", "last aired",
    "retention class", "why it was due", "state", "state since",
    "signed by", "signed", "authority", "disposal",
)  # fmt: skip


def state_of(item: DisposalItem) -> tuple[str, datetime | None]:
    """Return what became of a file, in words, and since when."""
    if item.destroyed is not None:
        return "destroyed", item.destroyed
    if item.taken_back is not None:
        return f"taken back by {item.taken_back_by}", item.taken_back
    return "in the trash", None


def as_csv(disposal: Disposal, zone: ZoneInfo) -> str:
    """Return the certificate, a line for each file, with instants in the station's zone."""

    def instant(at: datetime | None) -> str:
        return at.astimezone(zone).isoformat(timespec="seconds") if at else ""

    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for item in disposal.items:
        state, since = state_of(item)
        cells = (
            item.title, item.original_name, item.size, item.key, instant(item.came),
            instant(item.last_aired), item.class_name, item.reason, state, instant(since),
            disposal.signed_by, instant(disposal.signed), disposal.authority, disposal.id,
        )  # fmt: skip
        table.writerow([plain(str(cell)) for cell in cells])
    return out.getvalue()
