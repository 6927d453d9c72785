"""Captions inside a media file, read from its packets (in the child only).

H.264, HEVC and MPEG-2 packets are read without decoding, a twenty-second file in 0.01 s. Where they
bring nothing and the pictures are known to have captions (SCTE-20, say), the pictures are decoded.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias, cast

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from media.asset import AssetFacts
from media.captions.facts import CaptionFacts, CaptionOrigin, facts_of
from media.captions.spread import LUMP, Timed, spread
from media.captions.track import MOST_PACKETS, CaptionError, CaptionTrack
from media.captions.user_data import in_h264, in_hevc, in_mpeg2, said
from media.formats import Family
from media.local import open_local
from media.tracks import streams_of

TRACK_CODEC = "cc_dec"
"""libav's name for the decoder of line 21 in a track of its own (`c608`)."""

AnyPacket: TypeAlias = "av.Packet[Any]"
Progress: TypeAlias = Callable[[float], None]


def embedded(
    path: Path, family: Family, facts: AssetFacts, progress: Progress
) -> tuple[CaptionTrack, CaptionFacts] | None:
    """Return the captions inside a file and their facts; None where there are none.

    Times count from `facts.begin`, the first picture, as the deck and a house copy count. Captions
    of the pictures come before those of a track of its own. Raises CaptionError where they are too
    many.
    """
    begin, length = facts.begin // timedelta(microseconds=1), facts.length
    for read, origin in (
        (_of_packets, CaptionOrigin.EMBEDDED_608),
        (_of_track, CaptionOrigin.TRACK_608),
        (_of_pictures, CaptionOrigin.EMBEDDED_608),
    ):
        if read is _of_pictures and not facts.captions:
            continue
        with open_local(path, family) as source:
            pieces, language = read(source, begin, facts, progress)
        track = spread(pieces, 2 if read is _of_track else LUMP)
        found = facts_of(track, origin, length, language)
        if found is not None:
            return track, found
    return None


def _of_packets(
    source: InputContainer, begin: int, facts: AssetFacts, progress: Progress
) -> tuple[list[Timed], str]:
    """Return the triplets in coded pictures."""
    picture = streams_of(source).picture
    parse = _parser(picture) if picture is not None else None
    if picture is None or parse is None:
        return [], ""
    pieces = []
    for packet, time in _timed(source, picture, begin, facts, progress):
        if triplets := parse(bytes(packet)):
            pieces.append((time, triplets))
            _check(pieces)
    return pieces, ""


def _of_track(
    source: InputContainer, begin: int, facts: AssetFacts, progress: Progress
) -> tuple[list[Timed], str]:
    """Return the triplets of the first track of line 21, and its language."""
    tracks = [track for track in source.streams.subtitles if track.name == TRACK_CODEC]
    if not tracks:
        return [], ""
    pieces = []
    for packet, time in _timed(source, tracks[0], begin, facts, progress):
        if triplets := said(bytes(packet)):
            pieces.append((time, triplets))
            _check(pieces)
    language = tracks[0].language or ""
    return pieces, "" if language == "und" else language


def _of_pictures(
    source: InputContainer, begin: int, facts: AssetFacts, progress: Progress
) -> tuple[list[Timed], str]:
    """Return the triplets that libav finds while it decodes."""
    picture = streams_of(source).picture
    if picture is None or picture.codec_context is None:
        return [], ""
    picture.codec_context.thread_count = 1
    pieces = []
    for packet, _ in _timed(source, picture, begin, facts, progress):
        for frame in _decoded(packet):
            triplets = _side_data(frame)
            if triplets and frame.pts is not None and frame.time_base is not None:
                pieces.append((round(frame.pts * frame.time_base * 1_000_000) - begin, triplets))
                _check(pieces)
    return pieces, ""


def _side_data(frame: VideoFrame) -> bytes:
    data = cast(Any, frame.side_data).get("A53_CC")
    return said(bytes(data)) if data is not None else b""


def _decoded(packet: AnyPacket) -> list[VideoFrame]:
    try:
        return [frame for frame in packet.decode() if isinstance(frame, VideoFrame)]
    except av.FFmpegError:
        return []


def _parser(picture: VideoStream) -> Callable[[bytes], bytes] | None:
    """Return what reads the packets of a picture; None where its coding is read in no such way."""
    context = picture.codec_context
    name, extra = (context.name, context.extradata or b"") if context is not None else ("", b"")
    if name == "mpeg2video":
        return in_mpeg2
    if name == "h264":
        size = (extra[4] & 3) + 1 if len(extra) > 6 and extra[0] == 1 else 0
        return lambda unit: in_h264(unit, size)
    if name == "hevc":
        size = (extra[21] & 3) + 1 if len(extra) > 22 and extra[0] == 1 else 0
        return lambda unit: in_hevc(unit, size)
    return None


def _timed(
    source: InputContainer, stream: Any, begin: int, facts: AssetFacts, progress: Progress
) -> Iterator[tuple[AnyPacket, int]]:
    """Yield the packets of a stream, with their times in microseconds from `begin`."""
    reported, length = 0.0, max(0.04, facts.length.total_seconds()) * 1e6
    for packet in source.demux(stream):
        if packet.pts is None or packet.time_base is None or not packet.size:
            continue
        time = round(packet.pts * packet.time_base * 1_000_000) - begin
        if time / length > reported + 0.01:
            reported = time / length
            progress(min(1.0, reported))
        yield packet, time


def _check(pieces: list[Timed]) -> None:
    if len(pieces) > MOST_PACKETS:
        raise CaptionError("The captions in this file are too many; it is damaged.")
