"""The child process that alone opens unvetted files: `python -m media.probe_child ORDER`."""

import base64
import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from media.confine import Limits, confine_myself, say, say_refused

Answer = dict[str, Any]


def _report(share: float) -> None:
    say(progress=round(share, 3))


def _probe(job: Answer) -> Answer:
    from config.names import AssetKey
    from media.asset import FACTS
    from media.formats import ordinary_file
    from media.headers import family_of, read_headers
    from media.stills import still_facts

    path = Path(job["path"])
    ordinary_file(path)
    family = family_of(path, job["name"])
    read = still_facts if family.still else read_headers
    return {"facts": FACTS.dump_python(read(path, family, AssetKey(job["key"])), mode="json")}


def _measure(job: Answer) -> Answer:
    from media.asset import FACTS
    from media.headers import family_of
    from media.quality import measure

    path, facts = Path(job["path"]), FACTS.validate_python(job["facts"])
    family = family_of(path, job["name"])
    if not family.still:
        facts = measure(path, family, facts, _report)
    return {"facts": FACTS.dump_python(facts, mode="json")}


def _house(job: Answer) -> Answer:
    from media.asset import FACTS
    from media.headers import family_of
    from media.house import make_house_copy
    from media.stills import plain_copy

    path, to = Path(job["path"]), Path(job["to"])
    family = family_of(path, job["name"])
    os.chdir(to.parent)
    if family.still:
        plain_copy(path, family, to)
    else:
        facts = FACTS.validate_python(job["facts"])
        make_house_copy(path, family, facts, to, _report)
    return {}


def _layer(job: Answer) -> Answer:
    from media.headers import family_of
    from media.stills import layer_copy

    path = Path(job["path"])
    layer_copy(path, family_of(path, job["name"]), Path(job["to"]))
    return {}


def _font(job: Answer) -> Answer:
    from media.fonts import check_letters, font_name

    path = Path(job["path"])
    name = font_name(path)
    check_letters(path)
    return {"name": name}


def _remux(job: Answer) -> Answer:
    from media.formats import FormatError
    from media.remux import RemuxError, remux

    try:
        return {"seconds": remux([[Path(job["path"])]], Path(job["to"]), _report)}
    except RemuxError as error:
        raise FormatError(f"It cannot be rewrapped: {error}.") from error


def _captions(job: Answer) -> Answer:
    from media.asset import FACTS
    from media.captioning.embedded import embedded
    from media.captions.facts import CAPTION_FACTS
    from media.captions.track import CaptionError
    from media.formats import FormatError
    from media.headers import family_of

    path, facts = Path(job["path"]), FACTS.validate_python(job["facts"])
    try:
        found = embedded(path, family_of(path, job["name"]), facts, _report)
    except CaptionError as error:
        raise FormatError(str(error)) from error
    if found is None:
        return {}
    Path(job["to"]).write_bytes(found[0].to_bytes())
    return {"captions": CAPTION_FACTS.dump_python(found[1], mode="json")}


def _sidecar(job: Answer) -> Answer:
    from media.captioning.sidecar import sidecar
    from media.captions.facts import CAPTION_FACTS
    from media.captions.track import CaptionError
    from media.formats import FormatError

    try:
        track, facts = sidecar(Path(job["path"]), timedelta(seconds=job["seconds"]))
    except CaptionError as error:
        raise FormatError(str(error)) from error
    Path(job["to"]).write_bytes(track.to_bytes())
    return {"captions": CAPTION_FACTS.dump_python(facts, mode="json")}


def _thumbnail(job: Answer) -> Answer:
    from media.headers import family_of
    from media.stills import jpeg_thumbnail, open_still
    from media.thumbnail import telling_picture

    path = Path(job["path"])
    family = family_of(path, job["name"])
    first = job.get("first")
    image = open_still(path, family) if family.still else telling_picture(path, family, first)
    if image is None:
        return {}
    return {"jpeg": base64.b64encode(jpeg_thumbnail(image)).decode("ascii")}


JOBS: dict[str, Callable[[Answer], Answer]] = {
    "probe": _probe,
    "measure": _measure,
    "house": _house,
    "layer": _layer,
    "font": _font,
    "remux": _remux,
    "captions": _captions,
    "sidecar": _sidecar,
    "thumbnail": _thumbnail,
}


def main() -> None:
    """Confine this process, then import the libraries, then do the one job of the order."""
    order = json.loads(sys.argv[1])
    confine_myself(Limits(**order["limits"]))
    import av

    from media.formats import FormatError

    av.logging.set_level(av.logging.PANIC)
    job = order["job"]
    try:
        say(result=JOBS[job["do"]](job))
    except FormatError as error:
        say_refused(error, str(error))
    except MemoryError:
        say(memory=True)
        raise SystemExit(1) from None
    except (av.FFmpegError, OSError) as error:
        print(error, file=sys.stderr)
        say_refused(error, "The file is damaged or not what its name says; it cannot be read.")


if __name__ == "__main__":
    main()
