"""Reads what a media file says of itself, and decodes a first moment of it (in the child only)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Literal

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from config.names import FRAME_RATES, AssetKey
from media.asset import AssetFacts, Problem
from media.edits import cuts
from media.formats import (
    AUDIO_CODECS,
    DECODER_NAMES,
    HEAD_BYTES,
    VIDEO_CODECS,
    Family,
    check_mp3,
    check_mp4,
    recognise,
)

HDR_TRANSFERS: dict[int, Literal["pq", "hlg"]] = {16: "pq", 18: "hlg"}
"""Transfer characteristics of high dynamic range (ITU-T H.273)."""
SNAP = Fraction(1, 5000)


@dataclass(frozen=True)
class Streams:
    """The one picture and the one sound track that air."""

    picture: VideoStream | None
    sound: AudioStream | None


def family_of(path: Path, name: str) -> Family:
    """What kind of file this is, by content and name. Raises FormatError."""
    with path.open("rb") as file:
        family = recognise(file.read(HEAD_BYTES), name)
    if family.name == "mp4":
        check_mp4(path)
    if family.name == "mp3":
        check_mp3(path)
    return family


def open_local(path: Path, family: Family) -> InputContainer:
    """Open with exactly the demuxer of the family, and nothing but local files."""
    options = {"protocol_whitelist": "file", "format_whitelist": family.demuxer}
    if family.demuxer == "mov":
        options["format_whitelist"] = "mov,mp4,m4a,3gp,3g2,mj2"
    if family.demuxer == "matroska":
        options["format_whitelist"] = "matroska,webm"
    return av.open(f"file:{path}", format=family.demuxer, options=options)


def streams_of(source: InputContainer) -> Streams:
    """The first real picture (cover art does not count) and the first sound track."""
    pictures = [
        stream
        for stream in source.streams.video
        if not stream.disposition & av.stream.Disposition.attached_pic
    ]
    return Streams(next(iter(pictures), None), next(iter(source.streams.audio), None))


def snapped(rate: Fraction | None) -> Fraction | None:
    """The exact well-known rate next to a measured one, else the rate itself."""
    if not rate:
        return None
    near = min(FRAME_RATES, key=lambda known: abs(known - rate))
    return near if abs(near - rate) < near * SNAP else rate.limit_denominator(100_000)


def read_headers(path: Path, family: Family, key: AssetKey) -> AssetFacts:
    """Facts from headers and the first pictures. Raises av.FFmpegError when nothing opens."""
    with open_local(path, family) as source:
        streams = streams_of(source)
        frame = _first_frame(source, streams.picture)
        rotation = round(frame.rotation) % 360 if frame is not None else 0
        width, height = shown_size(streams.picture, -rotation % 360)
        picture, sound = streams.picture, streams.sound
        channels = sound.codec_context.channels if sound else 0
        return AssetFacts(
            key=key,
            suffix=family.suffixes[0] if picture or family.name != "mp4" else ".m4a",
            size=path.stat().st_size,
            container=family.name,
            length=timedelta(seconds=(source.duration or 0) / av.time_base),
            rate=snapped(picture.average_rate or picture.guessed_rate) if picture else None,
            width=width,
            height=height,
            interlaced=frame is not None and bool(frame.interlaced_frame),
            variable_rate=False,
            video_codec=codec_name(picture),
            audio_codec=codec_name(sound),
            channels=channels,
            sample_rate=sound.codec_context.sample_rate if sound else 0,
            loudness=None,
            gain_db=0.0,
            has_picture=picture is not None,
            has_sound=sound is not None,
            captions=frame is not None and has_captions(frame),
            decode_speed=None,
            problems=tuple(_problems(source, streams, frame)),
            hdr=HDR_TRANSFERS.get(int(frame.color_trc), "") if frame is not None else "",
            rotation=-rotation % 360,
            trimmed=family.name == "mp4" and cuts(path, _numbers(streams)),
        )


def _numbers(streams: Streams) -> list[int]:
    """The numbers of the tracks that air, by the container."""
    return [stream.id for stream in (streams.picture, streams.sound) if stream is not None]


def shown_size(picture: VideoStream | None, rotation: int) -> tuple[int, int]:
    """Width and height with square pixels, upright."""
    if picture is None:
        return 0, 0
    sar = picture.sample_aspect_ratio or Fraction(1)
    width, height = round(picture.width * sar), picture.height
    return (height, width) if rotation % 180 else (width, height)


def has_captions(frame: VideoFrame) -> bool:
    """Does this picture carry CEA-608/708 captions?"""
    return frame.side_data.get("A53_CC") is not None


def _first_frame(source: InputContainer, picture: VideoStream | None) -> VideoFrame | None:
    if picture is None or picture.codec_context is None:
        return None
    picture.codec_context.thread_count = 1
    frames = list(islice(source.decode(picture), 3))
    captioned = (frame for frame in frames if has_captions(frame))
    return next(captioned, frames[0] if frames else None)


def codec_name(stream: VideoStream | AudioStream | None) -> str:
    """The codec as people call it; empty without a stream or a decoder."""
    if stream is None or stream.codec_context is None:
        return ""
    name = stream.codec_context.name
    return DECODER_NAMES.get(name, name)


def _refusals(streams: Streams, frame: VideoFrame | None) -> Iterator[str]:
    picture, sound = codec_name(streams.picture), codec_name(streams.sound)
    if streams.picture is None and streams.sound is None:
        yield "There is neither picture nor sound in this file."
    if streams.picture is not None and picture not in VIDEO_CODECS:
        yield f"Its picture is coded as {picture or 'something unknown'}; export it as H.264."
    elif streams.picture is not None and frame is None:
        yield "Its picture cannot be decoded."
    if streams.sound is not None and sound not in AUDIO_CODECS:
        yield f"Its sound is coded as {sound or 'something unknown'}; export it as AAC."


def _remarks(source: InputContainer, streams: Streams) -> Iterator[Problem]:
    picture, sound = streams.picture, streams.sound
    if picture is not None and sound is None:
        yield Problem("warning", "It has no sound.")
    if picture is None and sound is not None:
        yield Problem("note", "It is sound only; a title card is its picture.")
    if len(source.streams.audio) > 1:
        yield Problem("note", "It has several sound tracks; the first one airs.")


def _problems(source: InputContainer, streams: Streams, frame: VideoFrame | None) -> list[Problem]:
    refused = [Problem("refused", text) for text in _refusals(streams, frame)]
    return [*refused, *_remarks(source, streams)]
