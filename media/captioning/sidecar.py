"""Caption files beside a media file: SRT, WebVTT, SCC and TTML (in the child only).

SCC is pairs of line 21 already, and kept as it is. The others are read by ttconv, laid out in rows
of 32 characters and encoded as pop-on captions of CC1.
"""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import cast

from ttconv import model
from ttconv.imsc.reader import to_model as read_ttml
from ttconv.isd import ISD
from ttconv.srt.reader import to_model as read_srt
from ttconv.style_properties import DisplayAlignType, StyleProperties
from ttconv.vtt.reader import to_model as read_vtt

from config import times
from media.captions.codes import writable
from media.captions.cue import CaptionCue, laid_out
from media.captions.encode import encode
from media.captions.facts import CaptionFacts, CaptionOrigin, facts_of
from media.captions.scc import HEADING, read_scc
from media.captions.track import CaptionError, CaptionTrack

LARGEST_SIDECAR = 8 << 20
"""Most bytes of a caption file; three hours of speech are 300 kB, of TTML with styles 1 MB."""
MOST_CAPTIONS = 20_000
"""Most captions of a file: a caption every two seconds for eleven hours."""
MOST_UNWRITABLE = 0.2
"""Share of characters without a form in line 21 from which captions are of no use to viewers."""
DEEPEST_XML = 50
"""Most elements inside one another."""
_ARROW = re.compile(r"\d\s*-->\s*\d")
_VTT_LANGUAGE = re.compile(r"^Language:\s*([A-Za-z-]{2,12})\s*$", re.MULTILINE)
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DAMAGED = (
    ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError,
    ET.ParseError,
)  # fmt: skip
"""What the readers of ttconv raise where a file breaks the rules of its format."""


@dataclass(frozen=True)
class _Said:
    """A caption as a sidecar has it."""

    begin: int
    end: int
    lines: tuple[str, ...]
    top: bool


def sidecar(path: Path, length: timedelta) -> tuple[CaptionTrack, CaptionFacts]:
    """Read a caption file for a media file of this length.

    Raises CaptionError with a sentence for staff.
    """
    if path.stat().st_size > LARGEST_SIDECAR:
        raise CaptionError("This is too large for a caption file: at most 8 MB.")
    text, notes = _text(path.read_bytes())
    origin = _origin(text)
    if origin is CaptionOrigin.SCC:
        whole = length // timedelta(microseconds=1)
        track, language = read_scc(text, whole), ""
        after = track.place_of(whole)
        track, late = CaptionTrack(track[:after]), len(track) - after
        notes += ["Some of it lies after the end of the file and does not air."] if late else []
    else:
        said, language = _said(text, origin)
        cues, more = _laid_out(said, length)
        track, notes = encode(cues), notes + more
    facts = facts_of(track, origin, length, language, notes)
    if facts is None:
        raise CaptionError("There are no captions in this file.")
    return track, facts


def _text(data: bytes) -> tuple[str, list[str]]:
    """Return the text of a file in UTF-8, UTF-16 or else Western European."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        note = "It is not in UTF-8, so it was read as Western European; look at the accents."
        return data.decode("cp1252", "replace"), [note]


def _origin(text: str) -> CaptionOrigin:
    """Recognise a format by its content. Raises CaptionError."""
    head = text[:4000].lstrip()
    if head.startswith("WEBVTT"):
        return CaptionOrigin.VTT
    if head.startswith(HEADING[:13]):
        return CaptionOrigin.SCC
    if head.startswith("<") and re.search(r"<(\w+:)?tt\b", head):
        return CaptionOrigin.TTML
    if _ARROW.search(head):
        return CaptionOrigin.SRT
    raise CaptionError(
        "This is no caption file that Gavel reads. Export the captions as SRT, WebVTT, SCC or TTML."
    )


def _said(text: str, origin: CaptionOrigin) -> tuple[list[_Said], str]:
    """Return the captions of a text, and its language."""
    try:
        document, language = _document(text, origin)
        return list(_steps(document)) if document is not None else [], language
    except _DAMAGED as error:
        raise CaptionError(
            f"This {origin.value} file breaks the rules of its format, so it cannot be read. "
            "Export it again."
        ) from error


def _document(text: str, origin: CaptionOrigin) -> tuple[model.ContentDocument | None, str]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if origin is CaptionOrigin.SRT:
        return read_srt(io.StringIO(text)), ""
    if origin is CaptionOrigin.VTT:
        language = _VTT_LANGUAGE.search(text[:2000])
        return read_vtt(io.StringIO(text)), language[1] if language else ""
    root = _xml(text)
    return read_ttml(ET.ElementTree(root)), root.get(_XML_LANGUAGE, "")[:12]


def _xml(text: str) -> ET.Element:
    """Parse XML without entities of its own and without abysses. Raises CaptionError."""
    if "<!" in re.sub(r"<!--.*?-->|<!\[CDATA\[", "", text, flags=re.DOTALL):
        raise CaptionError("This TTML file defines entities of its own; export it without them.")
    parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(("start", "end"))
    deep, root = 0, None
    parser.feed(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    for event, element in cast(Iterator[tuple[str, ET.Element]], parser.read_events()):
        root = element if root is None else root
        deep += 1 if event == "start" else -1
        if deep > DEEPEST_XML:
            raise CaptionError("This TTML file is nested too deeply; export it again.")
    parser.close()
    if root is None:
        raise CaptionError("There is nothing in this TTML file.")
    return root


def _steps(document: model.ContentDocument) -> Iterator[_Said]:
    """Yield what is shown from each change to the next; what stays the same is one caption."""
    changes = ISD.significant_times(document)
    moments = list(changes)
    if len(moments) > 2 * MOST_CAPTIONS:
        raise CaptionError("This file has more captions than any program could; it is damaged.")
    shown: _Said | None = None
    for place, moment in enumerate(moments):
        begin = round(moment * 1_000_000)
        end = round(moments[place + 1] * 1_000_000) if place + 1 < len(moments) else begin
        lines, top = _lines(ISD.from_model(document, moment, changes))
        if shown is not None and (shown.lines, shown.top) == (lines, top):
            shown = _Said(shown.begin, end, lines, top)
            continue
        if shown is not None and shown.lines:
            yield shown
        shown = _Said(begin, end, lines, top)
    if shown is not None and shown.lines:
        yield shown


def _lines(isd: ISD) -> tuple[tuple[str, ...], bool]:
    """Return the lines on the screen, and whether they stand in its upper half."""
    lines: list[str] = []
    top = False
    for region in isd.iter_regions():
        found = [line.strip() for line in _text_of(region).split("\n")]
        lines += [line for line in found if line]
        top = top or (any(found) and _is_high(region))
    return tuple(lines), top


def _text_of(element: model.ContentElement) -> str:
    if isinstance(element, model.Text):
        return str(element.get_text()).replace("\n", " ")
    if isinstance(element, model.Br):
        return "\n"
    if isinstance(element, (model.Rt, model.Rp)):
        return ""
    text = "".join(_text_of(child) for child in element)
    return f"{text}\n" if isinstance(element, model.P) else text


def _is_high(region: ISD.Region) -> bool:
    """Tell whether a region keeps its text in the upper half of the screen."""
    origin = region.get_style(StyleProperties.Origin)
    extent = region.get_style(StyleProperties.Extent)
    align = region.get_style(StyleProperties.DisplayAlign)
    if origin is None or extent is None:
        return False
    part = {DisplayAlignType.before: 0.0, DisplayAlignType.center: 0.5}.get(align, 1.0)
    return bool(origin.y.value + part * extent.height.value < 50)


def _laid_out(said: list[_Said], length: timedelta) -> tuple[list[CaptionCue], list[str]]:
    """Return captions that fit the screen and the file, and what staff should know of them."""
    whole = length // timedelta(microseconds=1)
    within = [one for one in said if one.begin < whole]
    if said and not within:
        raise CaptionError(
            f"All its captions lie after the end of the file ({times.length(length)}): they belong "
            "to another one."
        )
    cues, unknown, letters = [], 0, 0
    for one in within:
        forms = [writable(line) for line in one.lines]
        unknown += sum(count for _, count in forms)
        letters += sum(len(line) for line, _ in forms)
        lines = [line for line, _ in forms]
        cues += laid_out(one.begin, min(one.end, whole), lines, top=one.top)
    if unknown > MOST_UNWRITABLE * letters:
        raise CaptionError(
            "Most of it is in letters that captions of American television do not have."
        )
    return cues, _notes(unknown, len(said) - len(within))


def _notes(unknown: int, late: int) -> list[str]:
    notes = []
    if unknown:
        what = "1 character has" if unknown == 1 else f"{unknown} characters have"
        notes.append(f"{what} no form in captions of television; a question mark airs instead.")
    if late:
        what = "1 caption lies" if late == 1 else f"{late} captions lie"
        notes.append(f"{what} after the end of the file and will not air.")
    return notes
