"""Captions of the stream as a foreign decoder of 608 and 708 reads them: mux.js, of video.js."""

import json
import os
import subprocess
from pathlib import Path

from support.captioned import DEFINE_HIDDEN, DEFINE_SHOWN, dtvcc
from support.node_tools import install, node
from support.web_input import FIRST, RATE, chunks, pictures, sound

from media.captions.cue import laid_out
from media.captions.encode import encode
from playout.engine.links.fed import FedFrame
from playout.engine.relay.a53 import CaptionInserter
from playout.engine.relay.units import AccessUnit

READER = Path(__file__).parents[3] / "support" / "caption_read.js"
SHOW_ALL, DELETE_ALL = b"\x89\xff", b"\x8c\xff"


def aired(captions: dict[int, bytes], seconds: int) -> bytes:
    """Return the stream with the captions of these pictures, put in and sent as the relay does."""
    inserter, units = CaptionInserter(RATE), list[AccessUnit]()
    for number, unit in enumerate(pictures(seconds)):
        at = round(number * 1_000_000 / RATE)
        inserter.take(FedFrame(1, at, captions.get(number, b"")))
        data = inserter.insert(at, unit.data)
        units.append(AccessUnit(unit.run, True, unit.is_key, unit.pts, unit.dts, data))
    return b"".join(chunks([*units, *sound(seconds)]))


def read(stream: bytes) -> dict[str, list[tuple[int, int, str]]]:
    """Return the captions that mux.js reads, by channel: pictures from and to, and text."""
    environment = os.environ | {"NODE_PATH": str(install())}
    command = [node(), str(READER)]
    said = subprocess.run(
        command, input=stream, env=environment, capture_output=True, check=True, timeout=60
    )
    found: dict[str, list[tuple[int, int, str]]] = {}
    for line in said.stdout.decode().splitlines():
        channel, begin, end, text = json.loads(line)
        first, last = (round((at - FIRST) * RATE / 90_000) for at in (begin, end))
        found.setdefault(channel, []).append((first, last, text))
    return found


def test_a_foreign_decoder_reads_service_1_and_line_21_of_what_leaves() -> None:
    of_708 = {
        60: dtvcc(1, DEFINE_SHOWN + b"SERVICE ONE\rSPEAKS\x03", 0),
        105: dtvcc(1, DELETE_ALL, 1),
        110: dtvcc(1, DEFINE_HIDDEN + b"Dise\xf1ado aqu\xed\x03", 2),
        120: dtvcc(1, SHOW_ALL, 3),
        # Text of a second service is not that of the first.
        130: dtvcc(2, DEFINE_SHOWN + b"NOT THIS\x03", 0),
        165: dtvcc(1, DELETE_ALL, 1),
        170: dtvcc(1, b"\x03", 2),
    }
    track = encode(laid_out(2_000_000, 4_000_000, ["LINE 21 SPEAKS"]))
    pairs = {round(one.microseconds * RATE / 1_000_000): one.triplets for one in track}
    captions = {n: pairs.get(n, b"") + of_708.get(n, b"") for n in {*pairs, *of_708}}
    found = read(aired(captions, 6))

    assert found["cc708_1"] == [(60, 105, "SERVICE ONE\nSPEAKS"), (120, 165, "Diseñado aquí")]
    assert [text for *_, text in found["CC1"]] == ["LINE 21 SPEAKS"]
