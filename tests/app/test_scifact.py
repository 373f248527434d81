"""The SciFact benchmark, on a collection that one can check by hand."""

import gzip
import json

import pytest
from benchmarks import scifact


@pytest.fixture
def folder(tmp_path):
    corpus = [
        {"id": "7", "title": "Bread", "text": "How to bake a loaf."},
        {"id": "9", "title": "Bicycles", "text": "How to mend a wheel."},
    ]
    with gzip.open(tmp_path / "corpus.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(document) + "\n" for document in corpus)
    queries = [{"id": "1", "text": "baking"}, {"id": "2", "text": "repairing a bike"}]
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\t7\t1\n2\t9\t1\n2\t7\t0\n")
    return tmp_path


def test_collection_is_read(folder):
    documents, queries = scifact.read_collection(folder)
    assert documents == ["Bread How to bake a loaf.", "Bicycles How to mend a wheel."]
    assert [(q.query, set(q.relevant)) for q in queries] == [
        ("baking", {0}),
        ("repairing a bike", {1}),
    ]


def test_table_is_printed_and_other_figures_are_an_error(folder, capsys):
    assert scifact.main(folder) == 1
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[2] == ["semantic", "1.000", "0.649", "0.645", "1.000"]
    # Keywords find the first of the two queries.
    assert lines[3] == ["keyword", "0.500", "0.686", "0.687", "0.500"]
    assert lines[4] == ["fused", "1.000", "0.720", "1.000"]


RIGHT = {"semantic": 1.0, "keyword": 0.5, "fused": 1.0}


@pytest.mark.parametrize(
    ("measured", "published", "status"),
    [
        ({}, {}, 0),
        ({"fused": 0.9985, "keyword": 0.5015}, {"keyword": 0.509, "fused": None}, 0),
        ({"fused": 0.9975}, {}, 1),
        ({"semantic": 0.9975}, {}, 1),
        ({"keyword": 0.5025}, {}, 1),
        ({}, {"keyword": 0.511}, 1),
    ],
)
def test_figures_are_those_measured_before_and_those_published(
    folder, monkeypatch, measured, published, status
):
    monkeypatch.setattr(scifact, "MEASURED", RIGHT | measured)
    monkeypatch.setattr(scifact, "PUBLISHED", RIGHT | published)
    assert scifact.main(folder) == status
