"""The tables of ATSC as a foreign reader reads them: libdvbpsi, that of VLC and others."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from playout.engine.relay.mux import COUNTED_PIDS, MPEG_SOUND_ID, PRIVATE_ID, Mux
from playout.engine.relay.psip import GPS_EPOCH, channel_table, psip_tables
from playout.engine.relay.slots import SlotClock
from playout.engine.relay.tables import StreamService, tables
from playout.engine.transport import PACKET_BYTES, PSIP_PID, pid_of

CHECKER = Path(__file__).parents[3] / "support" / "psip_check.c"
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def psip_check(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that prints what libdvbpsi reads."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or not Path("/usr/include/dvbpsi/dvbpsi.h").exists():
        pytest.skip("no compiler or no headers of libdvbpsi")
    made = tmp_path_factory.mktemp("psip") / "psip_check"
    subprocess.run([compiler, str(CHECKER), "-o", str(made), "-ldvbpsi"], check=True)
    return made


def stream_of(service: StreamService) -> bytes:
    """Return a second of the stream of a service, as the relay multiplexes it."""
    sound = PRIVATE_ID if service.audio == "ac3" else MPEG_SOUND_ID
    sent = [*tables(service), *psip_tables(service, NOON, True)]
    mux = Mux(SlotClock(0, 1_504_000), sent, bytearray(len(COUNTED_PIDS)), sound)
    return b"".join(mux.packet(slot) for slot in range(1000))


def read(psip_check: Path, stream: bytes) -> dict[str, str]:
    """Return the facts that libdvbpsi tells, by their first word."""
    said = subprocess.run([psip_check], input=stream, capture_output=True, check=True, timeout=30)
    lines = said.stdout.decode().splitlines()
    tracks = iter(("picture", "sound"))
    names = [line.partition(" ") for line in lines]
    return {next(tracks) if word == "track" else word: rest for word, _, rest in names}


@pytest.mark.parametrize("service", [
    StreamService("Gavel 13 HD", audio="ac3", psip=True, major=13, minor=2),
    StreamService("Cañon", video="mpeg2", language="spa", psip=True, major=1023, minor=999),
    StreamService("TV", psip=True, major=1, minor=1, has_dtvcc=True),
])  # fmt: skip
def test_a_foreign_reader_reads_what_was_sent(psip_check: Path, service: StreamService) -> None:
    found = read(psip_check, stream_of(service))
    picture = {"h264": "1b", "mpeg2": "02"}[service.video]
    sound = {"mp2": "03", "ac3": "81"}[service.audio]
    name = service.name[:7].ljust(7, "\0").encode("utf-16-be").hex()
    table = channel_table(service)
    version = table[5] >> 1 & 31
    captions = f"{service.language}/field0"
    if service.has_dtvcc:
        captions += f" {service.language}/service1"
    expected = {
        "vct": f"id=c8 stream=1 version={version} protocol=0 cable=0",
        "channel": f"{service.major}.{service.minor} name={name} modulation=4 stream=1 program=1 "
        "hidden=0 locked=0 type=2 source=1",
        "location": f"clock=256 {picture}@256/- {sound}@257/{service.language}",
        "mgt": f"type=0 pid={PSIP_PID} version={version} bytes={len(table)}",
        # Version 1.3.3 keeps only the second byte of the word for daylight saving, which is 0.
        "stt": f"gps={round((NOON - GPS_EPOCH).total_seconds()) + 18} ahead=18 saving=0000",
        "captions": captions,
        "picture": f"{picture}@256",
        "sound": f"{sound}@257",
    }
    if service.audio == "ac3":
        expected["ac3"] = "rate=0 bsid=8 bits=10 channels=2 full=1 language=eng"

    assert {name: found.get(name) for name in expected} == expected
    assert not {"complaint", "table"} & set(found)
    assert ("ac3" in found) is (service.audio == "ac3")


def test_the_foreign_reader_can_go_red(psip_check: Path) -> None:
    stream = bytearray(stream_of(StreamService("TV", psip=True)))
    for at in range(0, len(stream), PACKET_BYTES):
        if pid_of(stream[at : at + PACKET_BYTES]) == PSIP_PID:
            stream[at + 20] ^= 1

    assert "channel" not in read(psip_check, bytes(stream))
