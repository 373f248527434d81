"""The endpoints of the running app, called from outside."""

import ast
import asyncio
import inspect
import itertools
import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import jsonschema
import numpy as np
import plotly.graph_objects as go
import pytest
from gradio_client import Client

from embviz import capabilities, compare
from embviz.analysis.baseline import WORDS
from embviz.analysis.vocabulary import common_words

# The arguments of each endpoint, in their order.
ENDPOINTS = {
    endpoint.name: [
        *list(inspect.signature(endpoint.function).parameters)[1:],
        *([] if endpoint.by_models else ["model"]),
    ]
    for endpoint in capabilities.ENDPOINTS
}

NO_ARGUMENTS_NEEDED = {
    *("human_ratings", "analogy_test", "retrieval_test", "association_test", "occupations"),
    *("themes", "compression_test"),
    *("models", "model_tests"),
}

NOTHING = ["", "  \n", "\x00", "\u200b"]
WRONG_TYPES = [None, 5, True, {"a": 1}]
TOO_LONG = "x" * 10_000
TOO_MANY = "\n".join(f"line {n}" for n in range(5_000))

# Every argument, with what must not be accepted for it.
BAD_CALLS = [
    *itertools.product(["compare", "plot_compare", "explain"], [[bad, "queen"] for bad in NOTHING]),
    *itertools.product(["compare"], [["king", bad] for bad in [*WRONG_TYPES, [], TOO_LONG]]),
    *itertools.product(
        ["similarity_matrix", "plot_similarity_matrix"],
        [[bad] for bad in [*NOTHING, *WRONG_TYPES, [], ["king"], "king", ["a", 5], TOO_MANY]],
    ),
    *itertools.product(
        ["solve", "plot_solve"],
        [[bad] for bad in [*NOTHING, *WRONG_TYPES, [], "-", "king -", "0 * king", TOO_LONG]],
    ),
    *itertools.product(
        ["solve"],
        [["king", bad] for bad in [*WRONG_TYPES, ["a", "a"], "a, A", ["a", ""], [None], TOO_MANY]],
    ),
    *itertools.product(["solve"], [["king", ["a"], bad] for bad in [0, -1, 2.5, "5", None, True]]),
    *itertools.product(["solve"], [["king", ["a"], 5, bad] for bad in [None, 0, "true"]]),
    ("solve", ["king - king", ["a"]]),
    *itertools.product(
        ["search", "plot_search"], [[bad] for bad in [*NOTHING, *WRONG_TYPES, [], TOO_LONG]]
    ),
    *itertools.product(
        ["search"], [["king", bad] for bad in [*WRONG_TYPES, ["a", ""], [TOO_LONG], TOO_MANY]]
    ),
    *itertools.product(["search"], [["king", ["a"], bad] for bad in [0, 2.5, "3", None]]),
    *itertools.product(["search"], [["king", ["a"], 3, bad] for bad in ["magic", None, 5]]),
    *itertools.product(["embed"], [[bad] for bad in [*NOTHING, *WRONG_TYPES, [], [5], TOO_MANY]]),
    ("plot_similarity_matrix", [["a", "b"], "yes"]),
    ("plot_similarity_matrix", [["a", "b"], False, "Rainbow"]),
    *itertools.product(sorted(ENDPOINTS.keys() - NO_ARGUMENTS_NEEDED), [[]]),
    *itertools.product(["human_ratings"], [[bad] for bad in ["magic", "", None, 5, []]]),
    *itertools.product(["solve"], [["king", ["a"], 5, True, bad] for bad in ["magic", None, 5]]),
    *itertools.product(ENDPOINTS, [["many", "too", "many", "arguments", "are", "too", "many"]]),
    *itertools.product(["compare"], [["a", "b", bad] for bad in ["magic", " ", "../etc", 1, None]]),
    ("explain", ["king", "queen", "wordllama"]),
    ("layers", ["king", "queen", "wordllama"]),
    ("word_in_context", ["king", ["the king", "a king"], -1, "wordllama"]),
    *itertools.product(["passages"], [[bad, "a text"] for bad in [*NOTHING, *WRONG_TYPES]]),
    *itertools.product(
        ["passages"], [["a query", bad] for bad in [*NOTHING, *WRONG_TYPES, "x" * 200_001]]
    ),
    *itertools.product(
        ["passages"],
        [["a", "a text", bad] for bad in [0, 7, 257, -1, 2.5, "5", None, True]]
        + [["a", "a text", 32, bad] for bad in [-1, 32, 2.5, "5", None, False]]
        + [["a", "a text", 32, 0, bad] for bad in [0, -1, None, True]],
    ),
    *itertools.product(
        ["themes"], [[bad] for bad in [["a", "b", "c"], ["a"] * 5, *WRONG_TYPES, TOO_MANY]]
    ),
    *itertools.product(["themes"], [[[], bad] for bad in [1, 13, 2.5, None, False, "2"]]),
    *itertools.product(["layers"], [["", "queen"], ["king", 5], ["king", TOO_LONG]]),
    *itertools.product(
        ["word_in_context"],
        [
            ["king", ["a queen", "no word"]],
            ["king", ["the king", "no word"]],
            ["king", ["the king"]],
            ["king", ["the king"] * 31],
            ["king", ["the king", TOO_LONG]],
            *(["king", ["the king", "a king"], bad] for bad in [7, -2, True, None, "last"]),
            ["", ["the king", "a king"]],
            [5, ["the king", "a king"]],
        ],
    ),
    *itertools.product(
        ["project"],
        [
            [["a"], "low", "high"],
            [["a", "b"], "low", "low"],
            [["a", "b"], "", "high"],
            [["a", "b"], "low", []],
            [["a", "b"], 5, "high"],
            [TOO_MANY, "low", "high"],
        ],
    ),
    *itertools.product(["association_test"], [["magic"], [""], [None], [5]]),
    *itertools.product(
        ["model_agreement"],
        [[["a", "b"], "", "wordllama"], ["a, b, c", "nobody", ""], ["a, b, c", "", 5]],
    ),
    *itertools.product(["compare_models"], [["", "queen"], ["king", 5], ["king", TOO_LONG]]),
]

STRANGE_TEXTS = [
    "😀👩‍🚀",
    "שלום עולם",
    "<img src=x onerror=alert(1)>",
    "${7*7} {{7*7}}",
    "king\x00\x1b",
    "\ud83d",
    "-1",
    "null",
    "../../etc/passwd",
    "'; DROP TABLE words; --",
]


def label(value):
    return repr(value)[:40]


@pytest.mark.parametrize(("name", "arguments"), BAD_CALLS, ids=label)
def test_bad_input_gets_one_sentence(post, name, arguments):
    status, answer = post(name, *arguments)
    assert status == 422
    sentence = answer["error"]
    assert list(answer) == ["error"]
    assert sentence.endswith(".")
    assert 10 < len(sentence) < 200
    assert "\n" not in sentence
    assert "embviz/" not in sentence


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"king", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"data": [' + b"1" * 5_000 + b"]}", 400),
        (b"null", 422),
        (b"[]", 422),
        (b"{}", 422),
        (b'{"data": null}', 422),
        (b'{"data": {"text_a": "king"}}', 422),
    ],
    ids=label,
)
def test_bad_body_gets_one_sentence(post, body, status):
    answered, answer = post("compare", body=body)
    assert answered == status
    assert answer["error"].startswith("The body must be ")


@pytest.mark.parametrize("name", ["nope", "compare/", "compare/x", ""])
def test_unknown_endpoint_gets_one_sentence(post, name):
    status, answer = post(name, "king", "queen")
    assert status == 404
    assert answer["error"].startswith("There is no endpoint of that name")


@pytest.mark.parametrize("text", STRANGE_TEXTS, ids=label)
def test_strange_text_is_only_text(post, text):
    for name, arguments in [
        ("compare", [text, "queen"]),
        ("similarity_matrix", [[text, "queen"]]),
        ("solve", [f"{text} + queen", [text, "crown"]]),
        ("search", [text, [text, "crown"]]),
        ("embed", [[text]]),
    ]:
        status, answer = post(name, *arguments)
        assert status == 200, answer
    hits = post("search", text, [text, "crown"])[1]["data"][0]["matches"]
    assert hits[0]["index"] == 0
    assert hits[0]["score"] == pytest.approx(1)


def test_compare(ask, encoder, baseline):
    answer = ask("compare", "king", "queen")
    comparison = compare("king", "queen", encoder)
    percentile = baseline.percentile(comparison.similarity, WORDS)
    assert answer == {
        "similarity": pytest.approx(comparison.similarity, abs=1e-6),
        "angle_degrees": pytest.approx(comparison.angle_degrees, abs=1e-4),
        "percentile": pytest.approx(percentile, abs=0.01),
        "kind": "words",
        "kind_percentile": answer["percentile"],
        "reading": "“king” and “queen” score higher than 99.9 % of random pairs of words.",
        "truncated": [],
    }


def test_compare_judges_sentences_by_sentences(ask):
    answer = ask("compare", "I love this film", "The weather is nice")
    assert answer["kind"] == "sentences"
    assert answer["kind_percentile"] > answer["percentile"]
    # Rounded down, as on the page.
    share = f"{int(answer['kind_percentile'] * 10) / 10:.1f} % of random pairs of sentences."
    assert answer["reading"].endswith(f"score higher than {share}")


def test_explain(ask):
    answer = ask("explain", "king", "ice cream")
    assert answer["tokens_a"] == ["[CLS]", "king", "[SEP]"]
    assert answer["tokens_b"] == ["[CLS]", "ice", "cream", "[SEP]"]
    contributions = np.array(answer["contributions"])
    assert contributions.shape == (3, 4)
    assert contributions.sum() == pytest.approx(answer["similarity"], abs=1e-6)
    assert answer["similarity"] == ask("compare", "king", "ice cream")["similarity"]


def test_compare_names_the_text_that_was_not_read_to_the_end(ask):
    long = "word " * 300
    assert ask("compare", long, "queen")["truncated"] == [long.strip()]


def test_similarity_matrix(ask, lesson):
    words = lesson.similarity.words
    answer = ask("similarity_matrix", list(words))
    similarities = np.array(answer["similarities"])
    assert answer["texts"] == list(words)
    assert similarities.shape == (14, 14)
    assert np.allclose(similarities, similarities.T)
    assert np.allclose(similarities.diagonal(), 1)
    assert sorted(answer["order"]) == list(range(14))
    neighbours = [words[i] for i in answer["order"]]
    for a, b in [("dog", "puppy"), ("cat", "kitten"), ("car", "vehicle")]:
        assert abs(neighbours.index(a) - neighbours.index(b)) == 1


def test_texts_may_come_as_one_string(ask):
    as_list = ask("similarity_matrix", ["king", "ice cream"])
    assert ask("similarity_matrix", "king\nice cream") == as_list
    assert ask("similarity_matrix", "king, ice cream") == as_list


def test_solve(ask):
    answer = ask("solve", "king − male + 0.5 * female", "queen, man", 1)
    assert answer["terms"] == [
        {"weight": 1, "text": "king"},
        {"weight": -1, "text": "male"},
        {"weight": 0.5, "text": "female"},
    ]
    assert [(m["rank"], m["text"]) for m in answer["matches"]] == [(1, "queen")]
    assert {m["text"] for m in answer["excluded"]} == {"king", "male", "female"}
    assert sorted(m["rank"] for m in answer["excluded"])[0] == 1


def test_solve_with_the_inputs_kept(ask):
    answer = ask("solve", "king - male + female", ["queen", "king"], 5, False)
    assert answer["matches"][0]["text"] == "king"
    assert answer["excluded"] == []


def test_solve_without_candidates_ranks_common_words(ask):
    answer = ask("solve", "king - man + woman", [], 3, False)
    # .63, .63 and .58 among 10,000 common words.
    assert [(m["text"], round(m["similarity"], 2)) for m in answer["matches"]] == [
        ("king", 0.63),
        ("woman", 0.63),
        ("queen", 0.58),
    ]
    assert answer["choices"] == len(common_words())


def test_solve_by_multiplying(ask):
    candidates = ["queen", "monarch", "lady"]
    added = ask("solve", "king - male + female", candidates)["matches"]
    multiplied = ask("solve", "king - male + female", candidates, 5, True, "3CosMul")["matches"]
    assert added[0]["score"] == added[0]["similarity"]
    assert multiplied[0]["text"] == added[0]["text"] == "queen"
    assert multiplied[0]["similarity"] == added[0]["similarity"]
    assert multiplied[0]["score"] != added[0]["score"]


def test_search_by_each_method(ask):
    documents = ["Oceans", "The sea is warming", "Quantum computing"]
    texts = {
        method: [m["text"] for m in ask("search", "ocean", documents, 3, method)["matches"]]
        for method in ("semantic", "keyword", "fused")
    }
    assert texts == {
        "semantic": documents,
        "keyword": ["Oceans"],
        "fused": documents,
    }


@pytest.mark.parametrize(
    ("arguments", "spearman", "count"),
    [([], 0.729, 353), (["wordsim353"], 0.729, 353), (["simlex999"], 0.446, 999)],
)
def test_human_ratings(ask, arguments, spearman, count):
    answer = ask("human_ratings", *arguments)
    assert answer["spearman"] == pytest.approx(spearman, abs=0.003)
    assert len(answer["pairs"]) == count
    assert {"text_a", "text_b", "human", "similarity"} <= set(answer["pairs"][0])


def test_analogy_test(ask):
    answer = ask("analogy_test")
    assert answer["overall"] == {
        "name": "overall",
        "questions": 19_544,
        "inputs_allowed": pytest.approx(0.116, abs=0.003),
        "inputs_excluded": pytest.approx(0.656, abs=0.003),
        "no_arithmetic": pytest.approx(0.532, abs=0.003),
    }
    assert len(answer["sections"]) == 14
    assert all(section.keys() == answer["overall"].keys() for section in answer["sections"])


def test_retrieval_test(ask, lesson):
    answer = ask("retrieval_test")
    assert len(answer["queries"]) == len(lesson.search.labelled) >= 24
    for method in ("semantic", "keyword", "fused"):
        scores = [query["ndcg"][method] for query in answer["queries"]]
        assert answer["ndcg"][method] == pytest.approx(np.mean(scores))
        assert 0 < answer["recall"][method] < 1


def test_search_without_documents_searches_the_titles_of_the_lesson(ask, lesson):
    answer = ask("search", "medical AI applications")
    assert [m["rank"] for m in answer["matches"]] == [1, 2, 3]
    for match in answer["matches"]:
        assert lesson.search.documents[match["index"]] == match["text"]


def test_embed(ask, encoder):
    answer = ask("embed", "king\nqueen")
    assert answer["model"] == "sentence-transformers/all-MiniLM-L6-v2"
    assert answer["dimension"] == 384
    assert np.array(answer["vectors"]) == pytest.approx(encoder.encode(["king", "queen"]), abs=1e-6)


@pytest.mark.parametrize(
    ("name", "arguments", "headers"),
    [
        ("plot_compare", ["king", "queen"], ["Text", *map(str, range(1, 11))]),
        ("plot_similarity_matrix", ["a, b"], ["Rank", "Text A", "Text B", "Similarity"]),
        ("plot_solve", ["king"], ["Rank", "Text", "Similarity", "Left out"]),
        ("plot_search", ["king"], ["Rank", "Document", "Score"]),
    ],
)
def test_plots_answer_a_figure_and_a_table(post, name, arguments, headers):
    status, answer = post(name, *arguments)
    assert status == 200
    figure, table = answer["data"]
    assert go.Figure(figure).data
    assert table["headers"] == headers
    assert {len(row) for row in table["data"]} == {len(headers)}


def test_plot_can_be_ordered_and_coloured(post):
    words = "king, car, queen, vehicle"
    plain = post("plot_similarity_matrix", words)[1]["data"]
    ordered = post("plot_similarity_matrix", words, True, "Red to green")[1]["data"]
    assert plain[0]["layout"]["meta"]["texts"] == words.split(", ")
    assert ordered[0]["layout"]["meta"]["texts"] != words.split(", ")
    assert plain[0]["data"][0]["colorscale"] != ordered[0]["data"][0]["colorscale"]
    assert plain[1] == ordered[1]


def test_the_public_endpoints_are_these_and_described(app_url):
    with urllib.request.urlopen(f"{app_url}/gradio_api/info") as response:
        endpoints = json.load(response)["named_endpoints"]
    assert {
        name.removeprefix("/"): [p["parameter_name"] for p in endpoint["parameters"]]
        for name, endpoint in endpoints.items()
    } == ENDPOINTS
    for endpoint in endpoints.values():
        assert endpoint["description"]


ARGUMENTS = {
    "text_a": "king",
    "text_b": "queen",
    "texts": "king, queen, man",
    "expression": "king - man",
    "candidates": ["queen", "sea"],
    "query": "sea",
    "documents": ["ocean", "land", "desert", "river"],
    "text": "The sea is cold. Few swim in it.",
    "word": "bank",
    "sentences": ["We sat on the bank of the river.", "She works at a bank."],
    "low": "tiny, small",
    "high": "huge, large",
    "model_a": "",
    "model_b": "wordllama",
}


@pytest.mark.parametrize("name", ENDPOINTS)
def test_an_answer_is_of_the_type_that_is_described(app_url, post, name):
    with urllib.request.urlopen(f"{app_url}/gradio_api/info") as response:
        described = json.load(response)["named_endpoints"][f"/{name}"]["returns"]
    answers = post(name, *[ARGUMENTS[a] for a in ENDPOINTS[name] if a in ARGUMENTS])[1]["data"]
    for answer, returned in zip(answers, described, strict=True):
        jsonschema.validate(answer, returned["type"])


@pytest.fixture(scope="module")
def client(app_url):
    return Client(app_url, verbose=False)


def test_gradio_client_gets_the_same_answer(client, ask):
    assert client.predict("king", "queen", api_name="/compare") == ask("compare", "king", "queen")
    answer = client.predict("puppy - dog + cat", top_k=2, api_name="/solve")
    assert answer == ask("solve", "puppy - dog + cat", [], 2)


def test_gradio_client_gets_the_same_sentence(client, post):
    with pytest.raises(
        Exception, match="The expression has a sign or a weight with no word after it"
    ):
        client.predict("-", api_name="/solve")


def test_mcp_tools_are_the_endpoints(app_url):
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def call():
        async with (
            streamable_http_client(f"{app_url}/gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            answer = await session.call_tool("compare", {"text_a": "king", "text_b": "queen"})
            return {tool.name: tool for tool in tools}, answer

    # In a thread of its own, since the browser's tests leave an event loop running in this one.
    with ThreadPoolExecutor() as threads:
        tools, answer = threads.submit(asyncio.run, call()).result()
    assert set(tools) == set(ENDPOINTS)
    assert "cosine similarity" in tools["compare"].description
    # Gradio writes what a tool returns as a Python literal, not as JSON.
    result = ast.literal_eval(answer.content[0].text)
    assert result["similarity"] == pytest.approx(0.6807128, abs=2e-7)


def test_gradios_own_address_of_an_endpoint_has_its_defaults(app_url, ask):
    call = urllib.request.Request(
        f"{app_url}/gradio_api/call/solve",
        data=json.dumps({"data": ["puppy - dog + cat", ["kitten", "lion"]]}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(call) as response:
        event = json.load(response)["event_id"]
    with urllib.request.urlopen(f"{app_url}/gradio_api/call/solve/{event}") as response:
        kind, data = response.read().decode().splitlines()[:2]
    assert kind == "event: complete"
    assert json.loads(data.removeprefix("data: ")) == [
        ask("solve", "puppy - dog + cat", ["kitten", "lion"])
    ]


def test_each_model_is_described_and_answers_for_itself(ask):
    models = ask("models")
    assert models[0]["id"] == "all-minilm-l6-v2"
    assert {model["family"] for model in models} == {"transformer", "static", "untrained"}
    for model in models:
        assert model["error"] is None
        embedded = ask("embed", ["king", "queen"], model["id"])
        assert embedded["dimension"] == model["dimension"] == len(embedded["vectors"][0])
        assert (model["layers"] is None) == (model["family"] == "static")


def test_models_are_compared_each_on_its_own_scale(ask):
    rows = ask("compare_models", "king", "queen")
    assert [row["model"] for row in rows] == [model["id"] for model in ask("models")]
    for row in rows:
        alone = ask("compare", "king", "queen", row["model"])
        assert row["similarity"] == alone["similarity"]
        assert row["percentile"] == alone["percentile"]
    assert rows[0] == {"model": "all-minilm-l6-v2"} | {
        name: ask("compare", "king", "queen")[name] for name in ("similarity", "percentile")
    }
    # The most alike of all to the model that has learnt nothing, and yet a pair like any other.
    untrained = next(row for row in rows if row["model"] == "minilm-untrained")
    assert untrained["similarity"] == max(row["similarity"] for row in rows)
    assert untrained["percentile"] == min(row["percentile"] for row in rows)


def test_a_model_agrees_with_itself_and_less_with_others(ask):
    words = "king, queen, man, woman, dog, cat, car, vehicle, sea, ocean, puppy, kitten"
    itself = ask("model_agreement", words, "wordllama", "wordllama")
    assert itself == {name: pytest.approx(1) for name in ("spearman", "neighbour_overlap", "cka")}
    there = ask("model_agreement", words, "", "wordllama")
    assert there == pytest.approx(ask("model_agreement", words, "wordllama", ""))
    assert there["spearman"] < 0.9


def test_what_a_model_cannot_answer_it_says_by_name(post):
    status, answer = post("explain", "king", "queen", "wordllama")
    assert (status, list(answer)) == (422, ["error"])
    assert "same vector in every text" in answer["error"]


def test_all_models_take_all_tests(ask):
    rows = {row["model"]: row for row in ask("model_tests")["rows"]}
    first, untrained = rows["all-minilm-l6-v2"], rows["minilm-untrained"]
    assert first["ratings"]["wordsim353"] == pytest.approx(0.729, abs=5e-4)
    assert first["analogies"]["inputs_excluded"] == pytest.approx(0.656, abs=5e-4)
    assert abs(untrained["ratings"]["wordsim353"]) < 0.1
    assert untrained["analogies"]["inputs_excluded"] < 0.05


def test_layers_pull_meaning_apart_at_the_end(ask):
    layers = ask("layers", "king", "queen")["layers"]
    # Measured with transformers alone.
    expected = [0.804, 0.874, 0.886, 0.892, 0.885, 0.880, 0.681]
    assert [layer["similarity"] for layer in layers] == pytest.approx(expected, abs=5e-4)
    assert [layer["layer"] for layer in layers] == list(range(7))
    assert layers[-1]["similarity"] == pytest.approx(
        ask("compare", "king", "queen")["similarity"], abs=1e-6
    )
    assert layers[-1]["random_mean"] < 0.3 < 0.45 < min(part["random_mean"] for part in layers[:-1])


def test_a_word_differs_from_sentence_to_sentence_at_the_last_layer_only(ask):
    sentences = ["We sat on the bank of the river.", "The bank lent her money."]
    last = ask("word_in_context", "bank", sentences)
    first = ask("word_in_context", "bank", sentences, 0)
    assert last["similarities"][0][1] < 0.85 < 0.95 < first["similarities"][0][1]
    assert [occurrence["index"] for occurrence in last["occurrences"]] == [0, 1]
    assert last["by_layer"][-1]["mean"] == pytest.approx(last["similarities"][0][1])


def test_an_axis_puts_texts_in_an_order_that_people_would_give(ask):
    animals = ["elephant", "mouse", "dog"]
    poles = ("tiny\nminiature", "gigantic\nimmense")
    positions = ask("project", animals, *poles)["positions"]
    assert [position["text"] for position in positions] == ["mouse", "dog", "elephant"]
    assert [position["rank"] for position in positions] == [1, 2, 3]
    low, high = (np.array(ask("embed", pole)["vectors"]) for pole in poles)
    axis = high.mean(axis=0) - low.mean(axis=0)
    mouse = np.array(ask("embed", "mouse")["vectors"][0])
    assert positions[0]["position"] == pytest.approx(mouse @ axis / np.linalg.norm(axis), abs=1e-6)


def test_what_the_model_associates(ask):
    assert ask("association_test")["effect_size"] == pytest.approx(1.24, abs=0.01)
    assert ask("association_test", "career-family")["effect_size"] == pytest.approx(1.02, abs=0.01)
    assert ask("occupations")["pearson"] == pytest.approx(0.68, abs=0.005)
    assert abs(ask("occupations", "minilm-untrained")["pearson"]) < 0.4
