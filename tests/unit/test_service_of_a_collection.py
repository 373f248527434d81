"""What a visitor can ask of a course's collection, which may hold more than can be drawn."""

import math

import pytest

from embviz import service as service_module
from embviz.analysis.search import SEMANTIC
from embviz.capabilities import DOCUMENTS, plot_search
from embviz.course import collection_index
from embviz.course.collection_file import Collection
from embviz.course.collection_index import CollectionIndex
from embviz.errors import InputError
from embviz.evaluation.retrieval import LabelledQuery
from embviz.service import Service

TITLES = ("Bread", "Coral", "Rust", "Bees", "Reefs", "Iron", "Loaves", "Honey")
TEXTS = (
    "Bread rises because yeast makes gas in the dough.",
    "Coral grows in warm shallow seas.",
    "Rust forms where iron meets water and air.",
    "Bees dance to tell where flowers are.",
    "Reefs die when the sea becomes too warm.",
    "Iron is smelted from ore in a furnace.",
    "Loaves are baked in a hot oven.",
    "Honey is made by bees from nectar.",
)
LABELLED = (
    LabelledQuery("baking", frozenset({0, 6})),
    LabelledQuery("insects", frozenset({3, 7})),
)
ARGUMENTS = {"query": "underwater life", "documents": "", "top_k": 3, "method": SEMANTIC}


@pytest.fixture(scope="module")
def of_collection(service, tmp_path_factory):
    folder = tmp_path_factory.mktemp("collection")
    load_index = collection_index.load_index

    def load_here(*arguments, **options):
        return load_index(*arguments, **options, folder=folder)

    links = tuple(f"https://a.example/{n}" for n in range(8))
    collection = Collection("facts", TITLES, TEXTS, links, LABELLED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(collection_index, "load_index", load_here)
        index = CollectionIndex(collection, service.encoder)
        index.prepare().result(60)
        yield Service(
            service.encoder, service.lesson, service.baseline, service.common_words, index
        )


def panel(service, id, **changes):
    (found,) = (panel for panel in DOCUMENTS.panels if panel.id == id)
    return found.show(service, **ARGUMENTS | changes)


def test_without_documents_the_collection_is_searched(of_collection, service):
    result = of_collection.search("underwater life")
    assert {hit.title for hit in result.matches} > {"Coral", "Reefs"}
    assert result.matches[0].link == f"https://a.example/{result.matches[0].index}"
    assert of_collection.search("underwater life", ["a", "b"]).documents == ("a", "b")
    assert service.search("underwater life").documents == service.lesson.search.documents


def test_chance_is_that_of_the_collection(of_collection):
    result = of_collection.search("underwater life")
    vectors = of_collection.encoder.encode(TEXTS)
    expected = of_collection.baseline.percentile_of_query(
        result.matches[0].score, "underwater life", vectors
    )
    assert of_collection.chance_percentile(result) == expected
    assert 0 < expected < 100


def test_no_more_of_a_collection_is_drawn_than_one_can_see(of_collection, monkeypatch):
    monkeypatch.setattr(service_module, "MOST_DRAWN", 6)
    result = of_collection.search("underwater life", top_k=2)
    drawn = of_collection.narrow(result)
    assert [hit.text for hit in drawn.matches] == [hit.text for hit in result.matches]
    assert [hit.index for hit in drawn.matches] == [0, 1]
    assert len(drawn.documents) == 6
    assert set(drawn.documents) < set(TEXTS)
    for id in ("map-pca", "themes"):
        assert "Only the best 6 of 8 documents are shown here." in panel(of_collection, id).notes
    assert len(DOCUMENTS.texts(of_collection, **ARGUMENTS)) == 7


def test_all_of_a_visitors_documents_are_drawn(of_collection):
    result = of_collection.search("underwater life", list(TEXTS))
    assert of_collection.narrow(result) is result
    assert panel(of_collection, "map-pca", documents="\n".join(TEXTS)).notes[-1] == ""


def test_labelled_queries_of_the_collection_are_searched_in_it(of_collection, service):
    test = of_collection.retrieval_test()
    assert [query.query for query in test.queries] == ["baking", "insects"]
    assert test.ndcg[SEMANTIC] == 1
    # Of the words, only "baked" shares its stem with a query.
    assert test.ndcg["keyword"] == pytest.approx(1 / (1 + 1 / math.log2(3)) / 2)
    # Models are compared by the titles, which each of them has read in a moment.
    assert of_collection.title_test().ndcg == service.retrieval_test().ndcg


def test_a_document_of_the_collection_leads_to_more_like_it(of_collection):
    view = panel(of_collection, "similar")
    assert view.row == ("underwater life", of_collection.search("underwater life").matches[0].text)
    (table,) = view.tables
    assert {TEXTS[1], TEXTS[4]} & {row[1] for row in table.rows}
    with pytest.raises(InputError, match="not one of those that are searched"):
        of_collection.more_like_this("Something else", "")


def test_the_answer_and_its_file_name_the_sources(of_collection):
    view = plot_search(of_collection, "underwater life")
    assert view.tables[0].links[0].startswith("https://a.example/")
    lines = DOCUMENTS.csv(of_collection, **ARGUMENTS).splitlines()
    assert len(lines) == 9
    assert lines[0].lstrip("\ufeff") == '"rank","document","score","source"'
    best = of_collection.search("underwater life").matches[0]
    assert lines[1].endswith(f'"{best.link}"')


def test_other_models_read_it_when_they_are_asked(services, of_collection):
    collection = of_collection.collection
    assert collection is not None
    wordllama = services.get("wordllama").encoder
    other = collection.with_model(wordllama)
    with pytest.raises(InputError, match="still being read"):
        other.get()
    assert other.collection is collection.collection
