"""The child process that joins a recording: `python -m media.join_child ORDER`."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from media.confine import Limits, confine_myself, say, say_refused


def main() -> None:
    """Carry out one order, and answer in lines of JSON."""
    order = json.loads(sys.argv[1])
    confine_myself(Limits(**order["limits"]))
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    import av

    from media.join import join
    from media.remux import RemuxError

    job = order["job"]
    stretches = [[Path(piece) for piece in stretch] for stretch in job["stretches"]]
    try:
        parts, joined = join(
            stretches, Path(job["to"]), lambda share: say(progress=round(share, 3))
        )
    except (RemuxError, av.FFmpegError, OSError, ValueError) as error:
        say_refused(error, f"The pieces cannot be joined: {type(error).__name__}, {error}")
        return
    used = [(part.skipped, part.length) for part in parts]
    say(result={"used": used, "joined": asdict(joined)})


if __name__ == "__main__":
    main()
