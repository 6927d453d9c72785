"""Pictures that lie over others, such as a logo: checked, copied plainly, and stored."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from config.names import AssetKey
from media.ingest import HOUSE_FOLDER, SPARE_BYTES, IngestError
from media.probe import ProbeError, Prober
from media.store import MediaError, MediaStore, content_key

LARGEST_UPLOAD = 8 << 20
"""Most bytes of a picture that somebody uploads as a layer."""
SMALLEST_SIDE = 16
"""Fewest pixels of a side that show anything on air."""


@dataclass(frozen=True)
class Layer:
    """A stored picture of at most 1920 by 1080, as a PNG that keeps what is clear."""

    key: AssetKey
    suffix: str
    size: int
    """Bytes."""
    width: int
    height: int


def keep_layer(upload: Path, name: str, store: MediaStore, prober: Prober) -> Layer:
    """Store a checked copy of the picture in `upload`, which is only read.

    `name` is what people call the file. Raises IngestError with a sentence for staff.
    """
    making = store.root / HOUSE_FOLDER
    making.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=making) as folder:
        copy = Path(folder) / "layer.png"
        if shutil.disk_usage(folder).free < SPARE_BYTES:
            raise IngestError("The media disk is full. Ask an engineer for more room.")
        try:
            prober.layer(upload, copy, name=name)
            facts = prober.probe(copy)
            if min(facts.width, facts.height) < SMALLEST_SIDE:
                raise IngestError(f"The picture is smaller than {SMALLEST_SIDE} pixels.")
            size = copy.stat().st_size
            store.add(copy, key=content_key(copy), suffix=facts.suffix)
        except (ProbeError, MediaError) as error:
            raise IngestError(str(error)) from error
    return Layer(facts.key, facts.suffix, size, facts.width, facts.height)
