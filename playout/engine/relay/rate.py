"""The rate of a stream: from what picture and sound need, if the settings name none."""

from fractions import Fraction

from playout.engine.relay.mux import CLOCK_EVERY
from playout.engine.relay.tables import PAT_EVERY
from playout.engine.transport import PACKET_BITS, PACKET_BYTES, PAYLOAD_BYTES

SOUND_FRAMES = {"mp2": Fraction(48000, 1152), "ac3": Fraction(48000, 1536)}
"""Frames of sound a second, each a PES of its own."""
_SOUND_HEAD_BYTES = 14
_CAPTION_BYTES = 90
"""Bytes of captions with a picture."""
_SPARE = Fraction(104, 100)
"""Share beyond the encoder's rate: x264 is up to 2 % above it within a second, and null packets
should remain."""
_STEP = 50_000


def stream_rate(picture_rate: Fraction, video_kbps: int, audio_kbps: int, audio: str) -> int:
    """Return the bits a second of a stream that carries this picture and sound with its tables."""
    headers = picture_rate * (_CAPTION_BYTES * 8 + PACKET_BITS)
    video = video_kbps * 1000 * Fraction(PACKET_BYTES, PAYLOAD_BYTES)
    others = other_packets(audio_kbps, audio) * PACKET_BITS
    whole = (video + headers + others) * _SPARE
    return int(-(-whole // _STEP)) * _STEP


def other_packets(audio_kbps: int, audio: str) -> Fraction:
    """Return the packets a second that carry no picture: sound, clock and tables."""
    frames = SOUND_FRAMES[audio]
    sound_bytes = Fraction(audio_kbps * 1000, 8) / frames + _SOUND_HEAD_BYTES
    sound = frames * -(-sound_bytes // PAYLOAD_BYTES)
    return sound + Fraction(1 / CLOCK_EVERY) + 3 * Fraction(1 / PAT_EVERY)
