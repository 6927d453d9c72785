"""The choice of the one picture and the one sound track that air.

The probe, the measurement, copies, the deck and libVLC on air all use this choice; otherwise the
track on air would not be the one measured. A live source uses it too (`engine/gateway/sources`).
"""

from dataclasses import dataclass

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from media.channels import plain_order

_NO_FILM = Disposition.attached_pic | Disposition.timed_thumbnails
"""Cover art and chapter pictures, which never air."""
_FOR_FEW = (
    Disposition.dub | Disposition.comment | Disposition.lyrics | Disposition.karaoke
    | Disposition.hearing_impaired | Disposition.visual_impaired | Disposition.clean_effects
    | Disposition.captions | Disposition.descriptions | Disposition.metadata
    | Disposition.dependent | Disposition.non_diegetic | Disposition.multilayer
)  # fmt: skip
"""Flags of a track that is not the main one."""
_TITLES_FOR_FEW = ("comment", "descri")
"""Parts of such tracks' titles, where the container has no flag."""


@dataclass(frozen=True)
class Streams:
    """The one picture and the one sound track that air."""

    picture: VideoStream | None
    sound: AudioStream | None
    pictures: int = 0
    """Number of pictures in the file."""
    sounds: int = 0
    """Number of sound tracks in the file."""
    place: int = 0
    """Position of the chosen sound track among them, from 0."""
    is_off: bool = False
    """Whether one of the two is off by default while another track is on: libVLC never plays it."""


def streams_of(source: InputContainer) -> Streams:
    """Return the picture and the sound that air, by the container's own flags.

    A track that can be decoded comes before one that cannot; the main one before commentary, audio
    description and dubbing; one that is on by default before one that is not; the first before the
    others. Example: of Spanish (described), English and French (default) sound the French airs.
    Where several programs share a stream, both tracks come from one program, the one whose picture
    has the lowest packet id, in whatever order the program maps came. The sound's channels get a
    plain order, so that it may be decoded.
    """
    films = [film for film in source.streams.video if not film.disposition & _NO_FILM]
    sounds = list(source.streams.audio)
    programs = _Programs(source)
    picture = min(films, key=programs.rank, default=None)
    own = [sound for sound in sounds if picture is None or programs.are_one(picture, sound)]
    sound = min(own or sounds, key=programs.rank, default=None)
    if sound is not None and sound.codec_context is not None:
        plain_order(sound)
    place = sounds.index(sound) if sound is not None else 0
    airing = [stream for stream in (picture, sound) if stream is not None]
    is_off = any(map(_is_on, source.streams)) and not all(map(_is_on, airing))
    return Streams(picture, sound, len(films), len(sounds), place, is_off)


def _is_on(stream: Stream) -> bool:
    """Return whether a track is on by default; in QuickTime, every track that is not switched off
    is.
    """
    return bool(stream.disposition & Disposition.default)


class _Programs:
    """The programs of a stream that carries several, such as a whole cable multiplex.

    PyAV does not list programs. But libav searches for the best picture and sound beside a stream
    only within its program: tracks with the same best neighbours are of one program. Where a stream
    has no programs, all its tracks are of one.
    """

    def __init__(self, source: InputContainer) -> None:
        best = source.streams.best
        self._beside = {one: (best("video", one), best("audio", one)) for one in source.streams}
        self._first: dict[object, int] = {}
        """The packet id of the first picture of a program, else of its first sound."""
        for one in (*source.streams.video, *source.streams.audio):
            self._first.setdefault(self._beside[one], one.id)

    def are_one(self, one: Stream, other: Stream) -> bool:
        """Return whether two tracks are of one program."""
        return self._beside[one] == self._beside[other]

    def rank(self, stream: VideoStream | AudioStream) -> tuple[bool, bool, bool, int, int]:
        """Return the sort key of a track among those of its kind: the smallest airs."""
        title = stream.metadata.get("title", stream.metadata.get("handler_name", "")).lower()
        for_few = bool(stream.disposition & _FOR_FEW) or any(w in title for w in _TITLES_FOR_FEW)
        program, place = self._first[self._beside[stream]], stream.index
        return stream.codec_context is None, for_few, not _is_on(stream), program, place
