"""The stream clock holds over restarts of the sender and over redated stretches."""

from dataclasses import replace
from pathlib import Path

import av
import pytest
from support.capture import ARRIVAL, CapturedPicture, read_ts
from support.clips import NTSC, numbered_clip
from support.rewrapped import shift_tracks
from support.stream_clock import LONGEST_STREAM_DELAY, StreamClock

BEGIN, FIRST, SECOND, AWAY = 1_795_000_000.0, 0.56, 0.77, 40
"""UTC seconds of the first picture at the bus, delays of two starts, pictures lost between."""
FRAME = float(1 / NTSC)
FRAMES = 90
ONE, TWO = 3, 4
"""Idents of what each start sent."""
STEP, STRETCH = 0.2, 20
"""Seconds by which the first pictures of a start may leave early, and how many do."""


def sent(delay, begin, ident, life, frames=FRAMES):
    """Return what one start of an output sent: time stamps from 0.4 s on, with a constant delay."""
    return [
        CapturedPicture(
            0.4 + n * FRAME, ident, n, 90.0, arrived=begin + n * FRAME + delay, life=life
        )
        for n in range(frames)
    ]


def killed():
    """Return a capture over a restart of the output; the second start has another delay."""
    again = BEGIN + (FRAMES + AWAY) * FRAME
    return sent(FIRST, BEGIN, ONE, 0) + sent(SECOND, again, TWO, 1)


def anchored(seen, *places):
    """Return the clock of a capture anchored on the pictures at these places."""
    idle = AWAY * FRAME
    return StreamClock(seen, [(seen[n], BEGIN + n * FRAME + idle * seen[n].life) for n in places])


def test_each_start_of_an_output_has_a_delay_of_its_own():
    seen = killed()
    clock = anchored(seen, 30, FRAMES + 30)
    told = [clock.at(one) - BEGIN for one in seen]
    lost = [n + AWAY * (n >= FRAMES) for n in range(2 * FRAMES)]
    assert told == pytest.approx([n * FRAME for n in lost], abs=0.001)
    assert clock.delays == pytest.approx({0: FIRST, 1: SECOND}, abs=0.001)


def test_one_start_of_an_output_says_nothing_about_another():
    seen = killed()
    clock = anchored(seen, FRAMES + 30)
    with pytest.raises(ValueError, match="start 0"):
        clock.at(seen[0])


def test_a_redated_stretch_moves_no_instant():
    """Neither of the pictures in it nor of those after it, whichever of them is known."""
    whole = sent(FIRST, BEGIN, ONE, 0)
    early = [replace(one, arrived=one.arrived - STEP) for one in whole[:STRETCH]]
    seen = early + whole[STRETCH:]
    for place in (0, STRETCH - 1, STRETCH, FRAMES - 1):
        clock = anchored(seen, place)
        told = [clock.at(one) - BEGIN for one in seen]
        assert told == pytest.approx([n * FRAME for n in range(FRAMES)], abs=0.001)
        assert clock.delays[0] == pytest.approx(FIRST, abs=0.001)


@pytest.mark.parametrize("off", [-1.0, LONGEST_STREAM_DELAY])
def test_a_picture_with_an_impossible_delay_is_no_anchor(off):
    seen = sent(FIRST, BEGIN, ONE, 0)
    with pytest.raises(ValueError, match="delay"):
        StreamClock(seen, [(seen[0], BEGIN - off)])


@pytest.mark.parametrize("on_for", [0, 90])
def test_a_capture_read_back_separates_the_starts_of_its_sender(tmp_path, on_for):
    """Two encodes in one capture, as bytes and arrivals: each with its clock from the start, its
    delay, its stretch that left early. libav takes a clock that begins again a minute or more
    below where the capture began for one that came round, and adds 26 hours."""
    path, data, rows = tmp_path / "both.ts", b"", []
    for delay, ident, begin in ((FIRST, ONE, 0), (SECOND, TWO, FRAMES + AWAY)):
        clip = numbered_clip(tmp_path / f"{ident}.ts", frames=FRAMES, ident=ident, audio=None).path
        if ident == ONE:
            clip = shift_tracks(clip, tmp_path / "on.ts", picture=on_for)
        rows += arrivals(clip, len(data), BEGIN + begin * FRAME + delay)
        data += clip.read_bytes()
    path.write_bytes(data)
    Path(f"{path}.arrivals").write_bytes(b"".join(ARRIVAL.pack(*row) for row in rows))

    seen = read_ts(path)

    assert [one.life for one in seen] == [0] * FRAMES + [1] * FRAMES
    clock = anchored(seen, 0, FRAMES)
    assert clock.delays == pytest.approx({0: FIRST, 1: SECOND}, abs=0.01)
    second = [one for one in seen if one.ident == TWO]
    place = (FRAMES + AWAY) * FRAME
    assert clock.at(second[0]) - BEGIN == pytest.approx(place, abs=0.001)
    assert clock.at(second[-1]) - BEGIN == pytest.approx(place + (FRAMES - 1) * FRAME, abs=0.001)


def arrivals(path, offset, first):
    """Return the bytes before each picture of a stream, and its first packet's arrival in ns."""
    rows = []
    with av.open(str(path)) as source:
        packets = [p for p in source.demux(source.streams.video[0]) if p.pts is not None]
    for n, packet in enumerate(packets):
        early = STEP if n < STRETCH else 0.0
        rows.append((offset + packet.pos, round((first + n * FRAME - early) * 1e9)))
    return rows
