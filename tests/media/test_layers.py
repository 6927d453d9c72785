"""Pictures that lie over others: what is clear stays clear, and bad files get a sentence."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from media.ingest import IngestError
from media.layers import keep_layer
from media.probe import ConfinedProber
from media.store import MediaStore

PROBER = ConfinedProber()
ORANGE = (200, 120, 40)


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


def drawn(path: Path, size: tuple[int, int] = (64, 48), mode: str = "RGBA") -> Path:
    image = Image.new(mode, size, (*ORANGE, 128) if mode == "RGBA" else ORANGE)
    image.save(path)
    return path


def test_a_logo_is_stored_as_a_png_that_keeps_what_is_clear(
    tmp_path: Path, store: MediaStore
) -> None:
    upload = drawn(tmp_path / "seal.png")
    kept = keep_layer(upload, "seal.png", store, PROBER)
    picture = Image.open(store.path(kept.key, kept.suffix))

    assert picture.mode == "RGBA" and picture.getpixel((30, 20)) == (*ORANGE, 128)
    assert (kept.width, kept.height, kept.suffix) == (64, 48, ".png")
    assert store.verify(kept.key) and upload.exists()
    assert kept.size == store.path(kept.key, kept.suffix).stat().st_size


def test_a_jpeg_becomes_a_png_of_the_same_colours(tmp_path: Path, store: MediaStore) -> None:
    kept = keep_layer(drawn(tmp_path / "a.jpg", mode="RGB"), "a.jpg", store, PROBER)
    picture = Image.open(store.path(kept.key, kept.suffix))

    assert picture.mode == "RGB" and np.allclose(picture.getpixel((30, 20)), ORANGE, atol=3)


def test_a_large_picture_is_kept_within_the_largest_house_format(
    tmp_path: Path, store: MediaStore
) -> None:
    kept = keep_layer(drawn(tmp_path / "big.png", (4000, 1000)), "big.png", store, PROBER)

    assert (kept.width, kept.height) == (1920, 480)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("logo.svg", b'<?xml version="1.0"?><svg width="9">', "SVG drawing"),
        ("logo.png", b"\x89PNG\r\n\x1a\n" + b"no picture" * 9, "damaged"),
        ("jingle.wav", b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x00" * 64, "Use a PNG or JPEG"),
        ("empty.png", b"", "empty"),
    ],
)
def test_what_is_no_picture_is_refused_in_a_sentence(
    tmp_path: Path, store: MediaStore, name: str, content: bytes, sentence: str
) -> None:
    upload = tmp_path / name
    upload.write_bytes(content)
    with pytest.raises(IngestError) as refused:
        keep_layer(upload, name, store, PROBER)

    assert sentence in str(refused.value)
    assert not store.keys()


def test_a_picture_too_small_to_be_seen_is_refused(tmp_path: Path, store: MediaStore) -> None:
    with pytest.raises(IngestError, match="smaller than 16 pixels"):
        keep_layer(drawn(tmp_path / "dot.png", (64, 8)), "dot.png", store, PROBER)
