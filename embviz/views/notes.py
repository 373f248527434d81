"""What the model made of the input → a note, or nothing."""

from collections.abc import Sequence

from embviz.views.wording import join, quote


def note_truncated(truncated: tuple[str, ...], max_tokens: int | None) -> str:
    """Say which texts the model did not read to the end; nothing if it read all."""
    if not truncated:
        return ""
    texts = quote(truncated[0]) if len(truncated) == 1 else f"{len(truncated)} texts"
    return (
        f"The model reads only the first {max_tokens} tokens (words or pieces of words) of a text. "
        f"The rest of {texts} was ignored."
    )


def note_commas(texts: Sequence[str]) -> str:
    """Point out that commas do not separate texts that stand one a line; nothing otherwise."""
    return "Each line was read as one text, with its commas." if "," in "".join(texts) else ""


def note_unknown(unknown: Sequence[str]) -> str:
    """Point out texts that look alike to the model because it can read none of them."""
    if not unknown:
        return ""
    texts = join([quote(text) for text in unknown])
    it = "it" if len(unknown) == 1 else "them"
    return f"The model has no token for {texts}, so it cannot tell {it} from other unknown symbols."
