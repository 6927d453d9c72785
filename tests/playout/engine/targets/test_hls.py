"""HLS in a folder, read by ffmpeg and libav as a player reads it."""

import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import av
import pytest
from support.web_input import CAPTION, captioned, captions_in, chunks, pictures, sound, web_input

from config.clock import SimulatedClock
from config.names import HouseFormat
from config.targetaddress import HlsTarget
from playout.engine.relay.demux import Demux
from playout.engine.targets.hls import HlsSender
from playout.engine.targets.playlist import CAPTIONS, Playlist, read_playlist
from playout.engine.targets.sender import SendError
from playout.engine.transport import PACKET_BYTES

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUSE = HouseFormat.parse("320x180@30000/1001")


class Web:
    """A folder of HLS and the sender that fills it."""

    def __init__(self, folder: Path, seconds: int = 2, keep: int = 60) -> None:
        self.folder, self.clock = folder, SimulatedClock(NOON)
        self.target = HlsTarget(folder, seconds, keep)
        self.sender = self.new()

    def new(self) -> HlsSender:
        return HlsSender(self.target, HOUSE, 3000, self.clock)

    def send(self, stream: list[bytes], passes: float = 0.0) -> None:
        for chunk in stream:
            self.sender.send(chunk)
            self.clock.advance(timedelta(seconds=passes))

    @property
    def playlist(self) -> Playlist:
        return read_playlist((self.folder / "live.m3u8").read_text(), 1)

    def content(self) -> bytes:
        return b"".join((self.folder / one.name).read_bytes() for one in self.playlist.segments)


@pytest.fixture
def web(tmp_path: Path) -> Web:
    made = Web(tmp_path / "hls")
    made.sender.open()
    return made


def ffprobe(path: Path, *more: str) -> dict[str, dict[str, str]]:
    command = ["ffprobe", "-v", "error", *more, "-count_packets"]
    command += ["-show_streams", "-of", "json", str(path)]
    ran = subprocess.run(command, capture_output=True, check=True, timeout=30)
    assert ran.stderr == b""
    return {one["codec_type"]: one for one in json.loads(ran.stdout)["streams"]}


def test_ffmpeg_reads_every_picture_and_aac(web: Web) -> None:
    web.send(web_input(7))
    (web.folder / "live.m3u8").write_text(web.playlist.text + "#EXT-X-ENDLIST\n")
    found = ffprobe(web.folder / "index.m3u8")

    assert found["video"]["codec_name"] == "h264"
    assert int(found["video"]["nb_read_packets"]) == 180
    assert (found["audio"]["codec_name"], found["audio"]["profile"]) == ("aac", "LC")
    assert (found["audio"]["sample_rate"], found["audio"]["channels"]) == ("48000", 2)
    assert abs(int(found["audio"]["nb_read_packets"]) - 6 * 48_000 / 1024) < 3


def test_captions_pass_untouched(web: Web) -> None:
    sent = captioned(pictures(7))
    web.send(chunks([*sent, *sound(7)]))
    units = [unit for unit in Demux().take(web.content() + bytes(PACKET_BYTES)) if unit.is_video]

    whole = web.folder / "whole"
    whole.write_bytes(web.content())
    assert [one.data for one in units] == [one.data for one in sent[: len(units)]]
    assert captions_in(whole)["CC1"] == [CAPTION]


def test_segments_are_as_long_as_they_say_and_join_without_a_seam(web: Web) -> None:
    web.send(web_input(9))
    content = web.content()
    counts: dict[int, list[int]] = {}
    for at in range(0, len(content), PACKET_BYTES):
        pid = (content[at + 1] & 0x1F) << 8 | content[at + 2]
        counts.setdefault(pid, []).append(content[at + 3] & 0x0F)

    assert len(content) % PACKET_BYTES == 0
    assert set(content[::PACKET_BYTES]) == {0x47}
    assert set(counts) == {0, 256, 257, 4096}
    assert all(b == (a + 1) % 16 for track in counts.values() for a, b in pairwise(track))
    assert [round(one.seconds, 3) for one in web.playlist.segments] == [2.002] * 4
    assert web.playlist.target == 2


def test_each_segment_begins_with_its_tables_and_can_be_played_alone(web: Web) -> None:
    web.send(web_input(7))
    for segment in web.playlist.segments:
        with av.open(str(web.folder / segment.name), format="mpegts") as alone:
            packets = [packet for packet in alone.demux(video=0) if packet.size]

        assert packets[0].is_keyframe
        assert len(packets) == 60


def test_dates_follow_the_lengths_of_segments(web: Web) -> None:
    web.send(web_input(9), passes=0.01)
    steps = [b.at - a.at for a, b in pairwise(web.playlist.segments)]

    assert all(abs(step.total_seconds() - 2.002) < 0.001 for step in steps)


def test_a_process_that_starts_again_goes_on_with_numbers_and_marks_the_break(web: Web) -> None:
    web.send(web_input(5))
    before = web.playlist
    web.sender.close()
    web.sender = web.new()
    web.sender.open()
    web.send(web_input(5))
    after = web.playlist

    assert after.segments[: len(before.segments)] == before.segments
    numbers = [one.number for one in after.segments]
    assert numbers == list(range(numbers[0], numbers[0] + 4))
    assert [one.follows_break for one in after.segments] == [True, False, True, False]


def test_a_loss_marks_a_break_and_ends_the_segment_before_it(web: Web) -> None:
    stream = web_input(9)
    third = len(stream) // 3
    web.send(stream[:third] + stream[third + 100 :])
    segments = web.playlist.segments

    assert [one.follows_break for one in segments].count(True) == 2
    assert max(one.seconds for one in segments) < 2.5


def test_after_a_day_nothing_old_is_played_and_numbers_still_rise(web: Web) -> None:
    web.send(web_input(5))
    last = web.playlist.segments[-1].number
    web.sender.close()
    web.clock.advance(timedelta(days=1))
    web.sender = web.new()
    web.sender.open()
    web.send(web_input(5))

    assert web.playlist.segments[0].number == last + 1
    assert web.playlist.breaks_before == 1


def test_a_lost_playlist_makes_no_number_twice(web: Web) -> None:
    web.send(web_input(5))
    last = web.playlist.segments[-1].number
    (web.folder / "live.m3u8").unlink()
    web.clock.advance(timedelta(seconds=60))
    web.sender = web.new()
    web.sender.open()
    web.send(web_input(3))

    assert web.playlist.segments[0].number > last


def test_old_segments_are_removed_and_files_of_others_are_left(tmp_path: Path) -> None:
    web = Web(tmp_path, keep=10)
    (tmp_path / "logo.png").write_bytes(b"")
    (tmp_path / "7.ts.txt").write_bytes(b"")
    web.sender.open()
    web.send(web_input(5))
    first = web.playlist.segments[0].name
    web.clock.advance(timedelta(days=9000))
    web.sender = web.new()
    web.sender.open()
    web.send(web_input(3))
    left = {path.name for path in tmp_path.iterdir()}

    assert first not in left
    assert first.replace(".ts", ".vtt") not in left
    assert {"logo.png", "7.ts.txt", "index.m3u8", "live.m3u8"} <= left


def test_a_folder_that_cannot_be_written_is_a_refusal_in_words(web: Web) -> None:
    web.send(web_input(3))
    moved = web.folder.rename(web.folder.with_name("gone"))
    web.folder.write_bytes(b"")

    with pytest.raises(SendError, match="not a directory"):
        web.send(web_input(3))
    web.sender.close()
    with pytest.raises(SendError, match="file exists"):
        web.sender.open()
    web.folder.unlink()
    moved.rename(web.folder)
    web.sender.open()
    web.send(web_input(3))

    assert web.playlist.segments[-1].follows_break


def test_the_captions_of_a_segment_are_at_the_times_of_its_pictures(web: Web) -> None:
    web.send(web_input(7))
    first, second, third = [
        (web.folder / one.named(CAPTIONS)).read_text() for one in web.playlist.segments
    ]

    assert (web.folder / "captions.m3u8").read_text() == web.playlist.listing(CAPTIONS)
    assert first.splitlines()[1] == "X-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000"
    # The pictures are 1/29.97 s long, and the caption comes with the 45th.
    assert f"00:00:01.502 --> 00:00:02.002\n{CAPTION}\n" in first
    assert f"00:00:00.000 --> 00:00:01.502\n{CAPTION}\n" in second
    assert second.splitlines()[1] == "X-TIMESTAMP-MAP=MPEGTS:1080180,LOCAL:00:00:00.000"
    assert "-->" not in third


def test_ffmpeg_reads_the_captions_beside_the_picture(web: Web) -> None:
    web.send(web_input(7))
    for name, text in (("live", web.playlist.text), ("captions", web.playlist.listing(CAPTIONS))):
        (web.folder / f"{name}.m3u8").write_text(text + "#EXT-X-ENDLIST\n")

    # It calls its reading of captions beside the picture experimental.
    found = ffprobe(web.folder / "index.m3u8", "-strict", "experimental")
    assert found["subtitle"]["codec_name"] == "webvtt"
    assert int(found["subtitle"]["nb_read_packets"]) == 2


def test_segments_of_a_version_without_captions_get_empty_ones(web: Web) -> None:
    web.send(web_input(5))
    name = web.playlist.segments[0].named(CAPTIONS)
    (web.folder / name).unlink()
    web.new().open()

    assert (web.folder / name).read_text() == "WEBVTT\n"


def test_others_may_read_what_is_served(web: Web) -> None:
    web.send(web_input(3))

    assert {path.stat().st_mode & 0o777 for path in web.folder.iterdir()} == {0o644}


def test_another_channel_is_offered_as_text_from_its_first_caption_on(web: Web) -> None:
    web.send(web_input(7, channel="CC3"))
    master = (web.folder / "index.m3u8").read_text()
    others = [one.named(".cc3.vtt") for one in web.playlist.segments]
    texts = [(web.folder / name).read_text() for name in others]

    assert 'TYPE=SUBTITLES,GROUP-ID="text",NAME="CC3"' in master and "CC2" not in master
    assert 'URI="captions3.m3u8"' in master and 'INSTREAM-ID="CC3"' in master
    assert (web.folder / "captions3.m3u8").read_text() == web.playlist.listing(".cc3.vtt")
    assert [CAPTION in text for text in texts] == [True, True, False]
    assert all("-->" not in (web.folder / one.named(CAPTIONS)).read_text()
               for one in web.playlist.segments)  # fmt: skip


def test_another_channel_that_comes_late_has_empty_texts_for_the_segments_before(web: Web) -> None:
    web.send(web_input(5))
    assert not (web.folder / "captions2.m3u8").exists()
    web.send(web_input(7, channel="CC2"))
    listed = (web.folder / "captions2.m3u8").read_text()

    assert listed == web.playlist.listing(".cc2.vtt")
    assert all((web.folder / one.named(".cc2.vtt")).is_file() for one in web.playlist.segments)


def test_a_process_that_starts_offers_the_channels_of_the_one_before(web: Web) -> None:
    web.send(web_input(7, channel="CC3"))
    # The clock of the sender is simulated, that of the disk is not.
    at = web.clock.utc().timestamp()
    os.utime(web.folder / "captions3.m3u8", (at, at))
    web.sender = web.new()
    web.sender.open()
    web.send(web_input(5))
    last = web.playlist.segments[-1].named(".cc3.vtt")

    assert 'NAME="CC3"' in (web.folder / "index.m3u8").read_text()
    assert (web.folder / "captions3.m3u8").read_text().endswith(f"{last}\n")
    assert "-->" not in (web.folder / last).read_text()


def test_another_channel_is_offered_for_hours_after_its_last_caption(web: Web) -> None:
    web.send(web_input(7, channel="CC3"))
    web.clock.advance(timedelta(hours=11))
    web.send(web_input(3))
    assert 'NAME="CC3"' in (web.folder / "index.m3u8").read_text()
    web.clock.advance(timedelta(hours=1))
    web.send(web_input(3))

    assert 'NAME="CC3"' not in (web.folder / "index.m3u8").read_text()


@pytest.mark.parametrize(
    ("width", "resolution"), [(0, "RESOLUTION=320x180,"), (853, "RESOLUTION=853x180,")]
)
def test_players_are_told_the_size_in_which_to_display_the_picture(
    tmp_path: Path, width: int, resolution: str
) -> None:
    sender = HlsSender(HlsTarget(tmp_path), HOUSE, 3000, SimulatedClock(NOON), "eng", width)
    sender.open()
    for chunk in web_input(4):
        sender.send(chunk)

    assert resolution in (tmp_path / "index.m3u8").read_text()
