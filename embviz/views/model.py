"""The model → what people are told of it."""

from embviz.models.encoder import Encoder

# From the model cards.
_TRAINING = {
    "sentence-transformers/all-MiniLM-L6-v2": (
        "It has 22.7 million parameters and was trained on English: on more than a billion pairs "
        "of texts that belong together, such as a question and its answer, or a title and its "
        "article."
    )
}


def describe_model(encoder: Encoder) -> str:
    """Say in a few sentences what a model makes of a text, and what it was trained on."""
    reads = f"the first {encoder.max_tokens} tokens" if encoder.max_tokens else "all"
    sentences = f"It turns each text into {encoder.dimension} numbers and reads {reads} of it."
    return f"{sentences} {_TRAINING.get(encoder.name, '')}".strip()
