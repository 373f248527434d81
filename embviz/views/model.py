"""The model → what people are told of it."""

from embviz.models.encoder import Encoder


def describe_model(encoder: Encoder, about: str) -> str:
    """Say in a few sentences what a model makes of a text, and what it was trained on.

    Args:
        encoder: The model.
        about: What the catalogue says of it.
    """
    reads = f"the first {encoder.max_tokens} tokens" if encoder.max_tokens else "all"
    sentences = f"It turns each text into {encoder.dimension} numbers and reads {reads} of it."
    return f"{sentences} {about}".strip()
