"""The codes of line 21 (CEA-608): parity, characters, and the commands of a caption decoder.

Codes are written here as channel 1 of a field sends them, without parity bits. Channel 2 sends the
same with CHANNEL_2 in the first byte.
"""

import codecs
import unicodedata
from enum import IntEnum

Pair = tuple[int, int]
"""The two bytes that one field carries: in this package without their parity bits, on the air with
them."""

ROWS, COLUMNS = 15, 32
CHANNEL_2 = 0x08


class Command(IntEnum):
    """The second byte of a miscellaneous command; the first is 0x14, for field 2 also 0x15."""

    LOAD = 0x20
    """Resume caption loading (RCL): write pop-on captions to the hidden memory."""
    BACKSPACE = 0x21
    ERASE_TO_END = 0x24
    """Delete to end of row (DER)."""
    ROLL_2 = 0x25
    ROLL_3 = 0x26
    ROLL_4 = 0x27
    PAINT = 0x29
    """Resume direct captioning (RDC): write to what is shown."""
    TEXT = 0x2A
    RESUME_TEXT = 0x2B
    ERASE_SHOWN = 0x2C
    """Erase displayed memory (EDM)."""
    NEW_LINE = 0x2D
    """Carriage return (CR): roll up."""
    ERASE_HIDDEN = 0x2E
    """Erase non-displayed memory (ENM)."""
    SHOW = 0x2F
    """End of caption (EOC): swap what is shown and what is hidden."""


COMMANDS = frozenset(Command)
MISCELLANEOUS = frozenset({0x14, 0x15})
BLOCK = 0x7F
"""The solid block, shown for a character that arrived damaged."""
TAB = 0x17
"""First byte of a tab; the second is 0x20 and the columns, one to three."""
MID_ROW = 0x11
SPECIAL = 0x11
EXTENDED = (0x12, 0x13)

_ROW_CODES = {
    1: (0x11, 0x40), 2: (0x11, 0x60), 3: (0x12, 0x40), 4: (0x12, 0x60), 5: (0x15, 0x40),
    6: (0x15, 0x60), 7: (0x16, 0x40), 8: (0x16, 0x60), 9: (0x17, 0x40), 10: (0x17, 0x60),
    11: (0x10, 0x40), 12: (0x13, 0x40), 13: (0x13, 0x60), 14: (0x14, 0x40), 15: (0x14, 0x60),
}  # fmt: skip
"""Preamble of each row, CEA-608-E table 53."""
_ROWS_OF = {(first, second & 0x60): row for row, (first, second) in _ROW_CODES.items()}
_INDENTED = 0x10

_BASIC_CHANGES = {
    0x2A: "á", 0x5C: "é", 0x5E: "í", 0x5F: "ó", 0x60: "ú", 0x7B: "ç", 0x7C: "÷", 0x7D: "Ñ",
    0x7E: "ñ", 0x7F: "█",
}  # fmt: skip
"""Places where the basic set is not ASCII."""
_BASIC = {code: _BASIC_CHANGES.get(code, chr(code)) for code in range(0x20, 0x80)}
_SPECIALS = "®°½¿™¢£♪à\u00a0èâêîôû"
_EXTENDEDS = (
    "ÁÉÓÚÜü‘¡*'—©℠•“”ÀÂÇÈÊËëÎÏïÔÙùÛ«»",
    "ÃãÍÌìÒòÕõ{}\\^_|~ÄäÖöß¥¤¦ÅåØø┌┐└┘",
)
_CHARMAP = "".join(_BASIC.get(byte, "\ufffe") for byte in range(128))
_WITHOUT_PARITY = bytes(byte & 0x7F for byte in range(256))
_NO_CHARACTERS = bytes(byte for byte in range(256) if byte & 0x7F < 0x20)
_BASIC_CODES = {character: code for code, character in _BASIC.items()}
_EXTENDED_CODES = {
    character: (first, 0x20 + place)
    for first, characters in zip(EXTENDED, _EXTENDEDS, strict=True)
    for place, character in enumerate(characters)
    if character not in _BASIC_CODES
}
_ALIKE = frozenset(one for one in _BASIC_CODES if one.isascii())
"""Characters that line 21 writes as they are, which nearly all text has alone."""
_SPECIAL_CODES = {character: (SPECIAL, 0x30 + place) for place, character in enumerate(_SPECIALS)}
_WRITTEN_AS = {
    "’": "'", "‚": "'", "‛": "'", "′": "'", "„": '"', "″": '"', "…": "...", "–": "-", "‐": "-",
    "‑": "-", "−": "-", "―": "—", "♫": "♪", "♬": "♪", "×": "x", "¼": "1/4", "¾": "3/4", "€": "EUR",
    "\t": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u200b": "", "\u200e": "",
    "\u200f": "", "\u00ad": "", "\ufeff": "", "ﬁ": "fi", "ﬂ": "fl", "œ": "oe", "Œ": "OE",
    "æ": "ae", "Æ": "AE", "`": "'", "·": "•", "●": "•", "■": "█", "º": "°", "━": "—", "¬": "-",
}  # fmt: skip
"""Characters that line 21 lacks, as it writes them."""
UNKNOWN = "?"
_FALLBACKS = {
    "‘": "'", "“": '"', "”": '"', "«": "<", "»": ">", "—": "-", "•": ".", "©": "c", "℠": "s",
    "{": "(", "}": ")", "\\": "/", "_": "-", "|": "!", "¦": "!", "~": "-", "^": " ", "*": ".",
    "¡": "!", "ß": "s", "¥": "Y", "¤": "o", "Ø": "O", "ø": "o", "┌": "+", "┐": "+", "└": "+",
    "┘": "+",
}  # fmt: skip
"""A decoder without the extended characters shows these instead."""


def with_parity(byte: int) -> int:
    """Return a byte of seven bits with odd parity."""
    return byte | (0 if byte.bit_count() & 1 else 0x80)


PARITY = bytes(with_parity(byte & 0x7F) for byte in range(256))
"""Each byte of seven bits with its parity, for `bytes.translate`."""


def parity_is_odd(byte: int) -> bool:
    """Tell whether a byte arrived whole, as far as its parity tells."""
    return bool(byte.bit_count() & 1)


def preamble(row: int, indent: int) -> Pair:
    """Return the code that begins `row` (1 to 15) at `indent`, a multiple of four to 28."""
    first, second = _ROW_CODES[row]
    return first, second | _INDENTED | (indent // 4) << 1


def preamble_place(first: int, second: int) -> tuple[int, int] | None:
    """Return the row and indent that a preamble names; None where the pair is no preamble."""
    row = _ROWS_OF.get((first, second & 0x60))
    if second < 0x40 or row is None:
        return None
    return row, ((second & 0x0E) >> 1) * 4 if second & _INDENTED else 0


def basic(byte: int) -> str:
    """Return the character of a byte from 0x20 to 0x7F."""
    return _BASIC[byte]


def basic_text(pairs: bytes) -> str:
    """Return the characters of bytes as they arrived, with their parity bits, nulls left out."""
    return codecs.charmap_decode(
        pairs.translate(_WITHOUT_PARITY, _NO_CHARACTERS), "strict", _CHARMAP
    )[0]


def special(first: int, second: int) -> str | None:
    """Return the character of a special pair; None where the pair is no such one."""
    return _SPECIALS[second - 0x30] if first == SPECIAL and 0x30 <= second < 0x40 else None


def extended(first: int, second: int) -> str | None:
    """Return the character that an extended pair puts in place of the last one; else None."""
    if first not in EXTENDED or not 0x20 <= second < 0x40:
        return None
    return _EXTENDEDS[first - EXTENDED[0]][second - 0x20]


def writable(text: str) -> tuple[str, int]:
    """Return `text` in the characters of line 21, and how many of them it has no form for."""
    if _ALIKE.issuperset(text):
        return text, 0
    written, unknown = [], 0
    for character in unicodedata.normalize("NFC", text):
        form = _form_of(character)
        unknown += form is None
        written.append(UNKNOWN if form is None else form)
    return "".join(written), unknown


def _form_of(character: str) -> str | None:
    if _has_code(character):
        return character
    if character in _WRITTEN_AS:
        return _WRITTEN_AS[character]
    if unicodedata.category(character) in {"Cc", "Cf", "Mn"}:
        return ""
    plain = unicodedata.normalize("NFKD", character)[0]
    return plain if _has_code(plain) else None


def _has_code(character: str) -> bool:
    return character in _BASIC_CODES or character in _SPECIAL_CODES or character in _EXTENDED_CODES


def text_codes(text: str) -> list[int | Pair]:
    """Return the codes of writable text: bytes of basic characters, and pairs of others.

    An extended character follows the basic one that older decoders show instead. Raises KeyError
    for what is not writable.
    """
    codes: list[int | Pair] = []
    if _ALIKE.issuperset(text):
        codes.extend(map(_BASIC_CODES.__getitem__, text))
        return codes
    for character in text:
        if character in _BASIC_CODES:
            codes.append(_BASIC_CODES[character])
        elif character in _SPECIAL_CODES:
            codes.append(_SPECIAL_CODES[character])
        else:
            plain = unicodedata.normalize("NFKD", character)[0]
            codes.append(_BASIC_CODES[_FALLBACKS.get(character, plain)])
            codes.append(_EXTENDED_CODES[character])
    return codes
