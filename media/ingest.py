"""Takes an upload in: checks it, gives it an index, copies it if air needs that, stores it."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from media.asset import AssetFacts, verdict
from media.formats import FormatError, ordinary_file
from media.probe import ProbeError, Prober
from media.store import MediaError, MediaStore, content_key

log = logging.getLogger(__name__)

Told = Callable[[float, str], None]
"""Hears how far it is, 0 to 1, and what is being done, in words."""
HOUSE_FOLDER = ".house"
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


def _untold(share: float, words: str) -> None:
    del share, words


def ingest(
    upload: Path,
    original_name: str,
    store: MediaStore,
    prober: Prober,
    *,
    progress: Told = _untold,
) -> Ingested:
    """Bring `upload` into the store under its hash; it is moved, and stays when refused.

    An MPEG stream is stored as the indexed file it is rewrapped to. Raises IngestError with a
    sentence for staff.
    """
    try:
        facts = _looked_at(upload, original_name, prober, progress)
        _make_room(store, facts, copying=facts.still)
        with _beside(store, facts, ".mp4") as to:
            work = _Work(upload, original_name)
            if facts.unindexed:
                work, facts = _indexed(work, facts, to, prober, progress)
            facts = _measured(work, facts, prober, progress)
            done = _stored(work, facts, store, prober, progress)
        upload.unlink(missing_ok=True)
    except (FormatError, ProbeError, MediaError) as error:
        raise IngestError(str(error)) from error
    progress(1.0, "Done")
    return done


@dataclass(frozen=True)
class _Work:
    """The file being taken in: the upload, or what it was rewrapped to."""

    path: Path
    name: str
    reasons: tuple[str, ...] = ()
    """Why it needs a house copy, beside those of its facts."""


def _looked_at(upload: Path, name: str, prober: Prober, progress: Told) -> AssetFacts:
    """What its headers say; IngestError when that is enough to keep it off the air."""
    progress(0.0, "Looking at the file")
    ordinary_file(upload)
    key = content_key(upload, lambda share: progress(0.05 * share, "Reading the file"))
    facts = prober.probe(upload, key=key, name=name)
    _refuse_unfit(facts)
    return facts


def _indexed(
    work: _Work, facts: AssetFacts, to: Path, prober: Prober, progress: Told
) -> tuple[_Work, AssetFacts]:
    """The stream rewrapped; itself, with a reason for a copy, where that does not succeed.

    Sound of MPEG layer 2 is called layer 3 in an MP4: its facts keep the name it came with.
    """
    words = "Giving the file an index, so that it can be joined in progress"
    try:
        prober.remux([work.path], to, progress=lambda share: progress(0.05 + 0.05 * share, words))
        looked = prober.probe(to)
        kept = replace(looked, problems=facts.problems, audio_codec=facts.audio_codec)
        return _Work(to, to.name), kept
    except ProbeError as error:
        log.info("%s needs a house copy: %s", work.name, error)
        return replace(work, reasons=("it has no index",)), facts


def _measured(work: _Work, facts: AssetFacts, prober: Prober, progress: Told) -> AssetFacts:
    """Facts of a file that may air; IngestError for one that may not."""
    facts = prober.measure(
        work.path,
        facts,
        name=work.name,
        progress=lambda share: progress(0.1 + 0.4 * share, "Checking picture and sound"),
    )
    _refuse_unfit(facts)
    return facts


def _stored(
    work: _Work, facts: AssetFacts, store: MediaStore, prober: Prober, progress: Told
) -> Ingested:
    """Put it into the store, with a house copy where air needs one."""
    reasons = (*work.reasons, *facts.house_reasons)
    _make_room(store, facts, copying=bool(reasons))
    thumbnail = prober.thumbnail(work.path, name=work.name)
    copy = None
    if reasons or facts.still:
        words = "Making a copy for air" + (f", because {reasons[0]}" if reasons else "")
        with _beside(store, facts, ".house.png" if facts.still else ".house.mp4") as to:
            copy = _house_copy(work, facts, to, prober, lambda share: progress(share, words))
            store.add(to, key=copy.key, suffix=copy.suffix)
    store.add(work.path, key=facts.key, suffix=facts.suffix)
    return Ingested(facts, thumbnail, copy)


def _refuse_unfit(facts: AssetFacts) -> None:
    judged = verdict(facts)
    if not judged.fit:
        raise IngestError(judged.summary, facts)


def _make_room(store: MediaStore, facts: AssetFacts, *, copying: bool) -> None:
    """MediaError when the store's disk could not hold what is about to be written."""
    needed = SPARE_BYTES + facts.size
    if copying:
        needed += round(2e6 * facts.length.total_seconds())
    if store.free_bytes() < needed:
        raise MediaError("The media disk is full; remove something first.")


@contextmanager
def _beside(store: MediaStore, facts: AssetFacts, ending: str) -> Iterator[Path]:
    """A place on the store's disk for a file in the making; cleared afterwards."""
    to = store.root / HOUSE_FOLDER / f"{facts.key[:16]}.{os.getpid()}{ending}"
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield to
    finally:
        to.unlink(missing_ok=True)


def _house_copy(
    work: _Work,
    facts: AssetFacts,
    to: Path,
    prober: Prober,
    progress: Callable[[float], None],
) -> AssetFacts:
    """Make and check the copy that airs; the facts of the copy."""
    prober.house_copy(
        work.path, facts, to, name=work.name, progress=lambda share: progress(0.5 + 0.4 * share)
    )
    copy = prober.measure(to, prober.probe(to), progress=lambda s: progress(0.9 + s / 10))
    _refuse_unfit(copy)
    return copy
