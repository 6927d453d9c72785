"""What the doctors say of the folder that the setting speech_model names."""

from collections.abc import Callable
from pathlib import Path

import pytest

from media.speech import finding
from media.speech.finding import speech_findings
from media.speech.model import check_model
from media.speech.words import SpeechError

HEAD = b"\x06\x00\x00\x00\x0c\x00WhisperSpec\x00"


def model(folder: Path, head: bytes = HEAD, config: str = "{}") -> Path:
    folder.mkdir()
    (folder / "model.bin").write_bytes(head + bytes(200))
    (folder / "config.json").write_text(config)
    return folder


def without(folder: Path, part: str) -> Path:
    (model(folder) / part).unlink()
    return folder


@pytest.mark.parametrize(
    ("make", "said", "mend"),
    [
        (lambda folder: folder, "does not exist", "Name the folder"),
        (lambda folder: without(folder, "model.bin"), "model.bin missing", "Name the folder"),
        (lambda folder: without(folder, "config.json"), "config.json missing", "Name the folder"),
        (lambda folder: model(folder, b"GGUF"), "another model", "Name the folder"),
        (lambda folder: model(folder, config="weights"), "another model", "Name the folder"),
    ],
)
def test_a_folder_that_holds_no_model_is_told_with_the_fix(
    tmp_path: Path, make: Callable[[Path], Path], said: str, mend: str
) -> None:
    folder = make(tmp_path / "model")
    (found,) = speech_findings(folder)

    assert (found.grade, said in found.text, mend in found.mend) == ("wrong", True, True)
    with pytest.raises(SpeechError, match=said):
        check_model(folder)


def test_a_model_that_gavel_may_not_read_is_told_with_the_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, *how: object, **more: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    folder = model(tmp_path / "model")
    monkeypatch.setattr(Path, "open", refused)
    (found,) = speech_findings(folder)

    assert "cannot be read: Permission denied" in found.text
    assert "readable to Gavel's user" in found.mend
    with pytest.raises(SpeechError, match="cannot be read"):
        check_model(folder)


def test_missing_packages_are_told_with_the_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "has_recognizer", lambda: False)
    (found,) = speech_findings(model(tmp_path / "model"))

    assert "requirements-captions.lock" in found.mend and found.grade == "wrong"


def test_a_model_that_can_be_used_is_good_and_none_is_no_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "has_recognizer", lambda: True)

    assert [one.grade for one in speech_findings(model(tmp_path / "model"))] == ["good"]
    assert speech_findings(None) == []
