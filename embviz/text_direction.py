"""A typed text → what can stand among other words without disturbing them.

Right-to-left text changes the order of the numbers and punctuation beside it, and a character that
reverses text reverses all that follows. Unicode isolates keep the effect of both within the text.
"""

import unicodedata

_ISOLATE, _END = "\u2068", "\u2069"  # FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE

# Bidirectional classes of Unicode's Annex 9: right-to-left letters, Arabic numbers, controls.
_STARTS = {"LRI", "RLI", "FSI"}
_DIRECTED = {"R", "AL", "AN", "LRE", "RLE", "LRO", "RLO", "PDF", "PDI"} | _STARTS

# As many as Hebrew puts on a letter together with an accent; a few more reach into the line above.
_MOST_MARKS = 4


def isolate(text: str) -> str:
    r"""A text as people are shown it beside others; most texts stay as they are.

    >>> isolate("king"), isolate("abc\u202e")
    ('king', '\u2068abc\u202e\u2069')
    """
    text = thin_marks(text)
    if not any(unicodedata.bidirectional(c) in _DIRECTED for c in text):
        return text
    # A line break would end the isolate.
    return _ISOLATE + _balance(" ".join(text.split())) + _END


def thin_marks(text: str) -> str:
    """A text without the marks that are too many to stand on one letter."""
    if text.isascii():
        return text
    kept = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        if category in ("Mn", "Me"):
            marks += 1
        # What is invisible does not end a stack of marks.
        elif category != "Cf":
            marks = 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _balance(text: str) -> str:
    """A text that ends all isolates that it starts, and no other."""
    kept = []
    depth = 0
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction == "PDI" and not depth:
            continue
        depth += (direction in _STARTS) - (direction == "PDI")
        kept.append(character)
    return "".join(kept) + depth * _END
