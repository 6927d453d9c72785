"""A caption track of recognized words: the draft that people read before it airs (pure)."""

from collections.abc import Sequence

from media.captions.cue import laid_out
from media.captions.encode import encode
from media.captions.track import CaptionTrack
from media.speech.captions import spoken_captions
from media.speech.names import with_names
from media.speech.words import SpokenWord


def draft_track(words: Sequence[SpokenWord], names: Sequence[str]) -> CaptionTrack:
    """Return the captions of these words, with what sounds like one of `names` written so."""
    return encode(
        cue
        for caption in spoken_captions(with_names(words, names))
        for cue in laid_out(
            round(caption.start * 1_000_000), round(caption.end * 1_000_000), caption.rows
        )
    )
