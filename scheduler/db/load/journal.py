"""Reports of a host, between the values of the wire and the rows that store them."""

import hashlib
import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from config.bounded import LONGEST_SPAN, explain
from config.names import AiringId, AssetKey, ChannelId, CueId, ItemId
from playout.model.plan import Outcome
from playout.model.wire import AsRun, JournalEntry, SeenStretch
from scheduler.db.tables.house import ENTRY_ID_LENGTH, AsRunRow, EntryRow

log = logging.getLogger(__name__)
_ENTRY = TypeAdapter(JournalEntry)
LONGEST_REASON = 2000
STORED_AS_SENT = (
    "title", "planned_start", "planned_end", "start", "end", "ticks", "held", "dropped",
    "first_tick", "layer", "policy",
)  # fmt: skip
"""Fields of an as-run entry that are columns of its row, by the same names and values."""
LAYERS = frozenset({"deck", "board", "slate"})


def stored_id(id: str, tag: str) -> str:
    """Return the id under which an entry of the journal `tag` is stored.

    The machines of a channel name what they see alike, and each has an account of its own.
    """
    if not tag:
        return id
    room = ENTRY_ID_LENGTH - len(tag) - 1
    if len(id) > room:
        digest = hashlib.sha256(id.encode()).hexdigest()[:32]
        id = f"{id[: room - len(digest) - 1]}#{digest}"
    return f"{id}~{tag}"


def once(rows: Iterable[EntryRow]) -> list[EntryRow]:
    """Return the rows without what another machine of the channel has in its journal too."""
    first: dict[str, EntryRow] = {}
    for row in rows:
        first.setdefault(str(row.data.get("id", row.id)), row)
    return list(first.values())


def entry_row(
    channel: ChannelId, entry: JournalEntry, tag: str = "", *, counts: bool = True
) -> EntryRow:
    """Return a row that stores the whole entry of the journal `tag`."""
    data: dict[str, Any] = _ENTRY.dump_python(entry, mode="json")
    return EntryRow(
        channel_id=channel,
        id=stored_id(entry.id, tag),
        tag=tag,
        counts=counts,
        number=entry.number,
        at=entry.at,
        kind=entry.kind,
        data=data,
    )


def entry(row: EntryRow) -> JournalEntry | None:
    """Return the entry as it was sent.

    Return None, and log it, for one that an older version stored and this version cannot read.
    """
    try:
        return _ENTRY.validate_python(row.data)
    except ValidationError as error:
        why = explain("it", error)
        log.info("entry %r of %s is passed over: %s", row.id, row.channel_id, why)
        return None


def as_run_row(entry: EntryRow, run: AsRun, airing: AiringId | None) -> AsRunRow:
    """Return a row for the as-run of an entry, to be found by time and by airing.

    `airing` is the airing that the entry names, if it belongs to this channel.
    """
    return AsRunRow(
        channel_id=entry.channel_id,
        entry_id=entry.id,
        tag=entry.tag,
        counts=entry.counts,
        airing_id=airing,
        item=run.item,
        cue=run.cue,
        asset=run.asset,
        **{name: getattr(run, name) for name in STORED_AS_SENT},
        length=max(timedelta(0), run.end - run.start),
        outcome=run.outcome.value,
        reason=run.reason[:LONGEST_REASON],
        seen=[[one.start.timestamp(), one.end.timestamp(), one.layer] for one in run.seen],
    )


def as_run(row: AsRunRow) -> AsRun:
    """Return the as-run entry as it was sent."""
    return AsRun(
        cue=CueId(row.cue),
        item=ItemId(row.item) if row.item else None,
        airing=AiringId(row.airing_id) if row.airing_id else None,
        **{name: getattr(row, name) for name in STORED_AS_SENT},
        outcome=Outcome(row.outcome),
        asset=AssetKey(row.asset) if row.asset else None,
        reason=row.reason,
        seen=tuple(
            SeenStretch(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC), layer)
            for start, end, layer in row.seen
        ),
    )


def drawable(rows: Iterable[AsRunRow]) -> tuple[tuple[AsRun, ...], int]:
    """Return the as-run entries that a page can show, and the number of those that it cannot.

    An older version stored some that last for centuries. They stay in the database.
    """
    seen, wrong = [], 0
    for row in rows:
        try:
            if row.end - row.start > LONGEST_SPAN or row.layer not in LAYERS:
                raise ValueError("it lasts longer than a year, or its layer is unknown")
            seen.append(as_run(row))
        except ValueError as error:
            wrong += 1
            log.info("as-run %r of %s is not shown: %s", row.entry_id, row.channel_id, error)
    return tuple(seen), wrong
