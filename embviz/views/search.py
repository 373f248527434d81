"""Documents ranked by a query → sentences, table, figure, CSV."""

from collections.abc import Sequence

import plotly.graph_objects as go

from embviz.analysis.search import FUSED, KEYWORD, SEMANTIC, Hit, Method, SearchResult
from embviz.course.truths import NO_DOCUMENT
from embviz.inputs.limits import MAX_DOCUMENTS
from embviz.language import gettext, gettext_noop, grouped
from embviz.views.canvas import LONGEST_TITLE, bar_figure, label
from embviz.views.colours import GREEN
from embviz.views.csv_file import write_csv
from embviz.views.notes import note_truncated
from embviz.views.table import Table, rounded
from embviz.views.view import View
from embviz.views.wording import BEYOND_CHANCE, MORE_LIKELY_CHANCE, number, quote

SEARCH_NAMES: dict[Method, str] = {
    SEMANTIC: gettext_noop("By meaning"),
    KEYWORD: gettext_noop("By keywords"),
    FUSED: gettext_noop("By both"),
}
_BEST = {
    SEMANTIC: gettext_noop("Nearest to {query}: {document} ({score})."),
    KEYWORD: gettext_noop("Shares most with {query}: {document} (BM25 {score})."),
    FUSED: gettext_noop("First by both for {query}: {document} (fused score {score})."),
}
_SCORE_TITLES = {
    SEMANTIC: gettext_noop("similarity"),
    KEYWORD: gettext_noop("BM25 score"),
    FUSED: gettext_noop("fused score"),
}


def summarise_search(result: SearchResult) -> str:
    """Name the best document and what its score is."""
    if not result.matches:
        return gettext(
            "No document shares a word with {query}: keywords find nothing.",
            query=quote(result.query),
        )
    best = result.matches[0]
    return gettext(
        _BEST[result.method],
        query=quote(result.query),
        document=quote(best.title or best.text),
        score=number(best.score),
    )


def note_chance(chance_percentile: float, lead: float | None = None) -> str:
    """Weigh the score of the best document against what unrelated queries find.

    Says nothing where hardly any of them finds as much, and doubts only where most do. Between, a
    document may fit or not: so the distance to the second is the other fact to judge by.

    Args:
        chance_percentile: Share of unrelated queries whose best document scores lower, 0..100.
        lead: How much more the best document scores than the second; None if no second is known.
    """
    if chance_percentile >= BEYOND_CHANCE:
        return ""
    as_high = f"{100 - chance_percentile:.0f}"
    if chance_percentile <= MORE_LIKELY_CHANCE:
        return gettext(
            "Perhaps no document fits: {as_high} of 100 queries about something else find one "
            "that scores at least this high.",
            as_high=as_high,
        )
    fact = gettext(
        "Of 100 queries about something else, {as_high} find a document that scores at least this "
        "high.",
        as_high=as_high,
    )
    if lead is None:
        return fact
    gap = gettext(
        "The second document here scores {lead} less: the wider this gap, the more likely the "
        "first one fits.",
        lead=number(lead),
    )
    return f"{fact} {gap}"


def note_narrowed(result: SearchResult, narrowed: SearchResult) -> str:
    """Say how many of the documents are drawn, if not all are."""
    drawn, searched = len(narrowed.documents), len(result.documents)
    if drawn >= searched:
        return ""
    return gettext(
        "Only the best {drawn} of {searched} documents are shown here.",
        drawn=drawn,
        searched=grouped(searched),
    )


def search_table(result: SearchResult) -> Table:
    """The matches by rank."""
    return Table(
        gettext("Best documents"),
        (gettext("Rank"), gettext("Document"), gettext("Score")),
        tuple((hit.rank, hit.text, rounded(hit.score)) for hit in result.matches),
        marked=_marked_words(result),
        pairs=tuple((result.query, hit.text) for hit in result.matches),
        action=gettext("{text}: more like this", text="{1}"),
        links=links_of(result.matches),
        in_file=_documents_in_file(result),
    )


def search_figure(result: SearchResult) -> go.Figure:
    """Bars from the best document down, each under the beginning of its text."""
    figure = bar_figure(
        values=[hit.score for hit in result.matches],
        texts=[hit.text for hit in result.matches],
        colours=[GREEN] * len(result.matches),
        title=gettext(_SCORE_TITLES[result.method]),
        best=result.best_score,
        row_height=56,
    )
    for place, hit in enumerate(result.matches):
        figure.add_annotation(
            text=label(hit.title or hit.text, LONGEST_TITLE),
            x=0,
            y=place - 0.42,
            xanchor="left",
            yanchor="middle",
            showarrow=False,
        )
    figure.update_traces(width=0.4)
    figure.update_yaxes(showticklabels=False)
    return figure


def search_csv(result: SearchResult) -> str:
    """The matches by rank; with their sources, where these are known."""
    if links_of(result.matches):
        hits = [(hit.rank, hit.text, hit.score, hit.link) for hit in result.matches]
        return write_csv(["rank", "document", "score", "source"], hits)
    return write_csv(
        ["rank", "document", "score"], [(hit.rank, hit.text, hit.score) for hit in result.matches]
    )


def links_of(hits: Sequence[Hit]) -> tuple[str, ...]:
    """Where each document stands; nothing if that is known of none."""
    links = tuple(hit.link for hit in hits)
    return links if any(links) else ()


def view_search(
    result: SearchResult, *, chance_percentile: float | None, max_tokens: int | None
) -> View:
    """Show the documents that fit a query best.

    Args:
        result: The documents.
        chance_percentile: Share of unrelated queries whose best document scores lower, 0..100; None
            where that is not known.
        max_tokens: How many tokens of a text the model reads.
    """
    best, second = (*result.matches, None, None)[:2]
    lead = best.score - second.score if best and second else None
    return View(
        summarise_search(result),
        search_figure(result) if result.matches else None,
        (search_table(result),),
        notes=(
            note_chance(chance_percentile, lead) if chance_percentile is not None else "",
            note_truncated(result.truncated, max_tokens),
            gettext("Marked words are also in the query.") if _marked_words(result) else "",
            gettext("Choose a document for more like it.") if result.matches else "",
        ),
        facts={
            "best_document": best.text if best else NO_DOCUMENT,
            "best_score": best.score if best else None,
            "method": result.method,
        },
    )


def _documents_in_file(result: SearchResult) -> str:
    if result.method == KEYWORD:
        # Of those that share a word with the query, only the best were asked for.
        return gettext("all documents found") if result.matches else ""
    count = len(result.documents)
    if count > MAX_DOCUMENTS:
        return gettext("the first {count} documents", count=MAX_DOCUMENTS)
    return gettext("all {count} documents", count=count) if count > 1 else ""


def _marked_words(result: SearchResult) -> tuple[str, ...]:
    # A document found by meaning alone need not share any.
    return () if result.method == SEMANTIC else result.shared_words
