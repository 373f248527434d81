"""Questions that are refused for what stands beside their texts: no text is encoded for them."""

import pytest

from embviz.errors import InputError
from embviz.server.endpoints import build_endpoints

TEXTS = [f"text number {n}" for n in range(50)]
DOCUMENTS = [f"document number {n}" for n in range(500)]
LONG = "A sentence. " * 16_000

REFUSED = [
    ("solve", ["king", TEXTS, 0]),
    ("solve", ["king", TEXTS, 5, "yes"]),
    ("solve", ["king", TEXTS, 5, True, "magic"]),
    ("search", ["a query", DOCUMENTS, 10**400]),
    ("search", ["a query", DOCUMENTS, 3, "magic"]),
    ("themes", [DOCUMENTS, 1]),
    ("themes", [DOCUMENTS, 13]),
    ("themes", [DOCUMENTS, 10**5]),
    ("passages", ["a query", LONG, 7]),
    ("passages", ["a query", LONG, 257]),
    ("passages", ["a query", LONG, 32, 32]),
    ("passages", ["a query", LONG, 8, 7]),
    ("passages", ["a query", LONG, 128, 32, float("inf")]),
    ("model_agreement", [TEXTS, "", "nobody"]),
    ("model_agreement", [TEXTS, "nobody", ""]),
    ("project", [TEXTS, TEXTS, []]),
    ("project", [TEXTS, [], TEXTS]),
    ("word_in_context", ["king", DOCUMENTS]),
    ("word_in_context", ["king", ["no such word here"] * 30]),
    ("compare_models", ["king", ["queen"]]),
    *((name, [*arguments, "nobody"]) for name, arguments in [("themes", [DOCUMENTS, 0])]),
]


@pytest.mark.parametrize(("name", "arguments"), REFUSED, ids=lambda value: repr(value)[-40:])
def test_what_is_refused_encodes_nothing(services, monkeypatch, name, arguments):
    encoder = services.default.encoder
    monkeypatch.setattr(encoder, "encode", lambda texts: pytest.fail(f"{len(texts)} were encoded"))
    monkeypatch.setattr(encoder, "read_layers", lambda text: pytest.fail("a text was read"))
    (ask,) = [endpoint for endpoint in build_endpoints(services) if endpoint.__name__ == name]
    with pytest.raises(InputError, match=r"^[^\n]+\.$"):
        ask(*arguments)
