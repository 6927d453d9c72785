"""Clips of every kind of captions, and a live source with captions, for joins without number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from support.caption_code import caption_text
from support.captioned import DEFINE_SHOWN, caption_clip, dtvcc
from support.clips import numbered_clip

from media.captions.cue import CaptionCue, laid_out
from media.captions.encode import encode
from media.captions.track import CaptionTrack, triplets_of
from media.probe import ConfinedProber

NTSC = Fraction(30000, 1001)
SECONDS = 8
LIVE_SECONDS = 20
LIVE = 40
"""Ident of the live source."""
EVERY, FOR = 1_050_000, 700_000
"""Microseconds from one caption to the next, and for which each stands."""
CODED, BOTH, BARE, SIDECAR = "608", "608 and 708", "none", "file beside it"
KINDS = (CODED, BOTH, BARE, SIDECAR, CODED, BARE, SIDECAR, BOTH, CODED, BARE)
Triplets = Mapping[int, tuple[bytes, ...]]


@dataclass(frozen=True)
class Material:
    """A file to air, or what a live source sends."""

    ident: int
    kind: str
    path: Path
    captions: Path | None
    triplets: Triplets
    """What goes in with each frame, without pairs that say nothing."""


def cues(ident: int, seconds: int) -> list[CaptionCue]:
    """Return the captions of a clip, in the first row; the last of a row of them stands long."""
    begins = range(900_000, round((seconds - 1.5) * 1e6), EVERY)
    made: list[CaptionCue] = []
    for number, at in enumerate(begins):
        length = EVERY if number % 2 else FOR
        made += laid_out(at, at + length, [caption_text(ident, number % 8)], top=True)
    return made


def spread(track: CaptionTrack, rate: Fraction) -> dict[int, tuple[bytes, ...]]:
    """Return the triplets of a track by frame."""
    return {
        round(packet.microseconds * rate / 1_000_000): tuple(triplets_of(packet.triplets))
        for packet in track
    }


def _with_others(
    first: Mapping[int, tuple[bytes, ...]], ident: int, rate: Fraction
) -> dict[int, tuple[bytes, ...]]:
    """Add the same captions on field 2, and a window of 708 that stands, once a second."""
    made, pace = dict(first), round(rate / NTSC)
    for frame, (triplet, *_) in first.items():
        is_command = triplet[1] & 0x7F == 0x14
        pair = bytes((triplet[1] ^ 0x81, triplet[2])) if is_command else triplet[1:]
        made[frame + pace - 1] = (*made.get(frame + pace - 1, ()), b"\xfd" + pair)
    for number, frame in enumerate(range(round(rate), SECONDS * round(rate), round(rate))):
        text = f"{ident}/{number}".encode()
        packet = dtvcc(1, DEFINE_SHOWN + b"\x0c" + text, number % 4)
        for at, triplet in enumerate(triplets_of(packet)):
            place = frame + at // 4
            made[place] = (*made.get(place, ()), triplet)
    return made


def put_beside(
    ident: int, kind: str, track: CaptionTrack, rate: Fraction
) -> dict[int, tuple[bytes, ...]]:
    """Return the triplets of a track by frame, with those that files of this kind have beside."""
    first = spread(track, rate)
    return _with_others(first, ident, rate) if kind == BOTH else first


def make_material(folder: Path, rate: Fraction, size: tuple[int, int]) -> list[Material]:
    """Write ten files of all kinds and the live's clip, the last one, at this rate and size."""
    prober = ConfinedProber()
    made = [_file(folder, ident + 1, kind, rate, size, prober) for ident, kind in enumerate(KINDS)]
    plain = numbered_clip(
        folder / "live-plain.ts", frames=round(LIVE_SECONDS * rate), ident=LIVE, rate=rate,
        size=size, key_every=30,
    )  # fmt: skip
    live = spread(encode(cues(LIVE, LIVE_SECONDS)), rate)
    path = caption_clip(plain.path, folder / "live.ts", _joined(live))
    return [*made, Material(LIVE, "live", path, None, live)]


def _joined(triplets: Mapping[int, tuple[bytes, ...]]) -> dict[int, bytes]:
    return {frame: b"".join(some) for frame, some in triplets.items()}


def _file(
    folder: Path, ident: int, kind: str, rate: Fraction, size: tuple[int, int],
    prober: ConfinedProber,
) -> Material:  # fmt: skip
    frames = round(SECONDS * rate)
    clip = numbered_clip(
        folder / f"plain{ident}.mp4", frames=frames, ident=ident, rate=rate, size=size
    )
    to, length = folder / f"{ident}.cc", timedelta(seconds=SECONDS)
    if kind == BARE:
        return Material(ident, kind, clip.path, None, {})
    if kind == SIDECAR:
        written = folder / f"{ident}.vtt"
        written.write_text(_vtt(cues(ident, SECONDS)))
        prober.sidecar(written, length, to)
        return Material(
            ident, kind, clip.path, to, spread(CaptionTrack.from_bytes(to.read_bytes()), rate)
        )
    wanted = put_beside(ident, kind, encode(cues(ident, SECONDS)), rate)
    path = caption_clip(clip.path, folder / f"{ident}.mp4", _joined(wanted))
    prober.captions(path, prober.probe(path), to)
    return Material(ident, kind, path, to, wanted)


def _vtt(captions: list[CaptionCue]) -> str:
    return "WEBVTT\n\n" + "\n".join(
        f"{_stamp(one.begin)} --> {_stamp(one.end)} line:0\n{one.text}\n" for one in captions
    )


def _stamp(microseconds: int) -> str:
    seconds = microseconds / 1e6
    return f"00:{int(seconds // 60):02d}:{seconds % 60:06.3f}"


def kinds_in_turn(material: list[Material]) -> Iterator[Material]:
    """Yield files and lives for ever, no two alike beside one another: a live after each four."""
    files = [one for one in material if one.ident != LIVE]
    live = next(one for one in material if one.ident == LIVE)
    number = 0
    while True:
        for _ in range(4):
            yield files[number % len(files)]
            number += 1
        yield live
