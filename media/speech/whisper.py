"""The real recognizer: a Whisper model that runs on this machine's processor alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from media.speech.model import PACKAGES, check_model
from media.speech.words import Speech, SpeechError, SpokenWord

NOT_INSTALLED = f"Automatic captions lack their packages. {PACKAGES}"


class WhisperRecognizer:
    """A Whisper model in CTranslate2's form, read from a folder; it never asks the network.

    One processor core, eight-bit numbers. A model that ends in `.en` hears English alone; another
    is told `language`. Raises SpeechError when the extra or the model is missing.
    """

    def __init__(self, folder: Path, language: str = "en") -> None:
        check_model(folder)
        try:
            from faster_whisper import WhisperModel
        except ImportError as error:
            raise SpeechError(NOT_INSTALLED) from error
        self._language = language
        try:
            self._model: Any = WhisperModel(
                str(folder), device="cpu", compute_type="int8", cpu_threads=1,
                local_files_only=True,
            )  # fmt: skip
        except (RuntimeError, ValueError, OSError) as error:
            raise SpeechError(f"The speech model in {folder} cannot be loaded.") from error

    def words(self, speech: Speech) -> Sequence[SpokenWord]:
        """See Recognizer.

        What was heard before is not given to the model again: a slip would then repeat itself for
        minutes. Stretches without speech are skipped, in which Whisper invents sentences.
        """
        try:
            segments, _ = self._model.transcribe(
                speech, language=self._language, beam_size=5, word_timestamps=True,
                vad_filter=True, condition_on_previous_text=False,
            )  # fmt: skip
            return [
                SpokenWord(float(word.start), float(word.end), word.word.strip(), word.probability)
                for segment in segments
                for word in segment.words
                if word.word.strip()
            ]
        except (RuntimeError, ValueError) as error:
            raise SpeechError("The speech model failed.") from error
