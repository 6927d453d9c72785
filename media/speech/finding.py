"""The doctors' look at the speech model, on a broadcast machine and on a server."""

from pathlib import Path

from config.finding import MachineFinding
from media.speech.model import PACKAGES, has_recognizer, model_fault


def speech_findings(model: Path | None) -> list[MachineFinding]:
    """Check the model that the setting speech_model names; nothing where it names none."""
    if model is None:
        return []
    fault = model_fault(model)
    if fault is not None:
        return [MachineFinding("wrong", fault.text, f"{fault.mend} Or remove speech_model.")]
    if not has_recognizer():
        text = "Automatic captions lack their packages."
        return [MachineFinding("wrong", text, f"{PACKAGES} Or remove speech_model.")]
    return [MachineFinding("good", f"Automatic captions are written by the model in {model}.")]
