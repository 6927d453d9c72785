"""The tracks of a file made from pieces of another (in the child only)."""

import struct
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from config.names import SAMPLE_RATE
from media.colour import say_house
from media.export import SOUND_BITS, Export
from media.reshape import house_size

PICTURE_OPTIONS = {"preset": "veryfast", "crf": "19", "bf": "0"}
"""Without pictures that refer forward, a film begins at zero in every player."""
MILLISECONDS = Fraction(1, 1000)
LANGUAGES = {
    "de": "deu", "en": "eng", "es": "spa", "fr": "fra", "ht": "hat", "it": "ita", "ko": "kor",
    "pl": "pol", "pt": "por", "ru": "rus", "vi": "vie", "zh": "zho",
}  # fmt: skip
"""Three letters for two, as MP4 names languages (ISO 639-2)."""
PLAIN_STYLE = b"[Script Info]\n"
"""The head by which libav describes a text track: nothing but its own plain style."""

Samples = NDArray[np.float32]


class NothingReadError(Exception):
    """A piece of which nothing can be read; the text says which."""


def describe(export: Export, out: OutputContainer) -> None:
    """Give the file its title, its day and its chapters."""
    out.metadata["title"] = export.title
    if export.day:
        out.metadata["date"] = export.day
    ends = [*(frame for frame, _ in export.chapters[1:]), export.frames]
    out.set_chapters(
        [
            {
                "id": number,
                "start": round(begin * 1000 / export.steps),
                "end": round(end * 1000 / export.steps),
                "time_base": MILLISECONDS,
                "metadata": {"title": name},
            }
            for number, ((begin, name), end) in enumerate(zip(export.chapters, ends, strict=False))
        ]
    )


class ExportWriter:
    """The tracks of the file that is made, each with a clock that counts what it was given."""

    def __init__(self, export: Export, out: OutputContainer, picture: VideoStream | None) -> None:
        self._out, self._steps = out, export.steps
        self.picture = _picture_stream(export, out, picture) if export.has_picture else None
        self._frames = self._samples = 0
        self._sound: Any = None
        if export.has_sound:
            self._sound = out.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
            self._sound.bit_rate = SOUND_BITS
        self._texts: Any = None
        if export.captions is not None:
            self._texts = out.add_stream("mov_text")
            self._texts.time_base = MILLISECONDS
            self._texts.codec_context.subtitle_header = PLAIN_STYLE
            self._texts.metadata["language"] = LANGUAGES.get(export.language[:2], "und")

    def push_picture(self, frame: VideoFrame) -> None:
        """Write the next picture."""
        assert self.picture is not None
        frame.pts, frame.time_base = self._frames, 1 / self._steps
        frame.pict_type = av.video.frame.PictureType.NONE
        self._frames += 1
        self._out.mux(self.picture.encode(frame))

    def push_sound(self, samples: Samples) -> None:
        """Write the next samples, of two channels."""
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", "stereo")
        frame.sample_rate, frame.time_base = SAMPLE_RATE, Fraction(1, SAMPLE_RATE)
        frame.pts = self._samples
        self._samples += samples.shape[1]
        self._out.mux(self._sound.encode(frame))

    def write_texts(self, cues: Sequence[tuple[int, int, str]]) -> None:
        """Write all captions. A text track shows one at a time, so each ends where the next
        begins.
        """
        if self._texts is None:
            return
        begins = [round(begin / 1000) for begin, _, _ in cues]
        for place, (begin, (_, end, text)) in enumerate(zip(begins, cues, strict=True)):
            last = min([round(end / 1000), *begins[place + 1 : place + 2]])
            if last <= begin:
                continue
            words = text.encode()
            packet = av.Packet(struct.pack(">H", len(words)) + words)
            packet.stream, packet.time_base = self._texts, MILLISECONDS
            packet.pts = packet.dts = begin
            packet.duration = last - begin
            self._out.mux(packet)

    def finish(self) -> None:
        """Write what the encoders still hold."""
        for stream in (self.picture, self._sound):
            if stream is not None:
                self._out.mux(stream.encode(None))


def _picture_stream(
    export: Export, out: OutputContainer, source: VideoStream | None
) -> VideoStream:
    if source is None:
        raise NothingReadError("The file that it was cut from has no picture.")
    shape = source.sample_aspect_ratio or source.codec_context.sample_aspect_ratio or Fraction(1)
    most = str(export.picture_bits)
    options = PICTURE_OPTIONS | {"maxrate": most, "bufsize": str(2 * export.picture_bits)}
    stream = out.add_stream("libx264", rate=export.steps, options=options)
    stream.width, stream.height = house_size(round(source.width * shape), source.height)
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.gop_size, context.time_base = round(2 * export.steps), 1 / export.steps
    context.thread_count = 2
    say_house(context)
    return stream
