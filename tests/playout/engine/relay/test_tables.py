"""The tables of the stream, byte by byte."""

import pytest
from support.many_tracks import check_sum

from playout.engine.gateway.tables import aired_tracks
from playout.engine.relay.tables import (
    StreamService,
    dvb_text,
    payloads,
    program_list,
    program_map,
    section,
    service_list,
)
from playout.engine.transport import checksum

SERVICE = StreamService("Gavel 13", "City of Example")


@pytest.mark.parametrize(
    "table",
    [program_list(), program_map(SERVICE), service_list(SERVICE), section(1, 2, b"\0" * 500)],
)
def test_every_table_ends_in_its_checksum_and_names_its_length(table: bytes) -> None:
    assert check_sum(table) == checksum(table) == 0
    assert (table[1] & 0x0F) << 8 | table[2] == len(table) - 3


def test_the_map_names_picture_and_sound_as_receivers_read_them() -> None:
    """Read by the gateway's reader, which knows nothing of the relay."""
    assert aired_tracks(program_map(SERVICE)) == ((256, 0x1B, b""), (257, 0x03, b""))


def test_ac3_is_named_by_the_stream_type_and_descriptors_of_atsc() -> None:
    table = program_map(StreamService("x", audio="ac3", audio_kbps=192))

    assert aired_tracks(table)[1] == (257, 0x81, b"")
    assert b"\x05\x04AC-3" in table
    at = table.index(b"\x81\x0a")
    bits = int.from_bytes(table[at + 2 : at + 5], "big")
    assert (bits >> 21, bits >> 16 & 31, bits >> 10 & 63) == (0, 8, 10)
    assert (bits >> 5 & 7, bits >> 1 & 15, bits & 1) == (0, 2, 1)


@pytest.mark.parametrize(
    ("dtvcc", "body"), [(False, "c1656e677e3fff"), (True, "c2656e677e3fff656e67c13fff")]
)
def test_the_map_announces_captions(dtvcc: bool, body: str) -> None:
    table = program_map(StreamService("x", has_dtvcc=dtvcc))

    assert bytes((0x86, len(body) // 2)) + bytes.fromhex(body) in table
    assert b"\x86" not in program_map(StreamService("x", has_captions=False))[:-4]


def test_the_service_has_its_name_and_its_providers() -> None:
    assert b"\x48\x1a\x19\x0fCity of Example\x08Gavel 13" in service_list(SERVICE)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Gavel", b"Gavel"),
        ("Cañon", b"\x15Ca\xc3\xb1on"),
        ("n" * 99, b"n" * 60),
        ("ñ" * 99, b"\x15" + "ñ".encode() * 30),
    ],
)
def test_names_are_written_as_dvb_does_and_cut_between_letters(text: str, written: bytes) -> None:
    assert dvb_text(text) == written


def test_a_version_changes_with_the_content_and_not_with_a_restart() -> None:
    versions = {table[5] >> 1 & 31 for table in map(service_list, [SERVICE, SERVICE])}
    other = service_list(StreamService("Gavel 14", "City of Example"))

    assert len(versions) == 1
    assert other[5] >> 1 & 31 not in versions


def test_a_long_section_goes_into_several_payloads() -> None:
    whole = section(1, 2, bytes(range(200)) * 2)
    parts = payloads(whole)

    assert {len(part) for part in parts} == {184}
    assert b"".join(parts).startswith(b"\0" + whole + b"\xff")
