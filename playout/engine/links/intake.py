"""What is to be taken in, and what comes: whole files between the agent's side and the gateways."""

import errno
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

from pydantic import TypeAdapter, ValidationError

from config.bounded import STRICT
from config.readjson import read_bounded
from playout.engine.links.slots import INTAKES
from playout.model.engine import SOURCE_SLOTS, Intake
from playout.model.source import SourceReport

log = logging.getLogger(__name__)

REPORT_STALE_AFTER = timedelta(seconds=3)
"""A report older than this is of a gateway that is away."""
DISK_BLOCK_BYTES = 4096
"""Bytes of a block of the usual file systems."""
DISK_FULL_ERRORS = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class SlotIntakes:
    """Which intakes each slot has; all of one slot name one source."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    slots: tuple[tuple[Intake, ...], ...] = ((),) * SOURCE_SLOTS


@dataclass(frozen=True)
class GatewayReport:
    """What the gateway of one slot says of itself, four times a second."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    at: datetime
    source: str
    has_signal: bool
    since: datetime
    reason: str
    recorded: dict[str, float]
    """Seconds kept of each airing."""
    packets: int = 0
    dropped: int = 0
    """Packets the live deck did not get because it was slow or away; the recording has them."""


@dataclass(frozen=True)
class LiveDeckReport:
    """What the live deck of one slot says of picture and sound."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    at: datetime
    source: str
    left_db: float
    right_db: float
    silent_since: datetime | None
    frozen_since: datetime | None
    repeated: int = 0
    """Pictures shown again to keep the house's time."""
    skipped: int = 0
    """Pictures left out to keep the house's time."""
    missed: int = 0
    """House frames for which nothing had come."""
    decoded: bool = True
    """What comes is being decoded now."""
    decoded_since: datetime | None = None
    """Since when that is as it is."""


SLOT_INTAKES = TypeAdapter(SlotIntakes)
GATEWAY_REPORT = TypeAdapter(GatewayReport)
LIVE_DECK_REPORT = TypeAdapter(LiveDeckReport)


def assign_slots(
    intakes: Sequence[Intake], before: SlotIntakes, slots: int = SOURCE_SLOTS
) -> SlotIntakes:
    """Give every source a slot; one that has a slot keeps it. The first ones named win."""
    ids = list(dict.fromkeys(intake.source.id for intake in intakes))[:slots]
    held = [group[0].source.id if group else "" for group in before.slots]
    held += [""] * (slots - len(held))
    places: list[str] = [known if known in ids else "" for known in held[:slots]]
    for source in ids:
        if source not in places:
            places[places.index("")] = source
    return SlotIntakes(
        tuple(tuple(one for one in intakes if one.source.id == source) for source in places)
    )


def write_private(path: Path, content: bytes) -> None:
    """Put a whole file in place that only this user reads: addresses hold keys.

    Spaces fill its last block, so that a full disk, which takes no new file, still takes a new
    content of this one: a meeting must air also on that evening. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    content = content.ljust(-(-len(content) // DISK_BLOCK_BYTES) * DISK_BLOCK_BYTES)
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    try:
        with open(os.open(beside, flags, 0o600), "wb") as file:  # noqa: PTH123 - its mode at birth
            file.write(content)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        if error.errno not in DISK_FULL_ERRORS or not _written_over(path, content):
            raise


def _written_over(path: Path, content: bytes) -> bool:
    """Write into the blocks that the file has already; False where it has too few."""
    try:
        with path.open("r+b") as file:
            room = os.fstat(file.fileno()).st_size
            if room < len(content):
                return False
            file.write(content.ljust(room))
    except OSError:
        return False
    return True


def read_slot_intakes(folder: Path, before: SlotIntakes | None = None) -> SlotIntakes:
    """What was wanted last. Where that cannot be read just now it is `before`, what was read last:
    a source is not closed, nor a recording ended, because a file could not be opened."""
    try:
        return SLOT_INTAKES.validate_json(read_bounded(folder / INTAKES))
    except FileNotFoundError:
        return SlotIntakes()
    except (OSError, ValidationError):
        if before is None:
            log.warning("%s cannot be read and is written anew.", INTAKES)
        return before or SlotIntakes()


def gateway_report_path(folder: Path, slot: int) -> Path:
    """Where the gateway of a slot tells of itself."""
    return folder / f"intake-{slot}.json"


def live_deck_report_path(folder: Path, slot: int) -> Path:
    """Where the live deck of a slot tells of itself."""
    return folder / f"live-{slot}.json"


def write_empty_report(report: Path) -> None:
    """Put a report in place that says nothing; its block of the disk is kept for the next one that
    does, which a full disk would refuse a new file. Raises OSError."""
    write_private(report, b"{}")


def reserve_report_files(folder: Path) -> None:
    """Have a report of each slot there, also of one that never had a source. Raises OSError."""
    for slot in range(SOURCE_SLOTS):
        for report in (gateway_report_path(folder, slot), live_deck_report_path(folder, slot)):
            if not report.exists():
                write_empty_report(report)


class IntakeFiles:
    """The agent's side: it says what is wanted and reads what comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._wanted = read_slot_intakes(folder)
        self._written: SlotIntakes | None = None

    def want(self, intakes: Sequence[Intake]) -> None:
        """Have these taken in. Raises OSError when the disk refuses."""
        wanted = assign_slots(intakes, self._wanted)
        if wanted == self._written:
            return
        with suppress(OSError):
            reserve_report_files(self._folder)
        write_private(self._folder / INTAKES, SLOT_INTAKES.dump_json(wanted))
        self._wanted = self._written = wanted

    def reports(self, now: datetime) -> tuple[SourceReport, ...]:
        """One report for each intake that is open at `now`."""
        found = []
        for slot, group in enumerate(self._wanted.slots):
            taken = self._taken(slot, now)
            looked = self._looked(slot, now)
            for intake in group:
                if intake.opens <= now < intake.closes:
                    found.append(_report(intake, taken, looked, now))
        return tuple(found)

    def _taken(self, slot: int, now: datetime) -> GatewayReport | None:
        with suppress(OSError, ValidationError):
            taken = GATEWAY_REPORT.validate_json(
                read_bounded(gateway_report_path(self._folder, slot))
            )
            return taken if abs(now - taken.at) < REPORT_STALE_AFTER else None
        return None

    def _looked(self, slot: int, now: datetime) -> LiveDeckReport | None:
        with suppress(OSError, ValidationError):
            looked = LIVE_DECK_REPORT.validate_json(
                read_bounded(live_deck_report_path(self._folder, slot))
            )
            return looked if abs(now - looked.at) < REPORT_STALE_AFTER else None
        return None


def _report(
    intake: Intake, taken: GatewayReport | None, looked: LiveDeckReport | None, now: datetime
) -> SourceReport:
    source = intake.source.id
    if taken is None or taken.source != source:
        return SourceReport(source, intake.airing, False, now, reason="It is being opened.")
    seen = looked if looked is not None and looked.source == source else None
    airing = intake.airing
    good, since = taken.has_signal, taken.since
    if seen is not None and seen.decoded_since is not None:
        both = (since, seen.decoded_since)
        if good and not seen.decoded:
            since = seen.decoded_since
        elif good or not seen.decoded:
            since = max(both) if good else min(both)
        good = good and seen.decoded
    return SourceReport(
        source=source,
        airing=airing,
        has_signal=good,
        since=since,
        silent_since=seen.silent_since if seen else None,
        frozen_since=seen.frozen_since if seen else None,
        recorded=taken.recorded.get(airing, 0.0) if airing is not None else 0.0,
        reason=taken.reason or ("" if good else "What arrives cannot be decoded."),
    )
