"""The sound of a file as a recognizer hears it: the track that airs, in time with the picture."""

from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np

from media.formats import Family
from media.local import open_local
from media.resample import Resampler
from media.speech.words import SPEECH_RATE, Speech
from media.tracks import streams_of

HOLE_SECONDS = 0.05
"""A jump of the sound's clock from which silence is put in, so that words keep their times."""
LONGEST_HOLE_SECONDS = 3600


def heard_sound(path: Path, family: Family, report: Callable[[float], None]) -> Iterator[Speech]:
    """Yield the sound of a file in blocks of mono at SPEECH_RATE; nothing if it has none.

    `report` hears the share of the file that was read. Times count from the earliest of picture
    and sound, as on air. Raises av.FFmpegError for a file that cannot be read.
    """
    with open_local(path, family) as source:
        track = streams_of(source).sound
        if track is None:
            return
        begin = (source.start_time or 0) / av.time_base
        length = (source.duration or 0) / av.time_base
        at = 0
        narrow = Resampler("fltp")
        slow = av.AudioResampler("flt", "mono", SPEECH_RATE)
        for frame in source.decode(track):
            due = max(0.0, (frame.time or 0.0) - begin)
            hole = due - at / SPEECH_RATE
            if frame.time is not None and HOLE_SECONDS < hole < LONGEST_HOLE_SECONDS:
                silence = np.zeros(round(hole * SPEECH_RATE), np.float32)
                at += len(silence)
                yield silence
            if length:
                report(min(1.0, due / length))
            block = _mono(frame, narrow, slow)
            at += len(block)
            yield block


def _mono(frame: av.AudioFrame, narrow: Resampler, slow: av.AudioResampler) -> Speech:
    parts = []
    for ready in narrow.take(frame):
        ready.pts = None
        parts += [done.to_ndarray()[0] for done in slow.resample(ready)]
    whole: Speech = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    return whole
