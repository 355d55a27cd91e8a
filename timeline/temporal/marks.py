"""Marks that show nothing: a text is read without them, and what is found is told in the text's own offsets."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace

from timeline.model import Mention, Segment

# Directions of writing (right-to-left, left-to-right, embeddings, isolates), blanks without width, the byte order mark.
MARKS = re.compile("[\u200b\u200e\u200f\u061c\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def read_without(
    text: str, segments: Sequence[Segment], read: Callable[[str, list[Segment]], list[Mention]]
) -> list[Mention]:
    """What `read` finds in the text without its marks, moved to where it stands in the text as it is."""
    stand = [mark.start() for mark in MARKS.finditer(text)]
    gaps = [place - index for index, place in enumerate(stand)]  # where they stood in the text without them

    def without(place: int) -> int:
        return place - bisect_left(stand, place)

    def within(place: int) -> int:
        return place + bisect_right(gaps, place)

    moved = [replace(one, start=without(one.start), end=without(one.end)) for one in segments]
    return [_told(mention, text, within) for mention in read(MARKS.sub("", text), moved)]


def _told(mention: Mention, text: str, within: Callable[[int], int]) -> Mention:
    def span(start: int, end: int) -> tuple[int, int]:
        return within(start), within(end - 1) + 1

    start, end = span(mention.start, mention.end)
    phrase_start, phrase_end = span(mention.phrase_start, mention.phrase_end)
    why = mention.explanation
    if why.anchor_span:
        why = replace(why, anchor_span=span(*why.anchor_span))
    return replace(
        mention,
        start=start,
        end=end,
        text=text[start:end],
        phrase_start=phrase_start,
        phrase_end=phrase_end,
        explanation=why,
    )
