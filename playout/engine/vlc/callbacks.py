"""The C side of libVLC's callbacks: their types, its track table, and buffers it draws into."""

import ctypes
from collections.abc import Sequence

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


def picture_buffer(pitches: Sequence[int], lines: Sequence[int]) -> tuple[Picture, list[Picture]]:
    """Return memory for one picture, and its planes in it. It starts at a multiple of 64 bytes, as
    libVLC needs.
    """
    sizes = [pitch * rows for pitch, rows in zip(pitches, lines, strict=True)]
    whole: Picture = np.zeros(sum(sizes) + 64, dtype=np.uint8)
    start = -whole.ctypes.data % 64
    parts = []
    for size, pitch, rows in zip(sizes, pitches, lines, strict=True):
        parts.append(whole[start : start + size].reshape(rows, pitch))
        start += size
    return whole, parts
