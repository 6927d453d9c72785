"""The child process that hears a file: `python -m media.speech.child ORDER`."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from media.confine import Limits, confine_myself, say, say_refused


def main() -> None:
    """Confine this process, load the model, and say the words of each piece in lines of JSON."""
    order = json.loads(sys.argv[1])
    confine_myself(Limits(**order["limits"]))
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    import av

    from media.formats import FormatError
    from media.speech.words import SpeechError

    av.logging.set_level(av.logging.PANIC)
    try:
        _hear(order["job"])
    except (FormatError, SpeechError) as error:
        say(refused=str(error))
    except MemoryError:
        say(memory=True)
        raise SystemExit(1) from None
    except (av.FFmpegError, OSError) as error:
        say_refused(error, "The file is damaged or not what its name says; it cannot be heard.")


def _hear(job: dict[str, Any]) -> None:
    from media.headers import family_of
    from media.speech.pieces import pieces
    from media.speech.sound import heard_sound
    from media.speech.whisper import WhisperRecognizer
    from media.speech.words import recognized

    path = Path(job["path"])
    recognizer = WhisperRecognizer(Path(job["model"]), job["language"])
    read = 0.0

    def report(share: float) -> None:
        nonlocal read
        read = share

    words: list[list[object]] = []
    sound = heard_sound(path, family_of(path, job["name"]), report)
    for heard in recognized(pieces(sound), recognizer):
        words += [[round(w.start, 2), round(w.end, 2), w.text, round(w.sureness, 2)] for w in heard]
        say(progress=round(read, 3))
    say(result={"words": words})


if __name__ == "__main__":
    main()
