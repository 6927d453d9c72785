"""A day of a government channel for the watcher of the output, faster than real time.

Every key picture is drawn, coded by x264 and decoded by the watcher's own decoder; what lies
between two of them is left out, because the watcher never decodes it. Sound is judged by the level
of what was drawn, with the error of a coder.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import av
import numpy as np
from support.leaving import placed_of
from support.meeting import Meeting, Scene

from playout.engine.links.placed import Placed
from playout.engine.watching.compare import Memory, compared
from playout.engine.watching.decoder import StreamDecoder
from playout.engine.watching.judge import HISTORY_SECONDS, Finding, findings
from playout.engine.watching.packets import CodedUnit
from playout.engine.watching.seen import Judged, Level, Match, SoundMatch, StreamSecond
from playout.engine.watching.signature import signature

NS = 1_000_000_000
SIZE = (320, 180)
NOTES_A_SECOND, DELAY_NS = 3, 750_000_000
NOTES_KEPT_NS = 14 * NS
QUALITY = 32
"""Quantizer of x264: coarser than the channel's own rates make it."""
LEVELS_A_SECOND = 20
KEY_MOVES_EVERY = 600
"""Seconds after which the encoder begins again, with its key picture elsewhere in the second."""
CODER_ERROR = 0.1
"""Share by which a coder may change the power of the sound."""


def day(seed: int) -> Meeting:
    """Return a day of meetings with recesses, bulletins, cards, films and an empty chamber."""
    rng, scenes, left = random.Random(seed), list[Scene](), 86_400.0
    kinds = (
        ("card", 10, 20), ("still room", 300, 900), ("room", 2400, 9000), ("slate", 1200, 1260),
        ("room", 1200, 5000), ("music slate", 1200, 1260), ("room", 900, 3000),
        ("bulletin", 600, 1800), ("card", 10, 20), ("film", 300, 1800), ("bulletin", 20, 40),
    )  # fmt: skip
    while left > 0:
        for kind, least, most in kinds:
            seconds = min(left, float(rng.randint(least, most)))
            if seconds > 0:
                scenes.append(Scene(kind, seconds, rng.randint(1, 10_000)))
            left -= seconds
    return Meeting(scenes, *SIZE)


@dataclass
class DayResult:
    """Counts of a day."""

    seconds: int = 0
    right: int = 0
    sounding: int = 0
    unknown: int = 0
    """Pictures that were decoded and never compared. A second has no verdict of its own where its
    picture waits for the notes of the program, and the next one brings it: that is none of them."""
    unlooked: int = 0
    """Seconds of which no key picture was decoded."""
    longest: float = 0.0
    """The longest time between two pictures that were compared, in seconds."""
    found: list[tuple[int, str, Finding]] = field(default_factory=list)
    """Second, scene and finding of each false alarm."""


def watched_day(
    meeting: Meeting, seconds: int, seed: int, moves_every: int = KEY_MOVES_EVERY
) -> DayResult:
    """Watch so many seconds of a day, and return what was found."""
    result, memory, history = DayResult(), Memory(), list[Judged]()
    last = 0
    for number, (second, placed) in enumerate(_seconds(meeting, seconds, seed, moves_every)):
        step = compared(second, placed, memory)
        memory = step.memory
        history = [*history, step.judged][-HISTORY_SECONDS:]
        result.seconds += 1
        result.unlooked += not second.looks
        for instant, match in step.pictures:
            result.right += match is Match.RIGHT
            result.unknown += match is Match.UNKNOWN
            if match is not Match.UNKNOWN:
                result.longest = max(result.longest, (instant - (last or instant)) / NS)
                last = instant
        result.sounding += step.judged.sound is SoundMatch.RIGHT
        scene = meeting.at(float(number))[0].kind
        result.found += [(number, scene, one) for one in findings(history, second.at)]
    return result


def _seconds(
    meeting: Meeting, seconds: int, seed: int, moves_every: int
) -> Iterator[tuple[StreamSecond, Placed]]:
    rng, coder, decoder = random.Random(seed), _coder(), StreamDecoder("h264", "mp2")
    notes: list[tuple[int, float, np.ndarray]] = []
    keyed = 0
    for second in range(seconds):
        if second % moves_every == 0:
            keyed = rng.randrange(NOTES_A_SECOND)
        key, levels = b"", list[Level]()
        for number in range(NOTES_A_SECOND):
            t = second + number / NOTES_A_SECOND
            luma = meeting.luma(t)
            powers = _powers(meeting, t)
            notes.append((round(t * NS), float(powers.mean()), signature(luma)))
            start = round(t * NS) + DELAY_NS
            levels += [
                Level(
                    start + at * NS // LEVELS_A_SECOND,
                    float(power) * rng.uniform(1 - CODER_ERROR, 1 + CODER_ERROR),
                )
                for at, power in enumerate(powers)
            ]
            if number == keyed:
                key, shown = _coded(coder, luma), start
        end = (second + 1) * NS + DELAY_NS
        notes = [note for note in notes if note[0] > end - NOTES_KEPT_NS]
        yield StreamSecond(
            at=end, packets=3000, offset=0, pictures=30, sounds=40,
            looks=decoder.looks([CodedUnit(shown, key)]), levels=tuple(levels),
        ), placed_of(notes)  # fmt: skip


def _powers(meeting: Meeting, t: float) -> np.ndarray:
    """Return the power of each part of the time until the next note."""
    parts = LEVELS_A_SECOND // NOTES_A_SECOND
    sound = meeting.sound(t, 48_000 // NOTES_A_SECOND // parts * parts)
    powers: np.ndarray = np.square(sound.reshape(parts, -1)).mean(axis=1)
    return powers


def _coder() -> av.VideoCodecContext:
    coder = av.CodecContext.create("libx264", "w")
    assert isinstance(coder, av.VideoCodecContext)
    coder.width, coder.height, coder.pix_fmt = *SIZE, "yuv420p"
    coder.time_base, coder.thread_count = Fraction(1), 1
    coder.options = {
        "preset": "ultrafast", "tune": "zerolatency", "qp": str(QUALITY),
        "x264-params": "keyint=1:repeat-headers=1:aud=1",
    }  # fmt: skip
    return coder


def _coded(coder: av.VideoCodecContext, luma: np.ndarray) -> bytes:
    height, width = luma.shape
    whole = np.full((height * 3 // 2, width), 128, np.uint8)
    whole[:height] = luma
    frame = av.VideoFrame.from_ndarray(whole, format="yuv420p")
    return b"".join(bytes(packet) for packet in coder.encode(frame))
