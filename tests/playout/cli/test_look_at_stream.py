"""The command that looks at a stream."""

import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.bursts import burst
from support.ports import free_udp_port

from playout.cli.main import main
from playout.engine.relay.datagrams import DatagramSender, DatagramTarget
from playout.engine.relay.mux import COUNTED_PIDS, Mux
from playout.engine.relay.slots import SlotClock
from playout.engine.relay.tables import StreamService, tables

CLOCK = SlotClock(0, 3_008_000)


def packets(slots: range) -> list[bytes]:
    mux = Mux(CLOCK, tables(StreamService("Gavel")), bytearray(len(COUNTED_PIDS)))
    return [mux.packet(slot) for slot in slots]


def look(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["look-at-stream", *words])
    return result.exit_code, result.output


def test_a_good_file_has_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a.ts").write_bytes(b"".join(packets(range(6000))))
    code, text = look(str(tmp_path / "a.ts"))

    assert code == 0
    assert "rate 3008000 bit/s" in text
    assert text.endswith("No fault.\n")


def test_a_damaged_file_names_its_faults_and_exits_with_one(tmp_path: Path) -> None:
    damaged = packets(range(6000))
    del damaged[2000:2400]
    (tmp_path / "a.ts").write_bytes(b"".join(damaged))
    code, text = look(str(tmp_path / "a.ts"))

    assert code == 1
    assert "FAULT: " in text


def test_a_file_that_is_no_stream_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "a.ts").write_bytes(b"no stream" * 1000)

    assert look(str(tmp_path / "a.ts")) == (1, "This is no transport stream with a clock.\n")


@pytest.mark.parametrize("scheme", ["udp", "rtp"])
def test_a_stream_on_the_network_is_received_for_a_while(scheme: str) -> None:
    port = free_udp_port()
    sender = DatagramSender(DatagramTarget(0, "127.0.0.1", port, is_rtp=scheme == "rtp"))
    stop = threading.Event()

    def send() -> None:
        whole = packets(range(70_000))
        for at in range(0, len(whole), 7):
            if stop.is_set():
                return
            sender.send(burst(b"".join(whole[at : at + 7]), stamp=at))
            time.sleep(0.002)

    thread = threading.Thread(target=send)
    thread.start()
    _, text = look(f"{scheme}://127.0.0.1:{port}", "--seconds", "1")
    stop.set()
    thread.join()
    sender.close()

    assert "rate 3008000 bit/s" in text
    assert "arrival off by" in text


@pytest.mark.parametrize(
    ("address", "words"), [("screen", "Write udp://"), ("http://x", "udp://HOST:PORT")]
)
def test_an_address_that_is_no_stream_is_refused_with_an_example(address: str, words: str) -> None:
    code, text = look(address)

    assert code == 2
    assert words in text
