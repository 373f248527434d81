"""What the model made of the input → a note, or nothing."""

from collections.abc import Sequence

from embviz.views.phrases import join, quote


def note_truncated(truncated: tuple[str, ...], max_tokens: int | None) -> str:
    """Say which texts the model did not read to the end; nothing if it read all."""
    if not truncated:
        return ""
    texts = quote(truncated[0]) if len(truncated) == 1 else f"{len(truncated)} texts"
    return (
        f"The model reads the first {max_tokens} tokens of a text: of {texts} it dropped the rest."
    )


def note_commas(texts: Sequence[str]) -> str:
    """Point out that commas do not separate texts that stand one a line; nothing otherwise."""
    return "Each line was read as one text, commas and all." if "," in "".join(texts) else ""


def note_unknown(unknown: Sequence[str]) -> str:
    """Point out texts that look alike to the model because it can read none of them."""
    if not unknown:
        return ""
    texts = join([quote(text) for text in unknown])
    return f"The model knows no part of {texts}: all such texts look the same to it."
