"""Loudness (BS.1770) and silence of sound, measured as it is decoded."""

from dataclasses import dataclass
from datetime import timedelta

import av
import av.filter

from config.times import timecode
from media.asset import Problem

SILENT_LKFS = -60.0
"""Momentary loudness below which sound counts as silent."""
ABSOLUTE_GATE = -70.0
"""The gate of BS.1770, LKFS: a file that never passes it has no loudness."""
WINDOW_SECONDS = 0.4
"""Window of momentary loudness, which is undefined before it is full."""


@dataclass(frozen=True)
class FileStretch:
    """A stretch of a file, in seconds."""

    begin: float
    end: float

    @property
    def length(self) -> float:
        """Its length in seconds."""
        return self.end - self.begin

    def words(self) -> str:
        """Write it as `from 0:01:02 to 0:01:30`."""
        begin, end = timedelta(seconds=self.begin), timedelta(seconds=self.end)
        return f"from {timecode(begin)} to {timecode(end)}"

    def note(self, words: str) -> Problem:
        """Return a note of what holds there: `There is no sound from 0:01:02 to 0:01:30.`"""
        return Problem("note", f"{words} {self.words()}.", self.begin, self.end)


class LoudnessMeter:
    """A meter for decoded sound, fed in order: integrated loudness and silent stretches."""

    def __init__(self) -> None:
        self.silent: list[FileStretch] = []
        self._graph: av.filter.Graph | None = None
        self._shape: tuple[str, str, int] | None = None
        self._integrated: float | None = None
        self._heard = 0.0

    def hear(self, frame: av.AudioFrame) -> None:
        """Take one decoded frame of sound."""
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._graph is None or shape != self._shape:
            self._graph, self._shape = _graph(frame), shape
        self._heard += frame.samples / frame.sample_rate
        frame.pts = None
        self._graph.push(frame)
        self._pull()

    def integrated(self) -> float | None:
        """Return the loudness so far, LKFS, to a tenth; None when nothing was above the gate."""
        if self._integrated is None or self._integrated <= ABSOLUTE_GATE:
            return None
        return round(self._integrated, 1)

    def _pull(self) -> None:
        assert self._graph is not None
        while True:
            try:
                measured = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            words = measured.metadata
            if "lavfi.r128.I" in words:
                self._integrated = float(words["lavfi.r128.I"])
            full = self._heard >= WINDOW_SECONDS
            if full and float(words.get("lavfi.r128.M", 0.0)) < SILENT_LKFS:
                self._note_silence()

    def _note_silence(self) -> None:
        now = self._heard
        if self.silent and now - self.silent[-1].end < 0.5:
            self.silent[-1] = FileStretch(self.silent[-1].begin, now)
        else:
            self.silent.append(FileStretch(max(0.0, now - WINDOW_SECONDS), now))


def _graph(frame: av.AudioFrame) -> av.filter.Graph:
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        format=frame.format.name,
        layout=frame.layout.name,
        sample_rate=frame.sample_rate,
        time_base=frame.time_base,
    )
    graph.link_nodes(source, graph.add("ebur128", "metadata=1"), graph.add("abuffersink"))
    graph.configure()
    return graph
