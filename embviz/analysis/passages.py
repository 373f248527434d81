"""Where in a long text is the answer? → PassageSearch.

A model reads so many tokens of a text, and one vector cannot hold everything that a long text says.
So the text is cut into passages, each with a vector of its own. A chatbot that answers from
documents is given the best of them: retrieval-augmented generation (Lewis et al. 2020,
https://arxiv.org/abs/2005.11401).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from embviz.analysis.vectors import cosine_similarities, nearest_rows
from embviz.errors import InputError
from embviz.inputs.limits import MAX_LONG_TEXT
from embviz.language import gettext, grouped
from embviz.models.encoder import Encoder
from embviz.models.model import Place
from embviz.models.progress import part_of_job, report

TOKENS = 128
OVERLAP = 32
# Fewer hardly make a sentence.
FEWEST_TOKENS = 8
# Encoding so many of TOKENS tokens takes about a minute on two cores.
MOST_PASSAGES = 5_000
# Each report lets one who has left end the job.
_PASSAGES_BETWEEN_REPORTS = 50
# How much of the text a prompt holds, in tokens. The best passage is in it, whatever its length.
PROMPT_TOKENS = 1_000

INSTRUCTION = (
    "Answer the question from the numbered sources below and from nothing else. Name the source of "
    "each statement by its number, such as [1]. If the sources do not contain the answer, say so."
)

# Where a sentence ends: after the mark, what closes quotes and brackets, and white space, unless a
# small letter follows or it is an initial or a common title; after a mark of Chinese or Japanese;
# and at a blank line. No run of characters is read twice, so that the time grows with the text.
_SENTENCE_END = re.compile(
    r"(?<=[.!?…])(?<!\b[A-Z]\.)(?<!\b(?:Dr|Mr|Ms|St)\.)(?<!\b(?:Mrs|Fig)\.)(?<!\bProf\.)"
    r"""["'”’»)\]]*+\s++(?![a-zà-öø-ÿ])"""
    r"|(?<=[。！？])[」』”’）]*+\s*+"
    r"|\n\s*\n\s*+"
)
_LINE_END = re.compile(r"\n")
_WORD_END = re.compile(r"\s++")


@dataclass(frozen=True)
class Passage:
    """A part of a text.

    Attributes:
        rank: 1 for the one that fits the query best.
        start: Where it begins in the text, in characters from 0.
        end: Where it ends.
        text: The text from start to end.
        score: Cosine with the query, -1..1.
    """

    rank: int
    start: int
    end: int
    text: str
    score: float


@dataclass(frozen=True)
class Whole:
    """The text as one vector.

    Attributes:
        score: Cosine of the query with what the model reads of the text, -1..1.
        read_until: Where the model stops reading, in characters; where the text ends if it reads
            all.
    """

    score: float
    read_until: int


@dataclass(frozen=True)
class PassageSearch:
    """A long text, searched by its passages.

    Attributes:
        query: What was looked for.
        text: What was searched.
        passages: The best passages, the best first.
        ranking: All passages, the best first; the passages are the first of them.
        whole: The whole text as one vector, for comparison.
        prompt: What a chatbot would be given to answer the query from the text.
        prompt_passages: The passages that the prompt quotes, in its order.
        prompt_tokens: The length of the prompt in tokens of this model. A chatbot counts otherwise.
        truncated: The query, if the model did not read it to the end.
    """

    query: str
    text: str
    passages: tuple[Passage, ...]
    ranking: tuple[Passage, ...]
    whole: Whole
    prompt: str
    prompt_passages: tuple[Passage, ...]
    prompt_tokens: int
    truncated: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many passages the text has."""
        return len(self.ranking)


def find_passages(
    query: str,
    text: str,
    encoder: Encoder,
    *,
    tokens: int = TOKENS,
    overlap: int = OVERLAP,
    top_k: int = 3,
) -> PassageSearch:
    """Find the passages of a long text that fit a query best.

    Args:
        query: What to look for.
        text: At most MAX_LONG_TEXT characters.
        encoder: The model.
        tokens: How many tokens a passage may have; at least 8, and no more than the model reads.
        overlap: How many tokens a passage may share with the one before it.
        top_k: How many of the best passages to return.

    Raises:
        InputError: The text is empty or too long, passages cannot have this size, there are too
            many of them, or the model does not tell its tokens.
    """
    if not text.strip():
        raise InputError(gettext("The text is empty: paste one, or open a file."))
    if len(text) > MAX_LONG_TEXT:
        raise InputError(
            gettext(
                "The text has {count} characters: search a part of it with at most {most}.",
                count=grouped(len(text)),
                most=grouped(MAX_LONG_TEXT),
            )
        )
    found = encoder.find_tokens(text)
    _check_size(tokens, overlap, found.limit)
    with part_of_job(0, 2):
        places = _cut_few(text, found.places, encoder, tokens, overlap)
    texts = [text[start:end] for start, end in places]
    with part_of_job(1, 2):
        query_vector, whole_vector, *vectors = encoder.encode([query, text, *texts])
    order, scores = nearest_rows(np.stack(vectors), query_vector, len(places))
    ranking = tuple(
        Passage(rank, *places[i], texts[i], float(score))
        for rank, (i, score) in enumerate(zip(order, scores, strict=True), 1)
    )
    whole = Whole(
        float(cosine_similarities(query_vector[None], whole_vector[None])[0, 0]),
        len(text) if found.stops_at is None else found.stops_at,
    )
    passages = ranking[:top_k]
    quoted = _fit_in_prompt(passages, encoder)
    prompt = write_prompt(query, quoted)
    return PassageSearch(
        query,
        text,
        passages,
        ranking,
        whole,
        prompt,
        quoted,
        _count_tokens(prompt, encoder),
        encoder.truncated([query]),
    )


def _cut_few(
    text: str, tokens_of_text: Sequence[Place], encoder: Encoder, tokens: int, overlap: int
) -> list[Place]:
    """The passages of a text, see `cut_into_passages`, but for white space; not too many."""
    places: list[Place] = []
    for start, end in _Cutter(text, tokens_of_text, encoder).cut(tokens, overlap):
        # White space is no passage, but some models have tokens for it.
        if text[start:end].strip():
            places.append((start, end))
        if len(places) % _PASSAGES_BETWEEN_REPORTS == 0:
            report(end / len(text))
        if len(places) > MOST_PASSAGES:
            raise InputError(
                gettext(
                    "The text has more than {most} passages of this size: choose larger ones, "
                    "less overlap or a shorter text.",
                    most=grouped(MOST_PASSAGES),
                )
            )
    return places


def cut_into_passages(text: str, encoder: Encoder, *, tokens: int, overlap: int) -> list[Place]:
    """Cut a text into passages that end where a sentence ends, if one ends within reach.

    A sentence that is longer than a passage is cut at the end of a line or else of a word, and a
    word that is longer is cut between two tokens.

    Args:
        text: The text.
        encoder: The model, whose tokens are counted. A part of a text may have other tokens than
            the text has there, so those of each passage are counted again.
        tokens: How many tokens a passage may have.
        overlap: How many tokens a passage may share with the one before it. Passages share whole
            sentences; or whole words, where a sentence was cut.

    Returns:
        Where each passage begins and ends, both ascending. Without what they share, the passages
        joined are the text. None has more than `tokens` tokens when it is read alone, unless it is
        a single character.
    """
    return [*_Cutter(text, encoder.find_tokens(text).places, encoder).cut(tokens, overlap)]


def write_prompt(query: str, passages: Sequence[Passage]) -> str:
    """What a chatbot is given to answer a query from some passages: how to, these, the query.

    The best passage comes first: language models use best what stands at the start or at the end
    of what they read (Liu et al. 2024, "Lost in the Middle", https://arxiv.org/abs/2307.03172).
    """
    sources = (f"[{n}] {' '.join(passage.text.split())}" for n, passage in enumerate(passages, 1))
    return "\n\n".join([INSTRUCTION, *sources, f"Question: {query}", "Answer:"])


class _Cutter:
    """Cuts a text, see `cut_into_passages`.

    How far a number of tokens reaches is looked up among the tokens of the whole text; only what
    that leads to is taken apart into tokens again. So the time grows with the text, whatever it is.
    """

    def __init__(self, text: str, places: Sequence[Place], encoder: Encoder):
        self._text = text
        self._encoder = encoder
        # Behind the last there is one more, which is beyond the text.
        self._token_ends = [*sorted(end for _, end in places), len(text) + 1]
        # Where the text can be cut, the best kind of place first.
        self._cuts: list[Sequence[int]] = [
            *(_ends_of(pattern, text) for pattern in (_SENTENCE_END, _LINE_END, _WORD_END)),
            sorted({start for start, _ in places if start} | {len(text)}),
        ]

    def cut(self, tokens: int, overlap: int) -> Iterator[Place]:
        """Where each passage begins and ends."""
        start = end = kind = 0
        while end < len(self._text):
            start, end, kind = self._find_next(start, end, kind, tokens)
            yield start, end
            start = self._go_back(start, end, kind, overlap)

    def _find_next(self, start: int, after: int, kind: int, tokens: int) -> tuple[int, int, int]:
        """The next passage, and the kind of place where it ends.

        Args:
            start: Where it begins, if what it then shares with the one before leaves room.
            after: Where the one before ends.
            kind: The kind of that place.
            tokens: How many tokens it may have.
        """
        for next_kind in range(len(self._cuts)):
            # Shared sentences make room for a sentence, but shared words for no more than a word.
            begins = {start, after} if next_kind >= kind else {start}
            for begin in sorted(begins):
                end = self._find_end(begin, after, next_kind, tokens)
                if end is not None:
                    return begin, end, next_kind
        # One character, whatever its tokens, so that there is an end.
        return after, after + 1, len(self._cuts) - 1

    def _find_end(self, start: int, after: int, kind: int, tokens: int) -> int | None:
        """The last place after another up to which there are no more tokens; None if none is."""
        cuts = self._cuts[kind]
        first = bisect_right(self._token_ends, start)
        expected = tokens
        while expected > 0:
            beyond = self._token_ends[min(first + expected, len(self._token_ends) - 1)]
            place = bisect_left(cuts, beyond) - 1
            if place < 0 or cuts[place] <= after:
                return None
            surplus = _count_tokens(self._text[start : cuts[place]], self._encoder) - tokens
            if surplus <= 0:
                return cuts[place]
            expected -= surplus
        return None

    def _go_back(self, start: int, end: int, kind: int, overlap: int) -> int:
        """The first place after the start from which there are no more tokens to the end."""
        cuts = self._cuts[kind]
        behind = bisect_right(self._token_ends, end)
        expected = overlap
        while expected > 0:
            before = behind - expected - 1
            first = self._token_ends[before] if before >= 0 else 0
            place = cuts[bisect_left(cuts, max(first, start + 1))]
            if place >= end:
                return end
            surplus = _count_tokens(self._text[place:end], self._encoder) - overlap
            if surplus <= 0:
                return place
            expected -= surplus
        return end


def _ends_of(pattern: re.Pattern[str], text: str) -> list[int]:
    return sorted({match.end() for match in pattern.finditer(text)} | {len(text)})


def _count_tokens(text: str, encoder: Encoder) -> int:
    return len(encoder.find_tokens(text).places)


def _fit_in_prompt(passages: tuple[Passage, ...], encoder: Encoder) -> tuple[Passage, ...]:
    """The first passages that have no more than PROMPT_TOKENS together, and at least one."""
    counts = accumulate(_count_tokens(passage.text, encoder) for passage in passages)
    return passages[: max(1, sum(count <= PROMPT_TOKENS for count in counts))]


def _check_size(tokens: int, overlap: int, limit: int | None) -> None:
    most = MAX_LONG_TEXT if limit is None else limit
    if tokens not in range(FEWEST_TOKENS, most + 1):
        bounds = {"least": FEWEST_TOKENS, "most": grouped(most)}
        raise InputError(
            gettext("Tokens must be a whole number from {least} to {most}.", **bounds)
            if limit is None
            else gettext(
                "Tokens must be a whole number from {least} to {most}, as many as the model reads "
                "of a text.",
                **bounds,
            )
        )
    if overlap not in range(tokens):
        raise InputError(
            gettext(
                "Overlap must be a whole number from 0 to {most}, so that each passage has "
                "something new.",
                most=tokens - 1,
            )
        )
