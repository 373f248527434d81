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
from embviz.language import gettext, gettext_noop, grouped, ngettext
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
    gettext_noop(
        "“First dimensions” keeps the first numbers of each vector and drops the rest; “random "
        "dimensions” keeps others, the mean of five draws. “Principal components” turns all "
        "vectors first, so that it keeps the numbers in which common English words differ most. "
        "“8-bit integers” rounds each number to one of 256 values. “One bit each” keeps only "
        "whether a number is above or below 0; “rescored” compares the best hits once more, with "
        "all numbers of the query."
    ),
    gettext_noop(
        "For all-MiniLM-L6-v2 others report an nDCG@10 of 0.417, the mean of many searches. They "
        "keep 90.8 % of it with 8-bit integers, and 93.8 % with one bit and rescoring (Hugging "
        "Face blog, “Binary and Scalar Embedding Quantization”, 2024). If 8-bit codes are "
        "compared as they are, we find 89.6 % on 5,183 abstracts (SciFact), too; here they are "
        "turned back into numbers first, which keeps all of it."
    ),
    gettext_noop(
        "On these abstracts the same model keeps 94.8 % of its nDCG@10 with its first 192 numbers "
        "and 74.6 % with its first 64. The fewer documents there are, the easier it is to find "
        "the right one with few numbers."
    ),
    gettext_noop(
        "Many models lose less than 10 % if half of their numbers are removed at random (arXiv "
        "2508.17744)."
    ),
)


def summarise_compression(test: CompressionTest) -> str:
    """Say what the model keeps with half of its numbers, and with one bit of each."""
    full = test.full
    sentences = [
        gettext(
            "This model describes a text by {numbers} numbers, which take {bytes} bytes.",
            numbers=grouped(full.dimensions),
            bytes=_bytes(full),
        )
    ]
    half = test.find(f"first-{full.dimensions // 2}")
    if half and _parts_kept(half, full):
        sentences.append(
            gettext(
                "The first {numbers} keep {kept}.",
                numbers=grouped(half.dimensions),
                kept=_parts_kept(half, full),
            )
        )
    binary = test.find("binary")
    if binary and _parts_kept(binary, full):
        sentences.append(
            gettext(
                "One bit of each number, {bytes} bytes, keeps {kept}.",
                bytes=_bytes(binary),
                kept=_parts_kept(binary, full),
            )
        )
    return " ".join(sentences)


def _bytes(row: CompressedModel) -> str:
    """What the vector of one text takes."""
    return grouped(row.bytes // _MILLION)


def _parts_kept(row: CompressedModel, full: CompressedModel) -> str:
    agreement, ndcg = _kept(row.wordsim353, full.wordsim353), _kept(row.ndcg, full.ndcg)
    if not agreement and not ndcg:
        return ""
    if not ndcg:
        return gettext("{agreement} of its agreement with people", agreement=agreement)
    if not agreement:
        return gettext("{ndcg} of the quality of its search ({measure})", ndcg=ndcg, measure=_NDCG)
    return gettext(
        "{agreement} of its agreement with people and {ndcg} of the quality of its search "
        "({measure})",
        agreement=agreement,
        ndcg=ndcg,
        measure=_NDCG,
    )


def _kept(value: float, whole: float) -> str:
    """A score as a share of the model's own; nothing if the model has none to keep."""
    return share(max(0.0, value) / whole) if whole > 0 else ""


def note_measures(test: CompressionTest) -> str:
    """Say what both numbers mean, and how far to trust them."""
    return gettext(
        "Agreement with people is Spearman's correlation with ratings of 353 pairs of words "
        "({rated}): 1 is the same order, 0 is no relation. {ndcg} is 1 if all documents that "
        "answer a query stand first. It is the mean of only {queries} queries, of which a "
        "single one can move it by {step}, so small differences mean nothing.",
        rated=_RATED,
        ndcg=_NDCG,
        queries=test.queries,
        step=number(1 / test.queries),
    )


def compression_table(test: CompressionTest) -> Table:
    """All sizes, with what each keeps."""
    full = test.full
    return Table(
        gettext("The model with smaller vectors"),
        (
            gettext("Vectors"),
            gettext("Numbers"),
            gettext("Bits each"),
            gettext("Megabytes for a million texts"),
            _RATED,
            gettext("{test} kept", test=_RATED),
            _NDCG,
            gettext("{test} kept", test=_NDCG),
        ),
        tuple(
            (
                gettext(row.method),
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
            (
                gettext("agreement with people ({test})", test=_RATED),
                [row.wordsim353 for row in test.rows],
            ),
            (gettext("search ({test})", test=_NDCG), [row.ndcg for row in test.rows]),
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
                name=gettext(method),
                showlegend=place == 1 and bool(chosen),
                marker={"color": colour, "symbol": symbol, "size": 11},
                line={"color": colour},
                customdata=[
                    ngettext(
                        "{numbers} numbers of {n} bit",
                        "{numbers} numbers of {n} bits",
                        row.bits,
                        numbers=grouped(row.dimensions),
                    )
                    for row, _ in chosen
                ],
                hovertemplate="%{customdata}: %{y:.3f}<extra>" + gettext(method) + "</extra>",
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
    figure.update_xaxes(title_text=gettext("megabytes for a million texts"), row=2, col=1)
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
        notes=(note_measures(test), *map(gettext, NOTES)),
        facts={"smallest_good": test.smallest_good},
    )
