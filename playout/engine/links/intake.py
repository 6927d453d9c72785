"""Files between the agent's client and the gateways: which sources to take in, and what each
reports.
"""

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
"""Age from which a report counts for nothing: its writer is away."""
DISK_BLOCK_BYTES = 4096
"""Bytes of a block in common file systems."""
DISK_FULL_ERRORS = (errno.ENOSPC, errno.EDQUOT)
"""Errors of a disk, or a quota, that is full."""


@dataclass(frozen=True)
class SlotIntakes:
    """The intakes of each slot. All intakes of one slot name one source."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    slots: tuple[tuple[Intake, ...], ...] = ((),) * SOURCE_SLOTS


@dataclass(frozen=True)
class GatewayReport:
    """The gateway's report on one slot, written four times a second."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    at: datetime
    source: str
    has_signal: bool
    since: datetime
    reason: str
    recorded: dict[str, float]
    """Seconds recorded of each airing."""
    packets: int = 0
    dropped: int = 0
    """Packets that the live deck did not get because it was slow or away. The recording has
    them."""


@dataclass(frozen=True)
class LiveDeckReport:
    """The live deck's report on one slot: picture and sound of its source."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    at: datetime
    source: str
    left_db: float
    right_db: float
    silent_since: datetime | None
    frozen_since: datetime | None
    repeated: int = 0
    """Pictures shown again to stay in step with the house clock."""
    skipped: int = 0
    """Pictures dropped to stay in step with the house clock."""
    missed: int = 0
    """House frames for which nothing had come."""
    decoded: bool = True
    """Whether the source can be decoded now."""
    decoded_since: datetime | None = None
    """When `decoded` last changed."""


SLOT_INTAKES = TypeAdapter(SlotIntakes)
GATEWAY_REPORT = TypeAdapter(GatewayReport)
LIVE_DECK_REPORT = TypeAdapter(LiveDeckReport)


def assign_slots(
    intakes: Sequence[Intake], before: SlotIntakes, slots: int = SOURCE_SLOTS
) -> SlotIntakes:
    """Give every source a slot. One that has a slot keeps it; where there are too many, the first
    ones named win.
    """
    ids = list(dict.fromkeys(intake.source.id for intake in intakes))[:slots]
    held = [group[0].source.id if group else "" for group in before.slots]
    held += [""] * (slots - len(held))
    places: list[str] = [known if known in ids else "" for known in held[:slots]]
    for source in ids:
        if source not in places:
            places[places.index("")] = source
    return SlotIntakes(
        tuple(tuple(each for each in intakes if each.source.id == source) for source in places)
    )


def write_private(path: Path, content: bytes) -> None:
    """Replace a file whole, readable by this user alone: addresses hold keys.

    Spaces fill its last block, so that a full disk, which takes no new file, still takes new
    content of this one: a meeting must air on that evening too. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    content = content.ljust(-(-len(content) // DISK_BLOCK_BYTES) * DISK_BLOCK_BYTES)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    try:
        with open(os.open(temporary, flags, 0o600), "wb") as file:  # noqa: PTH123 - its mode at birth
            file.write(content)
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        if error.errno not in DISK_FULL_ERRORS or not _written_over(path, content):
            raise


def _written_over(path: Path, content: bytes) -> bool:
    """Write into the blocks that the file already has. Return False where it has too few."""
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
    """Return the intakes written last. Where they cannot be read just now, return `before`: a
    source must not close, nor a recording end, because a file could not be opened.
    """
    try:
        return SLOT_INTAKES.validate_json(read_bounded(folder / INTAKES))
    except FileNotFoundError:
        return SlotIntakes()
    except (OSError, ValidationError):
        if before is None:
            log.warning("%s cannot be read and will be rewritten.", INTAKES)
        return before or SlotIntakes()


def gateway_report_path(folder: Path, slot: int) -> Path:
    """Return the path of a slot's gateway report."""
    return folder / f"intake-{slot}.json"


def live_deck_report_path(folder: Path, slot: int) -> Path:
    """Return the path of a slot's live deck report."""
    return folder / f"live-{slot}.json"


def write_empty_report(report: Path) -> None:
    """Write a report without content. It keeps its disk block for the next report, since a full
    disk takes no new file. Raises OSError.
    """
    write_private(report, b"{}")


def reserve_report_files(folder: Path) -> None:
    """Create the reports of every slot, also of one that never had a source. Raises OSError."""
    for slot in range(SOURCE_SLOTS):
        for report in (gateway_report_path(folder, slot), live_deck_report_path(folder, slot)):
            if not report.exists():
                write_empty_report(report)


class IntakeFiles:
    """The agent's side: it writes the wanted intakes and reads the reports."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._wanted = read_slot_intakes(folder)
        self._written: SlotIntakes | None = None

    def want(self, intakes: Sequence[Intake]) -> None:
        """Write these intakes for the gateways. Raises OSError when the disk refuses."""
        wanted = assign_slots(intakes, self._wanted)
        if wanted == self._written:
            return
        with suppress(OSError):
            reserve_report_files(self._folder)
        write_private(self._folder / INTAKES, SLOT_INTAKES.dump_json(wanted))
        self._wanted = self._written = wanted

    def reports(self, now: datetime) -> tuple[SourceReport, ...]:
        """Return one report for each intake that is open at `now`."""
        reports = []
        for slot, group in enumerate(self._wanted.slots):
            is_open = [intake for intake in group if intake.opens <= now < intake.closes]
            if not is_open:
                continue
            gateway = self._gateway_report(slot, now)
            deck = self._live_deck_report(slot, now)
            reports += [_report(intake, gateway, deck, now) for intake in is_open]
        return tuple(reports)

    def _gateway_report(self, slot: int, now: datetime) -> GatewayReport | None:
        with suppress(OSError, ValidationError):
            gateway = GATEWAY_REPORT.validate_json(
                read_bounded(gateway_report_path(self._folder, slot))
            )
            return gateway if abs(now - gateway.at) < REPORT_STALE_AFTER else None
        return None

    def _live_deck_report(self, slot: int, now: datetime) -> LiveDeckReport | None:
        with suppress(OSError, ValidationError):
            deck = LIVE_DECK_REPORT.validate_json(
                read_bounded(live_deck_report_path(self._folder, slot))
            )
            return deck if abs(now - deck.at) < REPORT_STALE_AFTER else None
        return None


def _report(
    intake: Intake, gateway: GatewayReport | None, deck: LiveDeckReport | None, now: datetime
) -> SourceReport:
    """Combine both reports: a signal is good only while it is decoded too.

    `since` is when that last changed. Good: the later of both instants. Bad on both sides: the
    earlier one. Bad on one side: the instant of that side.
    """
    source = intake.source.id
    if gateway is None or gateway.source != source:
        return SourceReport(source, intake.airing, False, now, reason="It is being opened.")
    seen = deck if deck is not None and deck.source == source else None
    airing = intake.airing
    has_signal, since = gateway.has_signal, gateway.since
    if seen is not None and seen.decoded_since is not None:
        changes = (since, seen.decoded_since)
        if has_signal and not seen.decoded:
            since = seen.decoded_since
        elif has_signal or not seen.decoded:
            since = max(changes) if has_signal else min(changes)
        has_signal = has_signal and seen.decoded
    return SourceReport(
        source=source,
        airing=airing,
        has_signal=has_signal,
        since=since,
        silent_since=seen.silent_since if seen else None,
        frozen_since=seen.frozen_since if seen else None,
        recorded=gateway.recorded.get(airing, 0.0) if airing is not None else 0.0,
        reason=gateway.reason or ("" if has_signal else "What arrives cannot be decoded."),
    )
