"""What are these documents about? → Themes."""

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import normalize
from Stemmer import Stemmer
from threadpoolctl import threadpool_limits

from embviz.analysis.baseline import SENTENCE_SAMPLE, sample_sentences, sample_words
from embviz.analysis.vectors import Doubles, cosine_similarities
from embviz.errors import InputError
from embviz.language import gettext
from embviz.models.encoder import Encoder
from embviz.models.progress import part_of_job, report

FEWEST_DOCUMENTS = 4
MOST_THEMES = 12
LABEL_WORDS = 3
LONGEST_LABEL = 40
# How often chance is drawn, and from how many random starts each grouping is tried.
DRAWS = 20
STARTS = 4
SEED = 0

_Integers = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Theme:
    """Documents that are alike.

    Attributes:
        label: What sets them apart, in a few words; no other theme has the same.
        words: The words of the label, the best first; none if it is the beginning of a document.
        documents: Indices of its documents, the nearest to its centre first.
    """

    label: str
    words: tuple[str, ...]
    documents: tuple[int, ...]


@dataclass(frozen=True)
class Themes:
    """Documents grouped by meaning, and how clear the groups are.

    The silhouette (Rousseeuw 1987) of a document is (b - a) / max(a, b): a is its mean cosine
    distance (1 - cosine) to the other documents of its theme, b that to the documents of the
    nearest other theme.

    Attributes:
        documents: All documents, in the order given.
        themes: The themes, the largest first.
        silhouette: Its mean over all documents, -1..1; 1 if each theme is one point, far from the
            others.
        random_silhouette: What the same vectors reach on average, grouped in the same way, if each
            dimension is shuffled among the documents.
        random_high: What they exceed in 5 of 100 such draws.
        unrelated: "words" or "sentences", whichever most of the documents are.
        unrelated_silhouette: What such texts reach on average if they are drawn at random.
        unrelated_high: What they exceed in 5 of 100 draws.
        chosen: Whether the number of themes was chosen for its silhouette, and not given.
        truncated: Those of the documents that the model did not read to the end.
    """

    documents: tuple[str, ...]
    themes: tuple[Theme, ...]
    silhouette: float
    random_silhouette: float
    random_high: float
    unrelated: str
    unrelated_silhouette: float
    unrelated_high: float
    chosen: bool
    truncated: tuple[str, ...]

    @property
    def clear(self) -> bool:
        """Whether the themes are clearer than chance, and than those of unrelated texts."""
        return self.silhouette > max(self.random_high, self.unrelated_high)


def find_themes(documents: Sequence[str], encoder: Encoder, count: int = 0) -> Themes:
    """Group documents by meaning.

    By k-means on the unit vectors (scikit-learn), in which every document gets a theme, the number
    of themes can be given, and the same documents make the same themes in any order.

    Args:
        documents: At least four; one may stand there twice.
        encoder: The model.
        count: How many themes to make, 2 to 12; 0 for the number up to 12, and up to half of the
            documents, that has the highest silhouette. With 500 documents, to choose takes some
            seconds.

    Raises:
        InputError: There are too few documents for so many themes, or all are alike.
    """
    if len(documents) < FEWEST_DOCUMENTS:
        raise InputError(
            gettext(
                "Themes need at least {least} documents: add some more.", least=FEWEST_DOCUMENTS
            )
        )
    if count and not 2 <= count <= MOST_THEMES:
        raise InputError(
            gettext(
                "Choose 2 to {most} themes, or 0 to let their number be chosen for you.",
                most=MOST_THEMES,
            )
        )
    # In an order of their own, so that it makes no difference in which one they were given.
    order = sorted(range(len(documents)), key=lambda i: documents[i])
    vectors = encoder.encode([documents[i] for i in order]).astype(np.float64)
    counts = _counts(vectors, count)
    kind, texts = _unrelated_texts(documents)
    unrelated = encoder.encode(texts).astype(np.float64)
    size = min(len(documents), len(texts) // 2)

    random = np.random.default_rng(SEED)
    shuffled = (normalize(random.permuted(vectors, axis=0)) for _ in range(DRAWS))
    drawn = (random.choice(unrelated, size, replace=False) for _ in range(DRAWS))
    # More threads spend their time waiting for each other, since all these jobs are small.
    with threadpool_limits(1):
        labels, silhouette = _group(vectors, counts)
        with part_of_job(0, 2):
            of_shuffled = _silhouettes(shuffled, counts)
        with part_of_job(1, 2):
            of_unrelated = _silhouettes(drawn, counts)
    groups = _by_nearness(np.array(order), vectors, labels)
    return Themes(
        tuple(documents),
        _name(groups, documents),
        silhouette,
        float(np.mean(of_shuffled)),
        float(np.quantile(of_shuffled, 0.95)),
        kind,
        float(np.mean(of_unrelated)),
        float(np.quantile(of_unrelated, 0.95)),
        chosen=not count,
        truncated=encoder.truncated(documents),
    )


def _counts(vectors: Doubles, count: int) -> range:
    """Which numbers of themes to try."""
    different = _count_different(vectors)
    if different < 2:
        raise InputError(
            gettext("To the model all these documents are the same: add different ones.")
        )
    most = min(MOST_THEMES, different, len(vectors) - 1)
    if not count:
        return range(2, min(most, len(vectors) // 2) + 1)
    if count > most:
        raise InputError(
            gettext(
                "These documents make at most {most} themes: choose fewer, or add more.", most=most
            )
        )
    return range(count, count + 1)


def _count_different(vectors: Doubles) -> int:
    return len(np.unique(vectors.round(5), axis=0))


def _group(vectors: Doubles, counts: Iterable[int]) -> tuple[_Integers, float]:
    """The theme of each vector, and the silhouette: for that count for which it is the highest."""
    distances = 1 - cosine_similarities(vectors, vectors)
    np.fill_diagonal(distances, 0)
    # All in one theme have a silhouette of 0; unrelated texts may be all the same to a model.
    found = [(np.zeros(len(vectors), dtype=np.intp), 0.0)]
    different = _count_different(vectors)
    for count in counts:
        if count <= different:
            labels = KMeans(count, n_init=STARTS, random_state=SEED).fit_predict(vectors)
            silhouette = silhouette_score(distances, labels, metric="precomputed")
            found.append((labels, float(silhouette)))
    return max(found[1:] or found, key=lambda grouping: grouping[1])


def _silhouettes(samples: Iterable[Doubles], counts: Sequence[int]) -> list[float]:
    """The silhouette of each of DRAWS samples, grouped as the documents are."""
    found = []
    for done, vectors in enumerate(samples):
        report(done / DRAWS)
        found.append(_group(vectors, counts)[1])
    return found


def _unrelated_texts(documents: Sequence[str]) -> tuple[str, list[str]]:
    """Texts that have nothing to do with each other, of the kind that most documents are."""
    words = sum(len(document.split()) == 1 for document in documents)
    if words > len(documents) / 2:
        return "words", sample_words()[:SENTENCE_SAMPLE]
    return "sentences", sample_sentences()


def _by_nearness(order: _Integers, vectors: Doubles, labels: _Integers) -> list[tuple[int, ...]]:
    """The documents of each theme, the nearest to its centre first; the largest theme first."""
    groups = []
    for label in np.unique(labels):
        members = order[labels == label]
        centre = vectors[labels == label].mean(axis=0)
        # Equal texts may differ by rounding; they shall keep their order.
        nearness = cosine_similarities(centre[None], vectors[labels == label])[0].round(9)
        groups.append(tuple(members[np.lexsort((members, -nearness))].tolist()))
    return sorted(groups, key=lambda group: (-len(group), min(group)))


def _name(groups: Sequence[tuple[int, ...]], documents: Sequence[str]) -> tuple[Theme, ...]:
    """Name each theme by the words that set it apart, or else by the text nearest to its centre.

    The weight of a word in a theme is its class-based TF-IDF (Grootendorst 2022): tf · log(1 + A /
    f), where tf is how often the theme has it, f how often all themes have it, and A how many words
    a theme has on average. A word names the one theme that has it most often.
    """
    counts = _count_words([[documents[i] for i in group] for group in groups])
    total = sum(counts, Counter[str]())
    average = total.total() / len(groups)
    themes: list[Theme] = []
    for group, count in zip(groups, counts, strict=True):
        weights = {
            word: times * math.log(1 + average / total[word])
            for word, times in count.items()
            if all(times > other[word] for other in counts if other is not count)
        }
        # Of equal words those come first that stand first in the text nearest to the centre.
        words = tuple(sorted(weights, key=lambda word: -weights[word])[:LABEL_WORDS])
        label = ", ".join(words) or " ".join(documents[group[0]].split())[:LONGEST_LABEL]
        if any(label == theme.label for theme in themes):
            label = f"{label} ({len(themes) + 1})"
        themes.append(Theme(label, words, group))
    return tuple(themes)


def _count_words(groups: Sequence[Sequence[str]]) -> list[Counter[str]]:
    """How often each word stands in the texts of each group, without English stop words.

    Words that differ in their endings only count as the most frequent of them.
    """
    # Not by scikit-learn's CountVectorizer: it refuses texts without any word, and cuts the words
    # of Hindi or Thai at their vowel signs.
    words = [
        [word for text in texts for word in _split(text) if word not in ENGLISH_STOP_WORDS]
        for texts in groups
    ]
    stemmer = Stemmer("english")
    frequent = Counter(word for group in words for word in group).most_common()
    shown = {stemmer.stemWord(word): word for word, _ in reversed(frequent)}
    return [Counter(shown[stemmer.stemWord(word)] for word in group) for group in words]


def _split(text: str) -> list[str]:
    """The words of a text in small letters: letters, digits and marks, but not digits alone."""
    kept = (c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text.lower())
    return [
        word for word in "".join(kept).split() if len(word) > 1 and any(c.isalpha() for c in word)
    ]
