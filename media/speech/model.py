"""The folder of a speech model, looked at without loading it: what is wrong, and what to do."""

import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from media.speech.words import SpeechError

PACKAGES = "Install the packages of requirements-captions.lock."
_PARTS = ("model.bin", "config.json")
_KIND = b"WhisperSpec\0"
"""The name that CTranslate2 writes, after a version and a length, into a model of this kind."""
_HEAD_BYTES = 64


@dataclass(frozen=True)
class ModelFault:
    """A fault of a model's folder and its mend, a sentence each."""

    text: str
    mend: str


def model_fault(folder: Path) -> ModelFault | None:
    """Return what keeps the model in this folder from being used; None where nothing is seen."""
    wanted = f"Name the folder of a Whisper model in CTranslate2's form ({' and '.join(_PARTS)})."
    try:
        if not folder.is_dir():
            return ModelFault(f"The folder of the speech model, {folder}, does not exist.", wanted)
        lost = [name for name in _PARTS if not (folder / name).is_file()]
        if lost:
            text = f"{folder} holds no speech model: {' and '.join(lost)} missing."
            return ModelFault(text, wanted)
        if not _is_whisper(folder):
            return ModelFault(f"{folder} holds another model than Whisper's.", wanted)
    except OSError as error:
        why = error.strerror or str(error)
        text = f"The speech model in {folder} cannot be read: {why}."
        return ModelFault(text, "Make folder and files readable to Gavel's user.")
    return None


def check_model(folder: Path) -> None:
    """Check that a folder holds a model, without loading it. Raises SpeechError."""
    fault = model_fault(folder)
    if fault is not None:
        raise SpeechError(f"{fault.text} {fault.mend}")


def has_recognizer() -> bool:
    """Return whether the packages that hear are installed, without loading them."""
    return find_spec("faster_whisper") is not None


def _is_whisper(folder: Path) -> bool:
    """Tell whether the parts are what their names say. Raises OSError."""
    with (folder / _PARTS[0]).open("rb") as model:
        head = model.read(_HEAD_BYTES)
    try:
        json.loads((folder / _PARTS[1]).read_bytes())
    except ValueError:
        return False
    return _KIND in head
