"""A model with smaller vectors → sentences, figure, table."""

import math

import plotly.graph_objects as go

from embviz.evaluation.compression import (
    BINARY,
    COMPONENTS,
    FIRST,
    FULL,
    INT8,
    RANDOM,
    RESCORED,
    CompressedModel,
    CompressionTest,
)
from embviz.evaluation.datasets import RATING_SETS
from embviz.evaluation.retrieval import DEPTH
from embviz.views.canvas import AXIS, blank_figure
from embviz.views.colours import BLUE, GREEN, GREY, ORANGE
from embviz.views.table import Table, rounded
from embviz.views.view import View
from embviz.views.wording import number, share

_RATED = RATING_SETS["wordsim353"].title
_NDCG = f"nDCG@{DEPTH}"
# Colour and symbol: those that keep some of the numbers, then those that keep some of their bits.
_STYLES = {
    FIRST: (BLUE, "circle"),
    COMPONENTS: (GREEN, "diamond"),
    RANDOM: (GREY, "x"),
    INT8: (ORANGE, "square"),
    BINARY: (ORANGE, "triangle-up"),
    RESCORED: (ORANGE, "star"),
}
_MILLION = 1_000_000

NOTES = (
    "“First dimensions” keeps the first numbers of each vector and drops the rest; “random "
    "dimensions” keeps others, the mean of five draws. “Principal components” turns all vectors "
    "first, so that it keeps the numbers in which common English words differ most. “8-bit "
    "integers” rounds each number to one of 256 values. “One bit each” keeps only whether a number "
    "is above or below 0; “rescored” compares the best hits once more, with all numbers of the "
    "query.",
    "For all-MiniLM-L6-v2 others report an nDCG@10 of 0.417, the mean of many searches. They "
    "keep 90.8 % of it with 8-bit integers, and 93.8 % with one bit and rescoring (Hugging Face "
    "blog, “Binary and Scalar Embedding Quantization”, 2024). If 8-bit codes are compared as they "
    "are, we find 89.6 % on 5,183 abstracts (SciFact), too; here they are turned back into numbers "
    "first, which keeps all of it.",
    "On these abstracts the same model keeps 94.8 % of its nDCG@10 with its first 192 numbers and "
    "74.6 % with its first 64. The fewer documents there are, the easier it is to find the right "
    "one with few numbers.",
    "Many models lose less than 10 % if half of their numbers are removed at random (arXiv "
    "2508.17744).",
)


def summarise_compression(test: CompressionTest) -> str:
    """Say what the model keeps with half of its numbers, and with one bit of each."""
    full = test.full
    sentences = [
        f"This model describes a text by {full.dimensions:,} numbers, which take {_bytes(full)} "
        "bytes."
    ]
    half = test.find(f"first-{full.dimensions // 2}")
    if half and _parts_kept(half, full):
        sentences.append(f"The first {half.dimensions:,} keep {_parts_kept(half, full)}.")
    binary = test.find("binary")
    if binary and _parts_kept(binary, full):
        sentences.append(
            f"One bit of each number, {_bytes(binary)} bytes, keeps {_parts_kept(binary, full)}."
        )
    return " ".join(sentences)


def _bytes(row: CompressedModel) -> str:
    """What the vector of one text takes."""
    return f"{row.bytes // _MILLION:,}"


def _parts_kept(row: CompressedModel, full: CompressedModel) -> str:
    agreement, ndcg = _kept(row.wordsim353, full.wordsim353), _kept(row.ndcg, full.ndcg)
    parts = [
        f"{agreement} of its agreement with people" if agreement else "",
        f"{ndcg} of the quality of its search ({_NDCG})" if ndcg else "",
    ]
    return " and ".join(part for part in parts if part)


def _kept(value: float, whole: float) -> str:
    """A score as a share of the model's own; nothing if the model has none to keep."""
    return share(max(0.0, value) / whole) if whole > 0 else ""


def note_measures(test: CompressionTest) -> str:
    """Say what both numbers mean, and how far to trust them."""
    return (
        f"Agreement with people is Spearman's correlation with ratings of 353 pairs of words "
        f"({_RATED}): 1 is the same order, 0 is no relation. {_NDCG} is 1 if all documents that "
        f"answer a query stand first. It is the mean of only {test.queries} queries, of which a "
        f"single one can move it by {number(1 / test.queries)}, so small differences mean nothing."
    )


def compression_table(test: CompressionTest) -> Table:
    """All sizes, with what each keeps."""
    full = test.full
    return Table(
        "The model with smaller vectors",
        (
            "Vectors",
            "Numbers",
            "Bits each",
            "Megabytes for a million texts",
            _RATED,
            f"{_RATED} kept",
            _NDCG,
            f"{_NDCG} kept",
        ),
        tuple(
            (
                row.method,
                row.dimensions,
                row.bits,
                row.bytes // _MILLION,
                rounded(row.wordsim353),
                _kept(row.wordsim353, full.wordsim353),
                rounded(row.ndcg),
                _kept(row.ndcg, full.ndcg),
            )
            for row in test.rows
        ),
    )


def compression_figure(test: CompressionTest) -> go.Figure:
    """Agreement with people and nDCG against the size; a dashed line is the model as it is."""
    full = test.full
    smallest = min(row.bytes for row in test.rows)
    halvings = math.ceil(math.log2(full.bytes / smallest))
    sizes = [full.bytes / 2**n for n in range(halvings + 1)]
    figure = blank_figure(height=680)
    figure.set_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.06)
    for place, (title, values) in enumerate(
        (
            (f"agreement with people ({_RATED})", [row.wordsim353 for row in test.rows]),
            (f"search ({_NDCG})", [row.ndcg for row in test.rows]),
        ),
        1,
    ):
        cell = {"row": place, "col": 1}
        for method, (colour, symbol) in ({FULL: (GREY, "circle-open")} | _STYLES).items():
            chosen = [
                (row, value)
                for row, value in zip(test.rows, values, strict=True)
                if row.method == method
            ]
            figure.add_scatter(
                x=[row.bytes for row, _ in chosen],
                y=[value for _, value in chosen],
                mode="lines+markers",
                name=method,
                showlegend=place == 1 and bool(chosen),
                marker={"color": colour, "symbol": symbol, "size": 11},
                line={"color": colour},
                customdata=[
                    f"{row.dimensions:,} numbers of {row.bits} bit{'s' if row.bits > 1 else ''}"
                    for row, _ in chosen
                ],
                hovertemplate="%{customdata}: %{y:.3f}<extra>" + method + "</extra>",
                cliponaxis=False,
                **cell,
            )
        figure.add_hline(y=values[0], line={"color": GREY, "dash": "dash", "width": 1}, **cell)
        figure.update_yaxes(
            AXIS, range=[min(0.0, *values), max(1.0, *values)], title_text=title, **cell
        )
    room = 0.05
    figure.update_xaxes(
        AXIS,
        type="log",
        tickvals=sizes,
        ticktext=[f"{size / _MILLION:,g}" for size in sizes],
        range=[math.log10(sizes[-1]) - room, math.log10(full.bytes) + room],
        showgrid=True,
        gridcolor="rgba(128,128,128,0.25)",
    )
    figure.update_xaxes(title_text="megabytes for a million texts", row=2, col=1)
    figure.update_layout(
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"}, margin={"t": 90}
    )
    return figure


def view_compression(test: CompressionTest) -> View:
    """Show what a model can still do with smaller vectors."""
    return View(
        summarise_compression(test),
        compression_figure(test),
        (compression_table(test),),
        notes=(note_measures(test), *NOTES),
        facts={"smallest_good": test.smallest_good},
    )
