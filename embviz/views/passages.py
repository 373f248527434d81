"""A long text searched by its passages → sentences, figure, table; and the prompt made of it."""

from collections.abc import Sequence
from itertools import pairwise

import plotly.graph_objects as go

from embviz.analysis.baseline import Chance
from embviz.analysis.passages import Passage, PassageSearch
from embviz.language import gettext, gettext_noop, grouped, ngettext
from embviz.views.canvas import blank_figure, wrapped
from embviz.views.colours import BLUE, GREEN, GREY
from embviz.views.csv_file import write_csv
from embviz.views.notes import note_truncated
from embviz.views.table import Table, rounded
from embviz.views.view import View
from embviz.views.wording import BEYOND_CHANCE, number, quote, share

# By the kind of the unrelated texts.
_GREY_LINE = {
    "words": gettext_noop("The grey line is what unrelated words score on average."),
    "sentences": gettext_noop("The grey line is what unrelated sentences score on average."),
    "texts": gettext_noop("The grey line is what unrelated texts score on average."),
}


def summarise_passages(search: PassageSearch, max_tokens: int | None) -> str:
    """Name the passage that fits best, and compare its score with that of the whole text.

    Args:
        search: The passages.
        max_tokens: How many tokens of a text the model reads; None if it reads all.
    """
    best, whole = search.passages[0], search.whole
    query = quote(search.query)
    if search.count == 1:
        return gettext(
            "The text is so short that it is one passage. It scores {score} for {query}.",
            score=number(best.score),
            query=query,
        )
    start, end = _place(best, search)
    found = gettext(
        "The best passage for {query} runs from {start} to {end} of the text and scores {score}.",
        query=query,
        start=start,
        end=end,
        score=number(best.score),
    )
    if _is_read_to_the_end(search):
        compared = gettext(
            "The whole text at once scores {score}: the model reads all of it, but has one vector "
            "for everything it says.",
            score=number(whole.score),
        )
    else:
        compared = gettext(
            "The whole text at once scores {score}: the model reads its first {max_tokens} tokens "
            "only, {read} of it.",
            score=number(whole.score),
            max_tokens=max_tokens,
            read=share(whole.read_until / len(search.text)),
        )
    return f"{found} {compared}"


def passages_table(search: PassageSearch, passages: Sequence[Passage], caption: str) -> Table:
    """Some of the passages, one a row."""
    return Table(
        caption,
        (gettext("Rank"), gettext("Score"), gettext("Place"), gettext("Passage")),
        tuple(
            (
                p.rank,
                rounded(p.score),
                gettext("{start} to {end}", start=start, end=end),
                " ".join(p.text.split()),
            )
            for p in passages
            for start, end in [_place(p, search)]
        ),
    )


def passages_figure(search: PassageSearch, chance: Chance | None = None) -> go.Figure:
    """The text from left to right, and a bar for each passage where it stands.

    Args:
        search: The passages.
        chance: What unrelated texts score, drawn as a line if it is known.
    """
    listed = {passage.rank for passage in search.passages}
    others = [passage for passage in search.ranking if passage.rank not in listed]
    figure = blank_figure(height=300)
    _add_bars(figure, search, others, GREY, [""] * len(others))
    texts = [f"<br>{wrapped(passage.text)}" for passage in search.passages]
    _add_bars(figure, search, search.passages, GREEN, texts)
    best, whole = search.passages[0], search.whole
    figure.add_annotation(
        text=gettext("best"),
        x=_percent(best.start + best.end, search) / 2,
        y=max(best.score, 0.0),
        yshift=10,
        showarrow=False,
    )
    if not _is_read_to_the_end(search):
        read = _percent(whole.read_until, search)
        strip = {"x0": 0, "x1": read, "y0": 1, "y1": 1.03}
        figure.add_shape(yref="paper", fillcolor=BLUE, line_width=0, **strip)
        figure.add_annotation(
            text=gettext("what the model reads"),
            x=0,
            xanchor="left",
            y=1.03,
            yref="paper",
            yanchor="bottom",
            showarrow=False,
        )
    lines = [(whole.score, BLUE, "dash", gettext("whole text"))]
    if chance is not None:
        lines.append((chance.mean, GREY, "dot", gettext("unrelated")))
    high, *low = sorted(lines, reverse=True)
    _add_line(figure, *high, "bottom")
    for line in low:
        # The names stand above their lines, the lower one less so where they would meet.
        gap = high[0] - line[0]
        _add_line(figure, *line, "bottom" if gap > 0.2 else "middle" if gap > 0.06 else "top")
    figure.update_layout(barmode="overlay", bargap=0, showlegend=False, margin={"t": 32, "r": 84})
    figure.update_xaxes(
        range=[-1, 101],
        tickvals=[0, 25, 50, 75, 100],
        title_text=gettext("place in the text, %"),
    )
    lowest = min(search.ranking[-1].score, whole.score, 0.0)
    # Up to the best score there can be: a low one has to look low.
    figure.update_yaxes(
        range=[lowest - 0.05 if lowest < 0 else 0.0, 1.02], title_text=gettext("similarity")
    )
    return figure


def view_passages(
    search: PassageSearch, max_tokens: int | None, chance: Chance | None = None
) -> View:
    """Show which passages of a long text fit a query, and what the text scores as a whole.

    Args:
        search: The passages.
        max_tokens: How many tokens of a text the model reads; None if it reads all.
        chance: What unrelated texts score, if that is known.
    """
    best = search.passages[0]
    return View(
        summarise_passages(search, max_tokens),
        passages_figure(search, chance),
        (passages_table(search, search.passages, gettext("Best passages")),),
        notes=(
            _explain_figure(search, chance),
            note_truncated(search.truncated, max_tokens),
        ),
        facts={"best_score": best.score, "whole_score": search.whole.score},
    )


def _explain_figure(search: PassageSearch, chance: Chance | None) -> str:
    sentences = [
        gettext(
            "Each bar is one of {count} passages; the green ones stand in the table. "
            "Where bars overlap, so do the passages.",
            count=grouped(search.count),
        ),
        gettext("The blue line is what the whole text scores.")
        if _is_read_to_the_end(search)
        else gettext(
            "The blue line is what the whole text scores, the blue strip how far the model reads."
        ),
    ]
    if chance:
        sentences.append(gettext(_GREY_LINE[chance.texts]))
    return " ".join(sentences)


def view_marked_text(search: PassageSearch) -> View:
    """Show the whole text, with its best passages marked.

    Args:
        search: The passages. Where two of them overlap, the better one is marked.
    """
    found = search.passages
    cuts = sorted({0, len(search.text), *(p.start for p in found), *(p.end for p in found)})
    ranks = {passage.start: passage.rank for passage in reversed(found)}
    pieces: list[tuple[str, float]] = []
    for a, b in pairwise(cuts):
        text = search.text[a:b]
        score = max([0.0, *(p.score for p in found if p.start <= a and b <= p.end)])
        if a in ranks:
            text = f"[{ranks[a]}] {text}"
        elif pieces and pieces[-1][1] == score:
            before, _ = pieces.pop()
            text = before + text
        pieces.append((text, score))
    return View(
        ngettext(
            "The best passage is marked in the text, the stronger the better they fit. A number "
            "stands where each begins: its rank.",
            "The {n} best passages are marked in the text, the stronger the better they fit. A "
            "number stands where each begins: its rank.",
            len(search.passages),
        ),
        tokens={gettext("The text"): pieces},
    )


def passages_csv(search: PassageSearch) -> str:
    """All passages by rank."""
    return write_csv(
        ["rank", "score", "start", "end", "text"],
        ([p.rank, p.score, p.start, p.end, p.text] for p in search.ranking),
    )


def note_invention(chance_percentile: float) -> str:
    """Warn that the passages may not hold the answer; nothing where they beat chance."""
    if chance_percentile >= BEYOND_CHANCE:
        return ""
    return gettext(
        "Perhaps no passage answers the question: {as_high} of 100 queries about something else "
        "find one that scores at least this high. A chatbot should then say so. It may also invent "
        "an answer, from passages about something else or from what it learnt in training, and "
        "sound as sure as ever.",
        as_high=f"{100 - chance_percentile:.0f}",
    )


def view_prompt(search: PassageSearch, *, chance_percentile: float | None) -> View:
    """Show what a chatbot would be given to answer the query from the text.

    Args:
        search: The passages.
        chance_percentile: Share of unrelated queries whose best passage scores lower, 0..100; None
            where that is not known.
    """
    quoted = search.prompt_passages
    left_out = len(search.passages) - len(quoted)
    return View(
        ngettext(
            "Nothing is generated here. This is what a chatbot would be given to answer from your "
            "text: an instruction, the best passage of {count}, and the question; {tokens} tokens "
            "in all.",
            "Nothing is generated here. This is what a chatbot would be given to answer from your "
            "text: an instruction, the {n} best passages of {count}, and the question; {tokens} "
            "tokens in all.",
            len(quoted),
            count=grouped(search.count),
            tokens=grouped(search.prompt_tokens),
        ),
        tables=(passages_table(search, quoted, gettext("Where the sources stand in the text")),),
        notes=(
            note_invention(chance_percentile) if chance_percentile is not None else "",
            gettext(
                "There was no room for {left_out} of the passages that are listed.",
                left_out=left_out,
            )
            if left_out > 0
            else "",
            gettext(
                "The best source comes first, since language models make least use of what stands "
                "in the middle of a prompt."
            ),
            gettext(
                "The tokens are those of this model; a chatbot counts them a little differently."
            ),
        ),
        quoted=search.prompt,
    )


def _is_read_to_the_end(search: PassageSearch) -> bool:
    return search.whole.read_until == len(search.text)


def _place(passage: Passage, search: PassageSearch) -> tuple[str, str]:
    """Where a passage begins and ends, as shares of the text."""
    return share(passage.start / len(search.text)), share(passage.end / len(search.text))


def _percent(characters: float, search: PassageSearch) -> float:
    return 100 * characters / len(search.text)


def _add_bars(
    figure: go.Figure,
    search: PassageSearch,
    passages: Sequence[Passage],
    colour: str,
    texts: Sequence[str],
) -> None:
    """A bar for each passage, as wide as it is long; `texts` are shown where one is pointed at."""
    figure.add_bar(
        x=[_percent(passage.start + passage.end, search) / 2 for passage in passages],
        y=[passage.score for passage in passages],
        width=[_percent(passage.end - passage.start, search) for passage in passages],
        # Grey bars are so light that a grey line shows on them.
        # An outline each, since those that overlap would be one.
        marker={
            "color": colour,
            "line": {"width": 1.5, "color": "#ffffff"},
            "opacity": 0.6 if colour == GREY else 1,
        },
        customdata=[
            [
                gettext("rank {rank}, from {start} to {end}", rank=p.rank, start=start, end=end),
                text,
            ]
            for p, text in zip(passages, texts, strict=True)
            for start, end in [_place(p, search)]
        ],
        hovertemplate="%{customdata[0]}: %{y:.3f}%{customdata[1]}<extra></extra>",
    )


def _add_line(
    figure: go.Figure, score: float, colour: str, dash: str, name: str, anchor: str
) -> None:
    """A line across the figure, named in its right margin."""
    figure.add_hline(score, line={"color": colour, "width": 2, "dash": dash})
    figure.add_annotation(
        text=f"{name}<br>{number(score)}",
        xref="paper",
        x=1,
        xanchor="left",
        y=score,
        yanchor=anchor,
        align="left",
        font={"size": 12},
        showarrow=False,
    )
