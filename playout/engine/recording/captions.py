"""The captions of a recording, which its packets bring as they were received, as a track."""

import logging
from pathlib import Path

from config.child import beat
from media.captions.track import SUFFIX, CaptionError
from media.probe import ConfinedProber, ProbeError
from media.store import MediaError, MediaStore
from playout.model.plan import CaptionFile

log = logging.getLogger(__name__)


def file_captions(recording: Path, folder: Path, store: MediaStore) -> CaptionFile | None:
    """File the captions inside a recording, made in `folder`; None where it has none.

    A recording is filed without them where they cannot be read: its replay then has none.
    """
    to = folder / f"captions{SUFFIX}"
    to.unlink(missing_ok=True)
    prober = ConfinedProber()
    try:
        facts = prober.probe(recording)
        if prober.captions(recording, facts, to, progress=lambda _: beat()) is None:
            return None
        size = to.stat().st_size
        key, _ = store.add(to, suffix=SUFFIX)
    except (ProbeError, CaptionError, MediaError, OSError) as error:
        log.warning("the captions of %s are not filed: %s", recording.name, error)
        return None
    return CaptionFile(key, size)
