"""Documents like one of them → sentence, table, figure."""

from embviz.analysis.attribution import Explanation
from embviz.analysis.search import FUSED, KEYWORD, SEMANTIC, Hit, RankingComparison
from embviz.language import gettext, gettext_noop
from embviz.views.attribution import shaded_tokens
from embviz.views.rankings import rankings_figure
from embviz.views.search import links_of
from embviz.views.table import Table, rounded
from embviz.views.view import View
from embviz.views.wording import number, quote

_RANK_NAMES = {KEYWORD: gettext_noop("Rank by keywords"), FUSED: gettext_noop("Rank by both")}


def summarise_similar(document: str, comparison: RankingComparison) -> str:
    """Name the nearest document, and say whether keywords would have found it."""
    by_meaning = comparison.results[SEMANTIC].matches
    if not by_meaning:
        return gettext("This is the only document, so there is none like it.")
    best, *_ = by_meaning
    found = gettext(
        "More like {document}: {nearest} is nearest ({score}).",
        document=quote(document),
        nearest=quote(_name(best)),
        score=number(best.score),
    )
    by_keywords = comparison.results[KEYWORD].matches
    if not by_keywords:
        other = gettext("Keywords find nothing, since no other document shares a word with it.")
    elif by_keywords[0].index == best.index:
        other = gettext("Keywords put the same one first.")
    else:
        other = gettext("Keywords put {document} first.", document=quote(_name(by_keywords[0])))
    return f"{found} {other}"


def similar_table(document: str, comparison: RankingComparison) -> Table:
    """The nearest documents by meaning, and which rank the other methods give them."""
    hits = comparison.results[SEMANTIC].matches
    # Where keywords find nothing, "By both" has the order by meaning.
    others = (KEYWORD, FUSED) if comparison.results[KEYWORD].matches else ()
    methods, depth = list(comparison.results), len(hits)
    return Table(
        gettext("Nearest documents"),
        (
            gettext("Rank"),
            gettext("Document"),
            gettext("Similarity"),
            *(gettext(_RANK_NAMES[method]) for method in others),
        ),
        tuple(
            (
                hit.rank,
                hit.text,
                rounded(hit.score),
                *(
                    comparison.ranks(hit.index)[methods.index(method)]
                    or gettext("not in first {depth}", depth=depth)
                    for method in others
                ),
            )
            for hit in hits
        ),
        marked=comparison.results[KEYWORD].shared_words,
        pairs=tuple((document, hit.text) for hit in hits),
        action=gettext("{text}: more like this", text="{1}"),
        links=links_of(hits),
    )


def view_similar(
    document: str, comparison: RankingComparison, explanation: Explanation | None
) -> View:
    """Show the documents that are most like one of them.

    Args:
        document: That one.
        comparison: The others, ranked by each method.
        explanation: Which tokens make the nearest one similar; None where that is not known.
    """
    figure = rankings_figure(comparison) if comparison.results[KEYWORD].matches else None
    has_hits = bool(comparison.results[SEMANTIC].matches)
    names = gettext("This document"), gettext("The nearest one")
    tokens = shaded_tokens(explanation, *names) if explanation else {}
    return View(
        summarise_similar(document, comparison),
        figure,
        (similar_table(document, comparison),) if has_hits else (),
        notes=(
            gettext(
                "A shop or a news page recommends in this way: what is near to what you look at."
            ),
            gettext(
                "Each line is a document: blue if it ranks higher by meaning, orange if by "
                "keywords."
            )
            if figure
            else "",
            gettext(
                "Darker pieces of the texts add more to the similarity. [CLS] and [SEP] mark start "
                "and end, and ## goes on with a word."
            )
            if explanation
            else "",
            gettext("Choose a document to go on from there.") if has_hits else "",
        ),
        tokens=tokens,
    )


def _name(hit: Hit) -> str:
    return hit.title or hit.text
