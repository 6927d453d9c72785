"""MP3 frames, and how to find them behind the tags in front."""

from typing import BinaryIO

ID3_HEADER = 10
MOST_TAGS = 16
FEWEST_FRAMES = 3
"""Frames that must follow one another: two alike occur in any file by chance."""
FILLING_BYTES = 2048
"""Most bytes of filling that careless programs leave between the tags and the first frame."""
_LAYER_3 = 1
# Kilobits a second of layer III by the index in the frame: MPEG-1, then MPEG-2 and 2.5
# (ISO 11172-3, 13818-3).
_KBPS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBPS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_HERTZ = (44100, 48000, 32000)
_HALVED = {3: 0, 2: 1, 0: 2}


def frame_length(head: bytes, at: int = 0) -> int:
    """Return the length in bytes of the MP3 frame that begins at `at`; 0 where none does.

    The two bits behind the sync mark mean MPEG-2.5 (0), MPEG-2 (2) or MPEG-1 (3).
    """
    if len(head) < at + 4 or head[at] != 0xFF or head[at + 1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[at + 1] >> 3 & 3, head[at + 1] >> 1 & 3
    rate, pitch, padding = head[at + 2] >> 4, head[at + 2] >> 2 & 3, head[at + 2] >> 1 & 1
    if version == 1 or layer != _LAYER_3 or rate in (0, 15) or pitch == 3:
        return 0
    hertz = _HERTZ[pitch] >> _HALVED[version]
    if version == 3:
        return 144_000 * _KBPS_1[rate] // hertz + padding
    return 72_000 * _KBPS_2[rate] // hertz + padding


def _frames_from(head: bytes, at: int) -> bool:
    """Return whether frames follow one another from `at` on, as far as the bytes reach."""
    for _ in range(FEWEST_FRAMES):
        length = frame_length(head, at)
        if not length:
            return False
        at += length
        if at >= len(head):
            break
    return True


def is_mp3(head: bytes) -> bool:
    """Return whether a file begins as MP3 does: with a tag, or with frames."""
    return head.startswith(b"ID3") or _frames_from(head, 0)


def has_sound_at(head: bytes) -> bool:
    """Return whether frames begin here, or after a little filling."""
    return any(_frames_from(head, at) for at in range(min(FILLING_BYTES, len(head))))


def after_tags(file: BinaryIO) -> int:
    """Return the offset of the first byte behind all ID3 tags (version 2) and zeros.

    A tag's size is four bytes of seven bits, without its header of ten bytes. A footer, marked by
    bit 4 of the flags, is ten bytes more (id3.org, ID3v2.4).
    """
    at = 0
    for _ in range(MOST_TAGS):
        file.seek(at)
        header = file.read(ID3_HEADER)
        if not header.startswith(b"ID3") or len(header) < ID3_HEADER:
            break
        size = 0
        for byte in header[6:]:
            size = size << 7 | byte & 0x7F
        at += ID3_HEADER + size + (ID3_HEADER if header[5] & 0x10 else 0)
    file.seek(at)
    while ahead := file.read(4096):
        if rest := ahead.lstrip(b"\0"):
            return at + len(ahead) - len(rest)
        at += len(ahead)
    return at
