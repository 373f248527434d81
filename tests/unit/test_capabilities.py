"""What is declared: ids are what links and programs rely on, so they are listed here once more."""

import inspect
import re

import pytest

from embviz.capabilities import COLOUR_TITLES, ENDPOINTS, LOOK_AMONG, QUESTIONS
from embviz.inputs.links import current_value
from embviz.views.colours import COLOURS

# A line may be added here, but none may change.
PANELS = {
    "texts": "vectors angle tokens layers changes neighbours models people leaderboard",
    "list": "odd-one-out map-pca map-mds map-tsne map-random models",
    "context": "by-layer map-pca map-mds map-tsne map-random",
    "equation": "plane methods models analogies occupations",
    "axes": "plane occupations",
    "association": "occupations models",
    "documents": "tokens rankings map-pca map-mds map-tsne map-random models retrieval themes "
    "compression similar",
    "passages": "in-text prompt",
}

# What programs call, with the arguments in their order; more may follow them.
CALLS = {
    "compare": "text_a text_b",
    "explain": "text_a text_b",
    "similarity_matrix": "texts",
    "solve": "expression candidates top_k exclude_inputs method",
    "search": "query documents top_k method",
    "embed": "texts",
    "human_ratings": "dataset",
    "analogy_test": "",
    "retrieval_test": "",
    "plot_compare": "text_a text_b",
    "plot_similarity_matrix": "texts ordered colours",
    "plot_solve": "expression candidates top_k exclude_inputs",
    "plot_search": "query documents top_k method",
    "layers": "text_a text_b",
    "word_in_context": "word sentences layer",
    "project": "texts low high",
    "association_test": "test",
    "occupations": "",
    "passages": "query text tokens overlap top_k",
    "themes": "documents count",
    "compression_test": "",
    "models": "",
    "compare_models": "text_a text_b",
    "model_agreement": "texts model_a model_b",
    "model_tests": "",
}

# Every value that links held when the words on the page were the values, and what it opens.
OLD_LINKS = {
    ("panel", "Just the answer"): "none",
    # What it showed is in the answer itself now.
    ("panel", "How high is that?"): "none",
    ("panel", "Which angle is that?"): "angle",
    ("panel", "Which words made it?"): "tokens",
    ("panel", "What does the model hear?"): "changes",
    ("panel", "Which words are near?"): "neighbours",
    ("panel", "Test this claim: do people agree?"): "people",
    ("panel", "Which one is odd?"): "odd-one-out",
    ("panel", "Map: PCA"): "map-pca",
    ("panel", "Map: MDS"): "map-mds",
    ("panel", "Map: t-SNE"): "map-tsne",
    ("panel", "Map: random layout"): "map-random",
    ("panel", "Where does it lead?"): "plane",
    ("panel", "Did the arithmetic do it?"): "methods",
    ("panel", "Test this claim: how often does it work?"): "analogies",
    ("panel", "Meaning or keywords?"): "rankings",
    ("panel", "Test this claim: does meaning win?"): "retrieval",
    ("look_among", "My candidates"): "mine",
    ("look_among", "10,000 common words"): "common",
    ("colours", "Purple to green"): "purple-green",
    ("colours", "Red to green"): "red-green",
}


def test_ids_of_questions_and_panels_do_not_change():
    declared = {q.id: [panel.id for panel in q.panels] for q in QUESTIONS}
    assert declared.keys() >= PANELS.keys()
    for question, ids in PANELS.items():
        assert set(declared[question]) >= set(ids.split())


def test_ids_are_short_and_each_stands_for_one_panel():
    for question in QUESTIONS:
        ids = [panel.id for panel in question.panels]
        assert len(set(ids)) == len(ids)
        assert all(re.fullmatch("[a-z]+(-[a-z]+)*", id) for id in [question.id, *ids])


@pytest.mark.parametrize(("parameter", "value"), OLD_LINKS)
def test_old_values_of_links_still_open(parameter, value):
    now = current_value(parameter, value)
    assert now == OLD_LINKS[parameter, value]
    panels = {"none"} | {panel.id for question in QUESTIONS for panel in question.panels}
    assert now in {"panel": panels, "look_among": LOOK_AMONG, "colours": COLOURS}[parameter]


@pytest.mark.parametrize("name", CALLS)
def test_calls_of_programs_go_on_working(name):
    (endpoint,) = (e for e in ENDPOINTS if e.name == name)
    _, *arguments = inspect.signature(endpoint.function).parameters
    expected = CALLS[name].split()
    assert arguments[: len(expected)] == expected


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_an_endpoint_describes_each_argument(endpoint):
    _, *arguments = inspect.signature(endpoint.function).parameters
    text = inspect.getdoc(endpoint.function)
    assert re.findall(r"^    (\w+): ", text, flags=re.MULTILINE) == arguments
    # Gradio passes on the first line alone.
    assert not re.search(r"^        \S", text, flags=re.MULTILINE)


def test_every_scale_of_colours_has_a_title():
    assert COLOUR_TITLES.keys() == COLOURS.keys()
