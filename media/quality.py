"""Decodes a file to its end and measures what air depends on (in the child only)."""

import resource
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av
import numpy as np
from av.video.frame import VideoFrame

from config import times
from media.asset import MOST_GAIN_DB, TARGET_LKFS, AssetFacts, Problem, gain_for
from media.channels import in_order
from media.dark import is_black
from media.extent import AiredSpan, Extent, aired_span
from media.formats import Family
from media.headers import Streams, has_captions, nearest_rate, open_local, streams_of
from media.loudness import FileStretch, LoudnessMeter
from media.shapes import Glance, SeenShapes

WHOLE_UP_TO = 30 * 60.0
"""Seconds up to which a file is decoded whole; of a longer one, all sound and some picture."""
SAMPLE_EVERY, SAMPLE_SECONDS = 300.0, 10.0
WARM_UP_PICTURES = 25
"""Pictures decoded before the speed is measured: the first ones also cost allocation of memory."""
BRIEF_LENGTH = timedelta(seconds=1)
LONG_BLACK, LONG_SILENCE = 2.0, 10.0
LOUDNESS_TOLERANCE = 2.0
UNSTEADY_SHARE = 0.25
"""Share of a frame by which an interval may differ and still count as steady."""

AnyPacket: TypeAlias = "av.Packet[Any]"


@dataclass
class Reading:
    """Counts and times noted while a file is read to its end."""

    extent: Extent = field(default_factory=Extent)
    begin: float | None = None
    """The earliest time read, by the file's own clock."""
    frames: int = 0
    timed_frames: int = 0
    cpu_seconds: float = 0.0
    broken: list[float] = field(default_factory=list)
    """Seconds at which decoding failed."""
    captions: bool = False
    black: list[FileStretch] = field(default_factory=list)
    shapes: SeenShapes = field(default_factory=SeenShapes)

    def note_black(self, at: float, length: float) -> None:
        """Note a black picture at `at`."""
        if self.black and at - self.black[-1].end < 0.2:
            self.black[-1] = FileStretch(self.black[-1].begin, at + length)
        else:
            self.black.append(FileStretch(at, at + length))


def measure(
    path: Path, family: Family, facts: AssetFacts, progress: Callable[[float], None]
) -> AssetFacts:
    """Complete the facts with what only reading the whole file can tell."""
    reading, meter = Reading(captions=facts.captions), LoudnessMeter()
    with open_local(path, family) as source:
        streams = streams_of(source)
        if streams.picture is not None:
            streams.picture.codec_context.thread_count = 1
        _read(source, streams, facts, reading, meter, progress)
    return _completed(facts, reading, meter)


def _read(
    source: av.container.InputContainer,
    streams: Streams,
    facts: AssetFacts,
    reading: Reading,
    meter: LoudnessMeter,
    progress: Callable[[float], None],
) -> None:
    """Demux everything; decode all sound, and the picture whole or in samples."""
    length, reported = facts.length.total_seconds(), -1.0
    wanted = [stream for stream in (streams.picture, streams.sound) if stream is not None]
    whole, sampling_since = length <= WHOLE_UP_TO, None
    glance = Glance(streams.picture)
    for packet in source.demux(wanted):
        at = _seconds(packet.pts, packet)
        if at is not None:
            reading.begin = at if reading.begin is None else min(reading.begin, at)
            if length and (at - reading.begin) / length > reported + 0.01:
                reported = (at - reading.begin) / length
                progress(min(1.0, reported))
        if packet.stream is streams.sound:
            _hear(packet, reading, meter)
            continue
        _note_picture(packet, at, reading.extent)
        if not whole:
            since_begin = at - (reading.begin or 0.0) if at is not None else None
            sampling_since = _sampling(packet, since_begin, sampling_since)
        if whole or sampling_since is not None:
            _look(packet, at or 0.0, reading)
        else:
            glance.at(packet, at, reading.shapes)


def _note_picture(packet: AnyPacket, at: float | None, extent: Extent) -> None:
    if at is None:
        return
    if packet.is_discard:
        extent.cut += 1
    else:
        extent.note_picture(at, _seconds(packet.duration, packet) or 0.0, key=packet.is_keyframe)


def _seconds(ticks: int | None, packet: AnyPacket) -> float | None:
    if ticks is None or packet.time_base is None:
        return None
    return float(ticks * packet.time_base)


def _sampling(packet: AnyPacket, at: float | None, since: float | None) -> float | None:
    """Return when the sample being decoded began, on a key frame; None between samples."""
    if at is None:
        return since
    if since is not None and at - since > SAMPLE_SECONDS:
        return None
    if since is None and packet.is_keyframe and at % SAMPLE_EVERY < SAMPLE_SECONDS:
        return at
    return since


def _hear(packet: AnyPacket, reading: Reading, meter: LoudnessMeter) -> None:
    try:
        frames = packet.decode()
    except av.FFmpegError:
        reading.broken.append(_seconds(packet.pts, packet) or 0.0)
        return
    for frame in frames:
        assert isinstance(frame, av.AudioFrame)
        if frame.pts is not None and frame.time_base is not None:
            at = float(frame.pts * frame.time_base)
            reading.extent.note_sound(at, at + frame.samples / frame.sample_rate)
        meter.hear(in_order(frame))


def _look(packet: AnyPacket, at: float, reading: Reading) -> None:
    before = _cpu()
    try:
        frames = packet.decode()
    except av.FFmpegError:
        reading.broken.append(at)
        frames = []
    if reading.frames >= WARM_UP_PICTURES:
        reading.timed_frames += len(frames)
        reading.cpu_seconds += _cpu() - before
    for frame in frames:
        assert isinstance(frame, VideoFrame)
        reading.frames += 1
        reading.shapes.note(frame, packet.stream.codec_context)
        reading.captions = reading.captions or has_captions(frame)
        if frame.is_corrupt:
            reading.broken.append(frame.time or at)
        if frame.time is not None and is_black(frame):
            reading.note_black(frame.time, 0.04)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def steady_rate(times: Sequence[float]) -> tuple[Fraction | None, bool]:
    """Return (pictures a second, whether that is constant) from presentation times in any order."""
    ordered = np.unique(np.array(times))
    if len(ordered) < 3:
        return None, True
    gaps = np.diff(ordered)
    usual = float(np.median(gaps))
    average = float(ordered[-1] - ordered[0]) / (len(ordered) - 1)
    unsteady = np.abs(gaps - usual) > UNSTEADY_SHARE * usual + 0.001
    constant = float(unsteady.mean()) <= 0.005 and abs(average - usual) < 0.06 * usual
    return Fraction(1 / average).limit_denominator(100_000), constant


def _completed(facts: AssetFacts, reading: Reading, meter: LoudnessMeter) -> AssetFacts:
    extent = reading.extent
    rate, constant = steady_rate(extent.pictures)
    known = facts.rate if constant and rate is not None else None
    span = aired_span(extent, known, facts.length.total_seconds())
    length = timedelta(seconds=span.length)
    loudness = meter.integrated()
    speed = None
    if reading.timed_frames >= WARM_UP_PICTURES and reading.cpu_seconds > 0 and facts.rate:
        speed = round(reading.timed_frames / float(facts.rate) / reading.cpu_seconds, 1)
    width, height = reading.shapes.canvas((facts.width, facts.height))
    found = (*_found(facts, reading, meter, length), *_standing(span))
    return replace(
        facts,
        length=length,
        width=width,
        height=height,
        changing=reading.shapes.change,
        rate=nearest_rate(rate) if rate is not None and not constant else facts.rate,
        variable_rate=facts.has_picture and not constant,
        loudness=loudness,
        gain_db=gain_for(loudness),
        captions=reading.captions,
        decode_speed=speed,
        begin=timedelta(seconds=span.begin),
        stands=timedelta(seconds=span.stands),
        trimmed=facts.trimmed or extent.cut > 0,
        key_gap=timedelta(seconds=extent.key_gap()),
        problems=(*facts.problems, *found),
    )


def _found(
    facts: AssetFacts, reading: Reading, meter: LoudnessMeter, length: timedelta
) -> list[Problem]:
    return [
        *_incomplete(facts, reading, length),
        *_broken_places(reading),
        *_dark_places(facts, reading, length),
        *_brief(length),
        *_sound_remarks(facts, reading, meter),
    ]


def _incomplete(facts: AssetFacts, reading: Reading, length: timedelta) -> list[Problem]:
    declared, real = facts.length.total_seconds(), length.total_seconds()
    if facts.has_picture and reading.frames == 0:
        return [Problem("refused", "Its picture cannot be decoded.")]
    if real <= 0:
        return [Problem("refused", "There is nothing in it to play.")]
    # A stream states its length from its first time to its last, any other file from zero.
    reached = reading.extent.reached - (facts.unindexed and reading.begin or 0.0)
    if reached < declared - max(1.0, declared * 0.02):
        said, ends = times.length(facts.length), times.length(length)
        fault = f"It says it is {said} long, but ends after {ends}"
        text = f"{fault}; the copy was probably cut off. Upload it again."
        return [Problem("refused", text)]
    return []


def _standing(span: AiredSpan) -> list[Problem]:
    if not span.stands:
        return []
    stands = times.length(timedelta(seconds=span.stands))
    text = f"The picture freezes for {stands} at its start or end, while time and sound continue."
    return [Problem("note", text)]


def _brief(length: timedelta) -> list[Problem]:
    text = "It is less than a second long."
    return [Problem("warning", text)] if length < BRIEF_LENGTH else []


def _broken_places(reading: Reading) -> list[Problem]:
    if not reading.broken:
        return []
    places = sorted({round(at) for at in reading.broken})
    if len(reading.broken) > max(25, reading.frames // 10):
        return [Problem("refused", "Much of it is damaged and cannot be decoded.")]
    first = times.timecode(timedelta(seconds=places[0]))
    count = "One place is" if len(places) == 1 else f"{len(places)} places are"
    text = f"{count} damaged, the first at {first}; watch it before it airs."
    return [Problem("warning", text, float(places[0]), float(places[0]) + 1.0)]


def _dark_places(facts: AssetFacts, reading: Reading, length: timedelta) -> list[Problem]:
    if not facts.has_picture:
        return []
    total = length.total_seconds()
    long = [dark for dark in reading.black if dark.length >= min(LONG_BLACK, total * 0.8)]
    if long and sum(dark.length for dark in long) > 0.9 * total:
        return [Problem("warning", "The picture is black throughout.")]
    return [dark.note("The picture is black") for dark in long[:3]]


def _sound_remarks(facts: AssetFacts, reading: Reading, meter: LoudnessMeter) -> list[Problem]:
    if not facts.has_sound:
        return []
    loudness = meter.integrated()
    if loudness is None:
        return [Problem("warning", "The sound is silent throughout.")]
    found = []
    if abs(TARGET_LKFS - loudness) > MOST_GAIN_DB + LOUDNESS_TOLERANCE:
        word = "quiet" if loudness < -24 else "loud"
        text = (
            f"The sound is very {word} ({loudness:.0f} LKFS), more than the 12 dB Gavel corrects."
        )
        found.append(Problem("warning", text))
    if facts.has_picture and reading.extent.reached - reading.extent.sound_ends > 2.0:
        found.append(Problem("warning", "The sound ends before the picture."))
    silent = [quiet for quiet in meter.silent if quiet.length >= LONG_SILENCE]
    found += [quiet.note("There is no sound") for quiet in silent[:3]]
    return found
