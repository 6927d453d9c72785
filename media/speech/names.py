"""Local names put right: a model that never heard of Kraus writes Krauss, Crouse or Krause.

Telling a small model the names beforehand makes it worse: tiny.en lost half a sentence when it was
given five. So what it wrote is compared with the station's list afterwards.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from config.bounded import LONGEST_CAPTION_NAME, MOST_CAPTION_NAMES
from media.speech.words import SpokenWord

ALIKE = 0.75
"""Least likeness of spelling, after difflib, at which an unsure word becomes a name."""
ALIKE_WHEN_SURE = 0.9
"""The same for a word of which the model is sure: Krauss becomes Kraus, and hills never Hill."""
SHORTEST_GUESSED = 5
"""Letters from which a word may differ from the name: a hall is no Hill."""
SURE = 0.6
_WORD = re.compile(r"^(\W*)(.*?)((?:'s|’s)?\W*)$", re.DOTALL)


def names_of(text: str) -> tuple[str, ...]:
    """Return the names of a list, one a line; empty lines and repetitions are left out.

    Lines beyond MOST_CAPTION_NAMES and letters beyond LONGEST_CAPTION_NAME are cut off.
    """
    lines = (" ".join(line.split())[:LONGEST_CAPTION_NAME] for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))[:MOST_CAPTION_NAMES]


def with_names(words: Sequence[SpokenWord], names: Sequence[str]) -> list[SpokenWord]:
    """Return the words with what sounds like a name written as the list writes it.

    A name of several words is looked for before its parts, so that "Liberty Avenue" wins over
    "Liberty". Punctuation and a possessive stay: "Krauss's," becomes "Kraus's,".
    """
    lists = sorted((name.split() for name in names), key=len, reverse=True)
    done: list[SpokenWord] = []
    at = 0
    while at < len(words):
        found = next((name for name in lists if _is_here(name, words[at : at + len(name)])), None)
        if found is None:
            done.append(words[at])
            at += 1
            continue
        done += [_spelled(word, part) for word, part in zip(words[at:], found, strict=False)]
        at += len(found)
    return done


def _is_here(name: Sequence[str], words: Sequence[SpokenWord]) -> bool:
    return len(name) == len(words) and all(
        _is_alike(part, word) for part, word in zip(name, words, strict=True)
    )


def _is_alike(part: str, word: SpokenWord) -> bool:
    heard = _parts(word.text)[1].casefold()
    wanted = part.casefold()
    if heard == wanted:
        return True
    if min(len(heard), len(wanted)) < SHORTEST_GUESSED or heard[0] != wanted[0]:
        return False
    least = ALIKE_WHEN_SURE if word.sureness >= SURE else ALIKE
    return SequenceMatcher(None, heard, wanted, autojunk=False).ratio() >= least


def _spelled(word: SpokenWord, part: str) -> SpokenWord:
    before, _, after = _parts(word.text)
    return replace(word, text=before + part + after)


def _parts(text: str) -> tuple[str, str, str]:
    match = _WORD.match(text)
    return (match[1], match[2], match[3]) if match else ("", text, "")
