"""Playlists of HLS (RFC 8216): written, and read again by a process that goes on with one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

_NUMBER = re.compile(r"(\d{1,15})\.ts")
_INF = re.compile(r"#EXTINF:(\d{1,4}(?:\.\d{1,6})?),.*")
_SEQUENCE = "#EXT-X-DISCONTINUITY-SEQUENCE:"
_DATE, _BREAK, _TARGET = (
    "#EXT-X-PROGRAM-DATE-TIME:",
    "#EXT-X-DISCONTINUITY",
    "#EXT-X-TARGETDURATION:",
)
SEGMENT, CAPTIONS = ".ts", ".vtt"
"""Endings of the two files of a segment: picture with sound, and captions."""
MOST_SEGMENTS = 15_000


@dataclass(frozen=True)
class Segment:
    """One segment in a playlist."""

    number: int
    seconds: float
    at: datetime
    """Instant (UTC) of its first picture."""
    follows_break: bool = False
    """Whether its time stamps do not continue those before it."""

    @property
    def name(self) -> str:
        """The name of its file of picture and sound."""
        return self.named(SEGMENT)

    def named(self, suffix: str) -> str:
        """Return the name of its file with this ending: SEGMENT or CAPTIONS."""
        return f"{self.number}{suffix}"


@dataclass(frozen=True)
class Playlist:
    """The segments that viewers can play, oldest first."""

    target: int
    """Whole seconds to which no segment rounds up beyond; it never shrinks."""
    segments: tuple[Segment, ...] = ()
    breaks_before: int = 0
    """Breaks that have left the playlist."""

    def with_segment(self, segment: Segment, keep: float) -> "Playlist":
        """Return the playlist with one more segment, and the last `keep` seconds of program."""
        target = max(self.target, int(segment.seconds + 0.5))
        longer = Playlist(target, (*self.segments, segment), self.breaks_before)
        total = sum(one.seconds for one in longer.segments)
        gone = 0
        while len(longer.segments) - gone > 3 and total - longer.segments[gone].seconds >= keep:
            total -= longer.segments[gone].seconds
            gone += 1
        return longer.without_first(gone)

    def without_first(self, count: int) -> "Playlist":
        """Return the playlist without its first segments."""
        breaks = sum(one.follows_break for one in self.segments[:count])
        return Playlist(self.target, self.segments[count:], self.breaks_before + breaks)

    @property
    def text(self) -> str:
        """The playlist of picture and sound, as it is served."""
        return self.listing(SEGMENT)

    def listing(self, suffix: str) -> str:
        """Return the playlist of the files with this ending: SEGMENT or CAPTIONS. Both name the
        same segments at the same times.
        """
        first = self.segments[0].number if self.segments else 0
        lines = [
            "#EXTM3U", "#EXT-X-VERSION:6", f"{_TARGET}{self.target}",
            f"#EXT-X-MEDIA-SEQUENCE:{first}", f"{_SEQUENCE}{self.breaks_before}",
            "#EXT-X-INDEPENDENT-SEGMENTS",
        ]  # fmt: skip
        for segment in self.segments:
            lines += [_BREAK] if segment.follows_break else []
            at = segment.at.replace(tzinfo=None).isoformat(timespec="milliseconds")
            lines += [f"{_DATE}{at}Z", f"#EXTINF:{segment.seconds:.5f},", segment.named(suffix)]
        return "\n".join(lines) + "\n"


def read_playlist(text: str, target: int) -> Playlist:
    """Return the playlist that a text holds, as far as it is one that this module writes. `target`
    is the least that it gets.
    """
    playlist, seconds, at, follows_break = Playlist(target), 0.0, None, False
    for line in text.splitlines()[: 4 * MOST_SEGMENTS]:
        if line.startswith(_SEQUENCE):
            playlist = replace(playlist, breaks_before=_whole(line.removeprefix(_SEQUENCE)))
        elif line.startswith(_TARGET):
            playlist = replace(playlist, target=max(target, _whole(line.removeprefix(_TARGET))))
        elif line == _BREAK:
            follows_break = True
        elif line.startswith(_DATE):
            at = _instant(line.removeprefix(_DATE))
        elif (length := _INF.fullmatch(line)) is not None:
            seconds = float(length[1])
        elif (name := _NUMBER.fullmatch(line)) is not None and at is not None and seconds:
            segment = Segment(int(name[1]), seconds, at, follows_break)
            playlist = replace(playlist, segments=(*playlist.segments, segment))
            seconds, at, follows_break = 0.0, None, False
    return playlist


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.utcoffset() == timedelta(0) else None


LANGUAGES = {
    "eng": ("en", "English"), "spa": ("es", "Español"), "fra": ("fr", "Français"),
    "por": ("pt", "Português"), "deu": ("de", "Deutsch"),
}  # fmt: skip
"""The name of a language in playlists (RFC 5646), and the one that viewers read."""


@dataclass(frozen=True)
class Rendition:
    """The content of a playlist of segments, for the playlist above it."""

    kbps: int
    """Most that a second of it has."""
    coding: str
    """The picture's coding, by its name in playlists."""
    width: int
    height: int
    rate: float
    language: str
    """Language of sound and captions: three letters of ISO 639-2."""


def master_playlist(
    name: str, captions: str, held: Rendition, others: Mapping[str, str] | None = None
) -> str:
    """Return the playlist that says what the playlist `name` holds: the captions of line 21 too,
    which the playlist `captions` has as WebVTT. `others` are the playlists of further channels, by
    channel; nobody knows their language.
    """
    further = [line for channel, to in (others or {}).items() for line in _further(channel, to)]
    code, words = LANGUAGES.get(held.language, (held.language, held.language))
    return "\n".join((
        "#EXTM3U", "#EXT-X-VERSION:6", "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="cc",NAME="{words}",LANGUAGE="{code}",'
        'INSTREAM-ID="CC1",DEFAULT=NO,AUTOSELECT=YES',
        f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",NAME="{words}",LANGUAGE="{code}",'
        'DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,CHARACTERISTICS='
        f'"public.accessibility.transcribes-spoken-dialog",URI="{captions}"',
        *further,
        f'#EXT-X-STREAM-INF:BANDWIDTH={held.kbps * 1000},CODECS="{held.coding},mp4a.40.2",'
        f'RESOLUTION={held.width}x{held.height},FRAME-RATE={held.rate:.3f},CLOSED-CAPTIONS="cc",'
        'SUBTITLES="text"',
        name,
    )) + "\n"  # fmt: skip


def _further(channel: str, captions: str) -> tuple[str, str]:
    """Return the lines that declare another channel: within the pictures, and as text."""
    return (
        f'#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="cc",NAME="{channel}",'
        f'INSTREAM-ID="{channel}",DEFAULT=NO,AUTOSELECT=NO',
        f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",NAME="{channel}",'
        f'DEFAULT=NO,AUTOSELECT=NO,FORCED=NO,URI="{captions}"',
    )
