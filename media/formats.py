"""The file formats and codecs that Gavel takes, recognised by their first bytes and by name."""

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from media.boxes import boxes
from media.mp3 import after_tags, has_sound_at, is_mp3

HEAD_BYTES = 4096
TEXT_BYTES = 8
"""Printable bytes in a row with which no sound begins."""

# fmt: off
VIDEO_CODECS = frozenset((
    "h264", "hevc", "mpeg1video", "mpeg2video", "mpeg4", "vp8", "vp9", "av1", "prores", "dnxhd",
    "dvvideo", "mjpeg",
))
AUDIO_CODECS = frozenset((
    "aac", "mp2", "mp3", "mp3float", "ac3", "eac3", "opus", "vorbis", "flac", "alac", "pcm_s16le",
    "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_bluray",
    "pcm_dvd", "pcm_u8", "mp2float",
))
# fmt: on
DECODER_NAMES = {"libdav1d": "av1", "mp3float": "mp3", "mp2float": "mp2"}
"""Names of codecs whose decoder libav calls by the name of a library."""


@dataclass(frozen=True)
class Family:
    """One kind of file: its name, its usual suffixes, and the libav demuxer that reads it."""

    name: str
    words: str
    suffixes: tuple[str, ...]
    demuxer: str
    starts: Callable[[bytes], bool]
    still: bool = False


def _boxes(head: bytes) -> bool:
    return head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


def _packets(head: bytes) -> bool:
    """Recognise transport stream packets, bare (188 bytes) or with time codes (192, as cameras
    write them). A file cut out of a stream may begin inside a packet.
    """
    return any(
        len(head) > first + 4 * step and all(head[first + n * step] == 0x47 for n in range(5))
        for step in (188, 192)
        for first in range(step)
    )


def _riff(kind: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] == b"RIFF" and head[8:12] == kind


def _begins(*magics: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(magics)


def _long_wav(head: bytes) -> bool:
    """Recognise WAV of more than 4 GB: EBU 3306 (RF64) and ITU-R BS.2088 (BW64)."""
    return head[:4] in (b"RF64", b"BW64") and head[8:12] == b"WAVE"


FAMILIES = (
    Family("mp4", "an MP4 or QuickTime file", (".mp4", ".m4v", ".mov", ".m4a"), "mov", _boxes),
    Family(
        "matroska", "a Matroska or WebM file", (".mkv", ".webm", ".mka"), "matroska",
        _begins(b"\x1a\x45\xdf\xa3"),
    ),
    Family(
        "mpegts", "an MPEG transport stream", (".ts", ".m2ts", ".mts", ".m2t", ".mpg", ".mpeg"),
        "mpegts", _packets,
    ),
    Family(
        "mpeg", "an MPEG program stream", (".mpg", ".mpeg", ".vob", ".m2p"), "mpeg",
        _begins(b"\x00\x00\x01\xba"),
    ),
    Family("avi", "an AVI file", (".avi",), "avi", _riff(b"AVI ")),
    Family("mxf", "an MXF file", (".mxf",), "mxf", _begins(b"\x06\x0e\x2b\x34")),
    Family("wav", "a WAV sound file", (".wav",), "wav", _riff(b"WAVE")),
    Family("wav64", "a WAV sound file", (".wav",), "wav", _long_wav),
    Family("flac", "a FLAC sound file", (".flac",), "flac", _begins(b"fLaC")),
    Family("ogg", "an Ogg file", (".ogg", ".oga", ".opus", ".ogv"), "ogg", _begins(b"OggS")),
    Family("mp3", "an MP3 sound file", (".mp3",), "mp3", is_mp3),
    Family("aac", "an AAC sound file", (".aac",), "aac", _begins(b"\xff\xf1", b"\xff\xf9")),
    Family("png", "a PNG picture", (".png",), "", _begins(b"\x89PNG\r\n\x1a\n"), still=True),
    Family("jpeg", "a JPEG picture", (".jpg", ".jpeg"), "", _begins(b"\xff\xd8\xff"), still=True),
)  # fmt: skip


KNOWN_NON_VIDEO = (
    (b"%PDF", "This is a PDF document. Export the page as a PNG picture to show it."),
    (b"PK\x03\x04", "This is a document or an archive. Export it as a video or a PNG picture."),
    (b"GIF8", "This is a GIF picture. Save it as PNG, or as an MP4 if it moves."),
    (b"BM", "This is a BMP picture. Save it as PNG."),
    (b"II*\x00", "This is a TIFF or a camera's raw picture. Save it as PNG or JPEG."),
    (b"MM\x00*", "This is a TIFF or a camera's raw picture. Save it as PNG or JPEG."),
)
"""Files that staff try and that are no video: their first bytes, and what to do with them."""
LINK = "This is a link to another file. Copy the file itself here, and choose that."
PHONE_PICTURES = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"avif"})


class FormatError(Exception):
    """A file that Gavel does not take; the sentence is for staff."""


def _looks_like_text(head: bytes) -> bool:
    return bool(head) and not any(byte < 9 or 13 < byte < 32 for byte in head)


def recognise(head: bytes, name: str) -> Family:
    """Return the family of a file by its first bytes, if its name agrees. Raises FormatError."""
    if not head:
        raise FormatError("The file is empty.")
    _refuse_deceivers(head)
    family = next((family for family in FAMILIES if family.starts(head)), None)
    if family is None:
        raise FormatError(_what_it_is(head))
    suffix = Path(name).suffix.lower()
    if suffix not in family.suffixes:
        ending = f"ends in {suffix}" if suffix else "has no extension"
        raise FormatError(
            f"The name {ending}, but the file is {family.words}. "
            f"Give it the right name (such as {family.suffixes[0]}), or export it again."
        )
    return family


def _refuse_deceivers(head: bytes) -> None:
    """Raise FormatError for a file that a player would take for a video, or read as another
    kind."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith((b"#EXTM3U", b"[playlist]")):
        raise FormatError("This is a playlist that points elsewhere, not a video.")
    if b"<svg" in head and text.startswith(b"<") and b"<html" not in head.lower():
        raise FormatError("This is an SVG drawing. Export it as a PNG picture to show it.")
    if text.startswith(b"<") or b"<MPD" in head:
        raise FormatError("This is a web page or a manifest that points elsewhere, not a video.")
    if head[4:8] == b"ftyp" and head[8:12] in PHONE_PICTURES:
        raise FormatError("This is a phone picture (HEIC or AVIF). Save it as JPEG or PNG.")


def _what_it_is(head: bytes) -> str:
    """Name a file of no known family, and say what to do with it."""
    for start, words in KNOWN_NON_VIDEO:
        if head.startswith(start):
            return words
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "This is a WebP picture. Save it as PNG or JPEG."
    if _looks_like_text(head):
        return "This is a text file, not a video."
    return "Gavel can't read this file."


def ordinary_file(path: Path) -> int:
    """Return the size of an ordinary file. Raises FormatError for a folder, pipe, device or link,
    and where nothing is there.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except FileNotFoundError as error:
        raise FormatError("The file is not there.") from error
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise FormatError(LINK) from error
        raise FormatError(f"The file cannot be opened: {error.strerror}.") from error
    try:
        status = os.fstat(handle)
    finally:
        os.close(handle)
    if status.st_mode & 0o170000 != 0o100000:
        raise FormatError("This is a folder, a pipe or a device, not a file.")
    return status.st_size


def check_mp4(path: Path) -> None:
    """Raise FormatError when an MP4 was never finished or was cut off."""
    size, kinds = path.stat().st_size, set()
    with path.open("rb") as file:
        for kind, _, end in boxes(file, 0, size):
            kinds.add(kind)
            if kind in (b"mdat", b"moof") and end > size and b"moov" in kinds:
                share = "part" if b"moof" in kinds else f"{100 * size // end} %"
                raise FormatError(
                    f"Only {share} of the file is here; the copy was cut off. Upload it again."
                )
    if b"moov" not in kinds:
        raise FormatError(
            "The file has no index (moov): the recording or the copy stopped before it was "
            "finished. Export or copy it again."
        )


def check_mp3(path: Path) -> None:
    """Raise FormatError when no sound follows the tags of an MP3.

    A player skips the tags. If a playlist follows them, the player reads it, and plays whatever it
    names.
    """
    with path.open("rb") as file:
        file.seek(after_tags(file))
        text = file.read(HEAD_BYTES)
        _refuse_deceivers(text)
        if _looks_like_text(text[:TEXT_BYTES]) or not has_sound_at(text):
            raise FormatError("It has no MP3 sound after its tags. Export it again as MP3.")
