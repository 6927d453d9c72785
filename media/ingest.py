"""Ingest of an upload: checked, indexed, copied if air needs that, and stored."""

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from media.asset import AssetFacts, verdict
from media.caption_files import MAKING_FOLDER, StoredCaptions, read_captions
from media.captions.track import CaptionError
from media.confine import LackError, SlowError, is_due_to
from media.formats import FormatError, ordinary_file
from media.probe import ProbeError, Prober
from media.store import MediaError, MediaStore, content_key

log = logging.getLogger(__name__)

IngestProgress = Callable[[float, str], None]
"""Called with the share that is done, 0 to 1, and the current step in words."""
HOUSE_FOLDER = MAKING_FOLDER
LEFT_OVER_AFTER = timedelta(days=2)
"""Age of a file that no ingest can still be making."""
SPARE_BYTES = 200 << 20
"""Bytes of the media disk that ingest leaves free."""


class IngestError(Exception):
    """An upload that was not taken; the sentence is for staff. `facts` holds what was learned, if
    anything. `passing` says that the machine is to blame, and not the file: trying again may help.
    `slow` says that nobody knows which of them took too long.
    """

    def __init__(
        self,
        sentence: str,
        facts: AssetFacts | None = None,
        *,
        passing: bool = False,
        slow: bool = False,
    ) -> None:
        super().__init__(sentence)
        self.facts, self.passing, self.slow = facts, passing, slow


@dataclass(frozen=True)
class Ingested:
    """An upload that is now in the store."""

    facts: AssetFacts
    thumbnail: bytes | None
    """A small JPEG; None for sound alone."""
    house_copy: AssetFacts | None
    """The copy that airs instead, where the original cannot air."""
    captions: StoredCaptions | None = None
    """The captions found inside it."""

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
    """Put `upload` into the store under its hash.

    The upload stays where it is: the caller removes it once the result is stored, so that a crash
    before that loses nothing. An MPEG stream is stored as the indexed file it was rewrapped to.
    Raises IngestError with a sentence for staff.
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
            store.add(ready.path, key=ready.facts.key, suffix=ready.facts.suffix, leave=True)
        except (ProbeError, MediaError) as error:
            raise _not_taken(error) from error
    progress(0.98, "Reading captions")
    captions = _captions_inside(ready, store, prober)
    progress(1.0, "Done")
    return Ingested(ready.facts, thumbnail, ready.copy.facts if ready.copy else None, captions)


def _not_taken(error: Exception) -> IngestError:
    """Return the refusal for an error: passing where the disk or the machine is to blame."""
    passing = is_due_to(error, MediaError, LackError)
    return IngestError(str(error), passing=passing, slow=is_due_to(error, SlowError))


def _captions_inside(ready: "Prepared", store: MediaStore, prober: Prober) -> StoredCaptions | None:
    """Store the captions of a file that is in the store; a file airs without them where they cannot
    be read.

    They are read from the file itself, never from its house copy, which has lost them.
    """
    facts = ready.facts
    if not facts.has_picture or facts.still:
        return None
    try:
        return read_captions(store.path(facts.key, facts.suffix), facts, store, prober)
    except CaptionError as error:
        log.warning("the captions of %s were not read: %s", ready.name, error)
        return None


@dataclass(frozen=True)
class Prepared:
    """A file that may air, as uploaded or rewrapped, and the copy that airs instead, if any."""

    path: Path
    name: str
    facts: AssetFacts
    reasons: tuple[str, ...] = ()
    """Reasons for a house copy besides those in its facts."""
    copy: "Prepared | None" = None

    @property
    def on_air(self) -> "Prepared":
        """The file that airs."""
        return self.copy or self


def prepare(
    upload: Path,
    original_name: str,
    folder: Path,
    prober: Prober,
    *,
    progress: IngestProgress = _no_progress,
) -> Prepared:
    """Check `upload`, and write to `folder` whatever air needs of it. The upload is only read.

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
        raise _not_taken(error) from error
    return ready


def clear_left_over(store: MediaStore, now: datetime) -> None:
    """Delete files that a power cut left half made: no ingest takes two days."""
    for left in (store.root / HOUSE_FOLDER).glob("*"):
        if now.timestamp() - left.stat().st_mtime > LEFT_OVER_AFTER.total_seconds():
            shutil.rmtree(left, ignore_errors=True)
    for left in store.unfinished():
        # By the time of its name, not of its bytes: a link keeps the time of the file it is.
        if now.timestamp() - left.lstat().st_ctime > LEFT_OVER_AFTER.total_seconds():
            left.unlink(missing_ok=True)


def _looked_at(upload: Path, name: str, prober: Prober, progress: IngestProgress) -> AssetFacts:
    """Read its headers. Raises IngestError when they already keep it off the air."""
    progress(0.0, "Checking the file")
    ordinary_file(upload)
    key = content_key(upload, lambda share: progress(0.05 * share, "Reading the file"))
    facts = prober.probe(upload, key=key, name=name)
    _refuse_unfit(facts)
    return facts


def _indexed(ready: Prepared, to: Path, prober: Prober, progress: IngestProgress) -> Prepared:
    """Rewrap the stream. Where that fails, return it unchanged with a reason to copy it.

    An MP4 calls MPEG layer 2 sound layer 3, so the facts keep the codec name of the upload.
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
    """Add the facts of the whole file. Raises IngestError when they keep it off the air."""
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
    """Raise MediaError when the disk could not hold what is about to be written."""
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
