"""What the model made of the input → a note, or nothing."""

from collections.abc import Sequence

from embviz.language import gettext, ngettext
from embviz.views.wording import join, quote


def note_truncated(truncated: tuple[str, ...], max_tokens: int | None) -> str:
    """Say which texts the model did not read to the end; nothing if it read all."""
    if not truncated:
        return ""
    reads = gettext(
        "The model reads only the first {max_tokens} tokens (words or pieces of words) of a text.",
        max_tokens=max_tokens,
    )
    ignored = ngettext(
        "The rest of {text} was ignored.",
        "The rest of {n} texts was ignored.",
        len(truncated),
        text=quote(truncated[0]),
    )
    return f"{reads} {ignored}"


def note_commas(texts: Sequence[str]) -> str:
    """Point out that commas do not separate texts that stand one a line; nothing otherwise."""
    if "," not in "".join(texts):
        return ""
    return gettext("Each line was read as one text, with its commas.")


def note_unknown(unknown: Sequence[str]) -> str:
    """Point out texts that look alike to the model because it can read none of them."""
    if not unknown:
        return ""
    return ngettext(
        "The model has no token for {texts}, so it cannot tell it from other unknown symbols.",
        "The model has no token for {texts}, so it cannot tell them from other unknown symbols.",
        len(unknown),
        texts=join([quote(text) for text in unknown]),
    )
