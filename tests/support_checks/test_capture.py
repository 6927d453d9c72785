"""The instruments that judge air, themselves tested: each must fail on a planted fault."""

import os
import signal
import socket
import time
from fractions import Fraction
from pathlib import Path

import pytest
from support.capture import (
    ARRIVAL,
    Burst,
    Capture,
    CapturedPicture,
    read_bursts,
    read_ts,
    silent_stretches,
)
from support.capture_analysis import (
    Run,
    longest_still,
    runs,
    sound_offsets,
    timing_errors,
    unreadable,
)
from support.clips import (
    DOUBLE_NTSC,
    NTSC,
    Sound,
    burst_hz,
    mixed_clips,
    numbered_clip,
    numbered_clips,
    phone_times,
)
from support.ports import free_udp_port
from support.stalls import Canary, Stall, is_excused
from support.transport import PACKET, check_transport

MP2 = Sound("mp2")


def stream(path, **more):
    return numbered_clip(path, size=(320, 180), frames=90, audio=MP2, bit_rate=150_000, **more)


def test_the_mixed_clips_read_back_whole(tmp_path):
    for clip in mixed_clips(tmp_path, seconds=1):
        if not clip.has_picture:
            continue
        (run,) = runs(read_ts(clip.path))
        assert run.ident == clip.ident, clip.path.name
        assert run.frames == list(range(clip.frames)), clip.path.name
        if clip.rate:
            assert max(map(abs, timing_errors(run, clip.rate))) < 0.001, clip.path.name


def test_clips_made_two_at_a_time_read_back_whole(tmp_path):
    paths = {tmp_path / f"{ident}.mp4": ident for ident in (1, 2, 3)}
    made = numbered_clips({path: {"frames": 30, "ident": i} for path, i in paths.items()})
    for path, ident in paths.items():
        (run,) = runs(read_ts(made[path].result().path))
        assert (run.ident, run.frames) == (ident, list(range(30)))


@pytest.mark.parametrize("rate", [NTSC, DOUBLE_NTSC, Fraction(25)])
def test_sound_and_picture_of_a_clip_are_in_step(tmp_path, rate):
    clip = stream(tmp_path / "clip.ts", rate=rate, ident=3)
    (run,) = runs(read_ts(clip.path))
    offsets = sound_offsets(run, read_bursts(clip.path), rate)
    assert len(offsets) == len(range(0, int(clip.seconds) + 1)) - (clip.seconds % 1 < 0.1)
    assert max(map(abs, offsets)) < 0.010


@pytest.mark.parametrize("delay", [-0.0, 0.045, 0.12])
def test_a_shifted_sound_is_measured(tmp_path, delay):
    clip = stream(tmp_path / "clip.ts", ident=3, sound_delay=delay)
    (run,) = runs(read_ts(clip.path))
    for offset in sound_offsets(run, read_bursts(clip.path), NTSC)[1:]:
        assert offset == pytest.approx(delay, abs=0.010)


def test_a_burst_cut_at_its_start_does_not_count_as_late_sound():
    """A live came back 42 ms into a burst: 58 ms of it were heard, ending in time."""
    run = Run(3, tuple(CapturedPicture(n / 30, 3, n, 0.0) for n in range(90)))
    heard = [Burst(1.068, burst_hz(3), 0.058), Burst(2.025, burst_hz(3), 0.1)]
    assert sound_offsets(run, heard, Fraction(30)) == pytest.approx([0.025])
    late = [Burst(1.068, burst_hz(3), 0.1), Burst(2.068, burst_hz(3), 0.08)]
    assert sound_offsets(run, late, Fraction(30)) == pytest.approx([0.068, 0.068])


def test_the_pitch_of_a_burst_identifies_its_clip(tmp_path):
    clip = numbered_clip(tmp_path / "clip.mp4", size=(320, 180), frames=90, ident=5)
    for burst in read_bursts(clip.path):
        assert abs(burst.hz - burst_hz(5)) < 20


def test_a_dropped_frame_is_seen(tmp_path):
    order = [n for n in range(90) if n != 41]
    (run,) = runs(read_ts(stream(tmp_path / "clip.ts", numbers=order).path))
    assert (run.skipped, run.repeated) == (1, 0)


def test_a_repeated_frame_is_seen(tmp_path):
    order = [*range(42), 41, 41, *range(42, 90)]
    seen = read_ts(stream(tmp_path / "clip.ts", numbers=order).path)
    (run,) = runs(seen)
    assert (run.skipped, run.repeated, run.backwards) == (0, 2, 0)
    assert longest_still(seen) == pytest.approx(2 * 1001 / 30000, abs=0.002)


def test_a_picture_out_of_order_is_seen(tmp_path):
    order = [*range(42), 40, *range(42, 90)]
    (run,) = runs(read_ts(stream(tmp_path / "clip.ts", numbers=order).path))
    assert run.backwards == 1


def test_a_black_frame_is_seen(tmp_path):
    clip = stream(tmp_path / "clip.ts")
    assert not unreadable(read_ts(clip.path))
    seen = read_ts(numbered_clip(tmp_path / "b.ts", audio=MP2, frames=30, dark=(7, 8)).path)
    assert [one.black for one in seen].count(True) == 2 == len(unreadable(seen))


def test_an_unsteady_rate_is_seen(tmp_path):
    clip = numbered_clip(
        tmp_path / "phone.mp4", rate=Fraction(30), times=phone_times(60), frames=60
    )
    (run,) = runs(read_ts(clip.path))
    assert max(map(abs, timing_errors(run, Fraction(30)))) > 0.02


def test_a_hole_in_the_sound_is_seen(tmp_path):
    assert not silent_stretches(stream(tmp_path / "clip.ts").path)
    late = stream(tmp_path / "late.ts", sound_delay=0.4)
    ((begin, end),) = silent_stretches(late.path)
    assert end - begin == pytest.approx(0.4, abs=0.03)


def send(path, port, pace=0.0):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        data = path.read_bytes()
        for at in range(0, len(data), 7 * PACKET):
            out.sendto(data[at : at + 7 * PACKET], ("127.0.0.1", port))
            time.sleep(pace)


def test_a_capture_holds_every_packet_and_when_it_came(tmp_path):
    clip, port = stream(tmp_path / "clip.ts"), free_udp_port()
    before = time.time()
    with Capture(port, tmp_path / "caught.ts") as capture:
        send(clip.path, port, 0.002)
    caught = capture.path
    assert caught.read_bytes() == clip.path.read_bytes()
    arrived = [one.arrived for one in read_ts(caught)]
    assert before <= arrived[0] < arrived[-1] <= time.time()
    assert arrived == sorted(arrived)


def test_a_clean_transport_stream_is_clean(tmp_path):
    report = check_transport(stream(tmp_path / "clip.ts").path)
    assert not report.continuity_errors and not report.bad_sync and not report.pcr_backwards()
    assert not report.pcr_gaps(0.1)
    assert len(report.pcrs) > 20


def test_a_pcr_clock_that_moves_to_the_picture_pid_is_followed(tmp_path):
    picture, early = stream(tmp_path / "clip.ts"), tmp_path / "early.ts"
    sound = bytes([0x47, 0x1F, 0x01, 0x20, 183, 0x10, *bytes(6), *b"\xff" * 176])
    early.write_bytes(sound * 3 + picture.path.read_bytes())
    pcrs = [seconds for _, seconds in check_transport(picture.path).pcrs]
    assert [seconds for _, seconds in check_transport(early).pcrs] == pcrs


def test_a_lost_packet_and_a_lost_second_are_seen(tmp_path):
    path = stream(tmp_path / "clip.ts").path
    packets = [path.read_bytes()[at : at + PACKET] for at in range(0, path.stat().st_size, PACKET)]
    path.write_bytes(b"".join(packets[:50] + packets[51:]))
    assert len(check_transport(path).continuity_errors) == 1
    third = len(packets) // 3
    path.write_bytes(b"".join(packets[:third] + packets[2 * third :]))
    assert check_transport(path).pcr_gaps(0.1)
    path.write_bytes(b"".join(packets[third:] + packets[:third]))
    assert check_transport(path).pcr_backwards()


def test_a_stall_of_the_machine_is_noted_and_excuses_only_its_own_time(tmp_path):
    with Canary(tmp_path / "stalls") as canary:
        time.sleep(0.1)
        begin = time.monotonic_ns()
        os.kill(canary._child.pid, signal.SIGSTOP)
        time.sleep(0.3)
        os.kill(canary._child.pid, signal.SIGCONT)
        end = time.monotonic_ns()
        time.sleep(0.1)
    long = [stall for stall in canary.stalls() if stall.end - stall.begin > 200_000_000]
    assert len(long) == 1
    assert is_excused(begin, end, long)
    assert not is_excused(end + 10**9, end + 2 * 10**9, [Stall(begin, end)])


def test_a_restarted_stream_does_not_inherit_arrivals_of_its_first_start(tmp_path):
    """Packets a capture came too late to decode lent their arrivals to the pictures after."""
    whole = numbered_clip(tmp_path / "a.ts", frames=90, ident=3).path.read_bytes()
    late = whole[len(whole) // 4 // 188 * 188 :]
    path = tmp_path / "both.ts"
    path.write_bytes(late + whole)
    ends = {0: 5_000_000_000, len(late): 100_000_000_000}
    rows = [ARRIVAL.pack(place, at) for place, at in ends.items()]
    Path(f"{path}.arrivals").write_bytes(b"".join(rows))
    again = [one.arrived for one in read_ts(path)][-90:]
    assert again == [100.0] * 90
