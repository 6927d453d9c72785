"""Caption files: four formats, any encoding, and sentences for what cannot be read."""

from datetime import timedelta

import pytest

from media.captioning.sidecar import LARGEST_SIDECAR, MOST_CAPTIONS, sidecar
from media.captions.cue import laid_out
from media.captions.encode import encode
from media.captions.facts import CaptionOrigin, readable
from media.captions.scc import write_scc
from media.captions.track import CaptionError, CaptionTrack
from media.probe import ConfinedProber, ProbeError

HOUR = timedelta(hours=1)
SECOND = 1_000_000
SRT = """1
00:00:02,000 --> 00:00:04,000
Good evening, <i>everyone</i>.
This is the “council”.

2
00:00:05,500 --> 00:00:07,000
¿Señora Núñez?
"""
VTT = """WEBVTT
Language: es

NOTE made by hand

intro
00:02.000 --> 00:04.000
Good evening, <i>everyone</i>.
This is the “council”.

00:05.500 --> 00:07.000 line:0
<v Clerk>¿Señora Núñez?
"""
TTML = """<?xml version="1.0" encoding="UTF-8"?>
<tt xml:lang="en" xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling">
 <head><layout>
  <region xml:id="low" tts:origin="10% 80%" tts:extent="80% 20%" tts:displayAlign="after"/>
  <region xml:id="high" tts:origin="10% 0%" tts:extent="80% 20%" tts:displayAlign="before"/>
 </layout></head>
 <body><div>
  <p begin="00:00:02.000" end="00:00:04.000" region="low">Good evening,
     <span tts:fontStyle="italic">everyone</span>.<br/>This is the “council”.</p>
  <p begin="5.5s" end="7s" region="high">¿Señora Núñez?</p>
 </div></body>
</tt>
"""
GREETING = ("Good evening, everyone.", "This is the “council”.")
SCC = write_scc(
    encode(
        [
            *laid_out(
                2 * SECOND, 4 * SECOND, ["Good evening, everyone.", "This is the “council”."]
            ),
            *laid_out(5_500_000, 7 * SECOND, ["¿Señora Núñez?"], top=True),
        ]
    )
)


def read(tmp_path, data, length=HOUR):
    path = tmp_path / "council.captions"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return sidecar(path, length)


def shown(track, length=HOUR):
    return [
        (round(cue.begin / SECOND, 1), round(cue.end / SECOND, 1), cue.lines)
        for cue in readable(track, length)
    ]


@pytest.mark.parametrize(
    ("text", "origin", "language", "high"),
    [
        (SRT, CaptionOrigin.SRT, "", False),
        (VTT, CaptionOrigin.VTT, "es", True),
        (TTML, CaptionOrigin.TTML, "en", True),
        (SCC, CaptionOrigin.SCC, "", True),
    ],
)
def test_four_formats_say_the_same(tmp_path, text, origin, language, high):
    track, facts = read(tmp_path, text)

    assert shown(track) == [
        (2.0, 4.0, ("Good evening, everyone.", "This is the “council”.")),
        (5.5, 7.0, ("¿Señora Núñez?",)),
    ]
    assert (facts.origin, facts.language, facts.count) == (origin, language, 2)
    assert round(facts.covered.total_seconds(), 1) == 3.5
    assert (readable(track, HOUR)[1].rows[0].row < 8) is high


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (SRT.encode("utf-8-sig"), False),
        (SRT.encode("utf-16"), False),
        (SRT.encode("cp1252"), True),
        (SRT.replace("\n", "\r\n").encode(), False),
        (SRT.replace("\n", "\r").encode(), False),
    ],
)
def test_any_encoding_and_line_end_is_read(tmp_path, data, note):
    track, facts = read(tmp_path, data)

    assert [lines for *_, lines in shown(track)][1] == ("¿Señora Núñez?",)
    assert ["UTF-8" in one for one in facts.notes] == [True] * note


def test_captions_on_one_moment_are_shown_together(tmp_path):
    text = "1\n00:00:02,000 --> 00:00:06,000\nOne.\n\n2\n00:00:04,000 --> 00:00:06,000\nTwo.\n"
    track, _ = read(tmp_path, text)

    assert [lines for *_, lines in shown(track)] == [("One.",), ("One.", "Two.")]


def test_captions_after_the_end_of_the_file_are_left_out_and_said(tmp_path):
    track, facts = read(tmp_path, SRT, timedelta(seconds=5))

    assert len(shown(track, timedelta(seconds=5))) == facts.count == 1
    assert facts.notes == ("1 caption lies after the end of the file and will not air.",)


def test_letters_that_line_21_lacks_are_counted(tmp_path):
    track, facts = read(tmp_path, "1\n00:00:02,000 --> 00:00:04,000\nThe mayor said ☃ today.\n")

    assert shown(track)[0][2] == ("The mayor said ? today.",)
    assert "1 character has no form" in facts.notes[0]


def nested(depth):
    return (
        '<tt xmlns="http://www.w3.org/ns/ttml"><body>' + "<div>" * depth + "</div>" * depth
        + "</body></tt>"
    )  # fmt: skip


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE tt [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>'
    '<tt xmlns="http://www.w3.org/ns/ttml"><body><div><p begin="1s" end="2s">&b;</p></div></body>'
    "</tt>"
)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no caption file that Gavel reads"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "no caption file that Gavel reads"),
        ("Dear council,\nhere are the minutes.", "no caption file that Gavel reads"),
        ("WEBVTT\n", "no captions in this file"),
        ("<tt xmlns='http://www.w3.org/ns/ttml'><body>", "breaks the rules"),
        ("<tt xmlns='http://www.w3.org/ns/ttml'/>", "no captions in this file"),
        (nested(5000), "nested too deeply"),
        (BOMB, "entities of its own"),
        ("1\n00:00:02,000 --> 00:00:04,000\n市議会を開会します\n", "letters"),
        ("1\n02:00:02,000 --> 02:00:04,000\nLate.\n", "belong to another"),
        ("Scenarist_SCC V1.0\n\nhello", "cannot be read"),
        (b"a" * (LARGEST_SIDECAR + 1), "at most 8 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(tmp_path, data, words):
    with pytest.raises(CaptionError, match=words) as refusal:
        read(tmp_path, data)

    assert str(refusal.value).endswith(".")


def test_too_many_captions_are_refused(tmp_path):
    line = "{0}\n00:00:{1:02},{2:03} --> 00:00:{1:02},{3:03}\nx\n\n"
    text = "".join(
        line.format(n, n // 999, n % 999, n % 999 + 1) for n in range(2 * MOST_CAPTIONS + 2)
    )
    with pytest.raises(CaptionError, match="more captions than any program"):
        read(tmp_path, text)


def test_the_confined_child_reads_a_caption_file(tmp_path):
    (tmp_path / "council.srt").write_text(SRT)
    to = tmp_path / "track.cc"
    facts = ConfinedProber().sidecar(tmp_path / "council.srt", HOUR, to)

    assert facts.count == 2
    assert len(shown(CaptionTrack.from_bytes(to.read_bytes()))) == 2


def test_the_confined_child_refuses_in_words(tmp_path):
    (tmp_path / "council.xml").write_text(BOMB)
    with pytest.raises(ProbeError, match="entities of its own"):
        ConfinedProber().sidecar(tmp_path / "council.xml", HOUR, tmp_path / "track.cc")
