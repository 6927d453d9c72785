"""Line 21 both ways, and what libav and ttconv make of ours."""

from importlib import import_module
from itertools import pairwise

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.captions.codes import text_codes, with_parity, writable
from media.captions.cue import CaptionCue, CaptionRow, covered, laid_out
from media.captions.decode import decode
from media.captions.encode import encode, slot_at, time_of
from media.captions.scc import read_scc, write_scc
from media.captions.track import CaptionError, CaptionPacket, CaptionTrack
from media.captions.vtt import write_vtt

SECOND = 1_000_000
SLOT = SECOND / 30 * 1.001
LETTERS = "abcXYZ 09.,?'é—“”♪ñÑßøÀ®½█"

BYTES = [bytes((0x14, code)) for code in (0x20, 0x2F, 0x25, 0x29, 0x2A, 0x2C, 0x2D)] + [
    b"\x14\x70", b"\x11\x37", b"\x12\x21", b"\x17\x22", b"\x00\x00", b"\x01\x03"
]  # fmt: skip
"""Commands, a preamble, special and extended characters, a tab, nulls and XDS."""


def said(*lines, begin=3.0, end=5.0, top=False):
    """One caption laid out as a sidecar's is."""
    return laid_out(round(begin * SECOND), round(end * SECOND), lines, top=top)


def sent(*words, field=0xFC, at=0):
    """Packets of hexadecimal words without parity, one a picture from slot `at`."""
    return [
        CaptionPacket(time_of(at + n), bytes([field, *map(with_parity, bytes.fromhex(word))]))
        for n, word in enumerate(words)
    ]


def heard(packets, channel="CC1", until=0):
    return [(cue.begin, cue.end, cue.lines) for cue in decode(packets, until).get(channel, ())]


def libav(packets, folder):
    """The captions as libav's decoder reads them."""
    (folder / "ours.scc").write_text(write_scc(packets))
    with av.open(str(folder / "ours.scc")) as source:
        cues = [cue for packet in source.demux(source.streams[0]) for cue in packet.decode()]
    events = [cue.ass.decode().replace("\\N", "\n") for cue in cues]
    return [
        " ".join(line.split("}")[-1].replace("\\h", "") for line in event.splitlines())
        for event in events
    ]


def test_a_caption_shows_and_ends_on_its_own_slot():
    (cue,) = said("Good evening.", "The council is in session.")
    (begin, end, lines), *more = heard(encode([cue]))

    assert (slot_at(begin), slot_at(end)) == (slot_at(cue.begin), slot_at(cue.end))
    assert (lines, more) == (("Good evening.", "The council is in session."), [])


def test_every_command_is_sent_twice_side_by_side():
    pairs = [(one.microseconds, one.triplets) for one in encode(said("Ayes: 5 ♪♪ — nays: 2"))]
    commands = [(time, data) for time, data in pairs if 0x10 <= data[1] & 0x7F < 0x20]

    assert all(
        data == repeated and slot_at(later) == slot_at(time) + 1
        for (time, data), (later, repeated) in zip(commands[::2], commands[1::2], strict=True)
    )


@given(st.lists(st.sampled_from([*BYTES, b"ab", b"c\x00"]), max_size=40))
def test_a_whole_track_reads_as_its_packets_do_one_by_one(pairs):
    """A track of pairs of one field is read in bulk; everything else packet by packet."""
    packets = [
        CaptionPacket(time_of(at), bytes((0xFC, *map(with_parity, pair))))
        for at, pair in enumerate(pairs)
    ]
    if packets:
        damaged = CaptionPacket(time_of(len(pairs)), b"\xfc\x61\x61\xfc\x61\xe2")
        packets += [damaged, CaptionPacket(time_of(len(pairs) + 1), b"\xfc\x94\x2f")]
    assert decode(CaptionTrack(packets[:-2])) == decode(packets[:-2])
    assert decode(CaptionTrack(packets)) == decode(packets)


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(st.text(LETTERS, min_size=1, max_size=32), min_size=1, max_size=3),
        min_size=1,
        max_size=4,
    )
)
def test_spaced_captions_come_back_as_they_were(texts):
    cues = [
        cue
        for n, lines in enumerate(texts)
        for cue in said(*lines, begin=6 * (n + 1), end=6 * (n + 1) + 2)
    ]

    decoded = decode(encode(cues)).get("CC1", ())

    assert [cue.rows for cue in decoded] == [cue.rows for cue in cues]
    assert all(abs(a.begin - b.begin) <= SLOT for a, b in zip(decoded, cues, strict=True))


def test_captions_that_follow_too_closely_show_late_and_are_not_lost():
    cues = [
        *said("a" * 32, "b" * 32, begin=10, end=10.5),
        *said("c" * 32, "d" * 32, begin=10.5, end=11),
        *said("e" * 32, "f" * 32, begin=11, end=11.5),
        *said("In time again.", begin=20, end=21),
    ]
    decoded = decode(encode(cues))["CC1"]

    assert [cue.text for cue in decoded] == [cue.text for cue in cues]
    assert decoded[1].begin > cues[1].end
    assert all(one.end <= other.begin for one, other in pairwise(decoded))
    assert slot_at(decoded[3].begin) == slot_at(cues[3].begin)


def test_a_caption_ends_on_time_while_the_next_one_loads():
    cues = [*said("Short.", begin=5, end=6), *said("x" * 32, "y" * 32, begin=6.5, end=8)]
    first, second = decode(encode(cues))["CC1"]

    assert abs(first.end - 6 * SECOND) <= SLOT
    assert slot_at(second.begin) == slot_at(cues[1].begin)


def test_a_caption_at_the_very_beginning_shows_as_soon_as_it_is_loaded():
    (shown,) = decode(encode(said("Good evening.", begin=0, end=3)))["CC1"]

    assert 0 < shown.begin < SECOND


def test_libav_reads_what_we_send(tmp_path):
    cues = [
        *said("Señora Núñez: ¡sí!", "“Buenas noches”", begin=3, end=5),
        *said("♪♪ music ♪♪", "½ of 50¢ © Straße", begin=7, end=9),
        *said("Too close", begin=9, end=9.2),
        *said("to be in time", begin=9.2, end=11, top=True),
    ]

    assert libav(encode(cues), tmp_path) == [cue.text for cue in cues]


def test_the_characters_are_those_of_ttconv():
    codes = import_module("ttconv.scc.codes.extended_characters")
    special = import_module("ttconv.scc.codes.special_characters")
    theirs = {
        one.get_unicode_value(): divmod(one.get_ch1_value(), 256)
        for table in (codes.SccExtendedCharacter, special.SccSpecialCharacter)
        for one in table
    }
    boxes = "━ʌ┃┏┓┗┛ "  # ttconv draws what CEA-608 calls em dash, caret and corners

    assert {
        character: text_codes(character)[-1]
        for character in theirs
        if character not in boxes + "'*"
    } == {character: code for character, code in theirs.items() if character not in boxes + "'*"}


def test_what_line_21_has_no_letter_for_is_written_otherwise_or_counted():
    assert writable("It’s… 1–2 “naïve” Zoë čaj") == ("It's... 1-2 “naïve” Zoë caj", 0)
    assert writable("市議会 ok") == ("??? ok", 3)


def test_pop_on_is_shown_by_its_command_and_erased_by_another():
    packets = sent("1420", "1420", "142e", "142e", "1470", "1470", "4869", "142f", "142f")
    packets += sent("142c", "142c", at=60)

    assert heard(packets) == [(time_of(7), time_of(60), ("Hi",))]


def test_roll_up_gives_each_row_once():
    packets = sent("1425", "1425", "142d", "142d", "1470", "1470", "4f6e", "6500")
    packets += sent("1425", "1425", "142d", "142d", "1470", "1470", "5477", "6f00", at=60)
    packets += sent("142d", "142d", "5468", "7265", "6500", at=120)

    assert heard(packets, until=time_of(200)) == [
        (time_of(6), time_of(62), ("One",)),
        (time_of(66), time_of(120), ("Two",)),
        (time_of(122), time_of(200), ("Three",)),
    ]


def test_paint_on_is_shown_from_its_first_character():
    packets = sent("1429", "1429", "1470", "1470", "4869", "142c", "142c")

    assert heard(packets) == [(time_of(4), time_of(5), ("Hi",))]


def test_rows_indents_tabs_and_corrections_are_obeyed():
    packets = sent("1420", "1154", "1722", "4869", "1421", "6f21", "1424", "142f", "142c")
    (cue,) = decode(packets)["CC1"]

    assert cue.rows == (CaptionRow(1, 10, "Ho!"),)


def test_colours_are_a_space_and_an_extended_character_replaces_the_one_before():
    packets = sent("1420", "1470", "4100", "1230", "112e", "4200", "142f", "142c")

    assert heard(packets)[0][2] == ("À B",)


def test_the_four_channels_are_kept_apart():
    packets = [
        *sent("1420", "1470", "4869", "142f"),
        *sent("1c20", "1c70", "4f6c", "6121", "1c2f", at=10),
        *sent("1520", "1470", "4375", "152f", field=0xFD, at=20),
        *sent("0105", "5858", "0f00", field=0xFD, at=30),
    ]
    words = {name: cues[0].text for name, cues in decode(packets, SECOND * 9).items()}

    assert words == {"CC1": "Hi", "CC2": "Ola!", "CC3": "Cu"}


def test_a_damaged_character_is_a_block_and_a_damaged_command_is_ignored():
    damaged = CaptionPacket(time_of(3), bytes([0xFC, 0x48, 0xE9]))
    late = CaptionPacket(time_of(5), bytes([0xFC, 0x94 ^ 0x80, 0x2C]))
    packets = [*sent("1420", "1470"), damaged, *sent("142f", at=4), late, *sent("142c", at=9)]

    assert heard(packets) == [(time_of(4), time_of(9), ("█i",))]


@given(st.lists(st.binary(min_size=2, max_size=2), max_size=200))
def test_no_pairs_break_the_decoder(pairs):
    packets = [CaptionPacket(time_of(n), b"\xfc" + pair) for n, pair in enumerate(pairs)]
    track = CaptionTrack(packets)

    assert all(cue.begin < cue.end for cues in decode(track).values() for cue in cues)
    assert [p.triplets for p in read_scc(write_scc(track))] == [
        p.triplets for p in track if p.triplets != b"\xfc\x80\x80"
    ]


def test_long_lines_are_broken_and_many_rows_become_several_captions():
    text = " ".join(["resolution"] * 20)
    cues = laid_out(0, 10 * SECOND, [text])

    assert " ".join(cue.text for cue in cues) == text
    assert all(len(cue.rows) <= 4 and len(row.text) <= 32 for cue in cues for row in cue.rows)
    assert [cue.end for cue in cues[:-1]] == [cue.begin for cue in cues[1:]]
    assert (cues[0].begin, cues[-1].end) == (0, 10 * SECOND)
    assert [len(row.text) for cue in laid_out(0, 1, ["w" * 70]) for row in cue.rows] == [32, 32, 6]


def test_time_covered_counts_overlaps_once():
    cues = [CaptionCue(0, 4, ()), CaptionCue(2, 6, ()), CaptionCue(8, 9, ())]

    assert covered(cues) == 7


def test_scc_time_codes_count_dropped_frames():
    drop = read_scc("Scenarist_SCC V1.0\n\n00:10:00;00\t9420\n")
    whole = read_scc("\ufeffScenarist_SCC V1.0\r\n\r\n00:10:00:00\t9420\r\n")

    assert [packet.microseconds for packet in drop] == [time_of(17982)]
    assert [packet.microseconds for packet in whole] == [time_of(18000)]


@pytest.mark.parametrize("slot", [0, 1799, 1800, 17981, 17982, 19780, 19782, 107892, 500_000])
def test_scc_time_codes_come_back(slot):
    packets = sent("1420", at=slot)

    assert list(read_scc(write_scc(packets))) == packets


def test_scc_of_hour_one_begins_with_the_media():
    text = "Scenarist_SCC V1.0\n\n01:00:02;00\t9420 9420\n"

    assert read_scc(text, 60 * SECOND)[0].microseconds == time_of(60)
    assert slot_at(read_scc(text)[0].microseconds) == 107892 + 60


@pytest.mark.parametrize(
    "text",
    [
        "",
        "WEBVTT",
        "Scenarist_SCC V1.0\n\n00:00:00:00 94zz",
        "Scenarist_SCC V1.0\n\n00:61:00:00 9420",
    ],
)
def test_what_is_no_scc_is_refused_in_words(text):
    with pytest.raises(CaptionError, match="SCC file"):
        read_scc(text)


def test_vtt_has_times_lines_and_a_place_for_captions_at_the_top():
    cues = [*said("Q & A <open>", "Yes.", begin=3661.5, end=3663), *said("Up", top=True, end=4)]

    assert write_vtt(cues) == (
        "WEBVTT\n\n01:01:01.500 --> 01:01:03.000\nQ &amp; A &lt;open&gt;\nYes.\n\n"
        "00:00:03.000 --> 00:00:04.000 line:10%\nUp\n"
    )


def test_an_extended_character_in_the_last_column_replaces_no_other() -> None:
    track = encode(laid_out(2_000_000, 4_000_000, ["a" * 31 + "Ü"]))

    assert [cue.text for cue in decode(track)["CC1"]] == ["a" * 31 + "U"]
