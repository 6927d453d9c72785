"""The child process that makes companions: `python -m media.companion_child ORDER`."""

import json
import os
import sys
from dataclasses import asdict
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from media.confine import Limits, confine_myself, say, say_refused


def main() -> None:
    """Carry out one order, and answer in lines of JSON."""
    order = json.loads(sys.argv[1])
    confine_myself(Limits(**order["limits"]))
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    import av

    from media.companion import FilmOrder
    from media.companion_making import make
    from media.formats import FormatError
    from media.headers import family_of

    av.logging.set_level(av.logging.PANIC)
    job = order["job"]
    path = Path(job["path"])
    film = FilmOrder(
        path,
        path.suffix,
        timedelta(seconds=job["length"]),
        Fraction(job["rate"]) if job["rate"] else None,
        timedelta(seconds=job["begin"]),
        job["interlaced"],
        job["copied"],
        job["small"],
    )
    try:
        family = family_of(path, job["name"])
        strips = make(film, family, Path(job["to"]), lambda share: say(progress=round(share, 3)))
    except (FormatError, av.FFmpegError, OSError) as error:
        say_refused(error, "The file cannot be read to its end.")
        return
    say(result={"strips": asdict(strips)})


if __name__ == "__main__":
    main()
