"""The texts that the first answers are about.

A model takes little longer for a hundred short texts at once than for two, and the page asks two at
a time.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from embviz.course.course_files import Lesson
from embviz.errors import InputError
from embviz.inputs.expressions import parse_expression
from embviz.inputs.parsing import parse_texts


def first_texts(lesson: Lesson) -> list[str]:
    """What the tabs start with, and what the steps of the lesson and their solutions are about."""
    analogy = lesson.arithmetic.analogies[0]
    first = {
        "query": lesson.search.queries[0],
        "expression": analogy.expression,
        "candidates": "\n".join(analogy.candidates),
    }
    texts = [*lesson.similarity.pairs[0], *lesson.similarity.words]
    if lesson.search.collection is None:
        texts += lesson.search.documents
    states = [first, *(state for step in lesson.steps for state in (step.state, step.solved))]
    texts += [text for state in states for text in _texts(state)]
    return list(dict.fromkeys(texts))


def _texts(state: Mapping[str, str]) -> Iterator[str]:
    # Who finds a mistake in a step says where it stands.
    with suppress(InputError):
        yield from (state[name] for name in ("text_a", "text_b", "query") if name in state)
        yield from (term.text for term in parse_expression(state.get("expression", "")))
        if "candidates" in state:
            yield from parse_texts(state["candidates"], "candidates", commas=True)
