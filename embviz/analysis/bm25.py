"""Which documents share words with a query? BM25, by the bm25s package."""

import re
from collections.abc import Sequence

import numpy as np

from embviz.analysis.vectors import Doubles

# What bm25s takes for a word, too.
_WORD = re.compile(r"(?u)\b\w\w+\b")


class KeywordIndex:
    """Documents by the words that stand in them.

    Words are compared without their endings (the Snowball stemmer for English) and in small
    letters; the most common ones, such as "the", do not count.
    """

    def __init__(self, documents: Sequence[str]):
        # Loading it takes a moment, and a search by meaning does not need it.
        import bm25s

        tokens = _split(documents)
        self._count = len(documents)
        self._index = bm25s.BM25()
        if any(tokens):
            self._index.index(tokens, show_progress=False)

    def scores(self, query: str) -> Doubles:
        """How well each document fits a query, by BM25 as Lucene computes it (k1 = 1.5, b = 0.75).

        The formula is that of Robertson & Zaragoza (2009), the implementation that of Lù (2024).

        Returns:
            Shape (number of documents,), float64, 0 where no word is shared.
        """
        known = getattr(self._index, "vocab_dict", {})
        (words,) = _split([query])
        words = [word for word in words if word in known]
        if not words:
            return np.zeros(self._count)
        return np.asarray(self._index.get_scores(words), dtype=np.float64)


def shared_words(query: str, document: str) -> tuple[str, ...]:
    """The words of a document, as they stand there, that a keyword search finds it by.

    >>> shared_words("the impact of oceans", "Ocean warming: the impact")
    ('Ocean', 'impact')
    """
    (wanted,) = _split([query])
    words = tuple(dict.fromkeys(_WORD.findall(document)))
    return tuple(
        word for word, stems in zip(words, _split(words), strict=True) if set(stems) & set(wanted)
    )


def _split(texts: Sequence[str]) -> list[list[str]]:
    import bm25s
    from Stemmer import Stemmer

    words: list[list[str]] = bm25s.tokenize(
        list(texts),
        stopwords="en",
        stemmer=Stemmer("english"),
        return_ids=False,
        show_progress=False,
    )
    return words
