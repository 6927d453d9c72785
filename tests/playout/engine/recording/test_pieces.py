"""Recordings, from pieces on disk to a file in the store, even after a crash."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from support.captioned import by_slot, caption_clip
from support.capture import read_ts
from support.clips import Sound, numbered_clip
from support.resource_limits import without_free_descriptors

from config.clock import SimulatedClock
from config.names import AiringId, AssetKey
from config.wholefile import safe
from media.caption_files import load_track
from media.captions.cue import laid_out
from media.captions.encode import encode
from media.confine import ConfinedError, LackError
from media.store import MediaStore
from playout.engine.links.intake import IntakeFiles
from playout.engine.recording.captions import file_captions
from playout.engine.recording.keeper import PIECES_KEPT_FOR, Keeper, Stretches, join_confined
from playout.engine.recording.pieces import (
    RECORDINGS_FOLDER,
    RecordingShelf,
    gaps_between,
    note_beginning,
    note_opened,
    piece_name,
    pieces_of,
    read_closed,
)
from playout.model.engine import Intake
from playout.model.plan import CaptionFile
from playout.model.recording import RecordingGap, RecordingState
from playout.model.source import Source

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
GOOD = {
    "length": 8.0, "rate": "30000/1001", "has_picture": True, "has_sound": True,
    "loudness": -20.0, "silent_share": 0.0, "decoded": 1.0, "encoded": False,
}  # fmt: skip


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


class Disk:
    """A channel's folder with recordings as gateways leave them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.clock = SimulatedClock(datetime.now(UTC).replace(microsecond=0))
        self.store = MediaStore(root / "media")
        self.joined: dict[str, Any] = dict(GOOD)
        self.fails = 0
        self.error: Exception = ConfinedError("The pieces cannot be joined.")
        self.asked: list[list[list[str]]] = []
        self.has_captions: CaptionFile | None = None
        self.skipped = 0.0
        """Seconds at the front of each stretch that are of no use."""

    @property
    def now(self) -> datetime:
        return self.clock.utc()

    def piece(self, airing: str, at: float, offset: float = 0.0, *, under: str = "") -> Path:
        folder = self.root / under / RECORDINGS_FOLDER / airing
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / piece_name(NOON + seconds(at), seconds(offset))
        path.write_bytes(b"G" * 1000)
        return path

    def join(self, stretches: Stretches, to: Path) -> dict[str, Any]:
        self.asked.append([[piece.name for piece in pieces] for pieces in stretches])
        if self.fails:
            self.fails -= 1
            raise self.error
        to.write_bytes(b"".join(piece.read_bytes() for pieces in stretches for piece in pieces))
        used = [
            (0.0 if place else self.skipped, 4.0 if place else 4.0 - self.skipped)
            for pieces in stretches
            for place in range(len(pieces))
        ]
        return {"used": used, "joined": self.joined}

    def keeper(self, copy: bool = False) -> Keeper:
        second = self.root / "second" / RECORDINGS_FOLDER if copy else None
        return Keeper(self.root, self.store, self.clock, second, self.join, self.captions)

    def captions(self, recording: Path, folder: Path, store: MediaStore) -> CaptionFile | None:
        assert recording.read_bytes() and folder.is_dir() and store is self.store
        return self.has_captions

    def want(self, airing: str | None, closes: float = 3600) -> None:
        intakes = []
        if airing is not None:
            source = Source("chamber", "Chamber", "test:")
            closing = self.now + seconds(closes)
            intakes = [Intake(source, self.now, closing, AiringId(airing))]
        IntakeFiles(self.root).want(intakes)

    def calm(self) -> None:
        self.clock.advance(seconds(10))


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path)


def test_piece_names_hold_stretch_and_beginning_and_sort_by_time(tmp_path: Path) -> None:
    names = [piece_name(NOON + seconds(at), seconds(offset)) for at, offset in
             ((0, 0), (0, 9.97), (0, 100.5), (700, 0))]  # fmt: skip
    assert names == sorted(names)
    for name in (*names, "whole.ts", "20260303T120000.000Z+1.ts"):
        (tmp_path / name).touch()
    found = pieces_of(tmp_path)
    assert [piece.path.name for piece in found] == names
    assert found[1].begins == NOON + seconds(9.97)
    note_beginning(tmp_path, NOON, NOON - seconds(0.6))
    assert pieces_of(tmp_path)[1].begins == NOON + seconds(9.37)
    assert pieces_of(tmp_path)[3].begins == NOON + seconds(700)


def test_rounding_between_pieces_is_no_gap() -> None:
    stretches = [(0, 10), (10.1, 20), (25, 30)]
    told = gaps_between([(NOON + seconds(a), NOON + seconds(b)) for a, b in stretches])
    assert told == (RecordingGap(NOON + seconds(20), NOON + seconds(25)),)


def test_a_recording_that_is_still_wanted_is_left_alone(disk: Disk) -> None:
    disk.piece("m", 0)
    disk.want("m")
    disk.calm()
    disk.keeper().turn()
    assert disk.asked == []


def test_after_its_post_roll_it_is_joined_and_filed(disk: Disk) -> None:
    disk.piece("m", 0)
    disk.piece("m", 0, 4.0)
    disk.piece("m", 20)
    disk.want("m", closes=60)
    disk.clock.advance(seconds(61))
    disk.keeper().turn()
    closed = read_closed(disk.root / RECORDINGS_FOLDER / "m")
    assert closed is not None
    recording = closed.recording
    assert (recording.airing, recording.state, recording.reason) == (
        "m", RecordingState.WHOLE, "The file is 4.0 s shorter.",
    )  # fmt: skip
    assert recording.began == NOON
    assert recording.gaps == (RecordingGap(NOON + seconds(8), NOON + seconds(20)),)
    assert [len(stretch) for stretch in disk.asked[0]] == [2, 1]
    assert recording.media is not None
    assert recording.media.gain_db == -4.0
    assert disk.store.path(recording.media.key, ".mp4").stat().st_size == recording.media.size
    assert RecordingShelf(disk.root).recordings(()) == (recording,)
    disk.keeper().turn()
    assert len(disk.asked) == 1


def test_a_recording_and_the_end_of_each_gap_begin_at_the_first_visible_picture(disk: Disk) -> None:
    disk.piece("m", 0)
    disk.piece("m", 20)
    disk.skipped = 1.5
    disk.joined["length"] = 5.0
    disk.calm()
    disk.keeper().turn()
    (told,) = RecordingShelf(disk.root).recordings(())
    assert (told.began, told.reason) == (NOON + seconds(1.5), "")
    assert told.gaps == (RecordingGap(NOON + seconds(4), NOON + seconds(21.5)),)


def test_a_recording_opened_again_is_joined_again(disk: Disk) -> None:
    disk.piece("m", 0)
    disk.calm()
    disk.keeper().turn()
    first = read_closed(disk.root / RECORDINGS_FOLDER / "m")
    disk.piece("m", 50)
    disk.calm()
    disk.keeper().turn()
    second = read_closed(disk.root / RECORDINGS_FOLDER / "m")
    assert first is not None
    assert second is not None
    assert second.recording.media != first.recording.media
    assert len(second.recording.gaps) == 1


def test_a_recording_opened_again_is_not_whole_until_joined_again(disk: Disk) -> None:
    disk.piece("m", 0)
    disk.calm()
    disk.keeper().turn()
    note_opened(disk.root / RECORDINGS_FOLDER / "m", AiringId("m"), NOON)
    (told,) = RecordingShelf(disk.root).recordings(())
    assert told.state is RecordingState.CLOSING


def test_a_recording_being_joined_is_reported_as_closing(disk: Disk) -> None:
    note_opened(disk.root / RECORDINGS_FOLDER / "m", AiringId("m"), NOON)
    (told,) = RecordingShelf(disk.root).recordings(())
    assert (told.airing, told.state, told.began) == ("m", RecordingState.CLOSING, NOON)
    assert RecordingShelf(disk.root).recordings([AiringId("m")]) == ()


def test_an_airing_keeps_its_name_whatever_its_folder_is_called(disk: Disk) -> None:
    note_opened(disk.root / RECORDINGS_FOLDER / safe("a/b:1"), AiringId("a/b:1"), NOON)
    disk.calm()
    disk.keeper().turn()
    (told,) = RecordingShelf(disk.root).recordings(())
    assert told.airing == "a/b:1"
    assert RecordingShelf(disk.root).recordings([AiringId("a/b:1")]) == ()


def test_a_source_that_never_came_is_a_failed_recording(disk: Disk) -> None:
    note_opened(disk.root / RECORDINGS_FOLDER / "m", AiringId("m"), NOON)
    disk.calm()
    disk.keeper().turn()
    (told,) = RecordingShelf(disk.root).recordings(())
    assert (told.state, told.reason) == (RecordingState.FAILED, "Nothing arrived from the source.")


def test_a_failing_join_is_tried_three_times_then_fails_the_recording(disk: Disk) -> None:
    disk.piece("m", 0)
    disk.calm()
    disk.fails = 3
    keeper = disk.keeper()
    for _ in range(2):
        keeper.turn()
        assert read_closed(disk.root / RECORDINGS_FOLDER / "m") is None
    keeper.turn()
    (told,) = RecordingShelf(disk.root).recordings(())
    assert told.state is RecordingState.FAILED
    assert "cannot be joined" in told.reason
    assert len(pieces_of(disk.root / RECORDINGS_FOLDER / "m")) == 1


def test_a_lack_of_the_machine_does_not_count_as_a_try(disk: Disk) -> None:
    disk.piece("m", 0)
    disk.calm()
    disk.fails, disk.error = 9, LackError("this machine has no file descriptors left")
    keeper = disk.keeper()
    for _ in range(9):
        keeper.turn()
        assert read_closed(disk.root / RECORDINGS_FOLDER / "m") is None
    keeper.turn()
    (told,) = RecordingShelf(disk.root).recordings(())
    assert told.state is RecordingState.WHOLE


def test_a_recording_under_way_is_not_joined_while_intakes_cannot_be_read(disk: Disk) -> None:
    disk.want("m")
    disk.piece("m", 0)
    keeper = disk.keeper()
    keeper.turn()
    disk.calm()
    with without_free_descriptors():
        assert keeper._wanted(disk.now) == {"m"}


@pytest.mark.parametrize(
    ("wrong", "state", "words"),
    [
        ({"length": 0.2}, RecordingState.FAILED, "Nothing that could be aired"),
        (
            {"has_picture": False, "has_sound": False},
            RecordingState.FAILED,
            "Nothing that could be aired",
        ),
        ({"decoded": 0.1}, RecordingState.FAILED, "cannot be decoded"),
        ({"decoded": 0.8}, RecordingState.WHOLE, "Some of its picture"),
        ({"has_sound": False}, RecordingState.WHOLE, "no sound"),
        ({"silent_share": 1.0}, RecordingState.WHOLE, "silent"),
        ({"encoded": True}, RecordingState.WHOLE, "re-encoded"),
        ({"length": 5.5}, RecordingState.WHOLE, "1.5 s longer"),
    ],
)
def test_faults_of_a_joined_file_are_reported(
    disk: Disk, wrong: dict[str, Any], state: RecordingState, words: str
) -> None:
    disk.piece("m", 0)
    disk.joined |= {"length": 4.0} | wrong
    disk.calm()
    keeper = disk.keeper()
    for _ in range(3):
        keeper.turn()
    (told,) = RecordingShelf(disk.root).recordings(())
    assert told.state is state
    assert words in told.reason


def test_the_copy_that_holds_more_is_used(disk: Disk) -> None:
    disk.piece("m", 0)
    for at in (0, 10):
        disk.piece("m", at, under="second")
    disk.calm()
    disk.keeper(copy=True).turn()
    assert [len(stretches) for stretches in disk.asked] == [2]


def test_a_recording_that_only_the_second_disk_has_is_filed(disk: Disk) -> None:
    """The first disk was not there when the meeting began."""
    disk.piece("m", 0, under="second")
    note_opened(disk.root / "second" / RECORDINGS_FOLDER / "m", AiringId("the meeting"), NOON)
    disk.calm()
    disk.keeper(copy=True).turn()
    (told,) = RecordingShelf(disk.root).recordings(())
    assert (told.airing, told.state) == ("the meeting", RecordingState.WHOLE)


def test_pieces_go_after_days_and_their_file_stays(disk: Disk) -> None:
    disk.piece("m", 0)
    disk.calm()
    keeper = disk.keeper()
    keeper.turn()
    disk.clock.advance(PIECES_KEPT_FOR + seconds(60))
    keeper.turn()
    keeper.turn()
    assert pieces_of(disk.root / RECORDINGS_FOLDER / "m") == []
    assert len(disk.asked) == 1
    (told,) = RecordingShelf(disk.root).recordings(())
    assert told.media is not None
    assert disk.store.has(told.media.key, ".mp4")


def test_a_damaged_result_is_written_again(disk: Disk) -> None:
    disk.piece("m", 0)
    disk.calm()
    disk.keeper().turn()
    (disk.root / RECORDINGS_FOLDER / "m" / "kept.json").write_text("{")
    disk.keeper().turn()
    assert read_closed(disk.root / RECORDINGS_FOLDER / "m") is not None


def real_pieces(folder: Path, sizes: Sequence[tuple[int, int]]) -> list[Path]:
    folder.mkdir(parents=True)
    made = []
    for place, size in enumerate(sizes):
        path = folder / piece_name(NOON + seconds(10 * place), seconds(0))
        numbered_clip(path, frames=90, ident=place + 1, size=size, container="mpegts")
        made.append(path)
    return made


def test_real_pieces_become_one_file_picture_by_picture(tmp_path: Path) -> None:
    pieces = real_pieces(tmp_path / "r", [(320, 180), (320, 180)])
    empty = tmp_path / "r" / piece_name(NOON + seconds(30), seconds(0))
    empty.touch()
    to = tmp_path / "whole.mp4"
    answer = join_confined([[piece] for piece in (*pieces, empty)], to)
    assert [length for _, length in answer["used"]] == pytest.approx([3.0, 3.0, 0.0], abs=0.05)
    joined = answer["joined"]
    assert not joined["encoded"]
    assert joined["rate"] == "30000/1001"
    assert joined["length"] == pytest.approx(6.0, abs=0.1)
    assert (joined["has_picture"], joined["has_sound"], joined["decoded"]) == (True, True, 1.0)
    assert -40 < joined["loudness"] < -5
    seen = read_ts(to)
    assert [(one.ident, one.frame) for one in seen] == [
        (ident, frame) for ident in (1, 2) for frame in range(90)
    ]


def test_the_captions_of_a_recording_are_filed_for_its_replays(disk: Disk) -> None:
    disk.has_captions = CaptionFile(AssetKey("c" * 64), 40)
    disk.want(None)
    disk.piece("a1", 0.0)
    disk.calm()
    disk.keeper().turn()
    closed = read_closed(disk.root / RECORDINGS_FOLDER / "a1")

    assert closed is not None and closed.recording.media is not None
    assert closed.recording.media.captions == disk.has_captions


def test_captions_as_received_are_in_the_recording_and_in_its_track(tmp_path: Path) -> None:
    plain = real_pieces(tmp_path / "r", [(320, 180), (320, 180)])
    pairs = by_slot(encode(laid_out(1_000_000, 2_000_000, ["Roll call"])))
    pieces = [caption_clip(piece, piece.with_suffix(".cc.ts"), pairs) for piece in plain]
    join_confined([pieces], tmp_path / "whole.mp4")
    store = MediaStore(tmp_path / "media")
    filed = file_captions(tmp_path / "whole.mp4", tmp_path, store)
    assert filed is not None
    track = load_track(store, filed.key)
    places = [round(packet.microseconds * 30000 / 1001e6) for packet in track]

    assert [packet.triplets for packet in track] == [*pairs.values()] * 2
    assert places[: len(pairs)] == [*pairs]
    assert {place - number for place, number in zip(places[len(pairs) :], pairs, strict=True)} <= {
        90, 91,
    }, "sound may be a frame longer than the picture of a piece"  # fmt: skip


def test_a_recording_whose_captions_cannot_be_read_is_filed_without(tmp_path: Path) -> None:
    (tmp_path / "whole.mp4").write_bytes(b"no film")

    assert file_captions(tmp_path / "whole.mp4", tmp_path, MediaStore(tmp_path / "media")) is None


def beheaded(piece: Path, share: float) -> None:
    """Cut off the front of a piece, as where a source is opened between two key pictures."""
    whole = piece.read_bytes()
    piece.write_bytes(whole[round(len(whole) * share) // 188 * 188 :])


def test_each_stretch_begins_with_its_first_key_picture_and_reports_what_it_drops(
    tmp_path: Path,
) -> None:
    pieces = real_pieces(tmp_path / "r", [(320, 180), (320, 180)])
    for piece in pieces:
        beheaded(piece, 0.2)
    to = tmp_path / "whole.mp4"
    answer = join_confined([[piece] for piece in pieces], to)
    seen = read_ts(to)
    firsts = [next(one.frame for one in seen if one.ident == ident) for ident in (1, 2)]
    assert firsts[0] and firsts[1]
    assert [(one.ident, one.frame) for one in seen] == [
        (ident, frame) for ident, first in zip((1, 2), firsts, strict=True)
        for frame in range(first, 90)
    ]  # fmt: skip
    for (skipped, length), first in zip(answer["used"], firsts, strict=True):
        assert 0 < skipped < 3 - length
        assert length == pytest.approx((90 - first) * 1001 / 30000, abs=0.05)
    kept = sum(length for _, length in answer["used"])
    assert answer["joined"]["length"] == pytest.approx(kept, abs=0.1)


def stretch_of(clip: Path, to: Path, begin: float, end: float) -> Path:
    """Return what a gateway records of a stream between two moments."""
    with av.open(str(clip)) as source, av.open(str(to), "w", format="mpegts") as out:
        lanes = {stream.index: out.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.dts is not None and begin <= packet.dts * packet.time_base < end:
                packet.stream = lanes[packet.stream.index]
                out.mux(packet)
    return to


def test_a_gap_of_less_than_a_second_takes_no_room_in_the_file(tmp_path: Path) -> None:
    clip = numbered_clip(tmp_path / "clip.ts", frames=300, ident=1, codec="mpeg2video")
    before = stretch_of(clip.path, tmp_path / "a.ts", 0, 5)
    after = stretch_of(clip.path, tmp_path / "b.ts", 5.7, 30)
    to = tmp_path / "whole.mp4"
    answer = join_confined([[before], [after]], to)
    kept = sum(length for _, length in answer["used"])
    assert answer["joined"]["length"] == pytest.approx(kept, abs=0.1)
    assert kept < 9.4


def test_pieces_of_different_coding_are_encoded_to_one_file(tmp_path: Path) -> None:
    pieces = real_pieces(tmp_path / "r", [(320, 180), (640, 360)])
    to = tmp_path / "whole.mp4"
    joined = join_confined([[piece] for piece in pieces], to)["joined"]
    assert joined["encoded"]
    assert joined["length"] == pytest.approx(6.0, abs=0.15)
    seen = read_ts(to)
    assert {one.ident for one in seen if one.ident} == {1, 2}
    assert len({(one.ident, one.frame) for one in seen if one.ident}) >= 175
    with av.open(str(to)) as source:
        assert (source.streams.video[0].width, source.streams.audio[0].rate) == (640, 48000)


def edges(picture: av.VideoFrame) -> tuple[float, float]:
    """Return the brightness of a picture's left edge and of its top."""
    luma = picture.to_ndarray()[: picture.height]
    return float(luma[:, :8].mean()), float(luma[:8].mean())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"codec": "mpeg2video", "size": (320, 240)},
         {"codec": "mpeg2video", "size": (320, 240), "sar": Fraction(4, 3)}),
        ({"size": (320, 240)}, {"codec": "libx265", "size": (426, 240)}),
        ({"size": (320, 240), "audio": None}, {"codec": "mpeg2video", "size": (426, 240)}),
    ],
)  # fmt: skip
def test_pieces_whose_shape_changed_keep_their_own_and_are_encoded_once(
    tmp_path: Path, first: dict[str, Any], second: dict[str, Any]
) -> None:
    pieces = [tmp_path / piece_name(NOON + seconds(10 * place), seconds(0)) for place in (0, 1)]
    for ident, (piece, recipe) in enumerate(zip(pieces, (first, second), strict=True), 1):
        numbered_clip(piece, frames=60, ident=ident, container="mpegts", **recipe)
    to = tmp_path / "whole.mp4"
    joined = join_confined([[piece] for piece in pieces], to)["joined"]
    assert (joined["encoded"], joined["has_sound"], joined["decoded"]) == (True, True, 1.0)
    with av.open(str(to)) as source:
        pictures = list(source.decode(video=0))
    size = (pictures[0].width, pictures[0].height)
    narrow, wide = edges(pictures[30]), edges(pictures[90])
    assert size[0] / size[1] == pytest.approx(4 / 3 if narrow[0] > 60 else 16 / 9, abs=0.02)
    assert (narrow[0] < 20) != (wide[1] < 20)
    assert max(narrow) > 60 and max(wide) > 60


def test_sound_that_changes_its_channels_amid_a_piece_is_joined(tmp_path: Path) -> None:
    pieces = [tmp_path / f"{place}.ts" for place in (0, 1, 2)]
    for piece, layout in zip(pieces, ("stereo", "mono", "stereo"), strict=True):
        sound = Sound("mp2", layout=layout)
        numbered_clip(piece, frames=60, codec="mpeg2video", audio=sound, container="mpegts")
    mixed = tmp_path / piece_name(NOON, seconds(0))
    mixed.write_bytes(pieces[0].read_bytes() + pieces[1].read_bytes())
    other = tmp_path / piece_name(NOON + seconds(9), seconds(0))
    numbered_clip(other, frames=60, size=(320, 180), container="mpegts")
    joined = join_confined([[mixed], [other]], tmp_path / "whole.mp4")["joined"]
    assert joined["encoded"]
    assert joined["silent_share"] < 0.5


def test_a_piece_that_is_no_stream_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "x.ts"
    path.write_bytes(os.urandom(2000))
    with pytest.raises(ConfinedError, match="cannot be joined"):
        join_confined([[path]], tmp_path / "whole.mp4")
