"""The way from the relay to a target: whole chunks, and no harm to others from one that hangs."""

import fcntl
import os

from support.bursts import burst

from playout.engine.relay.senders import PipeSender
from playout.engine.targets.pipe import ChunkPipe
from playout.engine.targets.sender import CHUNK_BYTES


def chunk(number: int) -> bytes:
    return (b"\x47" + number.to_bytes(4, "big") + bytes(183)) * 7


def numbers(chunks: bytes) -> list[int]:
    assert len(chunks) % CHUNK_BYTES == 0
    return [
        int.from_bytes(chunks[at + 1 : at + 5], "big") for at in range(0, len(chunks), CHUNK_BYTES)
    ]


def way() -> tuple[PipeSender, ChunkPipe]:
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 1 << 20)
    os.set_blocking(writing, False)
    return PipeSender(0, writing), ChunkPipe(reading)


def test_a_target_that_hangs_costs_the_others_not_a_chunk() -> None:
    (hung, hung_pipe), (clean, clean_pipe) = way(), way()
    got: list[int] = []
    for number in range(3000):
        hung.send(burst(chunk(number)))
        clean.send(burst(chunk(number)))
        got += numbers(clean_pipe.read(0))

    assert got == list(range(3000))
    assert (clean.dropped, hung.dropped > 2000) == (0, True)

    kept: list[int] = []
    while chunks := hung_pipe.read(0):
        kept += numbers(chunks)

    assert kept == list(range(3000 - hung.dropped))


def test_a_read_that_a_predecessor_left_half_done_is_made_up_for() -> None:
    reading, writing = os.pipe()
    os.write(writing, chunk(0)[-500:] + chunk(1) + chunk(2)[:700])
    pipe = ChunkPipe(reading)
    read = pipe.read(0)
    os.write(writing, chunk(2)[700:] + chunk(3))
    read += pipe.read(0)

    assert read
    assert len(read) % CHUNK_BYTES == 0
    assert read[::188] == b"\x47" * (len(read) // 188)


def test_draining_drops_all_that_waits_and_counts_it() -> None:
    sender, pipe = way()
    for number in range(100):
        sender.send(burst(chunk(number)))

    assert pipe.drain() == 100 * CHUNK_BYTES
    sender.send(burst(chunk(100)))
    assert numbers(pipe.read(0)) == [100]


def test_a_pipe_that_no_one_can_write_to_has_ended() -> None:
    reading, writing = os.pipe()
    pipe = ChunkPipe(reading)
    os.write(writing, chunk(1))
    os.close(writing)

    assert numbers(pipe.read(0)) == [1]
    assert not pipe.has_ended
    assert pipe.read(0) == b""
    assert pipe.has_ended
