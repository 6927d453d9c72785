"""The captions of the pictures as WebVTT, cut where the segments of the picture are cut.

The text is that of a channel of line 21, CC1 to CC4, as a receiver would show it. A caption that is
still shown at a cut is in both segments: as a cue that ends at the cut, and as one that begins
there. Its end is not known yet, and two cues that overlap would be shown twice.

Worked example, segments of two seconds, a caption shown from 1.5 to 3.5 s after a first picture at
stamp 8,589,844,592, which is one second before stamps begin anew:

    MPEGTS:8589844592   00:00:01.500 --> 00:00:02.000
    MPEGTS:90000        00:00:00.000 --> 00:00:01.500
"""

from dataclasses import replace

from media.captions.decode import CHANNELS, FieldDecoder
from media.captions.track import FIELD_1, FIELD_2, triplets_of
from media.captions.user_data import in_h264
from media.captions.vtt import write_vtt
from playout.engine.captions.services import PrimaryService
from playout.engine.relay.a53 import LINE_21_ALONE
from playout.engine.targets.segment import GAP
from playout.engine.targets.web_stream import WebUnit
from playout.engine.transport import STAMPS_A_SECOND


class WebCaptions:
    """The captions of a stream, segment by segment."""

    def __init__(self) -> None:
        self._fields = {FIELD_1: FieldDecoder(), FIELD_2: FieldDecoder()}
        self.primary = PrimaryService(LINE_21_ALONE * STAMPS_A_SECOND)
        self._last: int | None = None
        """Stamp of the last picture."""

    def take(self, unit: WebUnit) -> None:
        """Read the captions of the next picture. After an interruption nothing is shown."""
        if self._last is not None and not 0 < unit.dts - self._last <= GAP:
            self._fields = {FIELD_1: FieldDecoder(), FIELD_2: FieldDecoder()}
        self._last = unit.dts
        captions = in_h264(unit.data, 0)
        self.primary.hear(unit.pts, captions)
        for kind, first, second in triplets_of(captions):
            if kind in self._fields:
                self._fields[kind].take(_microseconds(unit.pts), first, second)

    def segment(self, start: int, length: int) -> dict[str, str]:
        """Return the captions shown until the end of a segment, which begins at the stamp `start`
        and has this length, as WebVTT: of CC1 always, and of each other channel that shows any. Its
        pictures have been taken, and none after them.
        """
        begin, end = _microseconds(start), _microseconds(start + length)
        screens = [screen for field in self._fields.values() for screen in field.screens]
        texts = {}
        for name, screen in zip(CHANNELS, screens, strict=True):
            shown = (
                replace(cue, begin=max(cue.begin, begin) - begin, end=cue.end - begin)
                for cue in screen.cut(end)
            )
            cues = [cue for cue in shown if cue.end > cue.begin]
            if cues or name == CHANNELS[0]:
                texts[name] = write_vtt(cues, stamp=start)
        return texts


def _microseconds(stamp: int) -> int:
    return stamp * 100 // 9
