"""The child process that makes a file of a cut: `python -m media.export_child ORDER`."""

import json
import os
import sys
from pathlib import Path

from media.confine import Limits, confine_myself, say, say_refused


def main() -> None:
    """Carry out one order, and answer in lines of JSON."""
    order = json.loads(sys.argv[1])
    confine_myself(Limits(**order["limits"]))
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    import av

    from media.export import CUES, CUES_NAME, EXPORT, FILM
    from media.export_making import make
    from media.export_writer import NothingReadError
    from media.formats import FormatError
    from media.headers import family_of

    av.logging.set_level(av.logging.PANIC)
    job = order["job"]
    export, path, folder = (
        EXPORT.validate_json(json.dumps(job["export"])),
        Path(job["path"]),
        Path(job["to"]),
    )
    cues = CUES.validate_json((folder / CUES_NAME).read_bytes())
    try:
        family = family_of(path, f"file{export.suffix}")
        repeated = make(
            export, path, family, cues, folder / FILM,
            lambda share: say(progress=round(share, 3)),
        )  # fmt: skip
    except NothingReadError as error:
        say_refused(error, str(error))
    except (FormatError, av.FFmpegError, OSError) as error:
        say_refused(error, "The file that it was cut from cannot be read.")
    else:
        say(result={"repeated": repeated})


if __name__ == "__main__":
    main()
