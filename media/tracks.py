"""Chooses the one picture and the one sound track that air, for every part of the house.

The probe, the measurement, copies, the deck's look at a file and libVLC on air all go by this
choice; else what airs is not what was measured. A live source goes by it too (`gatewaysource`).
"""

from dataclasses import dataclass

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from media.channels import plain_order

_NO_FILM = Disposition.attached_pic | Disposition.timed_thumbnails
"""Cover art, and the pictures of chapters: never what airs."""
_FOR_FEW = (
    Disposition.dub | Disposition.comment | Disposition.lyrics | Disposition.karaoke
    | Disposition.hearing_impaired | Disposition.visual_impaired | Disposition.clean_effects
    | Disposition.captions | Disposition.descriptions | Disposition.metadata
    | Disposition.dependent | Disposition.non_diegetic | Disposition.multilayer
)  # fmt: skip
"""What a container says of a track that is not the main one."""
_TITLES_FOR_FEW = ("comment", "descri")
"""Parts of the titles of such tracks, where the container has no flag for it."""


@dataclass(frozen=True)
class Streams:
    """The one picture and the one sound track that air."""

    picture: VideoStream | None
    sound: AudioStream | None
    pictures: int = 0
    """Pictures there are to choose from."""
    sounds: int = 0
    place: int = 0
    """Number of the chosen sound track among those of the file, from 0."""
    is_off: bool = False
    """One of the two is off by default, while another track is on: libVLC never plays it."""


def streams_of(source: InputContainer) -> Streams:
    """The picture and the sound that air, by the container's own flags.

    A track that can be decoded comes before one that cannot, the main one before commentary,
    audio description and dubbing, one that is on by default before one that is not, the first
    before the others. Example: of Spanish (described), English and French (default) sound the
    French airs. Where several programs share a stream, both are of one program, the one whose
    picture has the lowest packet id, whatever the order in which their maps came. The order of the
    sound's channels is made plain, so that it may be decoded.
    """
    films = [one for one in source.streams.video if not one.disposition & _NO_FILM]
    sounds = list(source.streams.audio)
    programs = _Programs(source)
    picture = min(films, key=programs.rank, default=None)
    own = [one for one in sounds if picture is None or programs.are_one(picture, one)]
    sound = min(own or sounds, key=programs.rank, default=None)
    if sound is not None and sound.codec_context is not None:
        plain_order(sound)
    place = sounds.index(sound) if sound is not None else 0
    airing = [stream for stream in (picture, sound) if stream is not None]
    is_off = any(map(_is_on, source.streams)) and not all(map(_is_on, airing))
    return Streams(picture, sound, len(films), len(sounds), place, is_off)


def _is_on(stream: Stream) -> bool:
    """Is the track on by default? QuickTime calls one that is not switched off."""
    return bool(stream.disposition & Disposition.default)


class _Programs:
    """The programs of a stream that carries several, such as a whole cable multiplex.

    PyAV names no programs. But libav looks for the best picture, and the best sound, beside a
    stream within its program alone: tracks that have the same ones beside them are of one program.
    Where nothing is said of programs, all tracks are of one.
    """

    def __init__(self, source: InputContainer) -> None:
        best = source.streams.best
        self._beside = {one: (best("video", one), best("audio", one)) for one in source.streams}
        self._first: dict[object, int] = {}
        """The packet id of the first picture of a program, else of its first sound."""
        for one in (*source.streams.video, *source.streams.audio):
            self._first.setdefault(self._beside[one], one.id)

    def are_one(self, one: Stream, other: Stream) -> bool:
        """Are the two tracks of one program?"""
        return self._beside[one] == self._beside[other]

    def rank(self, stream: VideoStream | AudioStream) -> tuple[bool, bool, bool, int, int]:
        """Where a track stands among those of its kind: the smallest airs."""
        title = stream.metadata.get("title", stream.metadata.get("handler_name", "")).lower()
        for_few = bool(stream.disposition & _FOR_FEW) or any(w in title for w in _TITLES_FOR_FEW)
        program, place = self._first[self._beside[stream]], stream.index
        return stream.codec_context is None, for_few, not _is_on(stream), program, place
