"""Caption tracks in the media store: read in the confined child, and kept by their content."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from config.names import AssetKey
from media.asset import AssetFacts
from media.captions.facts import CaptionFacts
from media.captions.track import SUFFIX, CaptionError, CaptionTrack
from media.probe import ProbeError, Prober
from media.store import MediaError, MediaStore

MAKING_FOLDER = ".house"
"""Folder of the store in which files are made; see media.ingest."""


@dataclass(frozen=True)
class StoredCaptions:
    """A caption track that is now in the store, with the suffix of `media/captions/track`."""

    key: AssetKey
    size: int
    facts: CaptionFacts


def read_captions(
    path: Path, facts: AssetFacts, store: MediaStore, prober: Prober, *, name: str = ""
) -> StoredCaptions | None:
    """Store the captions inside a file; return None where it has none. Raises CaptionError."""
    return _stored(store, lambda to: prober.captions(path, facts, to, name=name or path.name))


def read_sidecar(
    upload: Path, name: str, length: timedelta, store: MediaStore, prober: Prober
) -> StoredCaptions:
    """Store the captions of a caption file for a media file of this length. The upload is only
    read. Raises CaptionError with a sentence for staff.
    """
    stored = _stored(store, lambda to: prober.sidecar(upload, length, to, name=name))
    if stored is None:
        raise CaptionError("There are no captions in this file.")
    return stored


def keep_track(track: CaptionTrack, facts: CaptionFacts, store: MediaStore) -> StoredCaptions:
    """Store a track that was made here. Raises CaptionError."""

    def write(to: Path) -> CaptionFacts:
        to.write_bytes(track.to_bytes())
        return facts

    stored = _stored(store, write)
    assert stored is not None
    return stored


def load_track(store: MediaStore, key: AssetKey) -> CaptionTrack:
    """Return a stored track. Raises CaptionError where it is missing or damaged."""
    try:
        return CaptionTrack.from_bytes(store.path(key, SUFFIX).read_bytes())
    except OSError as error:
        raise CaptionError("The captions are not on this disk; upload them again.") from error


def _stored(
    store: MediaStore, read: Callable[[Path], CaptionFacts | None]
) -> StoredCaptions | None:
    """Store the track that `read` writes."""
    making = store.root / MAKING_FOLDER
    try:
        making.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=making) as folder:
            to = Path(folder) / f"captions{SUFFIX}"
            facts = read(to)
            if facts is None:
                return None
            size = to.stat().st_size
            key, _ = store.add(to, suffix=SUFFIX)
    except (ProbeError, MediaError) as error:
        raise CaptionError(str(error)) from error
    except OSError as error:
        raise CaptionError(f"The captions cannot be stored: {error.strerror}.") from error
    return StoredCaptions(key, size, facts)
