"""Subtitles: cues joined into the sentences they cut up, time marks and styling taken off."""

import re

from timeline.errors import UnreadableError
from timeline.reading.content import Content, Source
from timeline.reading.decoding import decode

_TIMING = re.compile(r"^\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{2,3}\s+-->\s+((?:\d+:)?\d{1,2}:\d{2})[.,]\d{2,3}.*$")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,80}>|<\d[\d:.]*>|\{\\[^{}]{0,80}\}")
_BLOCK = re.compile(r"^(?:WEBVTT|NOTE|STYLE|REGION)\b")
_SPEAKER = re.compile(r"<v(?:\.[\w.]+)?\s+([^<>]{1,60})>")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")


def read(source: Source) -> Content:
    """What is said, sentence by sentence.

    A cue's time counts from the start of the recording, not from any day: it is no anchor, so the document's date is.
    """
    decoded = decode(source.data, source.name)
    spoken: list[str] = []
    last = ""
    for block in re.split(r"\n[ \t]*\n", decoded.text):
        cue, until = _cue(block)
        last = until or last
        if cue and (not spoken or cue != spoken[-1]):  # rolling captions show each line twice
            spoken.append(cue)
    if not spoken:
        raise UnreadableError(f"{source.name}: subtitles without a line of speech")
    return Content(
        text=_sentences(spoken),
        media_type="text/vtt" if decoded.text.startswith("WEBVTT") else "application/x-subrip",
        notes=decoded.notes,
        metadata={"length": last} if last else {},
        is_prose=False,
    )


def _cue(block: str) -> tuple[str, str]:
    lines = block.strip("\n").split("\n")
    for number, line in enumerate(lines):
        if match := _TIMING.match(line):
            said = " ".join(_plain(text) for text in lines[number + 1 :])
            return " ".join(said.split()), match[1]
    return "", ""


def _plain(line: str) -> str:
    return _TAG.sub("", _SPEAKER.sub(r"\1: ", line))


def _sentences(cues: list[str]) -> str:
    """A cue that ends a sentence ends its line; others run on."""
    out: list[str] = []
    for cue in cues:
        out.append(cue)
        out.append("\n\n" if _SENTENCE_END.search(cue) else " ")
    return "".join(out[:-1])
