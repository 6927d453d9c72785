"""A picture that changes its shape midway: whole and in its true shape throughout."""

from fractions import Fraction
from pathlib import Path

import pytest
from support.clips import numbered_clip
from support.shape_changes import ShapePart, boxes_of, shape_shifter

from media import quality
from media.asset import AssetFacts
from media.headers import family_of, read_headers
from media.ingest import prepare
from media.probe import ConfinedProber

NARROW, WIDE = Fraction(8, 9), Fraction(32, 27)
FOUR_TO_THREE = 0.75
"""The part of a 16:9 screen's width that a 4:3 picture fills."""
AT_THE_CHANGE = 2
"""Pictures that may have the shape of their neighbours: pixels are told by the decoder, not by
the picture, and it holds one or two back."""
CHANGES = {
    "from 4:3 to 16:9 by its size": [ShapePart((640, 480)), ShapePart((848, 480))],
    "from 16:9 to 4:3 by its size": [ShapePart((848, 480)), ShapePart((640, 480))],
    "from 4:3 to 16:9 by its pixels": [ShapePart((720, 480), NARROW), ShapePart((720, 480), WIDE)],
    "the same in MPEG-2": [
        ShapePart((720, 480), NARROW, codec="mpeg2video"),
        ShapePart((720, 480), WIDE, codec="mpeg2video"),
    ],
}  # fmt: skip


def measured(path: Path) -> AssetFacts:
    family = family_of(path, path.name)
    facts = read_headers(path, family, "0" * 64)  # type: ignore[arg-type]
    return quality.measure(path, family, facts, lambda share: None)


@pytest.mark.parametrize("change", CHANGES)
def test_a_picture_that_changes_shape_fills_the_screen_with_each(
    change: str, tmp_path: Path
) -> None:
    path = shape_shifter(tmp_path / "a.ts", CHANGES[change])
    ready = prepare(path, "a.ts", tmp_path, ConfinedProber())
    boxes = boxes_of(ready.on_air.path)

    assert ready.copy is not None
    assert abs(ready.on_air.facts.width / ready.on_air.facts.height - 16 / 9) < 0.01
    assert len(boxes) == 90
    wide_first = change.startswith("from 16:9")
    wide, narrow = (boxes[:45], boxes[45:]) if wide_first else (boxes[45:], boxes[:45])
    bent = [box for box in wide if box[0] < 0.98 or box[1] < 0.98]
    bent += [box for box in narrow if abs(box[0] - FOUR_TO_THREE) > 0.02 or box[1] < 0.98]
    assert len(bent) <= AT_THE_CHANGE


@pytest.mark.parametrize(
    "parts",
    [
        [ShapePart((640, 480)), ShapePart((640, 480), woven=True)],
        [ShapePart((640, 480), tag=1), ShapePart((640, 480), tag=6)],
    ],
)
def test_fields_or_colours_that_change_midway_need_a_copy(
    parts: list[ShapePart], tmp_path: Path
) -> None:
    facts = measured(shape_shifter(tmp_path / "a.ts", parts))

    assert facts.changing and (facts.width, facts.height) == (640, 480)
    assert facts.house_reasons == ("its picture changes size partway through",)


def test_a_change_is_seen_in_a_file_too_long_to_be_decoded_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality, "WHOLE_UP_TO", 1.0)
    monkeypatch.setattr(quality, "SAMPLE_SECONDS", 0.5)
    parts = [
        ShapePart((640, 480), frames=150),
        ShapePart((848, 480), frames=90),
        ShapePart((640, 480)),
    ]

    assert measured(shape_shifter(tmp_path / "a.ts", parts)).changing
    assert not measured(
        shape_shifter(tmp_path / "b.ts", [ShapePart((640, 480), frames=240)])
    ).changing


@pytest.mark.parametrize(
    "recipe",
    [
        {"sar": Fraction(8, 9), "size": (720, 480)},
        {"codec": "mpeg2video", "container": "mpegts", "interlaced": True, "sar": Fraction(8, 9)},
        {"codec": "libx265"},
    ],
)
def test_a_picture_of_one_shape_needs_no_copy(recipe: dict[str, object], tmp_path: Path) -> None:
    clip = numbered_clip(tmp_path / "a.mkv", frames=40, **recipe | {"container": "matroska"})

    assert not measured(clip.path).changing
