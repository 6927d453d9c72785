"""Fonts for bulletins: those taken, those refused and why; hostile ones harm nobody."""

import random
from pathlib import Path

import pytest

from media import fonts
from media.fonts import LARGEST_FONT, check_letters, font_name, installed, keep_font
from media.formats import FormatError
from media.ingest import IngestError
from media.probe import ConfinedProber
from media.slides.content import Look, SlideContent
from media.slides.draw import draw
from media.store import MediaStore
from media.typeset import DEJAVU, FONT_FOLDER, Typeface

SERIF = FONT_FOLDER / "DejaVuSerif.ttf"


def kept(path: Path, tmp_path: Path) -> str:
    store = MediaStore(tmp_path / "store")
    font = keep_font(path, path.name, store, ConfinedProber())
    assert store.path(font.key, font.suffix).read_bytes() == path.read_bytes()
    return font.name


def test_a_font_is_stored_as_it_is_under_its_own_name(tmp_path: Path) -> None:
    assert kept(SERIF, tmp_path) == "DejaVu Serif"
    assert SERIF.exists()


def test_a_bold_face_says_so() -> None:
    assert font_name(FONT_FOLDER / "DejaVuSerif-Bold.ttf") == "DejaVu Serif, Bold"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Use a font file of up to 5 MB."),
        (b"x" * (LARGEST_FONT + 1), "Use a font file of up to 5 MB."),
        (b"ttcf" + b"x" * 99, "This file holds several fonts."),
        (b"\x89PNG" + b"x" * 99, "Upload a font as a TTF or OTF file."),
        (b"\x00\x01\x00\x00" + b"x" * 99, "The file is damaged or no font."),
        (b"OTTO" + b"\xff" * 99, "The file is damaged or no font."),
        (SERIF.read_bytes()[:40_000], "damaged"),
    ],
)
def test_what_is_no_whole_font_is_refused_in_words(
    content: bytes, sentence: str, tmp_path: Path
) -> None:
    upload = tmp_path / "upload"
    upload.write_bytes(content)

    with pytest.raises(IngestError) as refused:
        kept(upload, tmp_path)

    assert sentence in str(refused.value)


def test_a_font_without_the_letters_of_bulletins_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fonts, "LETTERS", "a漢\u00e9")

    with pytest.raises(FormatError, match="lacks letters that bulletins need: 漢$"):
        check_letters(SERIF)


@pytest.mark.parametrize("seed", range(3))
def test_a_spoiled_font_is_refused_or_drawn_and_never_harms_who_asks(
    seed: int, tmp_path: Path
) -> None:
    spoiled, chance = bytearray(SERIF.read_bytes()), random.Random(seed)
    for _ in range(400):
        spoiled[chance.randrange(300, len(spoiled))] = chance.randrange(256)
    upload = tmp_path / "upload"
    upload.write_bytes(bytes(spoiled))
    try:
        name = kept(upload, tmp_path)
    except IngestError as refused:
        name = str(refused)

    assert name


def test_every_letter_of_the_usual_font_can_be_drawn() -> None:
    check_letters(Path(DEJAVU.regular))
    check_letters(Path(DEJAVU.bold))


def test_a_file_that_is_gone_is_drawn_in_the_usual_font(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone.ttf")
    slide = SlideContent("Leaves", "Bags out.")
    lost, usual = (
        draw(slide, Look(face=face), (640, 360)) for face in (Typeface(gone, gone), DEJAVU)
    )

    assert lost.image.tobytes() == usual.image.tobytes()


def test_a_stations_font_is_what_is_drawn() -> None:
    serif = Typeface(str(SERIF), str(SERIF))
    slide = SlideContent("Leaves", "Bags out.")
    own, usual = (draw(slide, Look(face=face), (640, 360)) for face in (serif, DEJAVU))

    assert own.image.tobytes() != usual.image.tobytes()


def test_the_upright_fonts_of_the_machine_are_offered() -> None:
    assert "DejaVu Sans" in installed()
    assert not [name for name in installed() if "Oblique" in name]


def test_a_text_is_no_font(tmp_path: Path) -> None:
    (tmp_path / "a.ttf").write_text("text")

    with pytest.raises(FormatError):
        font_name(tmp_path / "a.ttf")
