"""The model → what people are told of it."""

from embviz.language import gettext
from embviz.models.encoder import Encoder


def describe_model(encoder: Encoder, about: str) -> str:
    """Say in a few sentences what a model makes of a text, and what it was trained on.

    Args:
        encoder: The model.
        about: What the catalogue says of it.
    """
    turns = gettext("It turns each text into {dimension} numbers.", dimension=encoder.dimension)
    reads = gettext("It reads texts of any length.")
    if encoder.max_tokens:
        reads = gettext(
            "It reads the first {max_tokens} tokens of a text; a token is a word or a piece of "
            "one.",
            max_tokens=encoder.max_tokens,
        )
    return f"{turns} {reads} {gettext(about) if about else ''}".strip()
