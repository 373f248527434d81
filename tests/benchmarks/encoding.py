"""How fast texts become vectors, beside `SentenceTransformer.encode`."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from benchmarks.table import Row, side_by_side
from sentence_transformers import SentenceTransformer
from sklearn.metrics.pairwise import cosine_similarity

from embviz import solve
from embviz.analysis.passages import PassageSearch, find_passages
from embviz.analysis.search import load_index
from embviz.analysis.vocabulary import common_words
from embviz.models.encoder import Encoder

RUNS = 3
CANDIDATES = ["queen", "princess", "man", "prince", "lady", "monarch", "duchess", "empress"]


def rows_of_encoding(encoder: Encoder, model: SentenceTransformer) -> Iterator[Row]:
    """Many texts at once, and one analogy again and again."""
    words = np.array(common_words())
    random = np.random.default_rng(0)
    numbers = count()
    # Two threads that use PyTorch slow each other down, so both take the same.
    in_model_thread = encoder._batcher.run

    def new_texts(texts: int, length: int) -> list[str]:
        # A number makes each a text that no cache has seen.
        return [f"{' '.join(random.choice(words, length))} {next(numbers)}" for _ in range(texts)]

    for what, texts, length in (
        ("10,000 texts of two words", 10_000, 2),
        ("500 texts of 200 words", 500, 200),
    ):
        # Made before, since making them takes as long as encoding them.
        prepared = iter([new_texts(texts, length) for _ in range(2 * RUNS)])
        ours, theirs = side_by_side(
            RUNS,
            lambda prepared=prepared: encoder.encode(next(prepared)),
            lambda prepared=prepared: in_model_thread(
                lambda: model.encode(next(prepared), show_progress_bar=False)
            ),
        )
        yield Row(
            what,
            "`SentenceTransformer.encode`",
            theirs / ours,
            1.6,
            f"{texts / ours:.0f} and {texts / theirs:.0f} texts a second",
            more_is_better=True,
        )

    yield _row_of_first_start(encoder, model, [new_texts(500, 200) for _ in range(2 * RUNS)])
    sentences = [new_texts(1_450, 15) for _ in range(2 * RUNS)]
    yield _row_of_long_text(encoder, model, [". ".join(text) for text in sentences])

    sentences = new_texts(200, 12)

    @torch.inference_mode()
    def hidden_states() -> None:
        for sentence in sentences:
            features = model.tokenizer(sentence, return_tensors="pt")
            model[0].auto_model(**features, output_hidden_states=True)

    ours, theirs = side_by_side(
        RUNS,
        lambda: [encoder.read_layers(sentence) for sentence in sentences],
        lambda: in_model_thread(hidden_states),
    )
    yield Row(
        "all layers of 200 texts of 12 words",
        "transformers, `output_hidden_states`",
        theirs / ours,
        1,
        f"{200 / ours:.0f} and {200 / theirs:.0f} texts a second",
        more_is_better=True,
    )

    def as_in_the_lesson() -> str:
        king, male, female = model.encode(["king", "male", "female"])
        similarities = cosine_similarity([king - male + female], model.encode(CANDIDATES))[0]
        return CANDIDATES[similarities.argmax()]

    ours, theirs = side_by_side(
        50, lambda: solve("king - male + female", CANDIDATES, encoder), as_in_the_lesson
    )
    yield Row(
        "an analogy of the lesson, repeated",
        "its notebook, which encodes anew",
        theirs / ours,
        5,
        f"{1000 * ours:.1f} and {1000 * theirs:.1f} ms",
        more_is_better=True,
    )


def _row_of_first_start(
    encoder: Encoder, model: SentenceTransformer, prepared: list[list[str]]
) -> Row:
    ours_next, theirs_next = iter(prepared[:RUNS]), iter(prepared[RUNS:])
    with TemporaryDirectory() as folder:
        ours, theirs = side_by_side(
            RUNS,
            lambda: load_index("texts", next(ours_next), encoder, folder=Path(folder)),
            lambda: encoder._batcher.run(
                lambda: model.encode(next(theirs_next), show_progress_bar=False)
            ),
        )
    texts = len(prepared[0])
    return Row(
        f"first start with a collection of {texts} texts of 200 words",
        "`SentenceTransformer.encode`",
        theirs / ours,
        1,
        f"{texts / ours:.0f} and {texts / theirs:.0f} texts a second",
        more_is_better=True,
    )


def _row_of_long_text(encoder: Encoder, model: SentenceTransformer, texts: list[str]) -> Row:
    """A long text, cut and searched, beside the library's encoding of what it was cut into."""
    cut = iter([[p.text for p in _search(text, encoder).ranking] for text in texts[RUNS:]])
    new = iter(texts[:RUNS])
    ours, theirs = side_by_side(
        RUNS,
        lambda: _search(next(new), encoder),
        lambda: encoder._batcher.run(lambda: model.encode(next(cut), show_progress_bar=False)),
    )
    return Row.of_times(
        f"passages of a text of {len(texts[0]):,} characters",
        "`SentenceTransformer.encode` of these passages",
        ours,
        theirs,
        1.2,
    )


def _search(text: str, encoder: Encoder) -> PassageSearch:
    return find_passages("king and queen", text, encoder)
