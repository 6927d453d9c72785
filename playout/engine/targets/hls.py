"""A target that is a folder of HLS: segments and playlists for a web server.

A segment is two files: picture with sound, and its captions as WebVTT; and one more for each other
channel of captions that programs bring. Files appear whole, by a rename: first those of a segment,
then the playlists that name them. A segment that has left the playlist stays for as long as a
player may still want it. A process that starts goes on with the playlist it finds: numbers go on,
and a break is marked.
"""

import re
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from config.clock import Clock
from config.names import HouseFormat
from config.targetaddress import HlsTarget
from config.wholefile import publish_file
from media.captions.vtt import write_vtt
from playout.engine.targets.aac import KBPS
from playout.engine.targets.caption_channels import (
    PRIMARY,
    CaptionChannels,
    playlist_of,
    suffix_of,
)
from playout.engine.targets.h264 import parameters, units
from playout.engine.targets.playlist import (
    CAPTIONS,
    SEGMENT,
    Playlist,
    Rendition,
    Segment,
    master_playlist,
    read_playlist,
)
from playout.engine.targets.segment import Cut, Segmenter
from playout.engine.targets.sender import SendError, reason
from playout.engine.targets.web_captions import WebCaptions
from playout.engine.targets.web_stream import WebStream, WebUnit
from playout.engine.transport import STAMPS_A_SECOND

MASTER, MEDIA, TEXT = "index.m3u8", "live.m3u8", "captions.m3u8"
LEFT_FOR_SECONDS = 60.0
"""Seconds for which a segment stays after it has left the playlist."""
LARGEST_PLAYLIST = 4 << 20
OVERHEAD = 1.15
"""Bytes of TS to bytes of picture and sound, and room for a second that is larger than most."""
_FILE = r"\d{1,15}\.(?:ts|(?:cc[234]\.)?vtt)"
_OURS = re.compile(rf"{_FILE}|\.{_FILE}\.new")


class HlsSender:
    """Writes the stream into a folder."""

    note = ""

    def __init__(
        self,
        target: HlsTarget,
        house: HouseFormat,
        video_kbps: int,
        clock: Clock,
        language: str = "eng",
        displayed_width: int = 0,
    ) -> None:
        """`displayed_width` is the columns, of square shape, in which players are to display the
        picture; 0 for those of the house.
        """
        self._folder, self._keep, self._seconds = target.folder, target.keep, target.seconds
        self._house, self._clock, self._language = house, clock, language
        self.displayed_width = displayed_width or house.width
        self._bandwidth = round((video_kbps + KBPS) * OVERHEAD)
        self._stream: WebStream | None = None
        self._segmenter, self._captions = Segmenter(target.seconds, language), WebCaptions()
        self._playlist = Playlist(target.seconds)
        self._place: tuple[int, datetime] | None = None
        """A stamp since the last break, and the instant at which its picture came."""
        self._coding = ""
        """The picture's coding, by its name in playlists; empty until it is known."""
        self._channels = CaptionChannels()
        self._next = 0
        """The number of the next segment; 0 where none came before."""

    def open(self) -> None:
        """Make the folder, and go on with the playlist in it. Raises SendError."""
        try:
            self._folder.mkdir(0o755, parents=True, exist_ok=True)
            found = read_playlist(_text(self._folder / MEDIA), self._seconds)
            self._playlist = found.without_first(self._gone(found))
            self._channels = CaptionChannels()
            self._channels.resume(self._folder, self._clock.utc())
            self._complete()
        except OSError as error:
            raise SendError(reason(error)) from error
        self._next = found.segments[-1].number + 1 if found.segments else 0
        self._remove_old()
        self._stream, self._captions = WebStream(), WebCaptions()
        self._segmenter = Segmenter(self._seconds, self._language)
        self._coding = ""

    def send(self, chunks: bytes) -> int:
        """Take chunks, and write each segment that they complete. Raises SendError when the disk
        refuses.
        """
        if self._stream is None:
            raise SendError("it is not open")
        try:
            for unit in self._stream.take(chunks):
                self._take(unit)
        except OSError as error:
            raise SendError(reason(error)) from error
        return 0

    def close(self) -> None:
        """Forget the segment that has begun. What was written stays."""
        self._stream = None

    def _take(self, unit: WebUnit) -> None:
        if unit.is_key and unit.is_video and not self._coding:
            found = parameters(units(unit.data))
            self._coding = found.name if found is not None else ""
            self._write_master()
        cut = self._segmenter.take(unit)
        if cut is not None:
            self._write(cut)
        if unit.is_video:
            self._captions.take(unit)
            self._segmenter.has_dtvcc = self._captions.primary.is_there

    def _write_master(self) -> None:
        if not self._coding:
            return
        house = self._house
        held = Rendition(
            self._bandwidth,
            self._coding,
            self.displayed_width,
            house.height,
            float(house.rate),
            self._language,
        )
        others = {channel: playlist_of(channel) for channel in self._channels.offered}
        publish_file(self._folder / MASTER, master_playlist(MEDIA, TEXT, held, others).encode())

    def _write(self, cut: Cut) -> None:
        # Seconds of the wall clock exceed every number before, also where no playlist is left.
        number = self._next or int(self._clock.utc().timestamp())
        segment = Segment(number, cut.length / STAMPS_A_SECOND, self._instant(cut), cut.follows_gap)
        texts = self._captions.segment(cut.shown, cut.length)
        has_changed = self._channels.hear(texts, self._clock.utc())
        publish_file(self._folder / segment.name, cut.content)
        for channel, suffix in self._texts().items():
            text = texts.get(channel) or write_vtt((), stamp=cut.shown)
            publish_file(self._folder / segment.named(suffix), text.encode())
        self._playlist, self._next = self._playlist.with_segment(segment, self._keep), number + 1
        if has_changed:
            self._complete()
        for channel, suffix in self._texts().items():
            name = TEXT if channel == PRIMARY else playlist_of(channel)
            publish_file(self._folder / name, self._playlist.listing(suffix).encode())
        publish_file(self._folder / MEDIA, self._playlist.text.encode())
        if has_changed:
            self._write_master()
        self._remove_old()

    def _texts(self) -> dict[str, str]:
        """Return the ending of the texts of each channel that is written."""
        others = {channel: suffix_of(channel) for channel in self._channels.offered}
        return {PRIMARY: CAPTIONS, **others}

    def _complete(self) -> None:
        """Write empty captions for segments that have none, because a version before this one wrote
        them or the channel is new: players want all playlists to name the same segments.
        """
        for segment in self._playlist.segments:
            for suffix in self._texts().values():
                path = self._folder / segment.named(suffix)
                if not path.is_file():
                    publish_file(path, write_vtt(()).encode())

    def _instant(self, cut: Cut) -> datetime:
        """Return the instant of a segment's first picture. Within a stretch it follows from the
        stamps, so that the dates of segments agree with their lengths.
        """
        if self._place is None or cut.follows_gap:
            self._place = cut.start, self._clock.utc() - _time(cut.length)
        stamp, at = self._place
        return at + _time(cut.start - stamp)

    def _gone(self, found: Playlist) -> int:
        """Return how many of the first segments of a playlist are of no use any more: too old,
        missing, or before one that is.
        """
        oldest = self._clock.utc() - timedelta(seconds=self._keep)
        return max(
            (
                place + 1
                for place, segment in enumerate(found.segments)
                if segment.at < oldest or not (self._folder / segment.name).is_file()
            ),
            default=0,
        )

    def _remove_old(self) -> None:
        """Remove what viewers need no more. A file that cannot be removed now is tried again with
        the next segment.
        """
        segments = self._playlist.segments
        suffixes = (SEGMENT, *self._texts().values())
        kept = {segment.named(suffix) for segment in segments for suffix in suffixes}
        oldest = self._clock.utc().timestamp() - self._keep - LEFT_FOR_SECONDS
        with suppress(OSError):
            for path in self._folder.iterdir():
                is_ours = _OURS.fullmatch(path.name) and path.name not in kept
                if is_ours and path.stat().st_mtime < oldest:
                    path.unlink()


def _time(units_of_90_khz: int) -> timedelta:
    return timedelta(microseconds=round(units_of_90_khz * 1_000_000 / STAMPS_A_SECOND))


def _text(path: Path) -> str:
    """Return a playlist as text; empty where there is none."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(LARGEST_PLAYLIST)
    except FileNotFoundError:
        return ""
