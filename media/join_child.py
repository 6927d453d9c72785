"""The child that joins a recording: `python -m media.join_child ORDER`."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from media.confine import Limits, confine_myself, say


def main() -> None:
    """Obey one order, and answer in lines of JSON."""
    order = json.loads(sys.argv[1])
    confine_myself(Limits(**order["limits"]))
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    import av

    from media.join import join
    from media.remux import RemuxError

    job = order["job"]
    pieces, to = [Path(piece) for piece in job["pieces"]], Path(job["to"])
    try:
        lengths, joined = join(pieces, to, lambda share: say(progress=round(share, 3)))
    except (RemuxError, av.FFmpegError, OSError, ValueError) as error:
        say(refused=f"The pieces cannot be joined: {type(error).__name__}, {error}")
        return
    say(result={"lengths": lengths, "joined": asdict(joined)})


if __name__ == "__main__":
    main()
