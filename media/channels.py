"""Sound with an unnamed channel order, given an order that can be measured, mixed and aired.

PyAV copies a layout that has a table of its own (libav's custom order) without copying the table,
and frees it twice. Reading `channels` or `layout` of such a stream, or decoding it, crashes the
process. So `plain_order` comes before anything else that is done with a stream of sound.
"""

from fractions import Fraction

from av import AudioFrame
from av.audio.stream import AudioStream

from media.resample import MOST_PLANES

ORDINARY = ("", "mono", "stereo", "2.1", "4.0", "5.0", "5.1", "6.1", "7.1")
"""The layout libav assumes where none is named, by the number of channels."""
MOST_CHANNELS = len(ORDINARY) - 1
"""More channels than these are tracks of a recorder, not loudspeakers in a room: the first two
air."""


def plain_order(sound: AudioStream) -> str:
    """Give a stream a layout without a table, before its decoder opens; return the layout it had.

    The channels stay where they are in the file. A layout that libav knows by name is kept.
    """
    context = sound.codec_context
    found = context.layout
    name, count = found.name, found.nb_channels
    # The setter must come before `found` goes: that frees the table the stream still points to.
    context.layout = name if _is_known(name) else _ordinary(count)
    return str(name)


def _is_known(name: str) -> bool:
    """Return False for `8 channels` and `3 channels (FL+FR+LFE)`, as libav writes unnamed
    layouts."""
    return "channels" not in name and "ambisonic" not in name


def _ordinary(count: int) -> str:
    return ORDINARY[count] if 0 < count <= MOST_CHANNELS else f"{count} channels"


def in_order(frame: AudioFrame) -> AudioFrame:
    """Return a frame whose channels can be mixed to two. Of more channels than MOST_CHANNELS it
    keeps the first two.
    """
    layout = frame.layout
    count = layout.nb_channels
    if count <= MOST_CHANNELS and _is_known(layout.name):
        return frame
    if frame.format.is_planar and count > MOST_PLANES:
        return frame
    samples = frame.to_ndarray()
    if count > MOST_CHANNELS:
        samples, count = samples.reshape(-1, count)[:, :2].reshape(1, -1), 2
    ordered = AudioFrame.from_ndarray(
        samples.copy(), format=frame.format.name, layout=ORDINARY[count]
    )
    ordered.sample_rate, ordered.pts = frame.sample_rate, frame.pts
    ordered.time_base = frame.time_base or Fraction(1, frame.sample_rate)
    return ordered
