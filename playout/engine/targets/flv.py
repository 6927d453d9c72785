"""Pictures and sound as RTMP carries them: the bodies of FLV tags (FLV specification 10.1)."""

from playout.engine.targets.aac import KBPS
from playout.engine.targets.amf import AmfValue, dump
from playout.engine.targets.h264 import Parameters, units, with_lengths
from playout.engine.targets.web_stream import WebUnit

_KEY, _BETWEEN, _AVC = 0x10, 0x20, 7
_AAC = 0xAF
"""AAC, which always says 44 kHz, 16 bits, stereo; the real values are in its own header."""
AUDIO_SPECIFIC_CONFIG = b"\x11\x90"
"""AAC-LC, 48 kHz, two channels."""
STAMPS_A_MILLISECOND = 90


def metadata(width: int, height: int, rate: float, video_kbps: int) -> bytes:
    """Return the message that says what comes."""
    values: dict[str, AmfValue] = {
        "width": width, "height": height, "framerate": round(rate, 3), "videocodecid": _AVC,
        "videodatarate": video_kbps, "audiocodecid": 10, "audiodatarate": KBPS,
        "audiosamplerate": 48_000, "audiosamplesize": 16, "stereo": True, "encoder": "Gavel",
    }  # fmt: skip
    return dump("@setDataFrame", "onMetaData", values)


def picture_header(found: Parameters) -> bytes:
    """Return the body that comes before the first picture, and again when the coding changes."""
    return bytes((_KEY | _AVC, 0, 0, 0, 0)) + found.record


def picture(unit: WebUnit) -> bytes:
    """Return the body of a picture; its captions stay in it."""
    later = max(0, round((unit.pts - unit.dts) / STAMPS_A_MILLISECOND))
    head = bytes(((_KEY if unit.is_key else _BETWEEN) | _AVC, 1)) + later.to_bytes(3, "big")
    return head + with_lengths(units(unit.data))


def sound_header() -> bytes:
    """Return the body that comes before the first sound."""
    return bytes((_AAC, 0)) + AUDIO_SPECIFIC_CONFIG


def sound(unit: WebUnit) -> bytes:
    """Return the body of a frame of sound."""
    return bytes((_AAC, 1)) + unit.data
