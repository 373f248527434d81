"""The notebook of examples/: it runs as it stands, with the numbers of sentence-transformers."""

import ast
import asyncio
import copy
import os
import re
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import nbformat
import numpy as np
import pytest
from IPython.core.inputtransformer2 import TransformerManager
from nbclient import NotebookClient
from scipy.spatial.distance import pdist
from sentence_transformers import SentenceTransformer
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from Stemmer import Stemmer

import embviz
from embviz.analysis.baseline import sample_words
from embviz.models.loading import find_wheel_folder

ROOT = Path(__file__).parent.parent.parent
PATH = ROOT / "examples" / "embeddings.ipynb"
NOTEBOOK = nbformat.read(PATH, as_version=nbformat.NO_CONVERT)
CODE = {cell.id: cell.source for cell in NOTEBOOK.cells if cell.cell_type == "code"}
PROSE = {cell.id: cell.source for cell in NOTEBOOK.cells if cell.cell_type == "markdown"}
# Code that gets things ready and answers no question.
PREPARATIONS = {"repository", "install", "load-model", "show-figures", "documents"}
PREPARATIONS |= {"more-documents", "space-connect"}
FIGURE = "application/vnd.plotly.v1+json"

# By machine and batch, a similarity may differ by this much.
SINGLE_PRECISION = 1e-6
# The same for one that is printed with three decimals.
PRINTED = 0.0005 + SINGLE_PRECISION


def execute(notebook, url):
    """Run a notebook as Jupyter does, beside its own folder; returns its cells by id."""
    notebook = copy.deepcopy(notebook)
    resources = {"metadata": {"path": str(PATH.parent)}}
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources=resources)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "EMBVIZ_URL": url}
    # In a thread of its own, since the browser's tests leave an event loop running in this one.
    with ThreadPoolExecutor() as threads:
        threads.submit(asyncio.run, client.async_execute(env=environment)).result()
    return {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}


def printed_by(cell):
    streams = (out for out in cell.outputs if out.output_type == "stream")
    return "".join(stream.text for stream in streams if stream.name == "stdout")


def figures_of(cell):
    return [out.data[FIGURE] for out in cell.outputs if FIGURE in out.get("data", {})]


def python_of(source):
    """The code of a cell, with what IPython makes of lines that start with % or !."""
    return TransformerManager().transform_cell(source)


@pytest.fixture(scope="module")
def executed(app_url):
    return execute(NOTEBOOK, app_url)


@pytest.fixture(scope="module")
def printed(executed):
    """What a cell prints."""
    return lambda name: printed_by(executed[name])


@pytest.fixture(scope="module")
def numbers(printed):
    """All numbers with decimals that a cell prints, in their order."""
    return lambda name: [float(number) for number in re.findall(r"-?\d+\.\d+", printed(name))]


@pytest.fixture(scope="module")
def figure(executed):
    """The one figure of a cell."""

    def figure(name):
        (found,) = figures_of(executed[name])
        return found

    return figure


@pytest.fixture(scope="module")
def model():
    return SentenceTransformer(str(find_wheel_folder()))


@pytest.fixture(scope="module")
def encode(model):
    """Unit vectors in double precision, without embviz."""
    return lambda texts: model.encode(list(texts), normalize_embeddings=True).astype(np.float64)


@pytest.fixture(scope="module")
def rank(encode):
    """Rank texts by their cosine with an expression such as a - b + c, the highest first."""

    def rank(expression, texts):
        terms = re.split(" [+-] ", expression)
        signs = [1, *(int(f"{sign}1") for sign in re.findall(" ([+-]) ", expression))]
        result = signs @ encode(terms)
        cosines = encode(texts) @ result / np.linalg.norm(result)
        return sorted(zip(texts, cosines, strict=True), key=lambda pair: -pair[1])

    return rank


@pytest.fixture(scope="module")
def analogies(lesson):
    """Each expression, its terms, and the candidates that are none of these."""
    return [
        (a.expression, terms, [text for text in a.candidates if text not in terms])
        for a in lesson.arithmetic.analogies
        for terms in [a.expression.split()[::2]]
    ]


def stems(text):
    return {*Stemmer("english").stemWords(re.findall(r"[a-z]{3,}", text.casefold()))}


# As it stands.


def test_it_is_valid_and_holds_no_answers():
    nbformat.validate(NOTEBOOK)
    assert (NOTEBOOK.nbformat, NOTEBOOK.nbformat_minor) == (4, 5)
    assert NOTEBOOK.metadata.kernelspec.name == "python3"
    code = [cell for cell in NOTEBOOK.cells if cell.cell_type == "code"]
    assert [(cell.outputs, cell.execution_count) for cell in code] == [([], None)] * len(code)


def test_code_is_short():
    assert [name for name, source in CODE.items() if len(source.splitlines()) > 12] == []


def test_every_result_is_guessed_first():
    guessed = {
        after.id
        for before, after in pairwise(NOTEBOOK.cells)
        if before.cell_type == "markdown" and "**Guess first.**" in before.source
    }
    assert guessed == CODE.keys() - PREPARATIONS


def test_prose_quotes_no_number_of_a_model():
    prose = {name: re.sub("CC BY 4.0|BM25", "", source) for name, source in PROSE.items()}
    # No number but 0, 1 and −1, between which every similarity lies.
    found = {name: re.findall(r"\d[.,]\d|[2-9]|\d\d", text) for name, text in prose.items()}
    assert {name: numbers for name, numbers in found.items() if numbers} == {}


def test_it_imports_public_names_only():
    imported = {
        (node.module, alias.name)
        for source in CODE.values()
        for node in ast.walk(ast.parse(python_of(source)))
        if isinstance(node, ast.ImportFrom) and node.module.startswith("embviz")
        for alias in node.names
    }
    assert len(imported) > 10
    assert {name for module, name in imported if module == "embviz"} <= {*embviz.__all__}
    assert [name for name in imported if "._" in ".".join(name)] == []


def test_it_names_no_address_but_that_of_an_app_on_the_same_computer():
    addresses = re.findall(r"\w+://[^\s\"]+", PATH.read_text())
    assert {address.rstrip("\\") for address in addresses} == {"http://127.0.0.1:7860"}


def test_where_embviz_cannot_be_found_it_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match="write the address of your Space in SPACE_GIT"):
        exec(python_of(CODE["install"]), {"SPACE_GIT": ""})


# With an app to ask, and without one.


def test_every_cell_runs(executed):
    assert [cell.execution_count for cell in executed.values()] == [*range(1, len(CODE) + 1)]
    outputs = [out for cell in executed.values() for out in cell.outputs]
    assert [out for out in outputs if out.output_type == "error"] == []
    assert executed["install"].outputs == []


def test_every_figure_is_drawn(executed):
    drawing = [name for name, source in CODE.items() if re.search(r"\bshow\(\w", source)]
    drawing.remove("show-figures")
    assert len(drawing) == 11
    assert [name for name, cell in executed.items() if figures_of(cell)] == drawing


def test_without_an_app_the_last_part_says_so_and_goes_on():
    last = copy.deepcopy(NOTEBOOK)
    last.cells = [cell for cell in last.cells if cell.id.startswith("space-")]
    url = "http://127.0.0.1:1"
    connect, *others = execute(last, url).values()
    said = f"No embviz answers at {url}: start it there, or set SPACE_URL to its address.\n"
    assert printed_by(connect) == said
    assert len(others) == 5
    assert [cell.outputs for cell in others] == [[]] * len(others)


# Its numbers.


def test_numbers_of_king(printed, encode):
    lines = printed("encode")
    (expected,) = encode(["king"])
    assert lines.count(f"{len(expected)} numbers: ") == 2
    first = re.search(r"\[(.*)\]", lines, flags=re.DOTALL)[1].split()
    assert [float(value) for value in first] == pytest.approx(expected[:10], abs=SINGLE_PRECISION)


def test_king_and_queen(numbers, figure, encode):
    vectors = king, queen = encode(["king", "queen"])
    assert figure("strips")["data"][0]["z"] == pytest.approx(vectors, abs=SINGLE_PRECISION)
    cosine = king @ queen
    similarity, degrees = numbers("king-queen")
    assert similarity == pytest.approx(cosine, abs=SINGLE_PRECISION)
    assert degrees == pytest.approx(np.degrees(np.arccos(cosine)), abs=0.0501)
    assert numbers("by-hand") == pytest.approx([1, 1, cosine], abs=SINGLE_PRECISION)
    products = figure("angle")["data"][1]["y"]
    assert products == pytest.approx(king * queen, abs=SINGLE_PRECISION)
    assert numbers("space-compare")[:2] == pytest.approx([cosine, cosine], abs=SINGLE_PRECISION)


def test_random_pairs_of_words(numbers, encode):
    cosines = 1 - pdist(encode(sample_words()), "cosine")
    expected = [cosines.mean(), cosines.std()]
    assert numbers("random-pairs")[:2] == pytest.approx(expected, abs=0.0051)
    for pair, text_a, text_b in [(0, "kitten", "motorcycle"), (1, "king", "queen")]:
        vector_a, vector_b = encode([text_a, text_b])
        similarity, percentile = numbers("percentile")[2 * pair : 2 * pair + 2]
        assert similarity == pytest.approx(vector_a @ vector_b, abs=PRINTED)
        # Rounded down, so that not all random pairs seem to score lower.
        below = 100 * np.mean(cosines < vector_a @ vector_b)
        assert percentile == pytest.approx(below, abs=0.11)


def test_opposites(printed, rank):
    lines = re.findall(r"^(\S+) (.+)$", printed("opposites"), flags=re.MULTILINE)
    scores = {sentence: float(score) for score, sentence in lines}
    assert len(scores) == 4
    assert scores == pytest.approx(dict(rank("I love this film", list(scores))), abs=PRINTED)


def test_heat_map_here_and_from_the_app(figure, encode, lesson):
    vectors = encode(lesson.similarity.words)
    cosines = vectors @ vectors.T
    for name in ("matrix", "space-figure"):
        drawn = figure(name)
        texts = drawn["layout"]["meta"]["texts"]
        order = [lesson.similarity.words.index(text) for text in texts]
        assert sorted(order) == [*range(14)]
        assert (order == sorted(order)) is (name == "matrix")
        expected = cosines[np.ix_(order, order)]
        assert drawn["data"][0]["z"] == pytest.approx(expected, abs=SINGLE_PRECISION)


def test_map_is_that_of_scikit_learn(numbers, printed, figure, encode, lesson):
    words, vectors = lesson.similarity.words, encode(lesson.similarity.words)
    pca = PCA(2)
    positions = pca.fit_transform(vectors)
    points = figure("pca")["data"][0]
    drawn = np.transpose([points["x"], points["y"]])
    order = [words.index(text) for text in points["text"]]
    assert pdist(drawn) == pytest.approx(pdist(positions[order]), abs=1e-5)
    kept = int(re.search(r"(\d+) %", printed("pca"))[1])
    assert kept == pytest.approx(100 * pca.explained_variance_ratio_.sum(), abs=0.501)
    of_map, of_random = numbers("pca")
    assert of_map == pytest.approx(trustworthiness(vectors, positions, n_neighbors=5), abs=0.00501)
    assert of_random == 0.54


def test_king_minus_male_plus_female(printed, figure, rank, analogies):
    expression, terms, candidates = analogies[0]
    ranked = rank(expression, candidates)
    lines = re.findall(r"^\d\. (\S+) (\S+)$", printed("king-male-female"), flags=re.MULTILINE)
    assert [text for text, _ in lines] == [text for text, _ in ranked]
    assert [float(score) for _, score in lines] == pytest.approx([s for _, s in ranked], abs=5.1e-5)
    with_terms = [cosine for _, cosine in rank(expression, [*candidates, *terms])]
    bars = figure("king-male-female")["data"][0]["x"]
    assert bars == pytest.approx(with_terms, abs=SINGLE_PRECISION)


def test_other_analogies(printed, rank, analogies):
    lines = printed("analogies").splitlines()
    for line, (expression, _, candidates) in zip(lines, analogies[1:], strict=True):
        said, answers = line.split(": ")
        assert said == expression
        texts, scores = answers.split()[::2], map(float, answers.split()[1::2])
        ranked = rank(expression, candidates)[:3]
        assert texts == [text for text, _ in ranked]
        assert [*scores] == pytest.approx([cosine for _, cosine in ranked], abs=PRINTED)


def test_input_words_kept_in_and_no_arithmetic(printed, rank, analogies):
    kept_in, alone = printed("inputs-kept"), printed("no-arithmetic")
    for expression, terms, candidates in analogies:
        best = rank(expression, candidates)[0][0]
        best_of_all = rank(expression, [*candidates, *terms])[0][0]
        assert f"{expression}: {best} with input words left out, {best_of_all} with" in kept_in
        assert f"{expression} = {best}\n" in alone
        for term in (terms[0], terms[2]):
            assert f"nearest to {term} alone: {rank(term, candidates)[0][0]}\n" in alone


def test_published_analogies(numbers, figure):
    # Measured for the course, see README.md.
    assert numbers("analogy-test") == [65.6, 11.6, 53.2]
    overall = [bar["x"][0] for bar in figure("analogy-test")["data"]]
    assert overall == pytest.approx([11.6, 65.6, 53.2], abs=0.05)


def test_search_by_meaning(printed, figure, rank, lesson):
    blocks = re.split(r"^(?=[a-z])", printed("queries"), flags=re.MULTILINE)[1:]
    assert len(blocks) == len(lesson.search.queries)
    for block, query in zip(blocks, lesson.search.queries, strict=True):
        said, *hits = block.splitlines()
        ranked = rank(query, lesson.search.documents)[:3]
        assert said == query
        assert [hit.split(" ", 2)[2] for hit in hits] == [title for title, _ in ranked]
        scores = [float(hit.split()[1]) for hit in hits]
        assert scores == pytest.approx([cosine for _, cosine in ranked], abs=PRINTED)
    bars = figure("queries")["data"][0]["x"]
    assert bars == pytest.approx([cosine for _, cosine in ranked], abs=SINGLE_PRECISION)


def test_search_that_finds_nothing(printed, rank, lesson):
    for query in ("medical AI applications", "how to bake bread"):
        title, cosine = rank(query, lesson.search.documents)[0]
        assert f"{query}: {cosine:.3f} {title}\n" in printed("nothing-fits")
    fitting, unfit = (int(share) for share in re.findall(r"(\d+) % of", printed("nothing-fits")))
    assert fitting == 0
    assert unfit > 50


def test_meaning_and_keywords(printed, rank, lesson):
    blocks = re.split(r"^(?=\S)", printed("keywords"), flags=re.MULTILINE)[1:]
    assert len(blocks) == 4
    for block in blocks:
        query, by_meaning, by_keyword = block.splitlines()
        assert by_meaning == f"    semantic: {rank(query, lesson.search.documents)[0][0]}"
        sharing = [text for text in lesson.search.documents if stems(text) & stems(query)]
        found = by_keyword.removeprefix("    keyword: ")
        assert found in sharing if sharing else found == "nothing"


def test_tokens(printed, numbers, figure, model, rank):
    texts = "unbelievably fluffy kittens", "a very soft young cat"
    lines = printed("token-list").splitlines()
    for line, text in zip(lines, texts, strict=True):
        tokens = ["[CLS]", *model.tokenizer.tokenize(text), "[SEP]"]
        assert line == f"{len(tokens)} tokens: {' '.join(tokens)}"
    cosine = rank(texts[0], texts[1:])[0][1]
    assert numbers("token-shares") == pytest.approx([cosine, cosine], abs=PRINTED)
    assert np.sum(figure("token-shares")["data"][0]["z"]) == pytest.approx(cosine, abs=1e-5)


def test_what_is_not_read(printed, model):
    assert printed("truncated").splitlines() == [
        "Similarity: 1.000",
        f"Tokens of a text that the model reads: {model.max_seq_length}",
        "Texts not read to the end: 2",
    ]
