"""Playlists of HLS: the segments they hold, their breaks, and how they are read again."""

from datetime import UTC, datetime, timedelta

from playout.engine.targets.playlist import (
    CAPTIONS,
    Playlist,
    Rendition,
    Segment,
    master_playlist,
    read_playlist,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def filled(count: int, seconds: float = 2.002, keep: float = 10, breaks: int = 0) -> Playlist:
    playlist = Playlist(2)
    for number in range(count):
        at = NOON + timedelta(seconds=2 * number)
        segment = Segment(100 + number, seconds, at, number < breaks)
        playlist = playlist.with_segment(segment, keep)
    return playlist


def test_a_playlist_says_what_players_need() -> None:
    playlist = Playlist(2).with_segment(Segment(7, 2.002, NOON, True), 60)

    assert playlist.text.splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:6",
        "#EXT-X-TARGETDURATION:2",
        "#EXT-X-MEDIA-SEQUENCE:7",
        "#EXT-X-DISCONTINUITY-SEQUENCE:0",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        "#EXT-X-DISCONTINUITY",
        "#EXT-X-PROGRAM-DATE-TIME:2026-03-01T12:00:00.000Z",
        "#EXTINF:2.00200,",
        "7.ts",
    ]


def test_it_holds_the_seconds_it_should_and_no_segment_more() -> None:
    assert [one.number for one in filled(20, keep=10).segments] == [115, 116, 117, 118, 119]


def test_it_never_holds_fewer_than_three_segments() -> None:
    assert len(filled(9, keep=1).segments) == 3


def test_breaks_that_leave_the_playlist_are_counted() -> None:
    playlist = filled(8, keep=10, breaks=2)

    assert playlist.breaks_before == 2
    assert "#EXT-X-DISCONTINUITY-SEQUENCE:2" in playlist.text


def test_a_longer_segment_raises_the_target_for_good() -> None:
    playlist = filled(1).with_segment(Segment(101, 3.6, NOON), 10)
    later = playlist.with_segment(Segment(102, 2.0, NOON), 10)

    assert (playlist.target, later.target) == (4, 4)


def test_what_was_written_is_read_again() -> None:
    playlist = filled(8, keep=14, breaks=3)

    assert read_playlist(playlist.text, 2) == playlist


def test_a_playlist_of_something_else_is_read_as_an_empty_one() -> None:
    texts = ["", "#EXTM3U\n../secret.ts\n", "#EXTINF:2.0,\n1.ts\n", "#EXTINF:99999999,\n2.ts\n"]
    texts += ["#EXT-X-PROGRAM-DATE-TIME:yesterday\n#EXTINF:2.0,\n3.ts\n", "\x00\xff"]

    assert [read_playlist(text, 2) for text in texts] == [Playlist(2)] * len(texts)


def test_the_master_playlist_declares_the_captions() -> None:
    held = Rendition(5000, "avc1.42c01f", 1280, 720, 30000 / 1001, "spa")
    lines = master_playlist("live.m3u8", "captions.m3u8", held).splitlines()

    declared = [line for line in lines if "TYPE=CLOSED-CAPTIONS" in line]
    assert len(declared) == 1
    assert 'INSTREAM-ID="CC1"' in declared[0]
    assert 'LANGUAGE="es"' in declared[0]
    text = next(line for line in lines if "TYPE=SUBTITLES" in line)
    assert 'URI="captions.m3u8"' in text
    assert 'LANGUAGE="es"' in text
    stream = lines[lines.index("live.m3u8") - 1]
    assert "BANDWIDTH=5000000" in stream
    assert 'CLOSED-CAPTIONS="cc",SUBTITLES="text"' in stream


def test_the_playlist_of_captions_names_the_same_segments_at_the_same_times() -> None:
    playlist = filled(8, breaks=5)
    texts = playlist.listing(CAPTIONS).splitlines()

    assert [text.replace(".vtt", ".ts") for text in texts] == playlist.text.splitlines()
    assert texts[-1] == "107.vtt"
