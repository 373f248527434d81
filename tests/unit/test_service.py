import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from fakes import FakeEncoder

from embviz import InputError
from embviz import service as service_module
from embviz.analysis.corpus import read_articles
from embviz.analysis.vocabulary import CommonWords, common_words
from embviz.inputs.limits import (
    MAX_CANDIDATES,
    MAX_CHARACTERS,
    MAX_DOCUMENTS,
    MAX_EMBEDDED_TEXTS,
    MAX_WORDS,
)
from embviz.service import Service
from embviz.views.search import note_chance


@pytest.fixture
def fake_service(lesson, baseline, tmp_path):
    # Words of both sets of ratings.
    encoder = FakeEncoder(cat=(0, 1), car=(1, 1), old=(0, 1), new=(1, 1))
    return Service(encoder, lesson, baseline, CommonWords(encoder, tmp_path))


def words(count):
    return [f"word {n}" for n in range(count)]


@pytest.mark.parametrize(
    ("method", "limit"),
    [
        (lambda service, texts: service.similarity_matrix(texts), MAX_WORDS),
        (lambda service, texts: service.solve("king", texts, 5, True), MAX_CANDIDATES),
        (lambda service, texts: service.search("king", texts, 3), MAX_DOCUMENTS),
        (lambda service, texts: service.embed(texts), MAX_EMBEDDED_TEXTS),
    ],
)
def test_number_of_texts_is_limited(fake_service, method, limit):
    method(fake_service, words(limit))
    with pytest.raises(InputError, match=f"{limit + 1} texts are too many; at most {limit} can"):
        method(fake_service, words(limit + 1))
    with pytest.raises(InputError, match=f"at most {limit} can"):
        method(fake_service, "\n".join(words(limit + 1)))


@pytest.mark.parametrize(
    ("method", "name"),
    [
        (lambda service, text: service.compare(text, "b"), "Text A"),
        (lambda service, text: service.compare("a", text), "Text B"),
        (lambda service, text: service.similarity_matrix(["a", text]), "Words: text 2"),
        (lambda service, text: service.solve(text, ["a"], 5, True), "The expression"),
        (lambda service, text: service.solve("a", [text], 5, True), "Candidates: text 1"),
        (lambda service, text: service.search(text, ["a"], 3), "The query"),
        (lambda service, text: service.search("a", [text], 3), "Documents: text 1"),
        (lambda service, text: service.embed([text]), "Texts: text 1"),
    ],
)
def test_length_of_a_text_is_limited(fake_service, method, name):
    method(fake_service, "x" * MAX_CHARACTERS)
    with pytest.raises(InputError, match=f"^{name} has 5,001 characters; at most 5,000 can be"):
        method(fake_service, "x" * (MAX_CHARACTERS + 1))


def test_chance_is_far_from_the_lesson_queries_and_near_to_a_stray_one(service, lesson):
    for query in lesson.search.queries:
        assert service.chance_percentile(service.search(query, [], 3)) > 97
    for query in ("a recipe for apple pie", "pizza", "how to knit a scarf"):
        assert service.chance_percentile(service.search(query, [], 3)) < 50


def test_a_document_that_fits_is_known_among_hundreds_that_do_not(service):
    news = [article[:200] for article in dict.fromkeys(read_articles())][:299]
    fitting = "Green roofs and street trees lower the temperature of urban areas in summer."
    with_it = service.search("cooler cities", [*news, fitting], 1)
    assert with_it.matches[0].text == fitting
    assert service.chance_percentile(with_it) > 90
    assert service.chance_percentile(service.search("cooler cities", news, 1)) < 80


def test_no_labelled_query_that_finds_its_document_is_doubted(service, lesson):
    for labelled in lesson.search.labelled:
        found = service.search(labelled.query, [], 2)
        if found.matches[0].text in labelled.relevant:
            assert note_chance(service.chance_percentile(found)) == ""


def test_hits_among_news_are_weighed_and_not_doubted(service):
    """The queries about something else are cut from the same news, so they find more than usual."""
    news = [article[:200] for article in dict.fromkeys(read_articles())][:299]
    fitting = {
        "old languages": "Deciphering the inscriptions of the Etruscans with computers.",
        "learning an instrument": "Practising the piano every day changes the brains of children.",
        "memory loss in old age": "Early signs of Alzheimer's disease in blood samples.",
    }
    for query, document in fitting.items():
        found = service.search(query, [*news, *fitting.values()], 2)
        assert found.matches[0].text == document
        note = note_chance(service.chance_percentile(found))
        assert note.startswith("Of 100 queries about something else, ")


def test_old_candidates_do_not_fit_a_new_expression(service, lesson):
    candidates = list(lesson.arithmetic.analogies[0].candidates)
    assert service.chance_of_match(service.solve("king - male + female", candidates)) > 99
    assert service.chance_of_match(service.solve("Paris - France + Germany", candidates)) < 10
    assert service.chance_of_match(service.solve("king", ["king"])) is None
    assert service.chance_of_match(service.solve("king - man + woman")) is None


@pytest.mark.parametrize("nothing", [[], "", " \n"])
def test_no_candidates_and_no_documents_mean_the_built_in_ones(fake_service, nothing):
    assert fake_service.solve("king", nothing, 5, True).choices == len(common_words()) - 1
    titles = fake_service.search("king", nothing, 1000).matches
    assert [hit.text for hit in titles] == list(fake_service.lesson.search.documents)


@pytest.mark.parametrize(
    ("evaluation", "ask"),
    [
        ("take_analogy_test", Service.analogy_test),
        ("take_retrieval_test", Service.retrieval_test),
        ("compare_with_ratings", lambda service: service.human_ratings("simlex999")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_evaluation_is_computed_once_for_all_who_ask(fake_service, monkeypatch, evaluation, ask):
    calls = []
    compute = getattr(service_module, evaluation)

    def compute_slowly(*args):
        calls.append(args)
        time.sleep(0.2)
        return compute(*args)

    monkeypatch.setattr(service_module, evaluation, compute_slowly)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: ask(fake_service), range(8)))
    assert len(calls) == 1
    assert all(answer is answers[0] for answer in answers)


def test_each_data_set_has_its_own_ratings(fake_service):
    related, similar = (
        fake_service.human_ratings("wordsim353"),
        fake_service.human_ratings("simlex999"),
    )
    assert (related.published.title, similar.published.title) == ("WordSim-353", "SimLex-999")
    with pytest.raises(InputError, match=r"^Dataset must be one of"):
        fake_service.human_ratings(["wordsim353"])


def test_the_analogy_test_is_taken_once_a_model(service, fake_service):
    taken = service.analogy_test()
    assert service.analogy_test() is taken
    other = fake_service.analogy_test()
    assert other.overall.inputs_excluded != taken.overall.inputs_excluded


def test_a_second_axis_is_that_of_a_projection_of_its_own(service):
    texts, size, danger = "mouse, wolf", ("tiny", "huge"), ("safe", "deadly, toxic")
    plane = service.project_on_two(texts, *size, *danger)
    assert plane.horizontal == service.project(texts, *size)
    assert plane.vertical == service.project(texts, *danger)


def test_the_words_of_an_association_test_can_be_changed(service):
    published = service.association_test("age")
    lists = (*published.targets, *published.attributes)
    words = [", ".join(word.text for word in of.words) for of in lists]
    assert service.associate("age", *words) == published
    swapped = service.associate("age", words[1], words[0], *words[2:])
    assert swapped.effect_size == pytest.approx(-published.effect_size)
    assert swapped.lists.changed


@pytest.mark.parametrize(
    ("ask", "label", "message"),
    [
        (lambda s: s.project("a, b", "", "high"), "Low end", "type at least one"),
        (lambda s: s.project("a, b", "low", " "), "High end", "type at least one"),
        (lambda s: s.project_on_two("a, b", "low", "high", "", "x"), "Second low end", "at least"),
        (lambda s: s.associate("age", "", "b, c", "d", "e"), "First group", "type at least one"),
        (lambda s: s.associate("age", "a, b", "c, d", "", "e"), "First attribute", "at least one"),
        (lambda s: s.associate("age", words(51), "c, d", "e", "f"), "First group", "at most 50"),
        (lambda s: s.word_in_context("", "the bank\na bank"), "Word", "type a"),
        (lambda s: s.word_in_context("bank", words(31)), "Sentences", "at most 30"),
    ],
)
def test_a_refusal_names_the_input_that_it_is_about(service, ask, label, message):
    with pytest.raises(InputError, match=message) as refused:
        ask(service)
    assert refused.value.input == label


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda s: s.project("a", "low", "high"), "Type at least two texts"),
        (lambda s: s.project("a, b", "same", "same"), "The two ends of the axis are the same"),
        (lambda s: s.project("a, b", "low, high", "high, low"), "The two ends of the axis are"),
        (lambda s: s.associate("age", "a, b", "c", "d", "e"), "The second group .* has one word"),
        (lambda s: s.associate("years", "a, b", "c", "d", "e"), "Test must be one of"),
        (lambda s: s.word_in_context("bank", "the bank"), "in one of the sentences only"),
        (lambda s: s.word_in_context("bank", "a sea\na land"), "in none of the sentences"),
        (lambda s: s.word_in_context("bank", "the bank\na bank", 99), "from 0 to 6"),
        (lambda s: s.word_in_context("bank", "the bank\na bank", True), "a whole number"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_sentence(service, ask, message):
    with pytest.raises(InputError, match=rf"^[^.]*{message}[^.]*\.$"):
        ask(service)


def test_thirty_long_sentences_are_read(service):
    sentences = [f"{n} the bank " + "word " * 990 for n in range(30)]
    assert len(service.word_in_context("bank", sentences).occurrences) == 30
