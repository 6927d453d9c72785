"""Takes an upload in: checks it, gives it an index, copies it if air needs that, stores it."""

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from media.asset import AssetFacts, verdict
from media.formats import FormatError, ordinary_file
from media.probe import ProbeError, Prober
from media.store import MediaError, MediaStore, content_key

log = logging.getLogger(__name__)

IngestProgress = Callable[[float, str], None]
"""Hears how far it is, 0 to 1, and what is being done, in words."""
HOUSE_FOLDER = ".house"
LEFT_OVER_AFTER = timedelta(days=2)
SPARE_BYTES = 200 << 20


class IngestError(Exception):
    """The upload was not taken; the sentence is for staff. `facts` says what was learned, if so."""

    def __init__(self, sentence: str, facts: AssetFacts | None = None) -> None:
        super().__init__(sentence)
        self.facts = facts


@dataclass(frozen=True)
class Ingested:
    """An upload that is now in the store."""

    facts: AssetFacts
    thumbnail: bytes | None
    """A small JPEG; None for sound alone."""
    house_copy: AssetFacts | None
    """The copy that airs instead, where the original cannot."""

    @property
    def on_air(self) -> AssetFacts:
        """The facts of the file that airs."""
        return self.house_copy or self.facts


def _no_progress(share: float, words: str) -> None:
    del share, words


def ingest(
    upload: Path,
    original_name: str,
    store: MediaStore,
    prober: Prober,
    *,
    progress: IngestProgress = _no_progress,
) -> Ingested:
    """Bring `upload` into the store under its hash; it is moved, and stays when refused.

    An MPEG stream is stored as the indexed file it is rewrapped to. Raises IngestError with a
    sentence for staff.
    """
    making = store.root / HOUSE_FOLDER
    making.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=making) as folder:
        ready = prepare(upload, original_name, Path(folder), prober, progress=progress)
        try:
            thumbnail = prober.thumbnail(ready.path, name=ready.name)
            if ready.copy is not None:
                facts = ready.copy.facts
                store.add(ready.copy.path, key=facts.key, suffix=facts.suffix)
            store.add(ready.path, key=ready.facts.key, suffix=ready.facts.suffix)
        except (ProbeError, MediaError) as error:
            raise IngestError(str(error)) from error
    upload.unlink(missing_ok=True)
    progress(1.0, "Done")
    return Ingested(ready.facts, thumbnail, ready.copy.facts if ready.copy else None)


@dataclass(frozen=True)
class Prepared:
    """A file that may air: as it came or rewrapped, and the copy that airs instead, if any."""

    path: Path
    name: str
    facts: AssetFacts
    reasons: tuple[str, ...] = ()
    """Why it needs a house copy, beside those of its facts."""
    copy: "Prepared | None" = None

    @property
    def on_air(self) -> "Prepared":
        """What airs."""
        return self.copy or self


def prepare(
    upload: Path,
    original_name: str,
    folder: Path,
    prober: Prober,
    *,
    progress: IngestProgress = _no_progress,
) -> Prepared:
    """Check `upload`, and write to `folder` what air needs of it; it is only read.

    Raises IngestError with a sentence for staff.
    """
    try:
        facts = _looked_at(upload, original_name, prober, progress)
        _make_room(folder, facts, copying=facts.still)
        ready = Prepared(upload, original_name, facts)
        if facts.unindexed:
            ready = _indexed(ready, folder / "indexed.mp4", prober, progress)
        ready = _measured(ready, prober, progress)
        reasons = (*ready.reasons, *ready.facts.house_reasons)
        if reasons or facts.still:
            _make_room(folder, facts, copying=True)
            to = folder / ("copy.png" if facts.still else "copy.mp4")
            words = "Making a copy for air" + (f", because {reasons[0]}" if reasons else "")
            copy = _house_copy(ready, to, prober, lambda share: progress(share, words))
            ready = replace(ready, copy=copy)
    except (FormatError, ProbeError, MediaError) as error:
        raise IngestError(str(error)) from error
    return ready


def clear_left_over(store: MediaStore, now: datetime) -> None:
    """Remove what a power cut left half made; nothing is in the making for two days."""
    for left in (store.root / HOUSE_FOLDER).glob("*"):
        if now.timestamp() - left.stat().st_mtime > LEFT_OVER_AFTER.total_seconds():
            shutil.rmtree(left, ignore_errors=True)


def _looked_at(upload: Path, name: str, prober: Prober, progress: IngestProgress) -> AssetFacts:
    """What its headers say; IngestError when that is enough to keep it off the air."""
    progress(0.0, "Checking the file")
    ordinary_file(upload)
    key = content_key(upload, lambda share: progress(0.05 * share, "Reading the file"))
    facts = prober.probe(upload, key=key, name=name)
    _refuse_unfit(facts)
    return facts


def _indexed(ready: Prepared, to: Path, prober: Prober, progress: IngestProgress) -> Prepared:
    """The stream rewrapped; itself, with a reason for a copy, where that does not succeed.

    Sound of MPEG layer 2 is called layer 3 in an MP4: its facts keep the name it came with.
    """
    words = "Adding an index, so that it can be joined in progress"
    try:
        prober.remux(ready.path, to, progress=lambda share: progress(0.05 + share / 20, words))
        looked, came = prober.probe(to), ready.facts
        kept = replace(looked, problems=came.problems, audio_codec=came.audio_codec)
        return Prepared(to, to.name, kept)
    except ProbeError as error:
        log.info("%s needs a house copy: %s", ready.name, error)
        return replace(ready, reasons=("it has no index",))


def _measured(ready: Prepared, prober: Prober, progress: IngestProgress) -> Prepared:
    """With facts of the whole file; IngestError where they keep it off the air."""
    facts = prober.measure(
        ready.path,
        ready.facts,
        name=ready.name,
        progress=lambda share: progress(0.1 + 0.4 * share, "Checking picture and sound"),
    )
    _refuse_unfit(facts)
    return replace(ready, facts=facts)


def _refuse_unfit(facts: AssetFacts) -> None:
    judged = verdict(facts)
    if not judged.fit:
        raise IngestError(judged.summary, facts)


def _make_room(folder: Path, facts: AssetFacts, *, copying: bool) -> None:
    """MediaError when the disk could not hold what is about to be written."""
    needed = SPARE_BYTES + facts.size
    if copying:
        needed += round(2e6 * facts.length.total_seconds())
    if shutil.disk_usage(folder).free < needed:
        raise MediaError("The media disk is full; remove something first.")


def _house_copy(
    ready: Prepared, to: Path, prober: Prober, progress: Callable[[float], None]
) -> Prepared:
    """Make and check the copy that airs."""
    prober.house_copy(
        ready.path,
        ready.facts,
        to,
        name=ready.name,
        progress=lambda share: progress(0.5 + 0.4 * share),
    )
    facts = prober.measure(to, prober.probe(to), progress=lambda s: progress(0.9 + s / 10))
    _refuse_unfit(facts)
    return Prepared(to, to.name, facts)
