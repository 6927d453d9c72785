"""Takes an upload in: checks it, measures it, makes a house copy if air needs one, stores it."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from media.asset import AssetFacts, verdict
from media.formats import FormatError, ordinary_file
from media.probe import ProbeError, Prober
from media.store import MediaError, MediaStore, content_key

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

    Raises IngestError with a sentence for staff.
    """
    try:
        facts = _checked(upload, original_name, prober, progress)
        reasons = facts.house_reasons
        _make_room(store, facts, copying=bool(reasons) or facts.still)
        thumbnail = prober.thumbnail(upload, name=original_name)
        copy = None
        if reasons or facts.still:
            copy = _house_copy(upload, original_name, facts, store, prober, progress)
        store.add(upload, key=facts.key, suffix=facts.suffix)
    except (FormatError, ProbeError, MediaError) as error:
        raise IngestError(str(error)) from error
    progress(1.0, "Done")
    return Ingested(facts, thumbnail, copy)


def _checked(upload: Path, name: str, prober: Prober, progress: Told) -> AssetFacts:
    """Facts of a file that may air; IngestError for one that may not."""
    progress(0.0, "Looking at the file")
    ordinary_file(upload)
    key = content_key(upload, lambda share: progress(0.05 * share, "Reading the file"))
    facts = prober.probe(upload, key=key, name=name)
    _refuse_unfit(facts)
    facts = prober.measure(
        upload,
        facts,
        name=name,
        progress=lambda share: progress(0.05 + 0.45 * share, "Checking picture and sound"),
    )
    _refuse_unfit(facts)
    return facts


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


def _house_copy(
    upload: Path,
    name: str,
    facts: AssetFacts,
    store: MediaStore,
    prober: Prober,
    progress: Told,
) -> AssetFacts:
    """Make, check and store the copy that airs; the facts of the copy."""
    suffix = ".png" if facts.still else ".mp4"
    to = store.root / HOUSE_FOLDER / f"{facts.key[:16]}.{os.getpid()}{suffix}"
    to.parent.mkdir(parents=True, exist_ok=True)
    words = "Making a copy for air"
    if facts.house_reasons:
        words += f", because {facts.house_reasons[0]}"
    try:
        prober.house_copy(
            upload, facts, to, name=name, progress=lambda share: progress(0.5 + 0.4 * share, words)
        )
        copy = prober.measure(
            to, prober.probe(to), progress=lambda s: progress(0.9 + s / 10, words)
        )
        _refuse_unfit(copy)
        store.add(to, key=copy.key, suffix=copy.suffix)
    finally:
        to.unlink(missing_ok=True)
    return copy
