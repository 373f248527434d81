"""The model → what people are told of it."""

from embviz.models.encoder import Encoder


def describe_model(encoder: Encoder, about: str) -> str:
    """Say in a few sentences what a model makes of a text, and what it was trained on.

    Args:
        encoder: The model.
        about: What the catalogue says of it.
    """
    reads = "It reads texts of any length."
    if encoder.max_tokens:
        reads = (
            f"It reads the first {encoder.max_tokens} tokens of a text; a token is a word or a "
            "piece of one."
        )
    return f"It turns each text into {encoder.dimension} numbers. {reads} {about}".strip()
