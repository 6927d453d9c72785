"""The demo city's clips: their pictures, their sound, and how they are written."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray

from config.names import SAMPLE_RATE, HouseFormat
from media.demo import sound
from media.demo.chamber import ChamberScene
from media.demo.parts import DemoScene
from media.demo.views import IdentScene, NoticeScene, ParkScene

LARGEST = (960, 540)
PIECE_SAMPLES = 2048
BLUE, GREEN, AMBER = (104, 184, 204), (150, 204, 120), (245, 184, 76)


@dataclass(frozen=True)
class DemoClip:
    """A finished clip. `kind` is `meeting`, `program`, `psa` or `ident`."""

    path: Path
    title: str
    kind: str
    seconds: int


@dataclass(frozen=True)
class _Plan:
    """A clip to be made."""

    name: str
    title: str
    kind: str
    seconds: int
    scene: Callable[[int, int], DemoScene]
    sound: Callable[[], sound.Sound]


COUNCIL = ("Alma Ortiz", "James Whitfield", "Ruth Kowalski", "Dev Patel", "Maria Santos")
COMMITTEE = ("Ruth Kowalski", "Theo Grant", "Alma Ortiz", "Lena Fischer")
PARK_WORDS = (
    "Riverview Park: three miles of trail",
    "Swimming lessons begin in June",
    "Plant a tree on your street: call 311",
    "Music on the lawn, Fridays at seven",
    "Fourteen playgrounds, one near you",
)


def _notice(
    seconds: int, colour: tuple[int, int, int], *words: str
) -> Callable[[int, int], DemoScene]:
    top, bottom = tuple(round(c * 0.36) for c in colour), tuple(round(c * 0.14) for c in colour)
    colours = ((top[0], top[1], top[2]), (bottom[0], bottom[1], bottom[2]), colour)
    return lambda width, height: NoticeScene(width, height, words, colours, seconds)


def _spoken(seconds: int, seed: int) -> sound.Sound:
    """Make music with a voice over it."""
    tune = sound.music(seconds, seed)
    return tune * 0.35 + sound.murmur(sound.VOICES[seed % 5], seconds, seed) * 0.5


PLANS = (
    _Plan(
        "council", "City Council: Regular Meeting", "meeting", 300,
        lambda w, h: ChamberScene(
            w, h, "City Council: Regular Meeting", COUNCIL, 12.0, (128, 98, 72)
        ),
        lambda: sound.council(300, 12.0, 1),
    ),
    _Plan(
        "committee", "Standing Committee on Public Works", "meeting", 120,
        lambda w, h: ChamberScene(
            w, h, "Committee on Public Works", COMMITTEE, 10.0, (84, 104, 116)
        ),
        lambda: sound.council(120, 10.0, 2),
    ),
    _Plan(
        "parks", "Parks in Every Season", "program", 120,
        lambda w, h: ParkScene(w, h, "Parks in Every Season", PARK_WORDS, 120),
        lambda: _spoken(120, 3),
    ),
    _Plan(
        "budget", "Your Budget in One Minute", "program", 60,
        _notice(
            60, (150, 160, 230), "Your budget in one minute", "Roads and bridges: 31 cents",
            "Police and fire: 28 cents", "Parks and libraries: 14 cents",
            "Hearings on Thursday at six",
        ),
        lambda: _spoken(60, 4),
    ),
    _Plan(
        "snow", "Snow Emergency Routes", "psa", 30,
        _notice(
            30, BLUE, "Snow emergency", "Look for the red signs", "Move your car before the plow",
            "Ask before you park: call 311",
        ),
        lambda: sound.music(30, 5, base=220.0),
    ),
    _Plan(
        "recycling", "Recycling Week", "psa", 30,
        _notice(
            30, GREEN, "Recycling week", "Paper and cardboard: Monday", "Glass: at the drop-off",
            "Rinse, flatten, set out by six",
        ),
        lambda: _spoken(30, 6),
    ),
    _Plan(
        "call311", "Call 311", "psa", 15,
        _notice(15, AMBER, "Call 311", "Potholes, lights, questions", "Day and night"),
        lambda: sound.music(15, 7, base=262.0, beat=0.4),
    ),
    _Plan(
        "ident", "Channel Ident", "ident", 15,
        lambda w, h: IdentScene(w, h, "Your government, gavel to gavel", 15),
        lambda: sound.music(15, 8, base=147.0),
    ),
)  # fmt: skip


def picture_format(house: HouseFormat) -> tuple[int, int, Fraction]:
    """Return the size and rate the clips are drawn at: the house format, but at most 540 lines and
    30 a second (half the house rate where that is higher). So a small machine makes them in a
    minute.
    """
    share = min(1.0, LARGEST[0] / house.width, LARGEST[1] / house.height)
    rate = house.rate / 2 if house.rate > 30 else house.rate
    return round(house.width * share / 2) * 2, round(house.height * share / 2) * 2, rate


def make_demo_media(
    folder: Path, house: HouseFormat, *, progress: Callable[[float], None] | None = None
) -> list[DemoClip]:
    """Make the demo city's clips in `folder`, two at a time; `progress` gets 0 to 1.

    A clip that is already there whole is kept. Raises OSError when the disk refuses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    total, done = sum(plan.seconds for plan in PLANS), [0.0]

    def tell(seconds: float) -> None:
        done[0] += seconds
        if progress is not None:
            progress(min(1.0, done[0] / total))

    def make(plan: _Plan) -> DemoClip:
        path = folder / f"{plan.name}.mp4"
        if path.exists():
            tell(plan.seconds)
        else:
            _film(plan, path, house, tell)
        return DemoClip(path, plan.title, plan.kind, plan.seconds)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(make, PLANS))


def _film(plan: _Plan, path: Path, house: HouseFormat, tell: Callable[[float], None]) -> None:
    """Write one clip under a hidden name, then rename it."""
    width, height, rate = picture_format(house)
    beside = path.with_name(f".{path.name}")
    heard = sound.levelled(plan.sound())
    scene = plan.scene(width, height)
    with av.open(str(beside), "w", format="mp4", options={"movflags": "+faststart"}) as out:
        picture = out.add_stream("libx264", rate=rate, options=_encoding(rate))
        picture.width, picture.height, picture.pix_fmt = width, height, "yuv420p"
        picture.codec_context.thread_count = 1
        track = out.add_stream(
            "aac", rate=SAMPLE_RATE, layout="stereo", options={"aac_coder": "fast"}
        )
        track.bit_rate = 96_000
        pieces, frames = _pieces(heard), round(plan.seconds * rate)
        for number in range(frames):
            at = float(number / rate)
            if number % 30 == 0:
                _lay_sound(out, track, pieces, at + 1.5)
                tell(float(min(30, frames - number) / rate))
            scene.draw(at)
            _lay_picture(out, picture, scene.stage.frame, number, rate)
        _lay_sound(out, track, pieces, plan.seconds + 1.0)
        out.mux(picture.encode(None))
        out.mux(track.encode(None))
    beside.replace(path)


def _encoding(rate: Fraction) -> dict[str, str]:
    tags = "colorprim=bt709:transfer=bt709:colormatrix=bt709"
    return {"preset": "ultrafast", "crf": "22", "g": str(round(rate * 2)), "x264-params": tags}


def _pieces(heard: NDArray[np.int16]) -> Iterator[tuple[int, NDArray[np.int16]]]:
    for begin in range(0, len(heard) // 2, PIECE_SAMPLES):
        yield begin, heard[begin * 2 : (begin + PIECE_SAMPLES) * 2]


def _lay_sound(
    out: av.container.OutputContainer,
    track: AudioStream,
    pieces: Iterator[tuple[int, NDArray[np.int16]]],
    until: float,
) -> None:
    """Encode sound up to a time, in seconds."""
    for begin, piece in pieces:
        frame = av.AudioFrame.from_ndarray(piece[None, :], format="s16", layout="stereo")
        frame.sample_rate, frame.pts = SAMPLE_RATE, begin
        frame.time_base = Fraction(1, SAMPLE_RATE)
        out.mux(track.encode(frame))
        if begin / SAMPLE_RATE >= until:
            return


def _lay_picture(
    out: av.container.OutputContainer,
    picture: VideoStream,
    planes: NDArray[np.uint8],
    number: int,
    rate: Fraction,
) -> None:
    frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
    frame.pts, frame.time_base = number, 1 / rate
    out.mux(picture.encode(frame))
