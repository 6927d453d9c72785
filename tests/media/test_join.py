"""Pieces of a recording joined: the part of each that is used, and the facts of the file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.clips import numbered_clip

from media.join import UsablePart, join, usable_parts
from media.remux import RemuxError

SMALL = {"size": (160, 96), "frames": 60, "key_every": 30}
"""Two seconds at 29.97 with a key picture after one second."""
SECOND = 1001 / 1000


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pieces by name: whole, cut before its second key picture, empty, junk, and others."""
    folder = tmp_path_factory.mktemp("pieces")
    made = {"whole": numbered_clip(folder / "whole.ts", **SMALL).path}
    made["large"] = numbered_clip(folder / "large.ts", **SMALL | {"size": (320, 180)}).path
    made["picture only"] = numbered_clip(folder / "mute.ts", audio=None, **SMALL).path
    made["sound only"] = numbered_clip(folder / "tone.ts", **SMALL | {"size": None}).path
    content = made["whole"].read_bytes()
    for name, bytes_ in {
        "cut": content[len(content) // 188 // 4 * 188 :],
        "empty": b"",
        "junk": bytes(188 * 20),
    }.items():
        made[name] = folder / f"{name}.ts"
        made[name].write_bytes(bytes_)
    return made


@pytest.mark.parametrize(
    ("part", "skipped", "length"),
    [
        pytest.param(UsablePart(Path()), 0.0, 0.0, id="nothing in it"),
        pytest.param(UsablePart(Path(), 5.0, 5.0, 15.0), 0.0, 10.0, id="used from its front"),
        pytest.param(UsablePart(Path(), 5.0, 6.5, 15.0), 1.5, 8.5, id="used from its key picture"),
    ],
)
def test_a_part_says_what_is_dropped_and_what_is_used(
    part: UsablePart, skipped: float, length: float
) -> None:
    assert (part.skipped, part.length) == (skipped, length)


@pytest.mark.parametrize(
    ("stretch", "used"),
    [
        pytest.param(["whole"], [(0.0, 2 * SECOND)], id="a whole piece"),
        pytest.param(["cut"], [(None, SECOND)], id="a stretch begins at its first key picture"),
        pytest.param(
            ["whole", "cut"],
            [(0.0, 2 * SECOND), (0.0, None)],
            id="a later piece is used from its first packet",
        ),
        pytest.param(["empty", "whole"], [(0.0, 0.0), (0.0, 2 * SECOND)], id="an empty piece"),
        pytest.param(
            ["junk", "cut"], [(0.0, 0.0), (None, SECOND)], id="junk does not begin a stretch"
        ),
        pytest.param(["sound only"], [(0.0, None)], id="sound alone has no key pictures"),
    ],
)
def test_of_each_piece_of_a_stretch_the_part_that_decodes_is_used(
    pieces: dict[str, Path], stretch: list[str], used: list[tuple[float | None, float | None]]
) -> None:
    """None stands for any positive number of seconds."""
    parts = usable_parts([pieces[name] for name in stretch])

    for part, (skipped, length) in zip(parts, used, strict=True):
        for seconds, expected in ((part.skipped, skipped), (part.length, length)):
            assert seconds > 0 if expected is None else seconds == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(
    ("stretches", "seconds", "encoded", "has_picture", "has_sound"),
    [
        pytest.param([["whole"]], 2, False, True, True, id="one stretch"),
        pytest.param([["whole"], ["whole"]], 4, False, True, True, id="two stretches in a row"),
        pytest.param([["whole"], ["empty"]], 2, False, True, True, id="an empty stretch"),
        pytest.param([["picture only"]], 2, False, True, False, id="no sound"),
        pytest.param([["sound only"]], 2, False, False, True, id="no picture"),
        pytest.param([["whole"], ["large"]], 4, True, True, True, id="another size is encoded"),
    ],
)
def test_a_joined_file_is_as_long_as_its_parts(
    pieces: dict[str, Path],
    tmp_path: Path,
    stretches: list[list[str]],
    seconds: int,
    encoded: bool,
    has_picture: bool,
    has_sound: bool,
) -> None:
    paths = [[pieces[name] for name in stretch] for stretch in stretches]
    parts, joined = join(paths, tmp_path / "to.mp4", lambda _: None)

    assert joined.length == pytest.approx(seconds * SECOND, abs=0.1)
    assert sum(part.length for part in parts) == pytest.approx(joined.length, abs=0.1)
    assert (joined.encoded, joined.has_picture, joined.has_sound) == (
        encoded, has_picture, has_sound,
    )  # fmt: skip
    assert joined.decoded == 1.0


def test_pieces_without_anything_in_them_make_no_file(
    pieces: dict[str, Path], tmp_path: Path
) -> None:
    nothing: Callable[[float], None] = lambda _: None  # noqa: E731

    with pytest.raises(RemuxError, match="neither picture nor sound"):
        join([[pieces["empty"]], [pieces["junk"]]], tmp_path / "to.mp4", nothing)
