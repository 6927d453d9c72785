"""Closes recordings: joins their pieces, checks the file, and files it in the media store."""

import logging
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any

from config.child import beat
from config.clock import Clock
from config.means import lack
from config.names import AiringId
from config.wholefile import safe
from media.asset import gain_for
from media.confine import ConfinedError, LackError, Limits, run_confined
from media.store import MediaError, MediaStore, content_key
from playout.engine.links.intake import SlotIntakes, read_slot_intakes
from playout.engine.recording.captions import file_captions
from playout.engine.recording.pieces import (
    CLOSED_FILE,
    RECORDINGS_FOLDER,
    ClosedRecording,
    RecordedPiece,
    gaps_between,
    note_closed,
    pieces_of,
    read_closed,
    read_opened,
)
from playout.model.plan import CaptionFile, Media
from playout.model.recording import Recording, RecordingState

log = logging.getLogger(__name__)

TURN_EVERY = 2.0
UNTOUCHED_FOR = timedelta(seconds=4)
"""A piece counts as finished when nothing has been written to it for this long."""
TRIES_AT_MOST = 3
"""Tries to join a recording before it counts as failed."""
PIECES_KEPT_FOR = timedelta(days=3)
"""How long the pieces stay after their file is made, in case it has to be joined again."""
FOLDER_KEPT_FOR = timedelta(days=8)
LENGTH_TOLERANCE = 1.0
"""Seconds by which the length of the file may differ from that of its pieces."""
LEAST_DECODED_SHARE = 0.9
SILENT_SHARE = 0.98

Stretches = Sequence[Sequence[Path]]
"""For each unbroken stretch, its pieces in order."""
Join = Callable[[Stretches, Path], dict[str, Any]]
FileCaptions = Callable[[Path, Path, MediaStore], CaptionFile | None]
"""A function that files the captions of a recording: its path, a folder to work in, the store."""


def join_confined(stretches: Stretches, to: Path) -> dict[str, Any]:
    """Join the pieces in a child process that may crash. Raises ConfinedError with a sentence."""
    size = sum(piece.stat().st_size for stretch in stretches for piece in stretch)
    limits = Limits(
        cpu_seconds=600 + size // 2_000_000,
        wall_seconds=3600.0 + size / 500_000,
        memory_bytes=4 << 30,
        file_bytes=2 * size + (64 << 20),
        niceness=19,
    )
    job = {"stretches": [[str(piece) for piece in one] for one in stretches], "to": str(to)}
    return run_confined("media.join_child", job, limits, lambda _: beat())


@dataclass
class Keeper:
    """Looks at the disk each turn, and finishes any recording that is not finished. Nothing is
    remembered from before a restart, so a recording that a crash left behind is finished too.
    """

    root: Path
    store: MediaStore
    clock: Clock
    copy: Path | None = None
    """Second folder of recordings, if there is one."""
    join: Join = join_confined
    captions: FileCaptions = file_captions

    def __post_init__(self) -> None:
        self._tries: dict[tuple[str, int], int] = {}
        self._known = SlotIntakes()

    def turn(self) -> None:
        """Close at most one recording, and delete what has been kept long enough."""
        now = self.clock.utc()
        wanted = self._wanted(now)
        for folder in self._folders():
            if folder.name in wanted:
                continue
            pieces = self._pieces(folder)
            closed = read_closed(folder)
            if closed is not None and closed.pieces == len(pieces):
                self._tidy(folder, now)
            elif (closed is None or pieces) and self._is_calm(folder, pieces, now):
                self._close(folder, pieces)
                return

    def _folders(self) -> list[Path]:
        """Return a folder on the first disk for each recording on either disk, by name."""
        roots = [self.root / RECORDINGS_FOLDER, *([self.copy] if self.copy is not None else [])]
        names = {folder.name for root in roots for folder in root.glob("*/")}
        folders = [self.root / RECORDINGS_FOLDER / name for name in sorted(names)]
        for folder in folders:
            with suppress(OSError):
                folder.mkdir(parents=True, exist_ok=True)
        return folders

    def _wanted(self, now: datetime) -> set[str]:
        """Return the folders of recordings still being made."""
        self._known = read_slot_intakes(self.root, self._known)
        return {
            safe(intake.airing)
            for group in self._known.slots
            for intake in group
            if intake.airing is not None and now < intake.closes
        }

    def _pieces(self, folder: Path) -> list[RecordedPiece]:
        """Return the pieces of whichever copy holds more bytes."""
        mine = pieces_of(folder)
        other = pieces_of(self.copy / folder.name) if self.copy is not None else []
        return max((mine, other), key=_bytes)

    def _is_calm(self, folder: Path, pieces: Sequence[RecordedPiece], now: datetime) -> bool:
        newest = pieces[-1].path if pieces else folder
        with suppress(OSError):
            return now.timestamp() - newest.stat().st_mtime > UNTOUCHED_FOR.total_seconds()
        return False

    def _close(self, folder: Path, pieces: Sequence[RecordedPiece]) -> None:
        key = (folder.name, len(pieces))
        tries = self._tries[key] = self._tries.get(key, 0) + 1
        try:
            recording = self._made(folder, pieces)
        except (ConfinedError, MediaError, OSError) as error:
            log.warning("The recording %s cannot be joined: %s", folder.name, error)
            if isinstance(error, LackError) or lack(error):
                self._tries[key] = tries - 1  # the machine's fault, not the recording's
                return
            if tries < TRIES_AT_MOST:
                return
            began, airing = self._opened(folder, pieces)
            recording = Recording(airing, RecordingState.FAILED, began, reason=str(error)[:300])
        if folder.name in self._wanted(self.clock.utc()):
            return
        with suppress(OSError):
            note_closed(folder, ClosedRecording(recording, len(pieces)))
        log.info("The recording %s is %s. %s", folder.name, recording.state, recording.reason)

    def _made(self, folder: Path, pieces: Sequence[RecordedPiece]) -> Recording:
        began, airing = self._opened(folder, pieces)
        if not pieces:
            return Recording(
                airing, RecordingState.FAILED, began, reason="Nothing arrived from the source."
            )
        to = folder / "whole.mp4"
        to.unlink(missing_ok=True)
        unbroken = groupby(pieces, key=lambda piece: piece.stretch)
        answer = self.join([[piece.path for piece in group] for _, group in unbroken], to)
        stretches, kept = kept_stretches(pieces, answer["used"])
        reasons = remarks_on(answer["joined"], kept)
        media = self._filed(to, answer["joined"])
        gaps = gaps_between(stretches)
        return Recording(
            airing, RecordingState.WHOLE, stretches[0][0], media, gaps, " ".join(reasons)
        )

    def _opened(self, folder: Path, pieces: Sequence[RecordedPiece]) -> tuple[datetime, AiringId]:
        """Return the first moment recorded, or of the request to record; and the airing's id."""
        noted = read_opened(folder) or (read_opened(self.copy / folder.name) if self.copy else None)
        airing = noted[1] if noted is not None else AiringId(folder.name)
        if pieces:
            return pieces[0].begins, airing
        return (noted[0] if noted is not None else self.clock.utc()), airing

    def _filed(self, to: Path, joined: dict[str, Any]) -> Media:
        size = to.stat().st_size
        key = content_key(to, lambda _: beat())
        _, home = self.store.add(to, key=key, suffix=".mp4")
        has_picture = joined["has_picture"]
        captions = self.captions(home, to.parent, self.store) if has_picture else None
        return Media(
            key=key,
            suffix=".mp4",
            size=size,
            length=timedelta(seconds=joined["length"]),
            rate=Fraction(joined["rate"]) if joined["rate"] else None,
            gain_db=gain_for(joined["loudness"]),
            has_picture=has_picture,
            has_sound=joined["has_sound"],
            captions=captions,
        )

    def _tidy(self, folder: Path, now: datetime) -> None:
        with suppress(OSError):
            age = timedelta(seconds=now.timestamp() - (folder / CLOSED_FILE).stat().st_mtime)
            places = [folder] + ([self.copy / folder.name] if self.copy is not None else [])
            for place in places if age > PIECES_KEPT_FOR else ():
                for piece in place.glob("*.ts"):
                    piece.unlink(missing_ok=True)
            for place in places if age > FOLDER_KEPT_FOR else ():
                shutil.rmtree(place, ignore_errors=True)


def kept_stretches(
    pieces: Sequence[RecordedPiece], used: Sequence[tuple[float, float]]
) -> tuple[list[tuple[datetime, datetime]], float]:
    """Return the stretches [first, last) in UTC that the joined file holds, and their total in
    seconds.

    `used` gives for each piece the seconds dropped at its front and the seconds kept. Raises
    MediaError where nothing was kept.
    """
    stretches = []
    for piece, (skipped, length) in zip(pieces, used, strict=True):
        first = piece.begins + timedelta(seconds=skipped)
        if length:
            stretches.append((first, first + timedelta(seconds=length)))
    if not stretches:
        raise MediaError("Nothing that could be aired was recorded.")
    return stretches, sum(length for _, length in used)


def _bytes(pieces: Sequence[RecordedPiece]) -> int:
    total = 0
    for piece in pieces:
        with suppress(OSError):
            total += piece.path.stat().st_size
    return total


def remarks_on(joined: dict[str, Any], kept: float) -> list[str]:
    """Return what staff should know of a joined file. Raises MediaError if it cannot be aired."""
    if joined["length"] < 1.0 or not (joined["has_picture"] or joined["has_sound"]):
        raise MediaError("Nothing that could be aired was recorded.")
    if joined["decoded"] < LEAST_DECODED_SHARE / 2:
        raise MediaError("The picture that was recorded cannot be decoded.")
    reasons = []
    if abs(joined["length"] - kept) > LENGTH_TOLERANCE:
        off = joined["length"] - kept
        reasons.append(f"The file is {abs(off):.1f} s {'longer' if off > 0 else 'shorter'}.")
    if joined["decoded"] < LEAST_DECODED_SHARE:
        reasons.append("Some of its picture cannot be decoded.")
    if not joined["has_sound"]:
        reasons.append("It has no sound.")
    elif joined["silent_share"] > SILENT_SHARE:
        reasons.append("It is silent.")
    if joined["encoded"]:
        reasons.append("The source changed partway through, so it was re-encoded.")
    return reasons


def run_keeper(root: Path, store: MediaStore, copy: Path | None, clock: Clock) -> None:
    """Run the keeper process: a turn every TURN_EVERY seconds until it is killed."""
    keeper = Keeper(root, store, clock, copy)
    while True:
        try:
            keeper.turn()
        except Exception:  # noqa: BLE001 - the next turn starts from what is on disk
            log.exception("Closing recordings failed. What is recorded stays, and is tried again.")
        beat()
        clock.wait(TURN_EVERY)
