"""The C side of libVLC's callbacks: their types, its track table, and buffers it draws into."""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from playout.engine.links.ring import Picture

Lock = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p))
Unlock = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
Display = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
Format = ctypes.CFUNCTYPE(
    ctypes.c_uint,
    ctypes.c_void_p,
    ctypes.POINTER(ctypes.c_char * 4),
    ctypes.POINTER(ctypes.c_uint),
    ctypes.POINTER(ctypes.c_uint),
    ctypes.POINTER(ctypes.c_uint),
    ctypes.POINTER(ctypes.c_uint),
)
Cleanup = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
Play = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int64)


class VlcTrack(ctypes.Structure):
    """C's `libvlc_media_track_t`; the binding spells its union as three members."""

    _fields_ = (
        ("codec", ctypes.c_uint32),
        ("original", ctypes.c_uint32),
        ("id", ctypes.c_int),
        ("type", ctypes.c_int),
        ("profile", ctypes.c_int),
        ("level", ctypes.c_int),
        ("detail", ctypes.c_void_p),
    )


_memcmp = ctypes.CDLL(None).memcmp
_memcmp.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)


@dataclass(frozen=True)
class Canvas:
    """Memory into which libVLC draws a picture: its planes, and where each of them starts."""

    planes: Sequence[Picture]
    starts: tuple[int, ...]
    """Addresses of the planes; asking numpy for one takes longer than a callback should."""
    place: int | None = None
    """Number of the place of a ring that it is; None for memory of its own."""

    @classmethod
    def on(cls, planes: Sequence[Picture], place: int | None = None) -> "Canvas":
        """Return a canvas on these planes, each without a gap between its rows."""
        return cls(planes, tuple(int(plane.ctypes.data) for plane in planes), place)

    def is_like(self, other: "Canvas") -> bool:
        """Return whether both hold the same luma. Pictures that differ do so in their first rows,
        so this reads all of it only where they are equal.
        """
        size = self.planes[0].nbytes
        return size == other.planes[0].nbytes and not _memcmp(self.starts[0], other.starts[0], size)


def pitches_of(width: int) -> tuple[int, int, int]:
    """Return the bytes of a row in each plane: multiples of 64, as libVLC likes them."""
    return -(-width // 64) * 64, -(-width // 128) * 64, -(-width // 128) * 64


def new_canvas(pitches: Sequence[int], lines: Sequence[int]) -> Canvas:
    """Return memory for one picture. It starts at a multiple of 64 bytes, as libVLC needs."""
    sizes = [pitch * rows for pitch, rows in zip(pitches, lines, strict=True)]
    whole: Picture = np.zeros(sum(sizes) + 64, dtype=np.uint8)
    start = -whole.ctypes.data % 64
    parts = []
    for size, pitch, rows in zip(sizes, pitches, lines, strict=True):
        parts.append(whole[start : start + size].reshape(rows, pitch))
        start += size
    return Canvas.on(parts)
