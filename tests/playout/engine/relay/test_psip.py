"""The tables of ATSC, read bit by bit in the order of A/65."""

from datetime import UTC, datetime, timedelta

import pytest
from support.many_tracks import check_sum

from playout.engine.relay.psip import (
    channel_table,
    psip_tables,
    table_of_tables,
    time_table,
)
from playout.engine.relay.tables import StreamService

SERVICE = StreamService("Gavel 13 HD", audio="ac3", psip=True, major=13, minor=2)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Bits:
    """Bits, read one field after the other."""

    def __init__(self, data: bytes) -> None:
        self._value, self._left = int.from_bytes(data, "big"), 8 * len(data)

    def read(self, *sizes: int) -> list[int]:
        """Return the next fields of so many bits each."""
        fields = []
        for size in sizes:
            self._left -= size
            fields.append(self._value >> self._left & ((1 << size) - 1))
        return fields


def test_the_channel_has_its_number_name_and_tracks() -> None:
    table = channel_table(SERVICE)
    bits = Bits(table[8:])
    protocol, channels = bits.read(8, 8)
    name = "".join(chr(letter) for letter in bits.read(*[16] * 7))
    reserved, major, minor, modulation, carrier, stream, program = bits.read(
        4, 10, 10, 8, 32, 16, 16
    )
    etm, controlled, hidden, _, hide_guide, _, kind, source = bits.read(2, 1, 1, 2, 1, 3, 6, 16)
    _, size, tag, length, _, clock, count = bits.read(6, 10, 8, 8, 3, 13, 8)
    tracks = [bits.read(8, 3, 13, 24) for _ in range(count)]

    assert (table[0], protocol, channels, name) == (0xC8, 0, 1, "Gavel 1")
    assert (major, minor, modulation, carrier, stream, program) == (13, 2, 4, 0, 1, 1)
    assert (etm, controlled, hidden, hide_guide, kind, source) == (0, 0, 0, 0, 2, 1)
    assert (size, tag, length, clock) == (2 + 3 + 12, 0xA1, 3 + 12, 256)
    assert [(kind, pid, code) for kind, _, pid, code in tracks] == [
        (0x1B, 256, 0), (0x81, 257, int.from_bytes(b"eng", "big"))
    ]  # fmt: skip
    assert bits.read(6, 10) == [63, 0]


def test_the_table_of_tables_names_version_and_size_of_the_channels() -> None:
    channels = channel_table(SERVICE)
    bits = Bits(table_of_tables(channels)[8:])
    _, count, kind, _, pid, _, version, size, _, inside, _, after = bits.read(
        8, 16, 16, 3, 13, 3, 5, 32, 4, 12, 4, 12
    )

    assert (count, kind, pid, inside, after) == (1, 0, 0x1FFB, 0, 0)
    assert (version, size) == (channels[5] >> 1 & 31, len(channels))


def test_the_time_is_that_of_gps_with_its_leap_seconds() -> None:
    """The example of A/65 counts from 1980-01-06; UTC is 18 seconds behind GPS since 2017."""
    bits = Bits(time_table(NOON, is_summer=False)[8:])
    _, seconds, leap, summer, reserved, day, hour = bits.read(8, 32, 8, 1, 2, 5, 8)

    assert datetime(1980, 1, 6, tzinfo=UTC) + timedelta(seconds=seconds - leap) == NOON
    assert (leap, summer, reserved, day, hour) == (18, 0, 3, 0, 0)
    assert Bits(time_table(NOON, is_summer=True)[14:]).read(1) == [1]


@pytest.mark.parametrize("name", ["", "x", "Cañón", "政府频道 long name", "\U0001f3db hall"])
def test_every_table_is_whole_whatever_the_name(name: str) -> None:
    tables = psip_tables(StreamService(name, psip=True), NOON, is_summer=True)

    assert [table.section[0] for table in tables] == [0xC7, 0xC8, 0xCD]
    assert all(check_sum(table.section) == 0 for table in tables)
    assert all((t.section[1] & 15) << 8 | t.section[2] == len(t.section) - 3 for t in tables)
