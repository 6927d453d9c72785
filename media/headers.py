"""Facts from a media file's headers and its first pictures (in the child only)."""

from collections.abc import Iterator
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
from media.channels import MOST_CHANNELS
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
from media.local import open_local as open_local
from media.matroska import sound_in_order
from media.tracks import Streams as Streams
from media.tracks import streams_of as streams_of

HDR_TRANSFERS: dict[int, Literal["pq", "hlg"]] = {16: "pq", 18: "hlg"}
"""Transfer characteristics of high dynamic range (ITU-T H.273)."""
SNAP_SHARE = Fraction(1, 5000)
"""Share by which a measured rate may differ from a standard one and be taken for it."""
SAFE_CHANNELS = 6
"""Most channels of sound that libVLC plays; with more it played at a wrong speed."""
CHANNEL_LABELLED = ("mp4", "mxf")
"""Containers that may name each channel; libVLC played four named channels at half speed."""
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def family_of(path: Path, name: str) -> Family:
    """Return the family of a file, by content and name. Raises FormatError."""
    with path.open("rb") as file:
        family = recognise(file.read(HEAD_BYTES), name)
    if family.name == "mp4":
        check_mp4(path)
    if family.name == "mp3":
        check_mp3(path)
    return family


def nearest_rate(rate: Fraction | None) -> Fraction | None:
    """Return the exact standard rate close to a measured one, else the measured rate itself."""
    if not rate:
        return None
    near = min(FRAME_RATES, key=lambda known: abs(known - rate))
    return near if abs(near - rate) < near * SNAP_SHARE else rate.limit_denominator(100_000)


def read_headers(path: Path, family: Family, key: AssetKey) -> AssetFacts:
    """Read the facts in the headers and first pictures. Raises av.FFmpegError when nothing
    opens."""
    with open_local(path, family) as source:
        streams = streams_of(source)
        frame = _first_frame(source, streams.picture)
        rotation = round(frame.rotation) % 360 if frame is not None else 0
        width, height = shown_size(streams.picture, -rotation % 360)
        picture, sound = streams.picture, streams.sound
        context = sound.codec_context if sound else None
        return AssetFacts(
            key=key,
            suffix=family.suffixes[0] if picture or family.name != "mp4" else ".m4a",
            size=path.stat().st_size,
            container=family.name,
            length=timedelta(seconds=(source.duration or 0) / av.time_base),
            rate=nearest_rate(picture.average_rate or picture.guessed_rate) if picture else None,
            width=width,
            height=height,
            interlaced=frame is not None and bool(frame.interlaced_frame),
            variable_rate=False,
            video_codec=codec_name(picture),
            audio_codec=codec_name(sound),
            channels=_channels(streams),
            sample_rate=context.sample_rate if context else 0,
            loudness=None,
            gain_db=0.0,
            has_picture=picture is not None,
            has_sound=sound is not None,
            captions=frame is not None and has_captions(frame),
            decode_speed=None,
            problems=tuple(_problems(family, streams, frame)),
            hdr=HDR_TRANSFERS.get(int(frame.color_trc), "") if frame is not None else "",
            rotation=-rotation % 360,
            trimmed=family.name == "mp4" and cuts(path, _numbers(streams)),
            copied_for=tuple(_copied_for(path, family, streams, frame)),
        )


def _numbers(streams: Streams) -> list[int]:
    """Return the container's numbers of the tracks that air."""
    return [stream.id for stream in (streams.picture, streams.sound) if stream is not None]


def shown_size(picture: VideoStream | None, rotation: int) -> tuple[int, int]:
    """Return width and height with square pixels, upright."""
    if picture is None:
        return 0, 0
    sar = picture.sample_aspect_ratio or Fraction(1)
    width, height = round(picture.width * sar), picture.height
    return (height, width) if rotation % 180 else (width, height)


def has_captions(frame: VideoFrame) -> bool:
    """Return whether a picture carries CEA-608 or 708 captions."""
    return frame.side_data.get("A53_CC") is not None


def _first_frame(source: InputContainer, picture: VideoStream | None) -> VideoFrame | None:
    if picture is None or picture.codec_context is None:
        return None
    picture.codec_context.thread_count = 1
    frames = list(islice(source.decode(picture), 3))
    captioned = (frame for frame in frames if has_captions(frame))
    return next(captioned, frames[0] if frames else None)


def codec_name(stream: VideoStream | AudioStream | None) -> str:
    """Return the codec's usual name; empty without a stream or a decoder."""
    if stream is None or stream.codec_context is None:
        return ""
    name = stream.codec_context.name
    return DECODER_NAMES.get(name, name)


def _copied_for(
    path: Path, family: Family, streams: Streams, frame: VideoFrame | None
) -> Iterator[str]:
    """Yield why its tracks need a house copy: what libVLC cannot be told to air, or would air
    differently from what was measured.
    """
    channels = _channels(streams)
    if streams.pictures > 1:
        yield "it holds several pictures"
    if family.name == "mp4" and streams.is_off:
        yield "one of its tracks is disabled"
    if family.name == "matroska" and streams.sounds > 1 and not sound_in_order(path):
        yield "its sound tracks are numbered out of order"
    if frame is not None and frame.interlaced_frame and frame.format.components[0].bits > 8:
        yield "its interlaced picture has more than eight bits"
    if channels > SAFE_CHANNELS:
        yield f"its sound has {channels} channels"
    elif (
        channels > 2
        and family.name in CHANNEL_LABELLED
        and codec_name(streams.sound).startswith("pcm")
    ):
        yield "its channels of sound may be in any order"


def _channels(streams: Streams) -> int:
    """Return the channels of the sound that airs; 0 where there is none, or no decoder for it."""
    sound = streams.sound
    return sound.channels if sound is not None and sound.codec_context is not None else 0


def _refusals(streams: Streams, frame: VideoFrame | None) -> Iterator[str]:
    picture, sound = codec_name(streams.picture), codec_name(streams.sound)
    if streams.picture is None and streams.sound is None:
        yield "There is neither picture nor sound in this file."
    if streams.picture is not None and picture not in VIDEO_CODECS:
        yield f"Its picture is coded as {picture or 'something unknown'}; export it as H.264."
    elif streams.picture is not None and frame is None:
        yield "Its picture cannot be decoded."
    if streams.sound is not None and "xHE" in (streams.sound.profile or ""):
        yield "Its sound is coded as xHE-AAC; export it as AAC."
    channels = _channels(streams)
    if channels > MOST_CHANNELS and not sound.startswith("pcm"):
        yield f"Its sound has {channels} channels; export it with two."
    if streams.sound is not None and sound not in AUDIO_CODECS:
        yield f"Its sound is coded as {sound or 'something unknown'}; export it as AAC."


def _remarks(family: Family, streams: Streams) -> Iterator[Problem]:
    picture, sound = streams.picture, streams.sound
    if picture is not None and sound is None:
        yield Problem("warning", "It has no sound.")
    if picture is None and sound is not None:
        yield Problem("note", "It is sound only; a title card is its picture.")
    if streams.sounds > 1:
        which = ORDINALS[streams.place] if streams.place < len(ORDINALS) else "last"
        yield Problem("note", f"It has several sound tracks; the {which} one airs.")
    channels = _channels(streams)
    if family.name == "mp4" and streams.is_off:
        yield Problem("warning", "One of its tracks is disabled in the file; it airs anyway.")
    if channels > MOST_CHANNELS:
        yield Problem("warning", f"It has {channels} channels of sound; the first two air.")
    elif channels > SAFE_CHANNELS:
        yield Problem("warning", f"Its {channels} channels of sound air mixed down to two.")


def _problems(family: Family, streams: Streams, frame: VideoFrame | None) -> list[Problem]:
    refused = [Problem("refused", text) for text in _refusals(streams, frame)]
    return [*refused, *_remarks(family, streams)]
